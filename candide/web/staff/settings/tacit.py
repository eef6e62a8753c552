"""« Silence vaut acceptation »: from which day silence is counted, and after how many days an
application is marked [back-office 21]."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from candide.admissions.decisions.domain.tacit import thresholds
from candide.core.views import permission_required
from candide.foundation.history.domain.changes import log_saved, values_of
from candide.institution.access.enums import Capability
from candide.institution.access.scope import reach_of
from candide.institution.catalogue.models import Institution, TacitThreshold
from candide.web.staff.rights.pages import Page
from candide.web.staff.settings.columns import IN_SERVICE
from candide.web.staff.settings.crud import Column, Crud
from candide.web.staff.settings.forms import SettingForm


class TacitThresholdForm(SettingForm):
    class Meta(SettingForm.Meta):
        model = TacitThreshold
        fields = ("days", "label", "tone", "is_active")


class TacitReferenceForm(SettingForm):
    class Meta(SettingForm.Meta):
        model = Institution
        fields = ("tacit_reference", "tacit_final_only")


THRESHOLDS = Crud(
    slug="seuils-de-silence",
    title=_("Thresholds of tacit decisions"),
    new=_("New threshold"),
    help=_("After how many days without a decision an application is marked in the list."),
    model=TacitThreshold,
    form=TacitThresholdForm,
    capability=Capability.MANAGE_INSTITUTION,
    view="catalogue.view_tacit",
    manage="catalogue.manage_tacit",
    columns=(
        Column(_("Words of the mark"), str),
        Column(_("Days"), "days"),
        Column(_("Colour"), lambda row: row.get_tone_display()),
        IN_SERVICE,
    ),
    order=("days",),
)
REFERENCE = Page(
    _("Tacit decisions: from which day"),
    _("From which day the silence is counted, and which decisions end it."),
    "catalogue.manage_tacit",
    "tacit",
)


@permission_required("catalogue.manage_tacit")
def tacit_page(request: HttpRequest) -> HttpResponse:
    """The reference date and what ends the silence; nothing is decided by any of it."""
    reach = reach_of(request.user, Capability.MANAGE_INSTITUTION, write=True)
    status = 200
    if request.method == "POST":
        with transaction.atomic():
            institution = Institution.objects.select_for_update().get(pk=1)
            before = values_of(institution)
            form = TacitReferenceForm(request.POST, instance=institution, reach=reach)
            if form.is_valid():
                log_saved(form.save(), before=before, by=request.user)
                messages.success(request, gettext("Saved."))
                return redirect("staff:tacit")
        status = 422
    else:
        form = TacitReferenceForm(instance=Institution.current(), reach=reach)
    context = {"form": form, "thresholds": thresholds(), "navigation": "staff"}
    return render(request, "staff/settings/tacit.html", context, status=status)
