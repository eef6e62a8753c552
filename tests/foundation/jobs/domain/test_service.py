from datetime import UTC, datetime, timedelta

import pytest

from candide.foundation.jobs.domain.service import (
    record_answer,
    service_gap,
    worker_seen,
)
from candide.foundation.jobs.models import ServiceBeat, WorkerBeat

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 3, 15, 9, 0, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def answered(*minutes: int, is_answered: bool = True) -> None:
    for minute in minutes:
        record_answer(now=NOW + minute * MINUTE, is_answered=is_answered)


def test_worker_says_that_it_lives():
    worker_seen("machine:1:abc", now=NOW)
    worker_seen("machine:1:abc", now=NOW + MINUTE, doing="mails")

    row = WorkerBeat.objects.get()
    assert (row.started_at, row.seen_at, row.doing) == (NOW, NOW + MINUTE, "mails")


def test_one_answer_makes_the_minute_answered_whoever_got_it():
    answered(0, is_answered=False)
    answered(0)
    answered(0, is_answered=False)

    row = ServiceBeat.objects.get()
    assert (row.minute, row.is_answered) == (NOW.replace(second=0), True)


@pytest.mark.parametrize(
    ("up", "down", "gap"),
    [
        (range(10), [], 0),
        (range(10), range(3), 0),
        (range(7), range(7, 10), 3),
        (range(7), [], 3),
        ([], [], 10),
        (range(-5, 20), [], 0),
    ],
    ids=["all", "another worker got it", "down", "nobody asked", "nothing known", "beyond"],
)
def test_gap_is_the_minutes_not_known_to_be_answered(up, down, gap):
    answered(*down, is_answered=False)
    answered(*up)

    assert service_gap(start=NOW, end=NOW + 10 * MINUTE) == gap * MINUTE


def test_gap_of_no_time_is_none():
    assert service_gap(start=NOW, end=NOW - MINUTE) == timedelta(0)
