"""Asking one candidate for documents and answers, again or beyond what everybody is asked for
(« demande de complément », « pièce complémentaire ») [back-office 16, beyond 15]."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from candide.admissions.applications import mails
from candide.admissions.applications.domain.asked import (
    asked_questions,
    open_items_of,
    requested_documents,
)
from candide.admissions.applications.domain.corrections import refresh_due
from candide.admissions.applications.domain.counting import count_documents
from candide.admissions.applications.domain.documents import delete_unused, touch
from candide.admissions.applications.domain.editing import lock_candidate
from candide.admissions.applications.domain.stage import stage
from candide.admissions.applications.enums import (
    ApplicationEvent,
    CorrectionKind,
    CorrectionOutcome,
    DossierStatus,
    ItemStatus,
)
from candide.admissions.applications.models import (
    AdditionalDocument,
    Application,
    Correction,
    CorrectionItem,
    SubmittedDocument,
)
from candide.core.blockers import Blocker, refuse_if
from candide.core.clock import localdate
from candide.core.deadlines import long_date
from candide.foundation.history.domain.log import log
from candide.institution.catalogue.domain.procedure import is_paperless
from candide.institution.requirements.models import DocumentRequirement

# Nothing more is asked of whoever is at one of these stages.
OVER = {"cancelled", "refused", "withdrawn"}


@dataclass(frozen=True)
class Wanted:
    """What a request asks for: by pk of what is asked, why. `labels` are further documents,
    asked of this candidate alone."""

    documents: dict[int, CorrectionKind] = field(default_factory=dict)
    questions: dict[int, CorrectionKind] = field(default_factory=dict)
    labels: Sequence[str] = ()

    def __bool__(self) -> bool:
        return bool(self.documents or self.questions or self.labels)


def correcting_blockers(application: Application) -> list[Blocker]:
    """Why nothing may be asked of this candidate by a request; empty when something may."""
    blockers = [*_alive(application)]
    if application.dossier_status == DossierStatus.AWAITED:
        message = _(
            "This dossier was not handed over yet: its candidate can still change all of it. Give "
            "an individual day, or ask for a further document."
        )
        blockers.append(Blocker("awaited", message))
    elif stage(application).code in OVER:
        message = _("This application is over: nothing more is asked of its candidate.")
        blockers.append(Blocker("over", message))
    return blockers


def wanted_blockers(
    application: Application, wanted: Wanted, *, due_on: date, today: date
) -> list[Blocker]:
    """Why this cannot be asked for until `due_on`; empty when it can."""
    return [
        *correcting_blockers(application),
        *_day(due_on, today),
        *_named(application, wanted),
    ]


def correcting_warnings(application: Application, wanted: Wanted) -> list[Blocker]:
    """What is unwise about asking for it: shown before confirming."""
    return [
        Blocker(
            "approved",
            _("“%(document)s” was approved: what is given instead is checked anew.")
            % {"document": item.requirement.label},
        )
        for item in requested_documents(application)
        if item.requirement.pk in wanted.documents and item.status == ItemStatus.APPROVED
    ]


@transaction.atomic
def ask_corrections(
    application: Application,
    wanted: Wanted,
    *,
    comment: str,
    due_on: date,
    by: Any,
    now: datetime,
) -> Correction:
    """Ask the candidate for what is `wanted`, until the end of `due_on`. It alone opens to them;
    the status of the dossier stays, and so does what was received. A mail says what to do."""
    lock_candidate(application.candidate_id)
    application = Application.objects.with_offer().locked(application.pk)
    refuse_if(wanted_blockers(application, wanted, due_on=due_on, today=localdate(now)))
    further = [
        _further_document(application, label, is_internal=False, by=by, now=now)
        for label in wanted.labels
    ]
    correction = Correction.objects.create(
        application=application, comment=comment.strip(), due_on=due_on, asked_at=now, asked_by=by
    )
    documents = {
        **wanted.documents,
        **{row.requirement_id: CorrectionKind.MISSING for row in further},
    }
    CorrectionItem.objects.bulk_create(
        [
            *(
                CorrectionItem(correction=correction, requirement_id=pk, kind=kind)
                for pk, kind in documents.items()
            ),
            *(
                CorrectionItem(correction=correction, question_id=pk, kind=kind)
                for pk, kind in wanted.questions.items()
            ),
        ]
    )
    SubmittedDocument.objects.filter(
        application=application, requirement__in=list(wanted.documents)
    ).update(is_requested_again=True)
    refresh_due(application)
    touch(application)
    log(
        application,
        ApplicationEvent.CORRECTION_ASKED,
        by=by,
        correction=correction.pk,
        requirements=sorted(documents),
        questions=sorted(wanted.questions),
        to=due_on.isoformat(),
    )
    mails.CorrectionAsked(application, correction=correction).send()
    return correction


@transaction.atomic
def move_correction(correction: Correction, due_on: date, *, by: Any, now: datetime) -> None:
    """Give the candidate until another day; they are told."""
    correction = _locked(correction)
    refuse_if([*_open(correction), *_day(due_on, localdate(now))])
    if correction.due_on == due_on:
        return
    before, correction.due_on = correction.due_on, due_on
    correction.save(update_fields=["due_on"])
    refresh_due(correction.application)
    log(
        correction.application,
        ApplicationEvent.CORRECTION_MOVED,
        by=by,
        correction=correction.pk,
        before_day=before.isoformat(),
        to=due_on.isoformat(),
    )
    mails.CorrectionAsked(correction.application, correction=correction).send()


@transaction.atomic
def cancel_correction(correction: Correction, *, by: Any, now: datetime) -> None:
    """Ask no more: what it named and was not given shuts again, and the candidate is told."""
    correction = _locked(correction)
    refuse_if(_open(correction))
    application = correction.application
    left = correction.items.filter(given_at=None)
    SubmittedDocument.objects.filter(
        application=application, requirement__in=left.values("requirement")
    ).update(is_requested_again=False)
    correction.closed_at, correction.outcome = now, CorrectionOutcome.CANCELLED
    correction.save(update_fields=["closed_at", "outcome"])
    refresh_due(application)
    touch(application)
    log(
        application,
        ApplicationEvent.CORRECTION_CLOSED,
        by=by,
        correction=correction.pk,
        outcome=CorrectionOutcome.CANCELLED,
    )
    mails.CorrectionCancelled(application).send()


def further_document_blockers(
    application: Application, label: str, *, is_internal: bool
) -> list[Blocker]:
    """Why this document cannot be added to this application alone; empty when it can. One that
    the candidate shall give comes with a request, once the dossier was handed over."""
    blockers = [*_alive(application), *_label(label)]
    if not is_internal:
        blockers += _on_paper(application)
        if application.dossier_status != DossierStatus.AWAITED:
            message = _("The dossier was handed over: ask for this document by a request.")
            blockers.append(Blocker("handed_over", message))
    return blockers


@transaction.atomic
def ask_further_document(
    application: Application, label: str, *, is_internal: bool, by: Any, now: datetime
) -> AdditionalDocument:
    """Add a document to this application alone: to the candidate's checklist while the dossier is
    with them, or an internal one, which only staff see and give."""
    lock_candidate(application.candidate_id)
    application = Application.objects.with_offer().locked(application.pk)
    refuse_if(further_document_blockers(application, label, is_internal=is_internal))
    return _further_document(application, label, is_internal=is_internal, by=by, now=now)


@transaction.atomic
def drop_further_document(additional: AdditionalDocument, *, by: Any) -> None:
    """Ask no more for a document of this application alone. What was given for it stays in the
    snapshots it was frozen in."""
    lock_candidate(additional.application.candidate_id)
    application = Application.objects.with_offer().locked(additional.application_id)
    refuse_if([*_alive(application), *_still_asked(application, additional)])
    requirement = additional.requirement
    use = application.submitted_documents.filter(requirement=requirement).first()
    if use is not None:
        version = use.version
        use.delete()
        delete_unused(version)
        count_documents(application.candidate)
    additional.delete()
    application.has_additional_documents = application.additional_documents.exists()
    application.save(update_fields=["has_additional_documents"])
    touch(application)
    log(
        application,
        ApplicationEvent.FURTHER_DOCUMENT_DROPPED,
        by=by,
        requirement=requirement.pk,
    )


def _further_document(
    application: Application, label: str, *, is_internal: bool, by: Any, now: datetime
) -> AdditionalDocument:
    requirement = DocumentRequirement.objects.create(
        centre=application.intake.programme.commission.centre,
        code=_code(application),
        label=label.strip(),
        is_individual=True,
    )
    additional = AdditionalDocument.objects.create(
        application=application,
        requirement=requirement,
        is_internal=is_internal,
        asked_at=now,
        asked_by=by,
    )
    application.has_additional_documents = True
    application.save(update_fields=["has_additional_documents"])
    touch(application)
    log(
        application,
        ApplicationEvent.FURTHER_DOCUMENT_ASKED,
        by=by,
        requirement=requirement.pk,
        internal=is_internal,
    )
    return additional


def _code(application: Application) -> str:
    """A code nobody has: documents of one application are numbered there."""
    prefix = f"i{application.pk}-"
    taken = DocumentRequirement.objects.filter(code__startswith=prefix).count()
    return f"{prefix}{taken + 1}"


def _locked(correction: Correction) -> Correction:
    """The request as it now is, under the lock of its candidate and application."""
    lock_candidate(correction.application.candidate_id)
    application = Application.objects.with_offer().locked(correction.application_id)
    correction = Correction.objects.get(pk=correction.pk)
    correction.application = application
    return correction


def _alive(application: Application) -> Iterator[Blocker]:
    if application.cancelled_at is not None:
        yield Blocker("cancelled", _("This application was cancelled."))
    if application.archived_at is not None:
        yield Blocker("archived", _("This application belongs to a past campaign."))


def _open(correction: Correction) -> Iterator[Blocker]:
    yield from _alive(correction.application)
    if not correction.is_open:
        yield Blocker("closed", _("This request is closed."))


def _day(due_on: date, today: date) -> Iterator[Blocker]:
    if due_on < today:
        yield Blocker("in_the_past", _("Choose today or a later day."))


def _label(label: str) -> Iterator[Blocker]:
    if not label.strip():
        yield Blocker("empty", _("Say which document it is."))


def _on_paper(application: Application) -> Iterator[Blocker]:
    if not is_paperless(application.intake):
        message = _("This dossier is sent by post: its documents cannot be asked for here.")
        yield Blocker("paper", message)


def _named(application: Application, wanted: Wanted) -> Iterator[Blocker]:
    if not wanted:
        yield Blocker("nothing", _("Choose at least one document or question."))
    if wanted.documents or wanted.labels:
        yield from _on_paper(application)
    for label in wanted.labels:
        yield from _label(label)
    documents = {item.requirement.pk: item for item in requested_documents(application)}
    questions = {item.question.pk for item in asked_questions(application)}
    if set(wanted.documents) - set(documents) or set(wanted.questions) - questions:
        yield Blocker("not_asked", _("Some of this is no longer asked of this application."))
    named = open_items_of([application]).get(application.pk, [])
    for item in named:
        if item.requirement_id in wanted.documents or item.question_id in wanted.questions:
            message = _("“%(what)s” is asked for already, until %(day)s.") % {
                "what": item.label,
                "day": long_date(item.correction.due_on),
            }
            yield Blocker("asked_already", message)
    for pk in wanted.documents:
        if pk in documents and documents[pk].is_from_sis:
            yield Blocker("from_sis", _("This document comes from the student system."))


def _still_asked(application: Application, additional: AdditionalDocument) -> Iterator[Blocker]:
    named = open_items_of([application]).get(application.pk, [])
    if any(item.requirement_id == additional.requirement_id for item in named):
        yield Blocker("asked", _("A request asks for this document: cancel that first."))
