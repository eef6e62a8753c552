"""What becomes of a request for corrections as its candidate gives what it names."""

from datetime import datetime
from typing import Any

from django.db.models import Min

from candide.admissions.applications import mails
from candide.admissions.applications.domain.asked import open_items_of
from candide.admissions.applications.domain.snapshot import freeze
from candide.admissions.applications.domain.transmission import transmission_blockers, transmit
from candide.admissions.applications.enums import (
    FROZEN_STATUSES,
    ApplicationEvent,
    CorrectionOutcome,
    DossierStatus,
)
from candide.admissions.applications.models import Application, Correction
from candide.core.clock import localdate
from candide.foundation.history.domain.log import log
from candide.institution.requirements.models import DocumentRequirement, Question


def corrections_of(application: Application) -> list[Correction]:
    """The requests of `application` with their items, the newest first. Two queries."""
    rows = application.corrections.select_related("asked_by").prefetch_related(
        "items__requirement", "items__question"
    )
    return list(rows.order_by("-asked_at", "-pk"))


def refresh_due(application: Application) -> None:
    """Write on the application the first last day of its open requests, as lists show it."""
    first = application.corrections.open().aggregate(first=Min("due_on"))["first"]
    application.correction_due_on = first
    application.save(update_fields=["correction_due_on"])


def follow_change(
    application: Application,
    *,
    by: Any,
    now: datetime,
    requirement: DocumentRequirement | None = None,
    question: Question | None = None,
    is_given: bool = True,
) -> None:
    """What follows once a document or an answer was given, or taken back: open requests that name
    it are brought up to date, and close when all they name is there. A dossier that is not the
    candidate's to hand over is frozen anew, and so examined as it now is."""
    application = Application.objects.with_offer().locked(application.pk)
    named = [
        item
        for item in open_items_of([application]).get(application.pk, [])
        if (requirement is not None and item.requirement_id == requirement.pk)
        or (question is not None and item.question_id == question.pk)
    ]
    if not named:
        if application.dossier_status in FROZEN_STATUSES:
            freeze(application, by=by, now=now)
        return
    for item in named:
        item.given_at = now if is_given else None
        item.save(update_fields=["given_at"])
        if not item.correction.items.filter(given_at=None).exists():
            _answered(application, item.correction, by=by, now=now)


def _answered(application: Application, correction: Correction, *, by: Any, now: datetime) -> None:
    """All is there: the request closes, and the dossier is back where it is examined."""
    correction.closed_at, correction.outcome = now, CorrectionOutcome.ANSWERED
    correction.save(update_fields=["closed_at", "outcome"])
    refresh_due(application)
    log(
        application,
        ApplicationEvent.CORRECTION_CLOSED,
        by=by,
        correction=correction.pk,
        outcome=CorrectionOutcome.ANSWERED,
    )
    if application.dossier_status in FROZEN_STATUSES:
        freeze(application, by=by, now=now)
        mails.CorrectionAnswered(application).send()
        mails.CommissionCorrection(application).send()
    elif application.dossier_status == DossierStatus.INCOMPLETE and not transmission_blockers(
        application, today=localdate(now), enforce_deadline=False
    ):
        transmit(application, by=by, now=now, enforce_deadline=False)
