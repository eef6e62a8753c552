"""What the student system did not answer is asked again later, and the candidate told: nobody waits
for it, nobody is forgotten."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from candide.admissions.candidates import mails
from candide.admissions.candidates.domain.student_import import (
    IneLookup,
    look_up_ine,
    signed_in_student,
    take_studies,
)
from candide.admissions.candidates.enums import CandidateEvent, MissedKind
from candide.admissions.candidates.models import Candidate, MissedFetch
from candide.foundation.history.domain.log import log
from candide.institution.accounts.models import User
from candide.integrations import sis
from candide.integrations.sis.port import Unavailable

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=4)
DOUBLINGS = 8
logger = logging.getLogger(__name__)

# Asks, and says which mail there is to be sent; may raise `Unavailable`.
Answer = Callable[[User, datetime], mails.AskedLater | None]


def note_missed(user: Any, kind: MissedKind, *, now: datetime) -> None:
    """Write down that the student system is still to be asked this about `user`."""
    MissedFetch.objects.get_or_create(
        user=user, kind=kind, defaults={"missed_at": now, "next_attempt_at": now + FIRST_WAIT}
    )


def is_awaited(user: Any) -> bool:
    """Whether the student system is still to be asked something about `user`."""
    return MissedFetch.objects.filter(user=user).exists()


def wait_after(attempts: int) -> timedelta:
    """One minute, two, four …, at most four hours.

    >>> wait_after(2)
    datetime.timedelta(seconds=240)
    """
    return min(FIRST_WAIT * 2 ** min(attempts, DOUBLINGS), LONGEST_WAIT)


def catch_up(*, now: datetime, limit: int = 20) -> int:
    """Ask about some of those who wait longest; how many were answered. Where the student system
    is silent, the others are left alone."""
    due = MissedFetch.objects.filter(next_attempt_at__lte=now).order_by("next_attempt_at", "pk")
    answered = 0
    for row in due.select_related("user")[:limit]:
        try:
            answered += _ask(row, now=now)
        except Unavailable:
            logger.warning("the student system does not answer; it is asked again later")
            break
    return answered


def _ask(row: MissedFetch, *, now: datetime) -> bool:
    """Ask, unless another worker does. Whoever dies leaves it to the next attempt."""
    mine = MissedFetch.objects.filter(pk=row.pk, next_attempt_at=row.next_attempt_at)
    later = now + wait_after(row.attempts + 1)
    if not mine.update(attempts=row.attempts + 1, next_attempt_at=later):
        return False
    mail = ANSWERS[MissedKind(row.kind)](row.user, now)
    with transaction.atomic():
        if MissedFetch.objects.filter(pk=row.pk).delete()[0] and mail is not None:
            log(row.user, CandidateEvent.FETCHED_LATER, kind=row.kind)
            mail.send()
    return True


def _own(user: User) -> Candidate | None:
    return Candidate.objects.filter(user=user).first()


def _record(user: User, now: datetime) -> mails.AskedLater | None:
    candidate = _own(user)
    if candidate is not None and candidate.is_imported:
        return None
    return mails.StudentDataFound(user) if signed_in_student(user) is not None else None


def _ine(user: User, now: datetime) -> mails.AskedLater | None:
    candidate = _own(user)
    if candidate is None or look_up_ine(candidate) != IneLookup.KNOWN:
        return None
    return mails.StudentDataFound(user, page_name="candidate:student_found")


def _ine_check(user: User, now: datetime) -> mails.AskedLater | None:
    candidate = _own(user)
    if (
        candidate is None
        or not candidate.ine
        or sis.current().check_ine(candidate.ine) is not False
    ):
        return None
    return mails.IneDoubted(user)


def _studies(user: User, now: datetime) -> mails.AskedLater | None:
    candidate = _own(user)
    if candidate is None or not candidate.is_imported:
        return None
    return mails.StudiesArrived(user) if take_studies(candidate, now=now) else None


ANSWERS: dict[MissedKind, Answer] = {
    MissedKind.RECORD: _record,
    MissedKind.INE: _ine,
    MissedKind.INE_CHECK: _ine_check,
    MissedKind.STUDIES: _studies,
}
