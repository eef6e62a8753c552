"""Running jobs that are due: never two at once on any number of machines, what an outage missed
is caught up once, and a run whose worker died is taken over."""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence, Sized
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q, QuerySet

from candide.core.blockers import Refused
from candide.core.failures import frames, summary
from candide.foundation.jobs.domain.schedule import (
    ALIVE,
    latest_due,
    may_start,
    plan_of,
    schedules,
)
from candide.foundation.jobs.enums import RunStatus
from candide.foundation.jobs.models import JobRun, JobSchedule
from candide.foundation.jobs.registry import Job, jobs

logger = logging.getLogger(__name__)

SILENCE = timedelta(minutes=5)  # after which a running job is taken for dead
BEAT = timedelta(seconds=5)
RETRY = timedelta(minutes=15)
ATTEMPTS = 3
AT_ONCE = 2000  # rows deleted in one transaction
STOPPED = "stopped"
SILENT = "silent"

Clock = Callable[[], datetime]
Item = TypeVar("Item")


class Stopped(Exception):
    """The worker is asked to stop; the run goes on in another one."""


class TakenOver(Exception):
    """This run was silent for so long that another worker took it over."""


class Run:
    """What a job is given beside the time: counts, and the points at which it may be stopped."""

    def __init__(self, row: JobRun, *, clock: Clock, stopping: Callable[[], bool]) -> None:
        self.due_at = row.due_at
        self.counts: Counter[str] = Counter(row.counts)
        self.failure = ""
        self._row = row
        self._clock = clock
        self._stopping = stopping
        self._beaten_at = clock()

    def count(self, **numbers: int) -> None:
        """Add to what the history screen shows of this run."""
        self.counts.update(numbers)

    def beat(self) -> None:
        """Say that the job is alive, between two rows. Raises `Stopped` or `TakenOver`."""
        if self._stopping():
            raise Stopped
        now = self._clock()
        if now - self._beaten_at < BEAT:
            return
        self._beaten_at = now
        mine = JobRun.objects.filter(pk=self._row.pk, status=RunStatus.RUNNING)
        row = self._row
        if not mine.update(
            heartbeat_at=now, counts=dict(self.counts), total=row.total, progress=row.progress
        ):
            raise TakenOver

    def each(self, items: Iterable[Item], act: Callable[[Item], Any]) -> None:
        """Call `act` with each item, best ids or rows whose domain call is its own transaction.
        What the domain refuses and what fails is counted and does not stop the others."""
        if isinstance(items, Sized):
            self._row.total = (self._row.total or 0) + len(items)
        for item in items:
            self._do(item, act)

    def together(
        self, items: Sequence[Item], act: Callable[[Sequence[Item]], Any], *, size: int
    ) -> None:
        """`each`, with `size` of the items at a time, which `act` does all or none of: where one is
        refused or fails, they are done one by one."""
        self._row.total = (self._row.total or 0) + len(items)
        for start in range(0, len(items), size):
            some = items[start : start + size]
            self.beat()
            try:
                act(some)
            except (OperationalError, InterfaceError, Stopped, TakenOver):
                raise
            except Exception:
                for item in some:
                    self._do(item, lambda item: act([item]))
            else:
                self.counts["done"] += len(some)
                self._row.progress += len(some)

    def _do(self, item: Item, act: Callable[[Item], Any]) -> None:
        self.beat()
        try:
            act(item)
        except Refused:
            self.counts["refused"] += 1
        except (OperationalError, InterfaceError, Stopped, TakenOver):
            raise
        except Exception as error:
            self.counts["failed"] += 1
            self.failure = self.failure or summary(error)
            logger.error(
                "job %s: one row failed: %s\n%s", self._row.job, summary(error), frames(error)
            )
        else:
            self.counts["done"] += 1
        self._row.progress += 1

    def delete(self, rows: QuerySet[Any], *, named: str) -> None:
        """Delete `rows` some at a time, each time for good, so that what is killed goes on where it
        was; counted as `named`."""
        keys = rows.order_by("pk").values_list("pk", flat=True)
        while batch := list(keys[:AT_ONCE]):
            self.beat()
            rows.filter(pk__in=batch).delete()
            self.count(**{named: len(batch)})


def run_due_jobs(now: datetime) -> list[JobRun]:
    """Run everything that is due at `now`, one after the other; for tests and demonstrations."""
    runs = []
    while run := run_next_job(clock=lambda: now, worker="here"):
        runs.append(run)
    return runs


def run_next_job(
    *, clock: Clock, worker: str, stopping: Callable[[], bool] = lambda: False
) -> JobRun | None:
    """Run one job that is due or asked for; None when there is none."""
    now = clock()
    known = schedules(now=now)
    for job in _worth_a_try(known, worker=worker, now=now):
        row = _claim(job, worker=worker, now=now)
        if row is not None:
            _run(job, row, clock=clock, stopping=stopping)
            return row
    return None


def beat(*, worker: str, now: datetime) -> None:
    """Say that the runs of `worker` are alive, also while one row takes long."""
    JobRun.objects.filter(worker=worker, status=RunStatus.RUNNING).update(heartbeat_at=now)


