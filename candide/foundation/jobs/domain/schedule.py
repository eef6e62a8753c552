"""When jobs are due, and what staff may change about it (« programmation des batchs »)."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker, refuse_if
from candide.foundation.history.domain.log import log
from candide.foundation.jobs.enums import JobEvent, RunStatus
from candide.foundation.jobs.models import JobRun, JobSchedule
from candide.foundation.jobs.registry import Job, find_job, jobs

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def latest_due(job: Job, *, hour: time | None, now: datetime) -> datetime:
    """The last moment at or before `now` at which `job` was due. A daily job is due exactly once
    a day, also on the days with 23 and 25 hours."""
    if job.every is not None:
        return _EPOCH + (now - _EPOCH) // job.every * job.every
    at = hour or job.at
    assert at is not None  # noqa: S101 -- a job is registered with one or the other
    zone = timezone.get_default_timezone()
    today = timezone.localdate(now, zone)
    due = datetime.combine(today, at, tzinfo=zone).astimezone(UTC)
    if due > now:
        due = datetime.combine(today - timedelta(days=1), at, tzinfo=zone).astimezone(UTC)
    return due


def next_due(job: Job, *, hour: time | None, now: datetime) -> datetime:
    """The first moment after `now` at which `job` is due."""
    if job.every is not None:
        return latest_due(job, hour=hour, now=now) + job.every
    ahead = now + timedelta(hours=23)
    while (due := latest_due(job, hour=hour, now=ahead)) <= now:
        ahead += timedelta(hours=1)
    return due


def schedules(*, now: datetime) -> dict[str, JobSchedule]:
    """The schedule of every registered job; a row is made for one that has none yet."""
    found = {row.code: row for row in JobSchedule.objects.order_by("code")}
    missing = [job for job in jobs() if job.code not in found]
    if missing:
        JobSchedule.objects.bulk_create(
            [JobSchedule(code=job.code, hour=job.at, effective_from=now) for job in missing],
            ignore_conflicts=True,
        )
        found = {row.code: row for row in JobSchedule.objects.order_by("code")}
    return {job.code: found[job.code] for job in jobs()}


def may_start(job: Job, schedule: JobSchedule) -> bool:
    """Whether `job` starts by itself when it is due."""
    return schedule.is_enabled and (schedule.agreed_at is not None or not job.destroys)


@transaction.atomic
def agree(code: str, *, by: Any, now: datetime) -> None:
    """The institution agrees, once, to a job that destroys; it first runs when it is next due."""
    schedule = _locked(code, now=now)
    if schedule.agreed_at is not None:
        return
    schedule.agreed_at, schedule.agreed_by_id, schedule.effective_from = now, by.pk, now
    schedule.save(update_fields=["agreed_at", "agreed_by_id", "effective_from"])
    log(schedule, JobEvent.AGREED, by=by)


@transaction.atomic
def switch(code: str, *, on: bool, by: Any, now: datetime) -> None:
    """Switch a job on (it first runs when it is next due) or off."""
    schedule = _locked(code, now=now)
    if schedule.is_enabled == on:
        return
    schedule.is_enabled = on
    schedule.effective_from = now
    schedule.save(update_fields=["is_enabled", "effective_from"])
    log(schedule, JobEvent.SWITCHED_ON if on else JobEvent.SWITCHED_OFF, by=by)


@transaction.atomic
def change_hour(code: str, *, hour: time, by: Any, now: datetime) -> None:
    """Have a daily job run at `hour`, from the next time on."""
    refuse_if(hour_blockers(find_job(code)))
    schedule = _locked(code, now=now)
    if schedule.hour == hour:
        return
    schedule.hour = hour
    schedule.effective_from = now
    schedule.save(update_fields=["hour", "effective_from"])
    log(schedule, JobEvent.HOUR_CHANGED, by=by, hour=hour.isoformat("minutes"))


def hour_blockers(job: Job) -> list[Blocker]:
    """Why the hour of `job` may not be changed."""
    if job.at is None:
        return [Blocker("not_daily", _("This job runs all day long; it has no hour."))]
    return []


def run_now_blockers(job: Job, schedule: JobSchedule) -> list[Blocker]:
    """Why staff may not have `job` run now."""
    blockers = []
    if job.destroys and schedule.agreed_at is None:
        blockers.append(
            Blocker(
                "not_agreed",
                _("This job destroys data: the institution must agree to it once before."),
            )
        )
    states = set(
        JobRun.objects.filter(
            job=job.code, status__in=[RunStatus.RUNNING, RunStatus.ASKED]
        ).values_list("status", flat=True)
    )
    if RunStatus.RUNNING in states:
        blockers.append(Blocker("already_running", _("This job is running.")))
    if RunStatus.ASKED in states:
        blockers.append(Blocker("already_asked", _("This job was already asked for.")))
    return blockers


@transaction.atomic
def run_now(code: str, *, by: Any, now: datetime) -> JobRun:
    """Have a worker run the job as soon as it can, whatever its hour (« lancer maintenant »)."""
    job = find_job(code)
    schedule = _locked(code, now=now)
    refuse_if(run_now_blockers(job, schedule))
    run = JobRun.objects.create(job=code, due_at=now, status=RunStatus.ASKED, asked_by_id=by.pk)
    log(schedule, JobEvent.ASKED_FOR, by=by)
    return run


def _locked(code: str, *, now: datetime) -> JobSchedule:
    find_job(code)
    schedules(now=now)
    return JobSchedule.objects.select_for_update().get(code=code)
