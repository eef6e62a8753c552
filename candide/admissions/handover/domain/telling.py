"""Telling the student system what waits to be told. People are claimed by a lease; whoever dies
leaves them to the next worker, which tells the same again under the same keys, so that nothing is
lost and nothing doubled. What is decided meanwhile waits for its turn."""

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Max, Q

from candide.admissions.applications.mails import EnrolmentCodeChanged
from candide.admissions.candidates.models import Candidate
from candide.admissions.handover.domain.asking import drop_documents, leave
from candide.admissions.handover.domain.contents import everybody, missing
from candide.admissions.handover.domain.documents import follow
from candide.admissions.handover.domain.moving import move, save, say
from candide.admissions.handover.domain.retrying import PAUSE, wait_after
from candide.admissions.handover.enums import WAITING, HandoverEvent, HandoverState
from candide.admissions.handover.models import Delivery, DeliveryFile, PreEnrolment
from candide.core.clock import localdate
from candide.core.failures import frames, summary
from candide.foundation.files.domain.storing import store_generated
from candide.foundation.files.models import StoredFile
from candide.foundation.history.domain.log import log
from candide.institution.catalogue.models import Institution
from candide.integrations import sis
from candide.integrations.sis.port import (
    Enrolling,
    HandedOver,
    StudentSystem,
    Unavailable,
    Verdict,
)

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
Clock = Callable[[], datetime]


@dataclass
class Claimed:
    """What one worker tells now: rows as they were when they were claimed."""

    claim: uuid.UUID
    rows: list[PreEnrolment]
    held: set[int]

    @property
    def people(self) -> int:
        return len({row.application.candidate_id for row in self.rows})


def tell(*, clock: Clock, people: int | None = None, due: datetime | None = None) -> int:
    """Tell of those who waited longest, as many as the system takes in one call and `people` at
    most; how many people that were, none when nobody waits. `due` leaves out what is to be tried
    after it."""
    system = sis.current()
    most = system.people_at_once if Institution.current().hands_over else 0
    most = most if people is None else min(most, people)
    claimed = claim(now=clock(), people=most, due=due) if most else None
    if claimed is None:
        return 0
    try:
        _tell(claimed, system, clock=clock)
    except Unavailable as error:
        _postpone_all(claimed, error, now=clock())
        return 0
    except (OperationalError, InterfaceError):
        raise  # the database itself: the lease runs out, and it is told again
    except Exception as error:
        logger.error("hand-over: %s\n%s", summary(error), frames(error))
        _postpone(claimed, error, now=clock())
    return claimed.people


# -- Claiming ------------------------------------------------------------------------------------


def claim(*, now: datetime, people: int, due: datetime | None = None) -> Claimed | None:
    """Make those who waited longest ours for ten minutes, each with all that is to be told of
    them. Nobody is told of by two workers at once."""
    rows_due = PreEnrolment.objects.to_tell().filter(next_attempt_at__lte=due or now)
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    waiting = rows_due.filter(free).order_by("next_attempt_at", "pk")
    found = list(waiting.values_list("application__candidate", flat=True)[: people * 4])
    if not found:
        return None
    wanted = list(dict.fromkeys(found))[:people]
    with transaction.atomic():
        locked = Candidate.objects.select_for_update(
            skip_locked=True, of=("self",), no_key=True
        ).filter(pk__in=wanted)
        owners = [candidate.pk for candidate in locked.order_by("pk")]
        busy = PreEnrolment.objects.filter(
            application__candidate__in=owners, leased_until__gt=now
        ).values("application__candidate")
        rows = list(
            rows_due.filter(application__candidate__in=owners)
            .exclude(application__candidate__in=busy)
            .with_offer()
            .select_for_update(of=("self",))
            .order_by("pk")
        )
        if not rows:
            return None
        mine = uuid.uuid4()
        held = {row.pk for row in rows if row.is_held}
        for row in rows:
            row.claim, row.leased_until = mine, now + LEASE
            row.attempts += 1
            row.told_at = now
            row.is_held = True  # as far as we know, from now on
        save(rows)
    return Claimed(mine, rows, held)


# -- Telling -------------------------------------------------------------------------------------


def _tell(claimed: Claimed, system: StudentSystem, *, clock: Clock) -> None:
    now = clock()
    today = localdate(now)
    institution = Institution.current()
    verdicts: dict[str, Verdict] = {}
    whole = PreEnrolment.objects.with_offer().select_related(
        "application__candidate__address", "application__candidate__baccalaureate"
    )
    data = whole.in_bulk([row.pk for row in claimed.rows])
    for row in claimed.rows:
        data[row.pk].state = row.state
        if lacks := missing(data[row.pk], system=system, today=today):
            reason = " ".join(str(each.message) for each in lacks)
            verdicts[row.key] = Verdict(is_accepted=False, reason=reason)
    news = [row for row in claimed.rows if row.key not in verdicts]
    told = everybody(news, system=system, institution=institution) if news else []
    number = _next_number(today)
    answer = system.hand_over(told, on=today, number=number) if told else HandedOver()
    files = [
        store_generated(made.content, name=made.name, media_type=made.media_type, by=None)
        for made in answer.files
    ]
    _settle(claimed, told, answer, refused=verdicts, files=files, now=clock())


