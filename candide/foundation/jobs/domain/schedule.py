"""When jobs are due, and what staff may change about it (« programmation des batchs »)."""

from calendar import monthrange
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
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
ALIVE = (RunStatus.RUNNING, RunStatus.ASKED)
SHORTEST, LONGEST = 5, 24 * 60  # minutes between two runs
WEEK = tuple(range(7))


@dataclass(frozen=True)
class Plan:
    """When a job runs: every day at an hour, or every so many minutes; on all days, or on some
    (0 is Monday). Or at an hour of one day of the month, of every month or of one alone; where a
    month is shorter, on its last day."""

    hour: time | None = None
    minutes: int | None = None
    weekdays: tuple[int, ...] = ()
    day: int | None = None
    month: int | None = None

    def holds_on(self, day: date) -> bool:
        """Whether `day` is one of its days."""
        if self.day is None:
            return day.weekday() in (self.weekdays or WEEK)
        last = monthrange(day.year, day.month)[1]
        return self.month in (None, day.month) and day.day == min(self.day, last)

    def as_data(self) -> dict[str, Any]:
        """As the history keeps it."""
        hour = self.hour.isoformat("minutes") if self.hour else None
        return {"hour": hour, "minutes": self.minutes, "weekdays": list(self.weekdays)} | {
            name: value for name in ("day", "month") if (value := getattr(self, name)) is not None
        }

    @classmethod
    def of_data(cls, data: dict[str, Any]) -> "Plan":
        hour = time.fromisoformat(data["hour"]) if data["hour"] else None
        days = tuple(data["weekdays"])
        return cls(hour, data["minutes"], days, data.get("day"), data.get("month"))


def plan_of(job: Job, schedule: JobSchedule) -> Plan:
    """What holds for `job`: what the institution chose, else what the code says."""
    weekdays = tuple(schedule.weekdays)
    if schedule.minutes is not None:
        return Plan(minutes=schedule.minutes, weekdays=weekdays)
    if schedule.hour is not None:
        return Plan(schedule.hour, None, weekdays, schedule.day, schedule.month)
    return replace(standard_plan(job), weekdays=weekdays)