def _worth_a_try(known: dict[str, JobSchedule], *, worker: str, now: datetime) -> list[Job]:
    """The jobs that look due, by one read without locks; a claim looks again."""
    dues = {job.code: latest_due(plan_of(job, known[job.code]), now=now) for job in jobs()}
    wanted = Q(status__in=ALIVE)
    for code, due in dues.items():
        wanted |= Q(job=code, due_at=due)
    runs: dict[str, list[JobRun]] = {code: [] for code in dues}
    for run in JobRun.objects.filter(wanted).order_by("pk"):
        if run.job in runs:
            runs[run.job].append(run)
    found = [
        job
        for job in jobs()
        if _is_startable(job, known[job.code], runs[job.code], worker=worker, now=now)
    ]
    return sorted(found, key=lambda job: dues[job.code])


def _is_startable(
    job: Job, schedule: JobSchedule, runs: list[JobRun], *, worker: str, now: datetime
) -> bool:
    """Whether a run may begin now, given the runs that are alive or of the current due."""
    running = [run for run in runs if run.status == RunStatus.RUNNING]
    if running:
        return any(_is_dead(run, worker=worker, now=now) for run in running)
    if any(run.status == RunStatus.ASKED for run in runs):
        return True
    due = latest_due(plan_of(job, schedule), now=now)
    if not may_start(job, schedule) or due < schedule.effective_from:
        return False
    tried = [run for run in runs if run.due_at == due and run.error != STOPPED]
    if any(run.status == RunStatus.DONE for run in tried) or len(tried) >= ATTEMPTS:
        return False
    failed = [run.finished_at for run in tried if run.status == RunStatus.FAILED]
    return not failed or now >= max(moment for moment in failed if moment) + RETRY


def _is_dead(run: JobRun, *, worker: str, now: datetime) -> bool:
    """Whether nobody works on this run any more: its worker is silent, or is ourselves, who are
    just looking for work."""
    return run.worker == worker or run.heartbeat_at is None or run.heartbeat_at + SILENCE <= now


@transaction.atomic
def _claim(job: Job, *, worker: str, now: datetime) -> JobRun | None:
    """Make the run ours, under the lock of the job's schedule; the database's own constraint
    stands behind it."""
    schedule = JobSchedule.objects.select_for_update().get(code=job.code)
    due = latest_due(plan_of(job, schedule), now=now)
    wanted = JobRun.objects.filter(Q(status__in=ALIVE) | Q(due_at=due), job=job.code)
    runs = list(wanted.order_by("pk"))
    if not _is_startable(job, schedule, runs, worker=worker, now=now):
        return None
    for run in runs:
        if run.status == RunStatus.RUNNING:
            _finish(run, RunStatus.ABANDONED, error=SILENT, now=now)
    runs = list(wanted.order_by("pk"))
    if not _is_startable(job, schedule, runs, worker=worker, now=now):
        return None
    asked = next((run for run in runs if run.status == RunStatus.ASKED), None)
    attempt = 1 + sum(run.due_at == due for run in runs)
    row = asked or JobRun(job=job.code, due_at=due, attempt=attempt)
    row.status = RunStatus.RUNNING
    row.worker = worker
    row.started_at = row.heartbeat_at = now
    row.save()
    return row


def _run(job: Job, row: JobRun, *, clock: Clock, stopping: Callable[[], bool]) -> None:
    run = Run(row, clock=clock, stopping=stopping)
    status, error = RunStatus.DONE, ""
    try:
        job.function(clock(), run)
    except Stopped:
        status, error = RunStatus.ABANDONED, STOPPED
    except TakenOver:
        logger.warning("job %s: taken over by another worker", job.code)
        return
    except Exception as failure:
        status, error = RunStatus.FAILED, summary(failure)
        logger.error("job %s failed: %s\n%s", job.code, error, frames(failure))
    if run.failure and status == RunStatus.DONE:
        status, error = RunStatus.FAILED, run.failure
    row.counts = dict(run.counts)
    _finish(row, status, error=error, now=clock())


@transaction.atomic
def _finish(row: JobRun, status: RunStatus, *, error: str, now: datetime) -> None:
    """Close the run, unless it was taken over meanwhile. What staff asked for and an interruption
    cut short is asked for again, a few times if its worker died of it."""
    closed = JobRun.objects.filter(pk=row.pk, status=RunStatus.RUNNING).update(
        status=status,
        error=error,
        finished_at=now,
        counts=row.counts,
        total=row.total,
        progress=row.progress,
    )
    if not closed:
        return
    row.status, row.error, row.finished_at = status, error, now
    again = status == RunStatus.ABANDONED and row.asked_by_id is not None
    if not again or (error != STOPPED and row.attempt >= ATTEMPTS):
        return
    if not JobRun.objects.filter(job=row.job, status=RunStatus.ASKED).exists():
        JobRun.objects.create(
            job=row.job,
            due_at=row.due_at,
            attempt=row.attempt + 1,
            status=RunStatus.ASKED,
            asked_by_id=row.asked_by_id,
        )
