"""Reports on the student system: the daily comparison, the nomenclatures taken over."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from candide.admissions.applications.models import Application
from candide.admissions.handover.domain.nomenclatures import ask_nomenclatures
from candide.admissions.handover.enums import Difference, HandoverState, ReportKind
from candide.admissions.handover.models import SystemReport
from candide.core.blockers import Refused
from candide.core.views import for_object, permission_required
from candide.institution.reference.domain.importing.tables import TABLES
from candide.web.shared.refusals import show_refusal

SHOWN = 60
VIEW = "handover.view_reports"
OUTCOMES = {
    "added": gettext_lazy("added"),
    "changed": gettext_lazy("changed"),
    "unchanged": gettext_lazy("unchanged"),
    "kept": gettext_lazy("kept as entered here"),
}


@permission_required(VIEW)
def report_list(request: HttpRequest) -> HttpResponse:
    """The latest reports of both kinds."""
    reports = (
        SystemReport.objects.all()
        .visible_to(request.user)
        .select_related("asked_by")
        .defer("lines")
        .order_by("-created_at", "-pk")[:SHOWN]
    )
    context = {
        "reports": reports,
        "may_ask": request.user.has_perm("handover.deliver"),
        "navigation": "staff",
    }
    return render(request, "staff/handover/reports.html", context)


@for_object(SystemReport, VIEW)
def report_page(request: HttpRequest, report: SystemReport) -> HttpResponse:
    """One report: its numbers, and line by line what should not be so."""
    context = {
        "report": report,
        "numbers": _numbers(report),
        "lines": _lines(report, request.user),
        "navigation": "staff",
    }
    return render(request, "staff/handover/report.html", context)


@require_POST
@permission_required("handover.deliver")
def ask(request: HttpRequest) -> HttpResponse:
    """Have the nomenclatures taken over, or tried."""
    is_dry_run = "try" in request.POST
    try:
        ask_nomenclatures(is_dry_run=is_dry_run, by=request.user, now=timezone.now())
    except Refused as refusal:
        show_refusal(request, refusal)
    else:
        messages.success(request, _("The report is being prepared: it appears here."))
    return redirect("staff:handover_reports")


def _numbers(report: SystemReport) -> list[tuple[str, int]]:
    words = {**dict(HandoverState.choices), **dict(Difference.choices)}
    words |= {"refused": _("refused lines"), "differences": _("Differences")}
    if report.kind == ReportKind.RECONCILIATION:
        words |= dict(Difference.choices) | {"refused": dict(HandoverState.choices)["refused"]}
    found = []
    for word, number in report.counts.items():
        table, _dot, outcome = word.partition(".")
        if outcome in OUTCOMES:
            name = TABLES[table]._meta.verbose_name_plural if table in TABLES else table
            found.append((f"{name} : {OUTCOMES[outcome]}", number))
        else:
            found.append((str(words.get(word, word)), number))
    return found


def _lines(report: SystemReport, user: Any) -> list[tuple[str, Application | None, str]]:
    keys = {application for _word, application, _text in report.lines if application}
    reached = Application.objects.with_offer().visible_to(user).in_bulk(keys)
    words: dict[str, Any] = dict(Difference.choices)
    others = {"refused": _("Refused"), "ignored": _("Passed over"), "failed": _("Failed")}
    if report.kind == ReportKind.NOMENCLATURES:
        words = others
    return [
        (str(words.get(word, word)), reached.get(application), text)
        for word, application, text in report.lines
    ]
