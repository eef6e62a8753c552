"""The one writer of the state of pre-enrolments."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from candide.admissions.applications.models import Application
from candide.admissions.handover.enums import MOVES, HandoverEvent, HandoverState
from candide.admissions.handover.models import PreEnrolment
from candide.foundation.history.domain.log import log_many

FIELDS = [
    "state",
    "turn",
    "code",
    "is_code_by_hand",
    "reason",
    "is_wanted",
    "is_held",
    "changed_at",
    "told_at",
    "attempts",
    "next_attempt_at",
    "last_error",
    "claim",
    "leased_until",
]
BATCH = 500
# Whether somebody in this state is to be pre-enrolled; the others leave it as it was.
ENDS = {
    HandoverState.TO_SEND: True,
    HandoverState.SENT: True,
    HandoverState.ACCEPTED: True,
    HandoverState.TO_WITHDRAW: False,
    HandoverState.WITHDRAWN: False,
}


class Impossible(Exception):
    """A pre-enrolment cannot go from this state to that one."""


def move(row: PreEnrolment, state: HandoverState, *, now: datetime) -> None:
    """Take `row`, which is locked, to `state`. To tell something new is a further turn, due at
    once; a reason belongs to a refusal alone."""
    if state not in MOVES[row.state]:
        raise Impossible(f"{row.state} -> {state}")
    row.state, row.changed_at = state, now
    row.reason = ""
    if state in ENDS:
        row.is_wanted = ENDS[state]
    if state in {HandoverState.TO_SEND, HandoverState.TO_WITHDRAW}:
        row.turn += 1
        row.attempts, row.last_error, row.next_attempt_at = 0, "", now


def save(rows: Iterable[PreEnrolment]) -> None:
    """Write what may have changed of these, which are there and locked. As rows in conflict with
    themselves they are one list of values; `bulk_update` compares each row for each field."""
    PreEnrolment.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=FIELDS,
    )


def say(rows: Iterable[PreEnrolment], event: HandoverEvent, *, by: Any = None) -> None:
    """Into the history of the applications."""
    log_many(((_subject(row), _said_of(row)) for row in rows), event, by=by)


def _subject(row: PreEnrolment) -> Application:
    return Application(pk=row.application_id)


def _said_of(row: PreEnrolment) -> dict[str, Any]:
    return {"turn": row.turn}


def batches(rows: list[Any]) -> Iterator[list[Any]]:
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))