@transaction.atomic
def _settle(
    claimed: Claimed,
    told: list[Enrolling],
    answer: HandedOver,
    *,
    refused: dict[str, Verdict],
    files: list[StoredFile],
    now: datetime,
) -> None:
    """Write what came of it, unless the lease ran out and somebody else tells. What was decided
    meanwhile keeps its state, and is told next."""
    owners = sorted({row.application.candidate_id for row in claimed.rows})
    list(
        Candidate.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=owners)
        .order_by("pk")
    )
    mine = PreEnrolment.objects.with_offer().filter(claim=claimed.claim)
    rows = list(mine.select_for_update(of=("self",)).order_by("pk"))
    turns = {row.pk: row.turn for row in claimed.rows}
    if files:
        verdicts = {**answer.verdicts, **refused}
        out = {key for key, verdict in verdicts.items() if verdict.is_accepted is False}
        inside = {row.pk for row in claimed.rows if row.key not in out}
        delivery = _delivery(files, people=len(told), now=now)
        delivery.pre_enrolments.add(*(row for row in rows if row.pk in inside))
    proposed = {each.file_number: each.code for each in told}
    said: dict[HandoverEvent, list[PreEnrolment]] = {}
    for row in rows:
        row.claim = row.leased_until = None
        if row.turn != turns[row.pk]:
            continue
        verdict = answer.verdicts.get(row.key) or refused.get(row.key)
        event = _write(row, verdict, was_held=row.pk in claimed.held, now=now)
        if event is not None:
            said.setdefault(event, []).append(row)
    drop_documents(said.get(HandoverEvent.WITHDRAWN, []))
    changed = _take_codes(rows, answer.codes, proposed)
    save(rows)
    for event, about in said.items():
        say(about, event)
    follow(said.get(HandoverEvent.ACCEPTED, []), now=now)
    _tell_codes(changed)


def _write(
    row: PreEnrolment, verdict: Verdict | None, *, was_held: bool, now: datetime
) -> HandoverEvent | None:
    """The verdict into the row; None where the system said nothing of it: it is told again."""
    if verdict is None:
        _wait(row, "no answer", now=now)
        return None
    row.last_error, row.attempts = "", 0
    if verdict.is_accepted is False:
        move(row, HandoverState.REFUSED, now=now)
        row.reason, row.is_held = verdict.reason[:500], was_held
        return HandoverEvent.REFUSED
    if row.state == HandoverState.TO_WITHDRAW:
        leave(row, now=now)
        return HandoverEvent.WITHDRAWN
    is_known = verdict.is_accepted is True
    move(row, HandoverState.ACCEPTED if is_known else HandoverState.SENT, now=now)
    return HandoverEvent.ACCEPTED if is_known else HandoverEvent.SENT


def _next_number(day: date) -> int:
    made = Delivery.objects.filter(made_on=day).aggregate(last=Max("number"))
    return 1 + (made["last"] or 0)


def _delivery(files: list[StoredFile], *, people: int, now: datetime) -> Delivery:
    day = localdate(now)
    delivery = Delivery.objects.create(
        made_on=day, number=_next_number(day), made_at=now, people=people
    )
    DeliveryFile.objects.bulk_create(DeliveryFile(delivery=delivery, file=file) for file in files)
    return delivery


# -- Codes ---------------------------------------------------------------------------------------


def _take_codes(
    rows: list[PreEnrolment], codes: dict[str, str], proposed: dict[str, str]
) -> list[PreEnrolment]:
    """Give each row the code its candidate enrols with; the rows whose code is another one than
    what was proposed. What staff typed stays."""
    changed = []
    for row in rows:
        number = str(row.application.candidate.user.file_number)
        code = codes.get(number, "")[:10]
        if not code or row.is_code_by_hand or row.code == code:
            continue
        if code != (row.code or proposed.get(number)):
            changed.append(row)
        row.code = code
    return changed


def _tell_codes(rows: list[PreEnrolment]) -> None:
    """Tell each candidate once of the code the system gave, with all it enrols in."""
    people: dict[int, list[PreEnrolment]] = {}
    for row in rows:
        if row.state in {HandoverState.SENT, HandoverState.ACCEPTED}:
            people.setdefault(row.application.candidate_id, []).append(row)
    for together in people.values():
        first = together[0]
        for row in together:
            log(row.application, HandoverEvent.CODE_CHANGED, turn=row.turn)
        names = [str(row.application.intake.programme.name) for row in together]
        EnrolmentCodeChanged(first.application, identifier=first.code, names=names).send()


# -- Later ---------------------------------------------------------------------------------------


def _wait(row: PreEnrolment, why: str, *, now: datetime) -> None:
    row.last_error, row.next_attempt_at = why[:500], now + wait_after(row.attempts)


@transaction.atomic
def _postpone(claimed: Claimed, error: Exception, *, now: datetime) -> None:
    """These could not be told: later again, each time less often."""
    rows = list(PreEnrolment.objects.select_for_update().filter(claim=claimed.claim).order_by("pk"))
    turns = {row.pk: row.turn for row in claimed.rows}
    for row in rows:
        row.claim = row.leased_until = None
        if row.turn == turns[row.pk]:
            _wait(row, summary(error), now=now)
    save(rows)


def _postpone_all(claimed: Claimed, error: Exception, *, now: datetime) -> None:
    """The system does not answer. Nobody is to blame: all wait a minute at least."""
    logger.warning("hand-over: the student system does not answer: %s", summary(error))
    _postpone(claimed, error, now=now)
    waiting: Any = PreEnrolment.objects.filter(state__in=WAITING, claim=None)
    waiting.filter(next_attempt_at__lt=now + PAUSE).update(next_attempt_at=now + PAUSE)