def standard_plan(job: Job) -> Plan:
    """When `job` runs unless the institution says otherwise."""
    if job.every is not None:
        return Plan(minutes=int(job.every.total_seconds() // 60))
    return Plan(hour=job.at)


def latest_due(plan: Plan, *, now: datetime) -> datetime:
    """The last moment at or before `now` at which `plan` was due. A daily job is due exactly once
    a day, also on the days with 23 and 25 hours."""
    zone = timezone.get_default_timezone()
    if plan.minutes is not None:
        weekdays = plan.weekdays or WEEK
        due = _step(plan.minutes, now)
        while (day := timezone.localdate(due, zone)).weekday() not in weekdays:
            midnight = datetime.combine(day, time(0), tzinfo=zone).astimezone(UTC)
            due = _step(plan.minutes, midnight - _INSTANT)
        return due
    day = timezone.localdate(now, zone)
    while not plan.holds_on(day) or _at(day, plan, zone) > now:
        day -= timedelta(days=1)
    return _at(day, plan, zone)


def next_due(plan: Plan, *, now: datetime) -> datetime:
    """The first moment after `now` at which `plan` is due."""
    zone = timezone.get_default_timezone()
    if plan.minutes is not None:
        weekdays = plan.weekdays or WEEK
        step = timedelta(minutes=plan.minutes)
        due = _step(plan.minutes, now) + step
        while (day := timezone.localdate(due, zone)).weekday() not in weekdays:
            tomorrow = datetime.combine(day + timedelta(days=1), time(0), tzinfo=zone)
            due = _step(plan.minutes, tomorrow.astimezone(UTC) - _INSTANT) + step
        return due
    day = timezone.localdate(now, zone)
    while not plan.holds_on(day) or _at(day, plan, zone) <= now:
        day += timedelta(days=1)
    return _at(day, plan, zone)


_INSTANT = timedelta(microseconds=1)


def _step(minutes: int, moment: datetime) -> datetime:
    step = timedelta(minutes=minutes)
    return _EPOCH + (moment - _EPOCH) // step * step


def _at(day: date, plan: Plan, zone: Any) -> datetime:
    assert plan.hour is not None  # noqa: S101 -- a plan has an hour or minutes
    return datetime.combine(day, plan.hour, tzinfo=zone).astimezone(UTC)


def schedules(*, now: datetime) -> dict[str, JobSchedule]:
    """The schedule of every registered job; a row is made for one that has none yet."""
    found = {row.code: row for row in JobSchedule.objects.order_by("code")}
    missing = [job for job in jobs() if job.code not in found]
    if missing:
        JobSchedule.objects.bulk_create(
            [JobSchedule(code=job.code, effective_from=now) for job in missing],
            ignore_conflicts=True,
        )
        found = {row.code: row for row in JobSchedule.objects.order_by("code")}
    return {job.code: found[job.code] for job in jobs()}


def look_at_schedules(*, now: datetime) -> dict[str, JobSchedule]:
    """The same for who only looks: a job without a row yet is given one that is not written."""
    found = {row.code: row for row in JobSchedule.objects.order_by("code")}
    return {
        job.code: found.get(job.code) or JobSchedule(code=job.code, effective_from=now)
        for job in jobs()
    }


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


def plan_blockers(plan: Plan) -> list[Blocker]:
    """Why a job may not run so."""
    found = []
    if (plan.hour is None) == (plan.minutes is None):
        message = _("Give either an hour or a number of minutes.")
        found.append(Blocker("one_of_two", message, "field:hour"))
    if plan.minutes is not None and not SHORTEST <= plan.minutes <= LONGEST:
        message = _("Choose between %(least)d and %(most)d minutes.")
        values = {"least": SHORTEST, "most": LONGEST}
        found.append(Blocker("frequency", message % values, "field:minutes"))
    if not set(plan.weekdays) <= set(WEEK):
        found.append(Blocker("weekdays", _("Choose days of the week."), "field:weekdays"))
    return found + _month_blockers(plan)


def _month_blockers(plan: Plan) -> list[Blocker]:
    """Why it may not run on that day of the month."""
    found = []
    if plan.month is not None and plan.day is None:
        message = _("Give the day of the month as well.")
        found.append(Blocker("day_of_month", message, "field:day"))
    if plan.day is not None and (plan.hour is None or plan.weekdays):
        message = _("A day of the month takes an hour, and no days of the week.")
        found.append(Blocker("day_alone", message, "field:day"))
    if plan.day not in (None, *range(1, 32)):
        found.append(Blocker("day", _("Choose a day from 1 to 31."), "field:day"))
    if plan.month not in (None, *range(1, 13)):
        found.append(Blocker("month", _("Choose a month of the year."), "field:month"))
    return found


@transaction.atomic
def change_plan(code: str, *, plan: Plan, by: Any, now: datetime) -> None:
    """Have a job run otherwise, from the next time on (« programmation »)."""
    job = find_job(code)
    refuse_if(plan_blockers(plan))
    schedule = _locked(code, now=now)
    before, plan = plan_of(job, schedule), replace(plan, weekdays=_days(plan.weekdays))
    if before == plan:
        return
    schedule.hour, schedule.minutes = plan.hour, plan.minutes
    schedule.weekdays = list(plan.weekdays)
    schedule.day, schedule.month = plan.day, plan.month
    schedule.effective_from = now
    schedule.save(update_fields=["hour", "minutes", "weekdays", "day", "month", "effective_from"])
    log(schedule, JobEvent.PLANNED, by=by, before=before.as_data(), after=plan.as_data())


def _days(weekdays: Iterable[int]) -> tuple[int, ...]:
    """In order and once; every day is none in particular."""
    days = tuple(sorted(set(weekdays)))
    return () if days == WEEK else days


def run_now_blockers(
    job: Job, schedule: JobSchedule, *, states: Collection[str] | None = None
) -> list[Blocker]:
    """Why staff may not have `job` run now. `states` are those of its runs that are not over, if
    they were read already."""
    blockers = []
    if job.destroys and schedule.agreed_at is None:
        blockers.append(
            Blocker(
                "not_agreed",
                _("This job destroys data: the institution must agree to it once before."),
            )
        )
    if states is None:
        alive = JobRun.objects.filter(job=job.code, status__in=ALIVE)
        states = set(alive.values_list("status", flat=True))
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


def taking_back_blockers(code: str) -> list[Blocker]:
    """Why there is nothing to take back."""
    if JobRun.objects.filter(job=code, status=RunStatus.ASKED).exists():
        return []
    return [Blocker("not_asked", _("This job is not waiting to be run: it may have begun."))]


@transaction.atomic
def take_back(code: str, *, by: Any, now: datetime) -> None:
    """Do not run now after all what no worker has begun (« annuler le lancement »)."""
    schedule = _locked(code, now=now)
    refuse_if(taking_back_blockers(code))
    JobRun.objects.filter(job=code, status=RunStatus.ASKED).delete()
    log(schedule, JobEvent.NOT_ASKED, by=by)


def _locked(code: str, *, now: datetime) -> JobSchedule:
    find_job(code)
    schedules(now=now)
    return JobSchedule.objects.select_for_update().get(code=code)
