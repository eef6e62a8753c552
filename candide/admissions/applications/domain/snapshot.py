"""Freezing the dossier (architecture, 0): what is examined is what was received."""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from candide.admissions.applications.domain.asked import (
    asked_questions,
    requested_documents,
)
from candide.admissions.applications.enums import ApplicationEvent
from candide.admissions.applications.models import Application, Snapshot
from candide.admissions.candidates.domain.summary import file_data
from candide.core.tasks import spur
from candide.foundation.files.enums import ScanStatus
from candide.foundation.history.domain.log import log
from candide.institution.catalogue.domain.procedure import is_paperless
from candide.institution.catalogue.models import Institution

# After how long a PDF that could not be drawn is tried again: twice as long each time.
AGAIN_AFTER, AGAIN_AFTER_AT_MOST = timedelta(minutes=30), timedelta(days=1)


def freeze(application: Application, *, by: Any, now: datetime) -> Snapshot:
    """Freeze the dossier of a locked application: data, answers, document versions, and the
    SHA-256 of it all. The PDF is rendered soon after from the frozen data alone. To be called
    inside the transaction that moves the status to received or complete."""
    documents = requested_documents(application)
    data = dossier_data(application, documents=documents, now=now)
    last = application.snapshots.order_by("-number").first()
    snapshot = Snapshot.objects.create(
        application=application,
        number=last.number + 1 if last else 1,
        made_at=now,
        made_by=by,
        data=data,
        data_sha256=fingerprint(data),
    )
    snapshot.documents.set([item.submitted.version_id for item in documents if item.submitted])
    application.frozen_at = now
    application.save(update_fields=["frozen_at"])
    log(application, ApplicationEvent.FROZEN, by=by, snapshot=snapshot.number)
    spur("applications.render_dossier", snapshot.pk)
    return snapshot


def latest_snapshot(application: Application) -> Snapshot | None:
    """The dossier as it is examined, if it was ever received."""
    return application.snapshots.select_related("pdf").order_by("-number").first()


def latest_transmission(application: Application) -> Snapshot | None:
    """The last one the candidate transmitted, and so has a receipt of, or will have [TRANS-05]:
    what is known of it, without the dossier itself."""
    receipted = Q(receipt__isnull=False) | Q(receipt_wanted_at__isnull=False)
    return application.snapshots.filter(receipted).defer("data").order_by("-number").first()


def fingerprint(data: dict[str, Any]) -> str:
    """The SHA-256, in hexadecimal, of `data` written as canonical JSON (sorted keys, no spaces,
    UTF-8). It covers every file through the SHA-256 of each, and is printed on the receipt."""
    canonical = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def dossier_data(
    application: Application,
    *,
    now: datetime,
    documents: list[Any] | None = None,
    questions: list[Any] | None = None,
) -> dict[str, Any]:
    """The whole dossier as JSON values. Labels carry every language, so that a dossier can be
    read in another one than it was made in."""
    institution = Institution.current()
    if documents is None:
        documents = requested_documents(application)
    if questions is None:
        questions = asked_questions(application)
    return {
        **heading_data(
            application,
            made_at=now,
            institution=institution.name,
            is_paperless=is_paperless(application.intake, institution),
        ),
        "file": file_data(application.candidate),
        "documents": [_document(item) for item in documents],
        "questions": [_question(item) for item in questions],
    }


def heading_data(
    application: Application, *, made_at: datetime, institution: str, is_paperless: bool
) -> dict[str, Any]:
    """What stands above a dossier: whose it is, and to what it applies."""
    intake = application.intake
    commission = intake.programme.commission
    days = ("screening_on", "jury_on", "results_on", "acceptance_due_on")
    return {
        "made_at": made_at.isoformat(),
        "institution": institution,
        "campaign": texts(intake.campaign.label),
        "file_number": application.candidate.user.file_number,
        "application": {
            "id": application.pk,
            "applied_at": application.created_at.isoformat(),
            "is_paperless": is_paperless,
            "programme": {"code": intake.programme.code, "name": texts(intake.programme.name)},
            "centre": texts(commission.centre.name),
            "commission": {
                "name": texts(commission.name),
                "address": commission.address_lines,
                "email": commission.email,
                "phone": commission.phone,
                "url": commission.url,
                "fax": commission.fax,
                "return_comment": texts(commission.return_comment),
            },
            "documents_due_on": application.documents_due_on.isoformat(),
            "dates": {
                name: day.isoformat() if (day := getattr(intake, name)) else None for name in days
            },
        },
    }


def texts(value: Any) -> Any:
    """A translated text as {language: text}; a plain one as it is."""
    data = getattr(value, "data", value)
    return data if isinstance(data, dict) else str(data or "")


def _document(item: Any) -> dict[str, Any]:
    file = item.file
    return {
        "requirement": item.requirement.pk,
        "code": item.requirement.code,
        "label": texts(item.requirement.label),
        "status": str(item.status),
        "comment": item.comment,
        "version": item.submitted.version_id if item.submitted else None,
        "file": file
        and {
            "id": file.pk,
            "name": file.name,
            "size": file.size,
            "pages": file.page_count,
            "sha256": file.sha256,
        },
    }


def _question(item: Any) -> dict[str, Any]:
    return {
        "question": item.question.pk,
        "code": item.question.code,
        "label": texts(item.question.label),
        "kind": item.question.kind,
        "choices": item.question.choices,
        "status": str(item.status),
        "value": item.value,
    }


def unrendered(*, now: datetime) -> QuerySet[Snapshot]:
    """Snapshots whose PDF is to be made: there is none, its pause is over, the antivirus
    still has to look at none of the files, and the file service is open."""
    if Institution.current().is_upload_closed:
        return Snapshot.objects.none()
    is_due = Q(pdf_wanted_at=None) | Q(pdf_wanted_at__lte=now)
    return Snapshot.objects.filter(is_due, pdf=None).exclude(
        documents__file__scan_status=ScanStatus.PENDING
    )


def claim(due: QuerySet[Snapshot], what: str, *, now: datetime) -> bool:
    """Whether the one snapshot in `due` is ours to draw ("pdf", "receipt"), nobody being at it.
    Until it is drawn it is tried again, after a pause that doubles up to a day."""
    tries = due.values_list(f"{what}_tries", flat=True).first()
    if tries is None:
        return False
    pause = min(AGAIN_AFTER * 2 ** min(tries, 10), AGAIN_AFTER_AT_MOST)
    still = due.filter(**{f"{what}_tries": tries})
    return bool(still.update(**{f"{what}_tries": tries + 1, f"{what}_wanted_at": now + pause}))
