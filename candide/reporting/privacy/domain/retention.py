"""What would be destroyed next, and when: the table of durations with the numbers of now."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from candide.foundation.jobs.domain.schedule import (
    look_at_schedules,
    may_start,
    next_due,
    plan_of,
)
from candide.foundation.jobs.models import JobSchedule
from candide.foundation.jobs.registry import Job, find_job
from candide.institution.catalogue.models import Institution
from candide.reporting.privacy.domain.durations import Kept, kinds

AHEAD = timedelta(days=30)


@dataclass(frozen=True)
class Line:
    """A kind of data, for how long it is kept, and what `job` takes: `due` rows the next time, at
    `next`, where it starts by itself; `soon` until a month from now, these included."""

    kept: Kept
    long: str
    job: Job | None = None
    schedule: JobSchedule | None = None
    next: datetime | None = None
    due: int | None = None
    soon: int | None = None

    @property
    def waits(self) -> bool:
        """Whether nothing is destroyed until somebody agrees."""
        return bool(
            self.job and self.job.destroys and self.schedule and self.schedule.agreed_at is None
        )


def lines(*, now: datetime) -> list[Line]:
    """Every kind of data; a number of statements that does not grow with the data."""
    known = look_at_schedules(now=now)
    with Institution.one_reading():
        institution = Institution.current()
        return [_line(each, institution, known, now=now) for each in kinds()]


def _line(
    kept: Kept, institution: Institution, known: dict[str, JobSchedule], *, now: datetime
) -> Line:
    if not kept.job or kept.due is None:
        return Line(kept, kept.long(institution))
    job = find_job(kept.job)
    schedule = known[kept.job]
    starts = may_start(job, schedule)
    return Line(
        kept,
        kept.long(institution),
        job=job,
        schedule=schedule,
        next=next_due(plan_of(job, schedule), now=now) if starts else None,
        due=kept.due(now).count(),
        soon=kept.due(now + AHEAD).count(),
    )
