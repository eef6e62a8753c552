"""The documents the student system holds for an imported student (« PJ SiScol ») [PJ-06, PJ-07]."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.db import transaction

from candide.admissions.candidates.models import Candidate, StudentDocument
from candide.core.blockers import Refused
from candide.foundation.files.domain.storing import store
from candide.institution.requirements.models import DocumentRequirement
from candide.integrations import sis
from candide.integrations.sis.port import HeldDocument, Unavailable

TRY_AGAIN = timedelta(minutes=10)
logger = logging.getLogger(__name__)

Follower = Callable[[Candidate, datetime], None]
_followers: list[Follower] = []


def follows(function: Follower) -> Follower:
    """Register `function(candidate, now)`, called in the same transaction, with the candidate
    locked, once what is held for them may have changed. Used as a decorator."""
    _followers.append(function)
    return function


def tell_followers(candidate: Candidate, *, now: datetime) -> None:
    for follow in _followers:
        follow(candidate, now)


def fetch_due_documents(*, now: datetime, limit: int = 5) -> int:
    """Fetch the documents of some candidates who wait for them; how many candidates."""
    due = Candidate.objects.filter(documents_wanted_at__lte=now).order_by("documents_wanted_at")
    return sum(fetch_documents(pk, now=now) for pk in due.values_list("pk", flat=True)[:limit])


def fetch_documents(candidate_id: int, *, now: datetime) -> bool:
    """Fetch what the student system holds for a candidate who waits for it; whether it was asked.
    When it does not answer it is asked again later."""
    claimed = Candidate.objects.filter(pk=candidate_id, documents_wanted_at__lte=now)
    if not claimed.update(documents_wanted_at=now + TRY_AGAIN):
        return False
    candidate = Candidate.objects.get(pk=candidate_id)
    try:
        _fetch(candidate, now=now)
    except Unavailable:
        logger.warning("the student system does not answer; documents are asked for again later")
        return True
    Candidate.objects.filter(pk=candidate_id).update(documents_wanted_at=None)
    return True


def _fetch(candidate: Candidate, *, now: datetime) -> None:
    held = _latest(sis.current().held_documents(candidate.student_number, kinds_asked_for()))
    known = {(row.sis_code, row.year) for row in candidate.student_documents.all()}
    for document in held.values():
        if (document.code, document.year) not in known:
            _fetch_one(candidate, document)
    _forget_others(candidate, held)
    with transaction.atomic():
        tell_followers(Candidate.objects.locked(candidate.pk), now=now)


def kinds_asked_for() -> list[str]:
    """The kinds of documents programmes here ask for, as the student system calls them."""
    asked = DocumentRequirement.objects.exclude(sis_code="").order_by("sis_code")
    return list(asked.values_list("sis_code", flat=True).distinct())


def _latest(documents: list[HeldDocument]) -> dict[str, HeldDocument]:
    """The latest year of each kind counts."""
    return {document.code: document for document in sorted(documents, key=lambda held: held.year)}


def _fetch_one(candidate: Candidate, document: HeldDocument) -> None:
    try:
        content = sis.current().document_content(candidate.student_number, document)
        stored = store([ContentFile(content, f"{document.name}.pdf")], by=None, name=document.name)
    except (LookupError, Refused) as error:
        logger.warning("document %s was not taken over: %s", document.code, type(error).__name__)
        return
    with transaction.atomic():
        locked = Candidate.objects.locked(candidate.pk)
        if locked.student_number == candidate.student_number:  # not removed meanwhile
            StudentDocument.objects.create(
                candidate=locked,
                sis_code=document.code,
                year=document.year,
                expires_on=document.expires_on,
                file=stored,
            )


def _forget_others(candidate: Candidate, held: dict[str, HeldDocument]) -> None:
    for row in candidate.student_documents.all():
        document = held.get(row.sis_code)
        if document is None or document.year != row.year:
            row.delete()
        elif document.expires_on != row.expires_on:
            row.expires_on = document.expires_on
            row.save(update_fields=["expires_on"])
