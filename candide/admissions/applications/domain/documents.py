"""Giving documents (« déposer une pièce »), in versions, once for all applications where shared."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from candide.admissions.applications.domain.asked import (
    RequestedDocument,
    requested_documents,
    requested_documents_of,
)
from candide.admissions.applications.domain.corrections import follow_change
from candide.admissions.applications.domain.counting import count_documents
from candide.admissions.applications.domain.editing import (
    item_blockers,
    lock_candidate,
    paper_blockers,
)
from candide.admissions.applications.enums import ApplicationEvent, ItemStatus
from candide.admissions.applications.models import (
    Application,
    DocumentVersion,
    SubmittedDocument,
)
from candide.admissions.candidates.models import StudentDocument
from candide.core.blockers import Blocker, Refused, refuse_if
from candide.core.clock import localdate
from candide.foundation.files.models import StoredFile
from candide.foundation.history.domain.log import log
from candide.institution.catalogue.domain.procedure import is_paperless
from candide.institution.catalogue.models import Institution
from candide.institution.requirements.models import DocumentRequirement

ANY_VERSION = object()


def giving_blockers(
    item: RequestedDocument,
    *,
    today: date,
    enforce_deadline: bool = True,
    enforce_status: bool = True,
) -> list[Blocker]:
    """Why no file may be given for it now; empty when one may."""
    return [
        *item_blockers(
            item, today=today, enforce_deadline=enforce_deadline, enforce_status=enforce_status
        ),
        *paper_blockers(item.application),
        *file_service_blockers(),
    ]


def removing_blockers(
    item: RequestedDocument,
    *,
    today: date,
    enforce_deadline: bool = True,
    enforce_status: bool = True,
) -> list[Blocker]:
    """Why it may not be taken back now; a mere statement needs no file service."""
    return [
        *item_blockers(
            item, today=today, enforce_deadline=enforce_deadline, enforce_status=enforce_status
        ),
        *_checked_on_paper(item),
        *(file_service_blockers() if item.file else ()),
    ]


def declining_blockers(
    item: RequestedDocument,
    *,
    today: date,
    enforce_deadline: bool = True,
    enforce_status: bool = True,
) -> list[Blocker]:
    """Why nobody may declare now not to be concerned by it; empty when one may [PJ-18]."""
    blockers = [
        *item_blockers(
            item, today=today, enforce_deadline=enforce_deadline, enforce_status=enforce_status
        ),
        *_checked_on_paper(item),
    ]
    if not item.requirement.is_conditional:
        blockers.append(Blocker("not_conditional", _("This document is asked of everybody.")))
    if item.file is not None and item.status != ItemStatus.REFUSED:
        blockers.append(Blocker("has_file", _("Delete the file first.")))
    return blockers


def file_service_blockers() -> list[Blocker]:
    """Why files can be neither given, taken back nor read now: « service de fichiers en
    maintenance »."""
    if Institution.current().is_upload_closed:
        message = _(
            "The file service is in maintenance: files can be neither given, deleted nor read for "
            "the moment. Try again later."
        )
        return [Blocker("upload_closed", message)]
    return []


@transaction.atomic
def give_document(
    application: Application,
    requirement: DocumentRequirement,
    file: StoredFile,
    *,
    by: Any,
    now: datetime,
    enforce_deadline: bool = True,
    enforce_status: bool = True,
    seen: Any = ANY_VERSION,
) -> DocumentVersion:
    """Give `file` for `requirement`, in place of what was given before [PJ-12]. A shared document
    goes to every application of the candidate still open to it. `seen` is the version (or None)
    the person was looking at: if another came since, refuses with "changed" [PJ-13]."""
    item = _writable(
        application,
        requirement,
        now=now,
        enforce_deadline=enforce_deadline,
        enforce_status=enforce_status,
        seen=seen,
        blockers=giving_blockers,
    )
    version = DocumentVersion.objects.create(
        candidate=item.application.candidate,
        requirement=requirement,
        file=file,
        given_at=now,
        given_by=by,
    )
    _use(version, item, by=by, event=ApplicationEvent.DOCUMENT_GIVEN, now=now)
    return version


@transaction.atomic
def declare_not_concerned(
    application: Application,
    requirement: DocumentRequirement,
    *,
    by: Any,
    now: datetime,
    enforce_deadline: bool = True,
    enforce_status: bool = True,
    seen: Any = ANY_VERSION,
) -> DocumentVersion:
    """« Non concerné par cette pièce », a sworn statement [PJ-18, PJ-19]. Only where the document
    is conditional and nothing was given."""
    item = _writable(
        application,
        requirement,
        now=now,
        enforce_deadline=enforce_deadline,
        enforce_status=enforce_status,
        seen=seen,
        blockers=declining_blockers,
    )
    version = DocumentVersion.objects.create(
        candidate=item.application.candidate,
        requirement=requirement,
        status=ItemStatus.NOT_APPLICABLE,
        given_at=now,
        given_by=by,
    )
    _use(version, item, by=by, event=ApplicationEvent.NOT_CONCERNED, now=now)
    return version


@transaction.atomic
def remove_document(
    application: Application,
    requirement: DocumentRequirement,
    *,
    by: Any,
    now: datetime,
    enforce_deadline: bool = True,
    enforce_status: bool = True,
    seen: Any = ANY_VERSION,
) -> None:
    """Take back a file or the statement of not being concerned [PJ-16, PJ-18]. Applications that
    were transmitted keep theirs [PJ-17]."""
    item = _writable(
        application,
        requirement,
        now=now,
        enforce_deadline=enforce_deadline,
        enforce_status=enforce_status,
        seen=seen,
        blockers=removing_blockers,
    )
    if item.submitted is None:
        return
    if item.is_from_sis:
        raise Refused([Blocker("from_sis", _("This document comes from your student file."))])
    version = item.submitted.version
    event = (
        ApplicationEvent.CONCERNED
        if version.status == ItemStatus.NOT_APPLICABLE
        else ApplicationEvent.DOCUMENT_REMOVED
    )
    for open_item in _open_items(item, now=now):
        if open_item.submitted and open_item.submitted.version_id == version.pk:
            open_item.submitted.delete()
            touch(open_item.application)
            log(open_item.application, event, by=by, requirement=requirement.pk, version=version.pk)
            _follow(open_item, by=by, now=now, is_given=False)
    delete_unused(version)
    count_documents(application.candidate)


def delete_unused(version: DocumentVersion) -> None:
    """Forget a version no application uses and no snapshot holds."""
    if not version.uses.exists() and not version.snapshots.exists():
        version.delete()


def link_known_documents(application: Application, *, now: datetime) -> None:
    """Give an application what the candidate gave before for shared requirements, and what the
    student system vouches for [PJ-03, PJ-06, PJ-07]. Existing uses stay."""
    missing = _missing(application)
    shared = [requirement for requirement in missing if requirement.is_shared]
    found: dict[int, DocumentVersion] = {}
    # Neither a file nor a statement: checked on paper, so there is nothing to pass on. What the
    # student system vouches for it vouches for each time.
    for version in DocumentVersion.objects.filter(
        ~Q(file=None) | Q(status=ItemStatus.NOT_APPLICABLE),
        candidate=application.candidate,
        requirement__in=shared,
        is_from_sis=False,
    ).order_by("given_at", "pk"):
        found[version.requirement_id] = version
    SubmittedDocument.objects.bulk_create(
        SubmittedDocument(application=application, requirement_id=pk, version=version)
        for pk, version in found.items()
    )
    link_held_documents(application, now=now)
    count_documents(application.candidate)


def link_held_documents(application: Application, *, now: datetime) -> list[SubmittedDocument]:
    """Give an application what the student system vouches for, where nothing was given [PJ-06,
    PJ-07]."""
    if not Institution.current().has_student_documents:
        return []
    missing = [requirement for requirement in _missing(application) if requirement.sis_code]
    usable = StudentDocument.objects.filter(
        StudentDocument.usable_on(localdate(now)),
        candidate=application.candidate,
        sis_code__in=[requirement.sis_code for requirement in missing],
    ).order_by("year")
    latest = {document.sis_code: document for document in usable}
    uses = []
    for requirement in missing:
        if requirement.sis_code not in latest:
            continue
        version = DocumentVersion.objects.create(
            candidate=application.candidate,
            requirement=requirement,
            file_id=latest[requirement.sis_code].file_id,
            is_from_sis=True,
            status=ItemStatus.APPROVED,
            given_at=now,
        )
        uses.append(
            SubmittedDocument.objects.create(
                application=application, requirement=requirement, version=version
            )
        )
    if uses:
        count_documents(application.candidate)
    return uses


def _missing(application: Application) -> list[DocumentRequirement]:
    """What the application is asked for, online, and has not."""
    if not is_paperless(application.intake):
        return []
    return [item.requirement for item in requested_documents(application) if item.submitted is None]


def _writable(
    application: Application,
    requirement: DocumentRequirement,
    *,
    now: datetime,
    enforce_deadline: bool,
    enforce_status: bool,
    seen: Any,
    blockers: Callable[..., list[Blocker]],
) -> RequestedDocument:
    """The item, read again under the candidate's lock, if it may be changed; else refuses."""
    lock_candidate(application.candidate_id)
    application = Application.objects.with_offer().get(pk=application.pk)
    asked = requested_documents(application, with_internal=True)
    item = next((one for one in asked if one.requirement.pk == requirement.pk), None)
    if item is None:
        raise Refused([Blocker("not_asked", _("This document is no longer asked for."))])
    current = item.submitted.version_id if item.submitted else None
    if seen is not ANY_VERSION and seen != current:
        raise Refused(
            [
                Blocker(
                    "changed",
                    _(
                        "This document was changed meanwhile, from another window or another "
                        "application. Look at it again before you go on."
                    ),
                )
            ]
        )
    refuse_if(
        blockers(
            item,
            today=localdate(now),
            enforce_deadline=enforce_deadline,
            enforce_status=enforce_status,
        )
    )
    return item


