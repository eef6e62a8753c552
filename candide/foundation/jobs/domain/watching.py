"""What is wrong with jobs: one that failed, one that is late, no worker that lives."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Q, QuerySet

from candide.foundation.jobs.domain.running import STOPPED
from candide.foundation.jobs.domain.schedule import (
    latest_due,
    look_at_schedules,
    may_start,
    plan_of,
)
from candide.foundation.jobs.domain.service import LATE as SILENCE_OF_WORKER
from candide.foundation.jobs.enums import RunStatus, TroubleKind
from candide.foundation.jobs.models import JobAlert, JobRun, JobSchedule, WorkerBeat
from candide.foundation.jobs.registry import Job, jobs

LATE = timedelta(minutes=30)
ENDED = [RunStatus.DONE, RunStatus.FAILED, RunStatus.ABANDONED]


@dataclass(frozen=True)
class Trouble:
    """`job` failed or is late; `due_at` is when it was to run."""

    job: Job
    kind: TroubleKind
    due_at: datetime
    error: str = ""


def troubles(*, now: datetime, known: Mapping[str, JobSchedule] | None = None) -> list[Trouble]:
    """Jobs whose last run failed, and those that should have begun and did not. What is switched
    off, or not agreed to, is neither. `known` are the schedules, if they were read already."""
    known = look_at_schedules(now=now) if known is None else known
    started = [job for job in jobs() if may_start(job, known[job.code])]
    dues = {job.code: latest_due(plan_of(job, known[job.code]), now=now) for job in started}
    begun = _begun(dues)
    failed = last_failures()
    found = []
    for job in started:
        if run := failed.get(job.code):
            found.append(Trouble(job, TroubleKind.FAILED, run.due_at, run.error))
        due = dues[job.code]
        expected = due >= known[job.code].effective_from and due + LATE <= now
        if expected and job.code not in begun:
            found.append(Trouble(job, TroubleKind.LATE, due))
    return found


def last_failures() -> dict[str, JobRun]:
    """The last run of each job that ended, where it failed or its worker died."""
    ended = JobRun.objects.filter(status__in=ENDED).exclude(error=STOPPED)
    last = ended.order_by().values("job").annotate(last=Max("pk")).values("last")
    runs = JobRun.objects.filter(pk__in=last).exclude(status=RunStatus.DONE)
    return {run.job: run for run in runs.order_by("pk")}


def _begun(dues: dict[str, datetime]) -> set[str]:
    """The jobs that run, or began since they were due."""
    wanted = Q(status=RunStatus.RUNNING)
    for code, due in dues.items():
        wanted |= Q(job=code, due_at__gte=due, started_at__isnull=False)
    return set(JobRun.objects.filter(wanted).values_list("job", flat=True))


def living_workers(*, now: datetime) -> QuerySet[WorkerBeat]:
    """The workers that gave a sign of life within the last two minutes."""
    return WorkerBeat.objects.filter(stopped_at=None, seen_at__gte=now - SILENCE_OF_WORKER)


def has_worker(*, now: datetime) -> bool:
    """Whether one of them lives."""
    return living_workers(now=now).exists()


def claim_alert(trouble: Trouble, *, now: datetime) -> bool:
    """Whether nobody was told of it yet; from now on somebody was."""
    _alert, is_new = JobAlert.objects.get_or_create(
        job=trouble.job.code,
        kind=trouble.kind,
        due_at=trouble.due_at,
        defaults={"told_at": now},
    )
    return is_new
