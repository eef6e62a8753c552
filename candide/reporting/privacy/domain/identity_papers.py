"""Identity papers (« pièces d'identité ») are not kept as long as the dossier: once no application
of the candidate needs one any more, and the days its requirement says have passed, its file is
destroyed wherever it is. That it was given and checked stays. Candidates are told beforehand, on
the page where they give it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from candide.admissions.applications.domain.editing import lock_candidate
from candide.admissions.applications.enums import ApplicationEvent, Outcome
from candide.admissions.applications.models import (
    Application,
    DocumentVersion,
    Snapshot,
    SubmittedDocument,
)
from candide.admissions.decisions.models import Decision
from candide.admissions.handover.enums import DocumentState, HandoverState
from candide.admissions.handover.models import HandedDocument
from candide.core.blockers import Blocker, Refused
from candide.foundation.files.domain.cleaning import remove
from candide.foundation.files.models import StoredFile
from candide.foundation.history.domain.log import log
from candide.institution.catalogue.models import Institution
from candide.institution.requirements.models import DocumentRequirement


def over_since(moment: datetime) -> QuerySet[Application]:
    """Applications nothing is expected of since `moment`: cancelled, archived, answered, or refused
    for good. One that is to be decided on again, or whose documents the student system still
    waits for, is not over."""
    later = Decision.objects.filter(application=OuterRef("pk"), released_at__gt=moment)
    refused = Q(released_outcome=Outcome.UNFAVOURABLE) & ~Exists(later)
    answered = ~Q(answer="") & Q(answered_at__lte=moment)
    decided = (refused | answered) & Q(has_draft_decision=False)
    over = Application.objects.filter(
        decided | Q(cancelled_at__lte=moment) | Q(archived_at__lte=moment)
    )
    if Institution.current().handover_documents:
        waiting = [HandoverState.TO_SEND, HandoverState.SENT]
        over = over.exclude(archived_at=None, pre_enrolment__state__in=waiting)
    return over


def to_destroy(*, now: datetime) -> QuerySet[DocumentVersion]:
    """The versions whose file is to be destroyed. What the student system gave is its own."""
    papers = DocumentRequirement.objects.filter(destroyed_after_days__isnull=False).order_by("pk")
    wanted = Q(pk__in=())
    for days in set(papers.values_list("destroyed_after_days", flat=True)):
        over = over_since(now - timedelta(days=days or 0)).values("pk")
        given = Q(requirement__in=papers.filter(destroyed_after_days=days))
        uses = SubmittedDocument.objects.filter(version=OuterRef("pk"))
        frozen = Snapshot.objects.filter(documents=OuterRef("pk"))
        wanted |= (
            given
            & (Exists(uses) | Exists(frozen))
            & ~Exists(uses.exclude(application__in=over))
            & ~Exists(frozen.exclude(application__in=over))
        )
    leaving = HandedDocument.objects.filter(version=OuterRef("pk"), state=DocumentState.TO_SEND)
    found = DocumentVersion.objects.filter(wanted, file__isnull=False, is_from_sis=False)
    return found.exclude(Exists(leaving)).order_by("pk")


@transaction.atomic
def destroy_paper(pk: int, *, now: datetime) -> None:
    """Destroy the file of one version, and the dossiers it was joined to, which are drawn anew
    without it."""
    version = DocumentVersion.objects.select_related("requirement").get(pk=pk)
    lock_candidate(version.candidate_id)
    if not to_destroy(now=now).filter(pk=pk).exists():
        raise Refused([Blocker("needed", _("This document is needed again."))])
    files: set[int | None] = {version.file_id}
    version.file, version.destroyed_at = None, now
    version.save(update_fields=["file", "destroyed_at"])
    drawn = Snapshot.objects.filter(documents=version, pdf__isnull=False)
    files |= set(drawn.values_list("pdf", flat=True))
    drawn.update(pdf=None, pdf_language="", pdf_wanted_at=now, pdf_tries=0)
    for application in Application.objects.filter(submitted_documents__version=version):
        log(
            application,
            ApplicationEvent.IDENTITY_DESTROYED,
            requirement=version.requirement_id,
            version=version.pk,
        )
    for file in StoredFile.objects.filter(pk__in=[key for key in files if key]):
        remove(file)