def _checked_on_paper(item: RequestedDocument) -> Iterator[Blocker]:
    if item.is_checked_on_paper:
        message = _("The admissions office checked this document on paper: its verdict stays.")
        yield Blocker("checked_on_paper", message)


def _open_items(item: RequestedDocument, *, now: datetime) -> list[RequestedDocument]:
    """The item itself and, where it is shared, the same one of the candidate's other paperless
    applications that are still open to it."""
    if not item.requirement.is_shared:
        return [item]
    institution = Institution.current()
    others = [
        application
        for application in Application.objects.editable()
        .with_offer()
        .filter(candidate_id=item.application.candidate_id)
        .exclude(pk=item.application.pk)
        .order_by("pk")
        if is_paperless(application.intake, institution)
    ]
    found = [item]
    for documents in requested_documents_of(others).values() if others else ():
        for other in documents:
            if other.requirement.pk == item.requirement.pk and not item_blockers(
                other, today=localdate(now), enforce_deadline=False
            ):
                found.append(other)
    return found


def _use(
    version: DocumentVersion,
    item: RequestedDocument,
    *,
    by: Any,
    event: ApplicationEvent,
    now: datetime,
) -> None:
    """Put `version` into the item and, where shared, into every application open to it."""
    for open_item in _open_items(item, now=now):
        SubmittedDocument.objects.update_or_create(
            application=open_item.application,
            requirement=version.requirement,
            defaults={
                "version": version,
                "own_status": "",
                "own_comment": "",
                "is_requested_again": False,
            },
        )
        touch(open_item.application)
        log(
            open_item.application,
            event,
            by=by,
            requirement=version.requirement_id,
            version=version.pk,
        )
        _follow(open_item, by=by, now=now)
    count_documents(item.application.candidate)


def _follow(item: RequestedDocument, *, by: Any, now: datetime, is_given: bool = True) -> None:
    """What follows in the application; nothing where staff alone see the document."""
    if not item.is_internal:
        follow_change(
            item.application, by=by, now=now, requirement=item.requirement, is_given=is_given
        )


def touch(application: Application) -> None:
    """Move the application's version on, so that stale pages are noticed."""
    Application.objects.filter(pk=application.pk).update(version=F("version") + 1)
