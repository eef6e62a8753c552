"""Staff check documents (« vérifier les pièces ») [back-office 16]."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from candide.admissions.applications.domain.archived import archived_blockers
from candide.admissions.applications.domain.asked import (
    RequestedDocument,
    requested_documents,
)
from candide.admissions.applications.domain.corrections import follow_change
from candide.admissions.applications.domain.counting import count_documents
from candide.admissions.applications.domain.documents import touch
from candide.admissions.applications.domain.editing import lock_candidate
from candide.admissions.applications.enums import ApplicationEvent, ItemStatus
from candide.admissions.applications.models import (
    Application,
    DocumentVersion,
    SubmittedDocument,
)
from candide.core.blockers import Blocker, refuse_if
from candide.foundation.history.domain.log import log
from candide.institution.catalogue.domain.procedure import is_paperless
from candide.institution.requirements.models import DocumentRequirement


@transaction.atomic
def check_documents(
    application: Application,
    requirements: list[DocumentRequirement],
    status: ItemStatus,
    *,
    comment: str,
    by: Any,
    now: datetime,
    only_here: bool = False,
    seen: dict[int, int] | None = None,
) -> None:
    """Staff approve or refuse documents with a comment (« vérifier les pièces ») [back-office 16].
    The verdict belongs to the version and shows wherever it is used, unless `only_here`. `seen`
    maps requirement → version looked at. Documents of the student system and declarations of not
    being concerned cannot be checked. A paper dossier's document is checked without a file.
    Approving what this application asks for again settles that."""
    lock_candidate(application.candidate_id)
    application = Application.objects.with_offer().get(pk=application.pk)
    asked = requested_documents(application, with_internal=True)
    items = {item.requirement.pk: item for item in asked}
    chosen = [items[r.pk] for r in requirements if r.pk in items]
    refuse_if(_checking_blockers(application, chosen, status, comment, seen or {}))
    for item in chosen:
        _write_verdict(item, status, comment=comment, by=by, now=now, only_here=only_here)
        if item.correction is not None and status == ItemStatus.APPROVED:
            follow_change(application, by=by, now=now, requirement=item.requirement)
        log(
            application,
            ApplicationEvent.DOCUMENT_CHECKED,
            by=by,
            requirement=item.requirement.pk,
            before=item.status,
            after=status,
            only_here=only_here,
        )
    count_documents(application.candidate)
    touch(application)


def _checking_blockers(
    application: Application,
    items: list[RequestedDocument],
    status: ItemStatus,
    comment: str,
    seen: dict[int, int],
) -> list[Blocker]:
    blockers = []
    if application.cancelled_at is not None:
        blockers.append(Blocker("cancelled", _("This application was cancelled.")))
    blockers += archived_blockers(application)
    if status not in {ItemStatus.SUBMITTED, ItemStatus.APPROVED, ItemStatus.REFUSED}:
        blockers.append(Blocker("not_a_verdict", _("Choose approved, refused or submitted.")))
    if status == ItemStatus.REFUSED and not comment.strip():
        blockers.append(Blocker("comment_missing", _("Say why: the candidate reads this comment.")))
    for item in items:
        about = f"document:{item.requirement.pk}"
        current = item.submitted.version_id if item.submitted else None
        if item.status == ItemStatus.NOT_APPLICABLE:
            blockers.append(
                Blocker("not_concerned", _("The candidate declared not to be concerned."), about)
            )
        elif item.is_from_sis:
            blockers.append(
                Blocker("from_sis", _("This document comes from the student system."), about)
            )
        elif item.submitted is None and is_paperless(application.intake):
            blockers.append(Blocker("missing", _("Nothing was given yet."), about))
        elif item.requirement.pk in seen and seen[item.requirement.pk] != current:
            blockers.append(
                Blocker("changed", _("The candidate replaced this document meanwhile."), about)
            )
    return blockers


def _write_verdict(
    item: RequestedDocument,
    status: ItemStatus,
    *,
    comment: str,
    by: Any,
    now: datetime,
    only_here: bool,
) -> None:
    if item.submitted is None:
        version = DocumentVersion.objects.create(
            candidate=item.application.candidate,
            requirement=item.requirement,
            status=status,
            comment=comment,
            given_at=now,
            given_by=by,
            checked_at=now,
            checked_by=by,
            checked_in=item.application,
        )
        SubmittedDocument.objects.create(
            application=item.application, requirement=item.requirement, version=version
        )
        return
    if status == ItemStatus.APPROVED and item.is_requested_again:
        item.submitted.is_requested_again = False
        item.submitted.save(update_fields=["is_requested_again", "updated_at"])
    if only_here:
        item.submitted.own_status = status
        item.submitted.own_comment = comment
        item.submitted.save(update_fields=["own_status", "own_comment", "updated_at"])
        return
    version = item.submitted.version
    version.status, version.comment = status, comment
    version.checked_at, version.checked_by = now, by
    version.checked_in = item.application
    version.save(update_fields=["status", "comment", "checked_at", "checked_by", "checked_in"])
    if item.submitted.own_status:
        item.submitted.own_status = item.submitted.own_comment = ""
        item.submitted.save(update_fields=["own_status", "own_comment", "updated_at"])
