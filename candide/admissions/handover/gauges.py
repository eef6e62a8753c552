from datetime import datetime

from candide.admissions.handover.enums import WAITING, DocumentState, HandoverState
from candide.admissions.handover.models import HandedDocument, PreEnrolment
from candide.core.gauges import gauge

WATCHED = (*WAITING, HandoverState.REFUSED)


@gauge(
    "candide_handover",
    "Pre-enrolments the student system is to be told of, or refused.",
    label="state",
)
def handover(now: datetime) -> dict[str, float]:
    current = PreEnrolment.objects.in_service()
    return {str(state): current.filter(state=state).count() for state in WATCHED}


@gauge("candide_handover_documents_waiting", "Documents still to be sent to the student system.")
def documents_waiting(now: datetime) -> int:
    return HandedDocument.objects.filter(state=DocumentState.TO_SEND).count()
