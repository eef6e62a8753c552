"""The sweeps of this room: what waits to be told, documents, reports."""

from datetime import datetime

from django.utils import timezone

from candide.admissions.handover.domain.asking import SPUR, works_at_once
from candide.admissions.handover.domain.deliveries import KIND
from candide.admissions.handover.domain.documents import send_documents
from candide.admissions.handover.domain.nomenclatures import take_over
from candide.admissions.handover.domain.telling import tell
from candide.admissions.handover.enums import ReportKind, ReportState
from candide.admissions.handover.models import SystemReport
from candide.core.tasks import handler
from candide.foundation.downloads.registry import register_kind
from candide.foundation.jobs.registry import sweep

register_kind(KIND)


@handler(SPUR)
def tell_soon() -> None:
    """Some at once; the sweep goes on."""
    if works_at_once():
        tell(clock=timezone.now)  # noqa: TID251 -- the edge


@sweep("handover", every=10)
def tell_next(now: datetime) -> int:
    return tell(clock=timezone.now) if works_at_once() else 0  # noqa: TID251 -- the edge


@sweep("handover-documents", every=30)
def send_next_documents(now: datetime) -> int:
    return send_documents(now=now) if works_at_once() else 0


@sweep("handover-nomenclatures", every=10)
def take_over_nomenclatures(now: datetime) -> int:
    waiting = SystemReport.objects.filter(kind=ReportKind.NOMENCLATURES, state=ReportState.WAITING)
    report = waiting.order_by("pk").first()
    if report is None:
        return 0
    take_over(report, now=now)
    return 1
