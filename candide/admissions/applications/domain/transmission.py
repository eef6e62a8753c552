"""Transmission: the candidate hands the whole dossier over (« transmettre le dossier ») [TRANS]."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from candide.admissions.applications import mails
from candide.admissions.applications.domain.asked import (
    AskedQuestion,
    RequestedDocument,
    RequestedForm,
    asked_questions,
    requested_documents,
    requested_forms,
)
from candide.admissions.applications.domain.editing import (
    editing_blockers,
    lock_candidate,
    paper_blockers,
)
from candide.admissions.applications.domain.receipt import receipt_or_later
from candide.admissions.applications.domain.snapshot import freeze
from candide.admissions.applications.domain.status import set_dossier_status
from candide.admissions.applications.enums import (
    GIVEN_STATUSES,
    ApplicationEvent,
    DossierStatus,
    ItemStatus,
)
from candide.admissions.applications.models import Application, Snapshot
from candide.core.blockers import Blocker, refuse_if
from candide.core.clock import localdate
from candide.foundation.files.enums import ScanStatus
from candide.foundation.history.domain.log import log
from candide.institution.catalogue.models import Institution


def transmission_blockers(
    application: Application,
    *,
    today: date,
    enforce_deadline: bool = True,
    documents: Iterable[RequestedDocument] | None = None,
    questions: Iterable[AskedQuestion] | None = None,
    forms: Iterable[RequestedForm] | None = None,
) -> list[Blocker]:
    """Every reason why the dossier may not be transmitted now [TRANS-02…05]; empty when it may.
    A page that read what is asked already passes it in."""
    if documents is None:
        documents = requested_documents(application)
    if questions is None:
        questions = asked_questions(application)
    return [
        *editing_blockers(application, today=today, enforce_deadline=enforce_deadline),
        *paper_blockers(application),
        *_documents(documents),
        *_questions(questions),
        *_forms(application, forms),
    ]


@transaction.atomic
def transmit(
    application: Application, *, by: Any, now: datetime, enforce_deadline: bool = True
) -> Snapshot:
    """Transmit: the dossier is received, frozen and acknowledged by a receipt (time and SHA-256)
    on the page and by mail, its PDF with it or soon after. Returns the snapshot."""
    lock_candidate(application.candidate_id)
    application = Application.objects.with_offer().locked(application.pk)
    today = localdate(now)
    refuse_if(transmission_blockers(application, today=today, enforce_deadline=enforce_deadline))
    application.transmitted_at = now
    application.save(update_fields=["transmitted_at"])
    set_dossier_status(application, DossierStatus.RECEIVED, by=by, now=now, on=today)
    snapshot = freeze(application, by=by, now=now)
    log(application, ApplicationEvent.TRANSMITTED, by=by, snapshot=snapshot.number)
    receipt = receipt_or_later(snapshot, application, now=now)
    mails.DossierReceived(application, snapshot=snapshot, receipt=receipt).send()
    mails.CommissionTransmission(application).send()
    return snapshot


def _documents(documents: Iterable[RequestedDocument]) -> Iterator[Blocker]:
    for item in documents:
        about = f"document:{item.requirement.pk}"
        label = {"document": item.requirement.label}
        if item.status == ItemStatus.REFUSED:
            yield Blocker("document_refused", _("“%(document)s” was refused.") % label, about)
        elif item.status not in GIVEN_STATUSES:
            yield Blocker("document_missing", _("“%(document)s” is missing.") % label, about)
        elif item.is_requested_again:
            yield Blocker(
                "document_requested", _("“%(document)s” is asked for again.") % label, about
            )
        elif item.file and item.file.scan_status == ScanStatus.INFECTED:
            yield Blocker(
                "document_infected", _("“%(document)s” seems to hold a virus.") % label, about
            )


def _forms(application: Application, forms: Iterable[RequestedForm] | None) -> Iterator[Blocker]:
    """Forms stand in the way where the institution says so."""
    if not Institution.current().forms_block_transmission:
        return
    for item in requested_forms(application) if forms is None else forms:
        if item.status == ItemStatus.MISSING:
            yield Blocker(
                "form_missing",
                _("The form “%(form)s” is not filled in.") % {"form": item.form.label},
                "forms:",
            )


def _questions(questions: Iterable[AskedQuestion]) -> Iterator[Blocker]:
    for item in questions:
        if item.is_lacking:
            yield Blocker(
                "question_unanswered",
                _("The question “%(question)s” is not answered.")
                % {"question": item.question.label},
                f"question:{item.question.pk}",
            )
