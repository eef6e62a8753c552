"""Workers on any number of machines look for the same job at the same moment."""

from datetime import UTC, datetime, timedelta

import pytest

from candide.foundation.jobs import registry
from candide.foundation.jobs.domain.running import run_next_job
from candide.foundation.jobs.domain.schedule import run_now, schedules
from candide.foundation.jobs.models import JobRun
from tests.concurrency.at_once import ROUNDS, at_once, codes

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

DUE = datetime(2027, 3, 15, 1, 0, tzinfo=UTC)
NOW = DUE + timedelta(hours=1)


@pytest.fixture
def ran(monkeypatch):
    """The only job there is, noting each time it ran."""
    monkeypatch.setattr(registry, "_jobs", {})
    ran = []

    @registry.job("tidy", title="Ranger", at="02:00")
    def tidy(now, run):
        ran.append(now)

    schedules(now=DUE - timedelta(days=9))
    return ran


def worker(name, now):
    return lambda: run_next_job(clock=lambda: now, worker=name)


def test_due_job_runs_once_whatever_the_number_of_machines(ran):
    """B-167."""
    for day in ROUNDS:
        now = NOW + timedelta(days=day)
        at_once(*(worker(f"machine-{number}", now) for number in range(4)))

    assert len(ran) == len(ROUNDS)
    assert JobRun.objects.count() == len(ROUNDS)


def test_job_asked_for_by_two_at_once_is_asked_for_once(ran, bao, chris):
    outcomes = at_once(*(lambda by=by: run_now("tidy", by=by, now=NOW) for by in (bao, chris)))

    assert codes(outcomes) == [[], ["already_asked"]]
