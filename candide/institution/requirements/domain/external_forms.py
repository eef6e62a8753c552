"""What an external form cannot do without, and its secret."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker
from candide.foundation.history.domain.log import log
from candide.foundation.history.enums import RowEvent
from candide.institution.requirements.models import ExternalForm, new_secret

VARIABLES = ("numDossier", "numdossier", "idCandidature", "nom", "prenom", "retour")


def address_blockers(form: ExternalForm) -> list[Blocker]:
    """Why the address of `form` leads nowhere, in any of its languages."""
    data = form.url.data if hasattr(form.url, "data") else form.url
    addresses = data.values() if isinstance(data, dict) else [data]
    found = []
    for address in filter(None, addresses):
        plain = str(address)
        for name in VARIABLES:
            plain = plain.replace(f"${{{name}}}", "x")
        try:
            URLValidator(schemes=["https", "http"])(plain)
        except ValidationError:
            message = _("“%(address)s” is no web address.") % {"address": address}
            found.append(Blocker("no_address", message, "field:url"))
    return found


@transaction.atomic
def renew_secret(form: ExternalForm, *, by: Any) -> None:
    """Give `form` another secret. What was signed with the one before is worthless."""
    row = ExternalForm.objects.select_for_update(of=("self",)).get(pk=form.pk)
    row.secret = new_secret()
    row.save(update_fields=["secret"])
    log(row, RowEvent.CHANGED, by=by, changes={"secret": None})
