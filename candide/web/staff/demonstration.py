"""« Démonstration »: a fictitious person for every state of an application, one click away."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Case, CharField, Min, Q, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from candide.admissions.applications.enums import DossierStatus
from candide.admissions.applications.models import Application
from candide.core.clock import localdate
from candide.core.views import permission_required
from candide.web.staff.demonstration_examples import more_examples

# Everybody's in a demonstration (a test holds it against candide.demo, which pages do not import).
PASSWORD = "Demonstration-2027!"  # noqa: S105 -- printed on purpose: fictitious people only
PHASES = {
    "before": _("Applications are open"),
    "last_day": _("Last day to apply"),
    "examined": _("Dossiers are examined"),
    "answering": _("Answers are awaited"),
    "over": _("Everything is over"),
}
DISTINCT = (
    "dossier_status",
    "released_outcome",
    "has_draft_decision",
    "answer",
    "was_cancelled",
    "intake__is_paperless",
    "phase",
)


@dataclass(frozen=True)
class Group:
    """The examples of one status of the dossier, or the cancelled ones."""

    status: str
    rows: list[Application]


@permission_required("catalogue.manage_institution")
def states(request: HttpRequest) -> HttpResponse:
    """One application for each combination of status, decision, answer, procedure and moment."""
    if not settings.DEMO:
        raise Http404
    visible = Application.objects.all().visible_to(request.user)
    today = localdate(timezone.now())
    found = list(examples(visible, today=today))
    for application in found:
        application.phase_label = PHASES[application.phase]
    context = {
        "groups": grouped(found),
        "count": len(found),
        "more": more_examples(visible, today=today) if found else [],
        "password": PASSWORD,
        "navigation": "staff",
    }
    return render(request, "staff/demonstration.html", context)


def examples(rows: QuerySet[Application], *, today: date) -> QuerySet[Application]:
    """The first application of each combination of DISTINCT."""
    told_apart = rows.annotate(**_told_apart(today))
    first = told_apart.values(*DISTINCT).annotate(first=Min("pk")).values("first").order_by()
    return (
        Application.objects.filter(pk__in=first)
        .annotate(**_told_apart(today))
        .with_offer()
        .order_by("released_outcome", "has_draft_decision", "answer", "-intake__closes_on", "pk")
    )


def grouped(found: Iterable[Application]) -> list[Group]:
    """By status of the dossier, in the order of the journey; cancelled ones last."""
    found = list(found)
    groups = [
        Group(status, [a for a in found if a.dossier_status == status and not a.is_cancelled])
        for status in DossierStatus.values
    ]
    groups.append(Group("", [a for a in found if a.is_cancelled]))
    return [group for group in groups if group.rows]


def _told_apart(today: date) -> dict[str, Any]:
    """Where the intake stands today: before, on and after its last day, and its answers."""
    phase = Case(
        When(intake__closes_on__gt=today, then=Value("before")),
        When(intake__closes_on=today, then=Value("last_day")),
        When(intake__acceptance_due_on__lt=today, then=Value("over")),
        When(intake__results_on__lte=today, then=Value("answering")),
        default=Value("examined"),
        output_field=CharField(),
    )
    return {"phase": phase, "was_cancelled": Q(cancelled_at__isnull=False)}
