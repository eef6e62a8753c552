"""What a job does of many rows at a time."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError

from candide.core.blockers import Blocker, Refused
from candide.foundation.jobs.domain import running
from candide.foundation.jobs.domain.running import Run, Stopped
from candide.foundation.jobs.models import JobRun
from tests.factories.jobs import JobRunFactory

pytestmark = pytest.mark.django_db

DUE = datetime(2027, 3, 15, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def make_run() -> tuple[Run, JobRun]:
    """It beats each time it is asked whether it goes on."""
    saved = JobRunFactory(heartbeat_at=DUE)
    moments = iter(DUE + timedelta(seconds=10 * n) for n in range(99))
    return Run(saved, clock=lambda: next(moments), stopping=lambda: False), saved


def test_items_are_done_together_and_one_by_one_where_one_fails():
    done = []

    def act(some):
        if 4 in some:
            raise RuntimeError(4)
        if 6 in some:
            raise Refused([Blocker("no", "no")])
        done.append(list(some))

    run, row = make_run()

    run.together([1, 2, 3, 4, 5, 6, 7], act, size=2)

    assert done == [[1, 2], [3], [5], [7]]
    assert run.counts == {"done": 5, "failed": 1, "refused": 1}
    assert (row.total, run.failure.split()[0]) == (7, "RuntimeError")


def test_items_done_together_stop_where_the_database_is_gone():
    def act(_some):
        raise OperationalError

    run, _row = make_run()

    with pytest.raises(OperationalError):
        run.together([1, 2], act, size=2)


def test_rows_are_deleted_some_at_a_time_and_counted(monkeypatch):
    monkeypatch.setattr(running, "AT_ONCE", 2)
    for number in range(5):
        JobRunFactory(job="old", due_at=DUE + number * MINUTE, done=True)
    run, row = make_run()

    run.delete(JobRun.objects.filter(job="old"), named="runs")

    row.refresh_from_db()
    assert list(JobRun.objects.all()) == [row]
    assert run.counts == {"runs": 5}
    assert row.counts["runs"] == 4  # as the last beat before the end said


def test_deleting_that_is_stopped_leaves_the_rest(monkeypatch):
    monkeypatch.setattr(running, "AT_ONCE", 2)
    for number in range(5):
        JobRunFactory(job="old", due_at=DUE + number * MINUTE, done=True)
    asked = iter([False, True])
    run = Run(JobRunFactory(), clock=lambda: DUE, stopping=lambda: next(asked))

    with pytest.raises(Stopped):
        run.delete(JobRun.objects.filter(job="old"), named="runs")

    assert JobRun.objects.filter(job="old").count() == 3
