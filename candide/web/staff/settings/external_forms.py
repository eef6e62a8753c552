"""The screen of external forms [back-office 10]."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from candide.core.blockers import Blocker
from candide.core.views import permission_required
from candide.institution.access.enums import Capability
from candide.institution.requirements.domain.external_forms import address_blockers, renew_secret
from candide.institution.requirements.models import ExternalForm
from candide.web.staff.settings.columns import IN_SERVICE
from candide.web.staff.settings.forms import SettingForm
from candide.web.staff.settings.requirement_forms import ASKED, NAMES, AskedForm
from candide.web.staff.settings.requirements import COLUMNS, ORDER, AskedCrud


class ExternalFormForm(AskedForm):
    parts = (
        (gettext_lazy("Where it is filled in"), ("url",)),
        (gettext_lazy("Whom it is asked of"), ("is_common", "is_unique", "is_conditional")),
        (gettext_lazy("When it is asked"), ("route",)),
    )

    class Meta(SettingForm.Meta):
        model = ExternalForm
        fields = (*NAMES, *ASKED, "url")

    def narrow(self) -> None:
        super().narrow()
        self.fields["url"].help_text = _(
            "Beginning with https://. In it ${numDossier}, ${idCandidature}, ${nom} and ${prenom} "
            "stand for the candidate, ${retour} for the address to come back to."
        )

    def blockers(self) -> list[Blocker]:
        return [*super().blockers(), *address_blockers(self.instance)]


@dataclass(frozen=True)
class FormCrud(AskedCrud):
    """The screen of forms; beside a row, how the other service sends answers."""

    row_template: str = "staff/settings/external_form.html"

    def urls(self) -> list[URLPattern]:
        renew = require_POST(permission_required(self.manage)(self.renew))
        at = f"parametrage/{self.slug}/<int:pk>/secret"
        return [*super().urls(), path(at, renew, name=f"{self.name}_secret")]

    def renew(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Another secret: addresses and signatures made with the one before are worthless."""
        row = self._row(request, pk)
        if not request.user.has_perm(self.manage, row):
            raise PermissionDenied
        renew_secret(row, by=request.user)
        messages.success(request, _("There is another secret. Give it to the other service."))
        return redirect(f"{self.url('row', pk)}#secret")

    def row_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        if row.pk is None:
            return {}
        may_change = request.user.has_perm(self.manage, row)
        return super().row_context(request, row) | {
            "secret": row.secret if may_change else "",
            "secret_url": self.url("secret", row.pk),
        }


FORMS = FormCrud(
    slug="formulaires",
    title=gettext_lazy("External forms"),
    new=gettext_lazy("New form"),
    help=gettext_lazy("Forms candidates fill in on another site, and by which programmes."),
    model=ExternalForm,
    form=ExternalFormForm,
    capability=Capability.MANAGE_REQUIREMENTS,
    view="requirements.view",
    manage="requirements.manage",
    columns=(*COLUMNS, IN_SERVICE),
    order=ORDER,
    joined=("centre",),
)
