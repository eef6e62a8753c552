"""The documents that follow the admitted into the student system (« PJ OPI ») [5.7.2]."""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction

from candide.admissions.applications.enums import ItemStatus
from candide.admissions.applications.models import Application, DocumentVersion, SubmittedDocument
from candide.admissions.handover.domain.retrying import PAUSE, wait_after
from candide.admissions.handover.enums import DocumentState, HandoverEvent, HandoverState
from candide.admissions.handover.models import HandedDocument, PreEnrolment
from candide.core.failures import summary
from candide.foundation.files.domain.blobs import open_file
from candide.foundation.history.domain.log import log
from candide.institution.catalogue.domain.procedure import is_paperless
from candide.institution.catalogue.models import Institution
from candide.integrations import sis
from candide.integrations.sis.port import Unavailable

logger = logging.getLogger(__name__)
BATCH = 20


def documents_of(application: Application) -> Iterator[tuple[str, DocumentVersion]]:
    """What may follow: approved, with a file and a code in the student system, of a dossier that
    is transmitted online; one for each code."""
    if not is_paperless(application.intake):
        return
    seen = set()
    given = SubmittedDocument.objects.filter(
        application=application, version__status=ItemStatus.APPROVED, version__file__isnull=False
    ).select_related("version__file", "requirement")
    for document in given.order_by("pk"):
        kind = document.requirement.sis_code
        if kind and kind not in seen:
            seen.add(kind)
            yield kind, document.version


def content_of(version: DocumentVersion) -> bytes:
    """The file of `version`. Raises `OSError` when it cannot be read, `LookupError` without one."""
    if version.file is None:
        raise LookupError(version.pk)
    with open_file(version.file) as content:
        return content.read()


def follow(rows: Sequence[PreEnrolment], *, now: datetime) -> None:
    """Have the documents of these, which the system accepted, sent there."""
    if not rows or not Institution.current().handover_documents:
        return
    if not sis.current().takes_documents:
        return
    for row in rows:
        known = {each.kind: each for each in row.documents.all()}
        for kind, version in documents_of(row.application):
            document = known.get(kind) or HandedDocument(pre_enrolment=row, kind=kind)
            if document.pk is None or document.version_id != version.pk:
                document.version = version
                document.state, document.sent_at = DocumentState.TO_SEND, None
                document.attempts, document.next_attempt_at = 0, now
                document.save()


def send_documents(*, now: datetime) -> int:
    """Send some of the documents that wait; how many were tried. Where the system does not answer
    all wait a minute at least."""
    waiting = HandedDocument.objects.filter(
        state=DocumentState.TO_SEND,
        next_attempt_at__lte=now,
        pre_enrolment__state=HandoverState.ACCEPTED,
        pre_enrolment__application__archived_at=None,
    )
    tried = 0
    for pk in list(waiting.order_by("next_attempt_at", "pk").values_list("pk", flat=True)[:BATCH]):
        tried += 1
        if not _send(pk, now=now):
            waiting.filter(next_attempt_at__lt=now + PAUSE).update(next_attempt_at=now + PAUSE)
            break
    return tried


def _send(pk: int, *, now: datetime) -> bool:
    """Send one: the same document again replaces it there, so that dying in the middle doubles
    nothing. False when the system does not answer: the others wait too."""
    document = (
        HandedDocument.objects.select_related(
            "version__file", "pre_enrolment__application__candidate"
        )
        .filter(pk=pk, state=DocumentState.TO_SEND)
        .first()
    )
    if document is None:
        return True
    row = document.pre_enrolment
    try:
        content = content_of(document.version)
        who = row.application.candidate
        sis.current().take_document(
            row.code,
            row.reference,
            document.kind,
            content,
            name=who.birth_name,
            first_name=who.first_name,
        )
    except (Unavailable, OSError, LookupError) as error:
        attempts = document.attempts + 1
        HandedDocument.objects.filter(pk=pk).update(
            attempts=attempts,
            next_attempt_at=now + wait_after(attempts),
            last_error=summary(error)[:500],
        )
        return not isinstance(error, Unavailable)
    with transaction.atomic():
        same = HandedDocument.objects.filter(
            pk=pk, version=document.version, state=DocumentState.TO_SEND
        )
        if same.update(state=DocumentState.SENT, sent_at=now, last_error=""):
            requirement = document.version.requirement_id
            log(row.application, HandoverEvent.DOCUMENT_SENT, requirement=requirement)
    return True
