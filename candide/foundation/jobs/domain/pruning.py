"""Forgetting what has served: tasks, old runs, signs of life. Nothing of candidates is in it."""

from datetime import datetime, timedelta

from django.db.models import Q
from django_tasks_db.models import DBTaskResult

from candide.foundation.jobs.enums import RunStatus
from candide.foundation.jobs.models import JobRun, ServiceBeat, WorkerBeat

TASKS = timedelta(days=7)
BEATS = timedelta(days=400)
RUNS = timedelta(days=400)
WORKERS = timedelta(days=7)


def prune(*, now: datetime) -> dict[str, int]:
    """Delete old rows; how many of each. A spur's task that a dead worker left is only a spur:
    the row it spoke of is swept anyway."""
    tasks = DBTaskResult.objects.filter(
        Q(finished_at__lt=now - TASKS) | Q(finished_at=None, started_at__lt=now - TASKS)
    )
    beats = ServiceBeat.objects.filter(minute__lt=now - BEATS)
    runs = JobRun.objects.filter(finished_at__lt=now - RUNS).exclude(status=RunStatus.ASKED)
    workers = WorkerBeat.objects.filter(seen_at__lt=now - WORKERS)
    return {
        "tasks": tasks.delete()[0],
        "beats": beats.delete()[0],
        "runs": runs.delete()[0],
        "workers": workers.delete()[0],
    }
