from datetime import UTC, datetime, timedelta

import pytest

from candide.foundation.jobs.domain.schedule import run_now, schedules, switch
from candide.foundation.jobs.domain.watching import claim_alert, has_worker, troubles
from candide.foundation.jobs.enums import TroubleKind
from tests.factories.jobs import JobRunFactory, WorkerBeatFactory
from tests.foundation.jobs.conftest import BAO

pytestmark = pytest.mark.django_db

DUE = datetime(2027, 3, 15, 1, 0, tzinfo=UTC)  # 02:00 in Paris
NOW = DUE + timedelta(hours=1)
FAILED, LATE = TroubleKind.FAILED, TroubleKind.LATE


def seen(*, now: datetime = NOW) -> list[tuple]:
    return [(found.job.code, found.kind, found.due_at, found.error) for found in troubles(now=now)]


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([], [LATE]),
        ([{"done": True}], []),
        ([{}], []),  # it runs
        ([{"failed": True}], [FAILED]),
        ([{"status": "abandoned", "error": "silent"}], [FAILED]),
        ([{"status": "abandoned", "error": "stopped"}], []),
        ([{"failed": True}, {"attempt": 2, "done": True}], []),
        ([{"failed": True}, {"attempt": 2, "status": "abandoned", "error": "stopped"}], [FAILED]),
        ([{"done": True, "due_at": DUE - timedelta(days=1)}], [LATE]),
        ([{"asked": True, "due_at": DUE + timedelta(minutes=1)}], [LATE]),
        ([{"failed": True, "due_at": DUE - timedelta(days=1)}], [FAILED, LATE]),
    ],
)
def test_troubles_are_the_last_failure_and_what_did_not_begin(nightly, runs, expected):
    """B-167: a job that failed or is late."""
    nightly("tidy")
    schedules(now=DUE - timedelta(days=9))
    for run in runs:
        JobRunFactory(job="tidy", due_at=run.pop("due_at", DUE), **run)

    assert [kind for _job, kind, _due, _error in seen()] == expected


def test_failure_says_what_it_was(nightly):
    nightly("tidy")
    JobRunFactory(job="tidy", due_at=DUE, failed=True)

    assert seen() == [("tidy", FAILED, DUE, "KeyError")]


def test_half_an_hour_is_not_late(nightly):
    nightly("tidy")
    schedules(now=DUE - timedelta(days=9))

    assert seen(now=DUE + timedelta(minutes=29)) == []
    assert seen(now=DUE + timedelta(minutes=30)) == [("tidy", LATE, DUE, "")]


def test_what_is_off_or_new_or_not_agreed_to_is_no_trouble(nightly):
    nightly("off")
    nightly("erase", destroys=True)
    schedules(now=DUE - timedelta(days=9))
    switch("off", on=False, by=BAO, now=DUE - timedelta(days=1))
    nightly("new")

    assert seen() == []


def test_somebody_is_told_once_of_each_due(nightly):
    nightly("tidy")
    schedules(now=DUE - timedelta(days=9))
    (today,) = troubles(now=NOW)
    (tomorrow,) = troubles(now=NOW + timedelta(days=1))

    told = [claim_alert(each, now=NOW) for each in (today, today, tomorrow)]

    assert told == [True, False, True]


def test_worker_lives_while_it_gives_signs():
    WorkerBeatFactory(seen_at=NOW - timedelta(minutes=1), stopped_at=NOW)
    WorkerBeatFactory(seen_at=NOW - timedelta(minutes=3))

    assert not has_worker(now=NOW)

    WorkerBeatFactory(seen_at=NOW - timedelta(minutes=2))
    assert has_worker(now=NOW)


def test_asking_for_a_job_is_no_trouble_of_its_own(nightly):
    nightly("tidy")
    run_now("tidy", by=BAO, now=NOW)

    assert seen() == []
