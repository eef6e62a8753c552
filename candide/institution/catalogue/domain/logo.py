"""The logo of the institution, at the top of every page."""

from typing import Any

from django.db import transaction

from candide.foundation.files.models import StoredFile
from candide.foundation.history.domain.changes import log_saved, values_of
from candide.institution.catalogue.models import Institution


@transaction.atomic
def put_logo(file: StoredFile | None, *, by: Any) -> None:
    """Put `file` in place of the logo there is; none takes it away. What nothing points at any more
    is cleaned up by the files room."""
    institution = Institution.objects.select_for_update(of=("self",)).get(
        pk=Institution.current().pk
    )
    before = values_of(institution)
    institution.logo = file
    institution.save(update_fields=["logo"])
    log_saved(institution, before=before, by=by)
