"""« Prolonger des délais »: which last days, where, by how many days; what becomes of each opening
is then looked at before anything changes."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from candide.admissions.bulk.domain.extending import (
    MOST_DAYS,
    PERMISSION,
    Extension,
    begin_extension,
)
from candide.admissions.bulk.domain.running import look_at_first
from candide.admissions.bulk.enums import Deadline
from candide.core.blockers import Blocker, Refused
from candide.core.clock import localdate
from candide.core.views import permission_required
from candide.institution.access.enums import Capability
from candide.institution.access.scope import Reach, reach_of
from candide.institution.catalogue.models import ApplicationCentre, Commission, Intake
from candide.web.shared.forms import LongTextField
from candide.web.staff.rights.pages import Page
from candide.web.staff.settings.forms import DAY, in_reach

EXTENDING = Page(
    _("Extend deadlines"),
    _("After an outage: for the institution, a centre, a commission or a programme, with a mail."),
    PERMISSION,
    "extend_deadlines",
)
BEFORE, AFTER = timedelta(days=2), timedelta(days=2)


class ExtendingForm(forms.Form):
    """What is left empty narrows nothing: then it is for everything in reach."""

    which = forms.MultipleChoiceField(
        label=_("Deadlines"), choices=Deadline.choices, widget=forms.CheckboxSelectMultiple
    )
    days = forms.IntegerField(label=_("Days more"), min_value=1, max_value=MOST_DAYS, initial=1)
    first = forms.DateField(
        label=_("Deadlines that fall from"),
        widget=DAY,
        help_text=_("Also days that have just passed: candidates who missed them can go on."),
    )
    last = forms.DateField(label=_("Until (included)"), widget=DAY)
    centre = forms.ModelChoiceField(
        ApplicationCentre.objects.none(), label=_("Centre"), required=False, empty_label=_("All")
    )
    commission = forms.ModelChoiceField(
        Commission.objects.none(), label=_("Commission"), required=False, empty_label=_("All")
    )
    programme = forms.CharField(
        label=_("Code of one programme"), required=False, max_length=20, strip=True
    )
    tells = forms.BooleanField(
        label=_("Tell the candidates concerned by mail"), required=False, initial=True
    )
    reason = LongTextField(
        label=_("Why, in the mail"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For instance: the service was interrupted on 11 May. May stay empty."),
    )

    def __init__(self, data: Any, *, reach: Reach, now: datetime) -> None:
        today = localdate(now)
        initial = {
            "which": [Deadline.APPLICATIONS, Deadline.DOSSIERS],
            "first": today - BEFORE,
            "last": today + AFTER,
        }
        super().__init__(data, initial=initial)
        centres = ApplicationCentre.objects.filter(is_active=True)
        commissions = Commission.objects.filter(is_active=True).select_related("centre")
        if not reach.everywhere:
            centres = centres.filter(pk__in=reach.centres)
            commissions = in_reach(commissions, reach, centre="centre", commission="pk")
        self.fields["centre"].queryset = centres.order_by("code")
        self.fields["commission"].queryset = commissions.order_by("code")

    def extension(self) -> Extension:
        values = self.cleaned_data
        return Extension(
            which=tuple(values["which"]),
            days=values["days"],
            first=values["first"],
            last=values["last"],
            tells=values["tells"],
            reason=values["reason"],
        )

    def narrowed(self, intakes: QuerySet[Intake]) -> QuerySet[Intake]:
        """Those of the place that was chosen."""
        values = self.cleaned_data
        if values["centre"]:
            intakes = intakes.filter(programme__commission__centre=values["centre"])
        if values["commission"]:
            intakes = intakes.filter(programme__commission=values["commission"])
        if values["programme"]:
            intakes = intakes.filter(programme__code__iexact=values["programme"])
        return intakes


@permission_required(PERMISSION)
def extend_deadlines(request: HttpRequest) -> HttpResponse:
    """What to extend; then each opening is shown with what would change."""
    now = timezone.now()
    reach = reach_of(request.user, Capability.MANAGE_CATALOGUE, write=True)
    form = ExtendingForm(request.POST or None, reach=reach, now=now)
    blockers: list[Blocker] = []
    if form.is_valid():
        own = in_reach(
            Intake.objects.all(),
            reach,
            centre="programme__commission__centre",
            commission="programme__commission",
        )
        try:
            run = begin_extension(form.narrowed(own), form.extension(), by=request.user, now=now)
        except Refused as refusal:
            blockers = refusal.blockers
        else:
            look_at_first(run, clock=timezone.now)
            return redirect("staff:run", run.pk)
    status = 409 if blockers else 422 if form.errors else 200
    context = {"form": form, "blockers": blockers, "navigation": "staff"}
    return render(request, "staff/settings/extending.html", context, status=status)


URLS = [path("parametrage/delais/", extend_deadlines, name="extend_deadlines")]
