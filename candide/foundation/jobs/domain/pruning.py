"""Forgetting what has served: tasks, old runs, signs of life, and of visits what ended: sessions,
which hold who somebody is and what they had typed, and the counts of attempts."""

from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.db.models import Q, QuerySet
from django_tasks_db.models import DBTaskResult

from candide.foundation.jobs.enums import RunStatus
from candide.foundation.jobs.models import JobRun, ServiceBeat, WorkerBeat
from candide.foundation.jobs.registry import runs_kept

TASKS = timedelta(days=7)
BEATS = timedelta(days=400)
WORKERS = timedelta(days=7)


def old_runs(*, now: datetime) -> QuerySet[JobRun]:
    """Runs of jobs of long ago."""
    old = JobRun.objects.filter(finished_at__lt=now - runs_kept())
    return old.exclude(status=RunStatus.ASKED)


def ended_sessions(*, now: datetime) -> QuerySet[Any]:
    """Sessions nobody can go on with."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    return store.get_model_class().objects.filter(expire_date__lt=now)


def prune(*, now: datetime) -> dict[str, int]:
    """Delete old rows; how many of each. A spur's task that a dead worker left is only a spur:
    the row it spoke of is swept anyway."""
    tasks = DBTaskResult.objects.filter(
        Q(finished_at__lt=now - TASKS) | Q(finished_at=None, started_at__lt=now - TASKS)
    )
    beats = ServiceBeat.objects.filter(minute__lt=now - BEATS)
    workers = WorkerBeat.objects.filter(seen_at__lt=now - WORKERS)
    return {
        "tasks": tasks.delete()[0],
        "beats": beats.delete()[0],
        "runs": old_runs(now=now).delete()[0],
        "workers": workers.delete()[0],
        "sessions": ended_sessions(now=now).delete()[0],
    }


def forget_cached(*, now: datetime) -> int:
    """Delete the entries of the cache that ended: Django only does so once there are too many, and
    counts all there are each time it adds one."""
    if not isinstance(caches["default"], DatabaseCache):
        return 0  # it is in memory and forgets by itself
    table = connection.ops.quote_name(str(settings.CACHES["default"]["LOCATION"]))
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {table} WHERE expires < %s",  # noqa: S608 -- the name is in our settings
            [connection.ops.adapt_datetimefield_value(now)],
        )
        return cursor.rowcount
