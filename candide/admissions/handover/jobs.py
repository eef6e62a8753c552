"""The nights of this room: whatever waits is told, documents follow, nomenclatures are taken over.
The comparison is beside the decisions, which know who is to be handed over."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from candide.admissions.handover.domain.documents import send_documents
from candide.admissions.handover.domain.nomenclatures import take_over
from candide.admissions.handover.domain.telling import tell
from candide.admissions.handover.enums import ReportKind, ReportState
from candide.admissions.handover.models import SystemReport
from candide.foundation.jobs.registry import job
from candide.institution.catalogue.models import Institution
from candide.integrations import sis


@job("hand-over", at="22:30", title=_("Hand the admitted over to the student system"))
def hand_over(now: datetime, run: Any) -> None:
    """Everybody who waits as it begins, or as many as the institution allows a night."""
    most = Institution.current().handover_people
    left = most
    clock = timezone.now  # noqa: TID251 -- the edge: leases begin when they are taken
    while (told := tell(clock=clock, people=left, due=now)) > 0:
        run.count(people=told)
        run.beat()
        if left is not None:
            left -= told
            if left <= 0:
                return


@job("hand-over-documents", at="22:45", title=_("Send documents to the student system"))
def hand_over_documents(now: datetime, run: Any) -> None:
    while tried := send_documents(now=now):
        run.count(documents=tried)
        run.beat()


@job("nomenclatures", at="02:30", title=_("Take over the nomenclatures of the student system"))
def nomenclatures(now: datetime, run: Any) -> None:
    if not sis.current().nomenclatures():
        return
    report = SystemReport(kind=ReportKind.NOMENCLATURES, created_at=now)
    take_over(report, now=now)
    for name, number in report.counts.items():
        run.count(**{name.rpartition(".")[2]: number})
    if report.state == ReportState.FAILED:
        run.failure = report.lines[0][2]
