"""Decisions of an intake from a spreadsheet: the model, filled with its applications, and what
comes back."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from candide.admissions.bulk.domain.running import look_at_first
from candide.admissions.decisions.domain.listing import drafts_of
from candide.admissions.decisions.domain.sheet import begin_sheet
from candide.admissions.decisions.domain.sheet_reading import (
    MOST_BYTES,
    as_csv,
    as_xlsx,
    read,
    table,
)
from candide.admissions.decisions.models import DecisionReason, DecisionType
from candide.core.blockers import Blocker, Refused
from candide.core.views import permission_required
from candide.institution.access.enums import Capability
from candide.institution.access.scope import settings_within
from candide.institution.catalogue.models import Intake
from candide.reporting.privacy.enums import Opened
from candide.web.staff.deciding.intakes import applications_of, intake_within
from candide.web.staff.taken import note_taken

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class SheetForm(forms.Form):
    file = forms.FileField(label=_("Spreadsheet"), help_text=_("An .xlsx or .csv file."))


@permission_required("decisions.enter")
def decision_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The model to download; posted, every line is looked at, and nothing entered yet."""
    intake = intake_within(request.user, pk, Capability.ENTER_DECISIONS)
    posted = request.method == "POST"
    form = SheetForm(request.POST, request.FILES) if posted else SheetForm()
    blockers: list[Blocker] = []
    status = 422 if posted else 200
    if posted and form.is_valid():
        try:
            lines = read(form.cleaned_data["file"].read(MOST_BYTES + 1))
            run = begin_sheet(intake, lines, by=request.user, now=timezone.now())
        except Refused as refusal:
            blockers, status = refusal.blockers, 409
        else:
            look_at_first(run, clock=timezone.now)
            return redirect("staff:run", run.pk)
    context: dict[str, Any] = {
        "intake": intake,
        "form": form,
        "blockers": blockers,
        "number": _applications(request, intake).count(),
        "navigation": "staff",
    }
    return render(request, "staff/deciding/sheet.html", context, status=status)


@permission_required("decisions.enter")
def decision_model(request: HttpRequest, pk: int, format: str) -> HttpResponse:
    """The model, a line for each application, with the drafts there are."""
    intake = intake_within(request.user, pk, Capability.ENTER_DECISIONS)
    applications = list(_applications(request, intake))
    rows = table(applications, drafts_of([application.pk for application in applications]))
    if format == "csv":
        content, media_type = as_csv(rows), "text/csv; charset=utf-8"
    else:
        here = settings_within(request.user, Capability.ENTER_DECISIONS)
        types = DecisionType.objects.filter(here, is_active=True).distinct().order_by("pk")
        reasons = DecisionReason.objects.filter(here, is_active=True).distinct().order_by("pk")
        content, media_type = as_xlsx(rows, types, reasons), XLSX
    note_taken([each.pk for each in applications], Opened.TABLE, by=request.user)
    disposition = f'attachment; filename="avis-{intake.programme.code}.{format}"'
    return HttpResponse(
        content,
        content_type=media_type,
        headers={"Content-Disposition": disposition, "Cache-Control": "private, no-store"},
    )


def _applications(request: HttpRequest, intake: Intake) -> Any:
    names = ("candidate__birth_name", "candidate__first_name", "pk")
    return applications_of(request.user, intake).order_by(*names)
