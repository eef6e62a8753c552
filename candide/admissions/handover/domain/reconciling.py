"""The daily comparison: what should be in the student system, what we told it, what it holds."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from candide.admissions.applications.enums import CandidateAnswer, Outcome
from candide.admissions.applications.models import Application
from candide.admissions.handover.domain.queries import numbers_by_state
from candide.admissions.handover.enums import (
    WAITING,
    Difference,
    HandoverState,
    ReportKind,
    ReportState,
)
from candide.admissions.handover.models import PreEnrolment, SystemReport
from candide.institution.catalogue.models import Institution
from candide.integrations import sis
from candide.integrations.sis.port import Unavailable

STUCK_AFTER = 5
ANSWER_WITHIN = timedelta(days=3)
MOST_LINES = 1000
AT_ONCE = 500
Line = tuple[Difference, int, str]


def compare(
    expected: QuerySet[Application], *, now: datetime, report: SystemReport | None = None
) -> SystemReport:
    """Compare and keep a report. `expected` are the applications whose decision hands over and
    which were confirmed."""
    rows = PreEnrolment.objects.in_service()
    counts: Counter[str] = Counter()
    lines: list[Any] = []
    for kind, application, text in _differences(expected, rows, now=now):
        counts[kind] += 1
        if len(lines) < MOST_LINES:
            lines.append([kind, application, text])
    report = report or SystemReport(kind=ReportKind.RECONCILIATION, created_at=now)
    report.counts = {**numbers_by_state(rows), "differences": sum(counts.values()), **counts}
    report.lines = lines
    report.state, report.ended_at = ReportState.DONE, now
    with transaction.atomic():
        report.save()
    return report


def _differences(
    expected: QuerySet[Application], rows: QuerySet[PreEnrolment], *, now: datetime
) -> Iterator[Line]:
    if Institution.current().hands_over:
        without = expected.exclude(pk__in=rows.filter(is_wanted=True).values("application"))
        for pk in without.order_by("pk").values_list("pk", flat=True):
            yield Difference.NOT_PREPARED, pk, ""
    ground = Q(application__released_outcome=Outcome.FAVOURABLE)
    lost = rows.filter(is_wanted=True).exclude(
        ground & ~Q(application__answer=CandidateAnswer.WITHDRAWN)
    )
    yield from _each(Difference.WITHOUT_GROUND, lost)
    yield from _each(Difference.REFUSED, rows.filter(state=HandoverState.REFUSED), "reason")
    stuck = rows.filter(state__in=WAITING, attempts__gte=STUCK_AFTER)
    yield from _each(Difference.STUCK, stuck, "last_error")
    late = rows.filter(state=HandoverState.SENT, told_at__lt=now - ANSWER_WITHIN)
    yield from _each(Difference.UNANSWERED, late)
    yield from _held(rows)


def _each(kind: Difference, rows: QuerySet[PreEnrolment], said: str = "") -> Iterator[Line]:
    for row in rows.order_by("pk").iterator(chunk_size=AT_ONCE):
        yield kind, row.application_id, getattr(row, said) if said else ""


def _held(rows: QuerySet[PreEnrolment]) -> Iterator[Line]:
    """What the student system says, where it can be asked; codes typed by hand are not ours."""
    wanted = rows.filter(
        state__in=(HandoverState.ACCEPTED, HandoverState.WITHDRAWN), is_code_by_hand=False
    )
    system = sis.current()
    some: list[PreEnrolment] = []
    for row in wanted.order_by("pk").iterator(chunk_size=AT_ONCE):
        some.append(row)
        if len(some) == AT_ONCE:
            yield from _compared(some, system)
            some = []
    if some:
        yield from _compared(some, system)


def _compared(rows: list[PreEnrolment], system: Any) -> Iterator[Line]:
    try:
        held = system.held([row.reference for row in rows])
    except Unavailable:
        message = _("The student system does not answer.")
        yield Difference.STUCK, 0, message
        return
    for row in rows if held is not None else ():
        is_there = held[row.reference]
        if row.state == HandoverState.ACCEPTED and not is_there:
            yield Difference.NOT_HELD, row.application_id, ""
        if row.state == HandoverState.WITHDRAWN and is_there:
            yield Difference.STILL_HELD, row.application_id, ""
