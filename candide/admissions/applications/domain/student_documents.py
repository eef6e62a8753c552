"""What the student system holds of a candidate, in their dossiers [PJ-06, PJ-07, FILE-PER-08]."""

from datetime import datetime

from candide.admissions.applications.domain.documents import (
    delete_unused,
    link_held_documents,
    touch,
)
from candide.admissions.applications.enums import ApplicationEvent
from candide.admissions.applications.models import Application, SubmittedDocument
from candide.admissions.candidates.domain.student_documents import follows
from candide.admissions.candidates.models import Candidate, StudentDocument
from candide.foundation.history.domain.log import log


@follows
def follow_student_documents(candidate: Candidate, now: datetime) -> None:
    """Take what is held no more out of the dossiers still open to changes, and give them what is
    held now. Dossiers that were transmitted keep what they had."""
    is_open = Application.objects.editable().filter(candidate=candidate, archived_at=None)
    for application in is_open.with_offer().order_by("pk"):
        for use in _held_no_more(application):
            use.delete()
            _changed(use, ApplicationEvent.DOCUMENT_REMOVED)
            delete_unused(use.version)
        for use in link_held_documents(application, now=now):
            _changed(use, ApplicationEvent.DOCUMENT_GIVEN)


def _held_no_more(application: Application) -> list[SubmittedDocument]:
    held = StudentDocument.objects.filter(candidate=application.candidate).values("file")
    uses = application.submitted_documents.filter(version__is_from_sis=True)
    return list(uses.exclude(version__file__in=held).select_related("application", "version"))


def _changed(use: SubmittedDocument, event: ApplicationEvent) -> None:
    touch(use.application)
    log(use.application, event, requirement=use.requirement_id, version=use.version_id)
