from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from django.core.management import call_command
from django.db import connection
from django_tasks_db.models import DBTaskResult

from candide.config.settings import CACHES
from candide.foundation.jobs.domain import pruning
from candide.foundation.jobs.domain.pruning import BEATS, TASKS, WORKERS, prune
from candide.foundation.jobs.jobs import prune_traces
from candide.foundation.jobs.models import JobRun, ServiceBeat, WorkerBeat
from candide.foundation.jobs.registry import RUNS_KEPT, sweeps
from candide.institution.accounts.models import Visit
from candide.institution.catalogue.models import Institution
from tests.factories.jobs import JobRunFactory, ServiceBeatFactory, WorkerBeatFactory

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
(FORGET_CACHED,) = [each for each in sweeps() if each.code == "forget-cached"]


def task(**moments) -> None:
    DBTaskResult.objects.create(
        args_kwargs={"args": [], "kwargs": {}},
        backend_name="default",
        run_after=next(iter(moments.values())),
        exception_class_path="",
        traceback="",
        task_path="x",
        **moments,
    )


def test_what_is_old_goes_and_the_rest_stays(now):
    for age in (-SECOND, SECOND):
        ServiceBeatFactory(minute=now - BEATS - age)
        WorkerBeatFactory(seen_at=now - WORKERS - age)
        JobRunFactory(done=True, finished_at=now - RUNS_KEPT - age)
        task(finished_at=now - TASKS - age, started_at=now - TASKS - age)
        task(started_at=now - TASKS - age)
        Visit.objects.create(session_key=f"s{age}", expire_date=now + age)
    JobRunFactory(asked=True, due_at=now - RUNS_KEPT - SECOND)

    pruned = prune(now=now)

    assert pruned == {
        "tasks": 2,
        "beats": 1,
        "runs": 1,
        "workers": 1,
        "sessions": 1,
    }
    models = (ServiceBeat, WorkerBeat, JobRun, DBTaskResult, Visit)
    assert [model.objects.count() for model in models] == [1, 1, 2, 2, 1]


def test_runs_are_kept_as_long_as_the_institution_wants(now):
    """A-043."""
    Institution.objects.create(pk=1, job_history_days=30)
    JobRunFactory(done=True, finished_at=now - timedelta(days=31))
    JobRunFactory(done=True, finished_at=now - timedelta(days=29))

    assert prune(now=now)["runs"] == 1


def entries() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM candide_cache")
        return cursor.fetchone()[0]


@pytest.fixture
def cache_of_an_installation(settings):
    settings.CACHES = CACHES
    call_command("createcachetable", verbosity=0)


def test_entries_of_the_cache_go_soon_after_they_end_and_not_before(
    cache_of_an_installation, frozen, now
):
    """AUTH-02: attempts are counted there, so what it dropped could be tried again; but it counts
    all its entries each time one is added, so what ended may not wait for the night."""
    for number in range(400):
        cache.set(f"over-{number}", number, timeout=60)
        cache.set(f"live-{number}", number, timeout=3600)
    frozen.shift(61)

    called_again_at_once = FORGET_CACHED.function(now + timedelta(seconds=61))

    assert not called_again_at_once
    assert FORGET_CACHED.every <= 600
    assert entries() == 400
    assert [cache.get(f"live-{number}") for number in range(400)] == list(range(400))


def test_job_counts_what_went(now):
    class Counted:
        def count(self, **numbers):
            self.numbers = numbers

    run = Counted()

    prune_traces(now, run)

    assert run.numbers == {
        "tasks": 0,
        "beats": 0,
        "runs": 0,
        "workers": 0,
        "sessions": 0,
    }


def test_cache_in_memory_forgets_by_itself(monkeypatch):
    monkeypatch.setattr(pruning, "caches", {"default": LocMemCache("memory", {})})

    assert pruning.forget_cached(now=datetime(2027, 3, 15, tzinfo=UTC)) == 0
