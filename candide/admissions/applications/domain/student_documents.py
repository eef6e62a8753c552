"""What the student system holds of a candidate, in their dossiers [PJ-06, PJ-07, FILE-PER-08]."""

from datetime import date, datetime

from candide.admissions.applications.domain.asked import requested_documents
from candide.admissions.applications.domain.counting import count_documents
from candide.admissions.applications.domain.documents import (
    delete_unused,
    link_held_documents,
    touch,
)
from candide.admissions.applications.enums import ApplicationEvent, DossierStatus
from candide.admissions.applications.models import Application, SubmittedDocument
from candide.admissions.candidates.domain.student_documents import follows
from candide.admissions.candidates.models import Candidate, StudentDocument
from candide.core.clock import localdate
from candide.foundation.history.domain.log import log


@follows
def follow_student_documents(candidate: Candidate, now: datetime) -> None:
    """Take what is held no more out of the dossiers still open to changes, and give them what is
    held now. What was transmitted and not refused stays as it was."""
    is_open = Application.objects.editable().filter(candidate=candidate, archived_at=None)
    for application in is_open.with_offer().order_by("pk"):
        if _is_closed(application, today=localdate(now)):
            continue
        for use in _held_no_more(application):
            use.delete()
            _changed(application, use, ApplicationEvent.DOCUMENT_REMOVED)
            delete_unused(use.version)
        for use in link_held_documents(application, now=now):
            _changed(application, use, ApplicationEvent.DOCUMENT_GIVEN)
    count_documents(candidate)


def _is_closed(application: Application, *, today: date) -> bool:
    """Whether a dossier that was transmitted can no longer be completed: nobody could give what
    would be taken out of it. One that never was is followed also after its day, since the day may
    still be moved on."""
    is_late = today > application.documents_due_on
    return is_late and application.dossier_status == DossierStatus.INCOMPLETE


def _held_no_more(application: Application) -> list[SubmittedDocument]:
    held = StudentDocument.objects.filter(candidate=application.candidate)
    files = set(held.values_list("file", flat=True))
    return [
        item.submitted
        for item in requested_documents(application)
        if item.submitted
        and item.is_from_sis
        and item.submitted.version.file_id not in files
        and (item.given_since_frozen or item.is_reopened)
    ]


def _changed(application: Application, use: SubmittedDocument, event: ApplicationEvent) -> None:
    touch(application)
    log(application, event, requirement=use.requirement_id, version=use.version_id)
