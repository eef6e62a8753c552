"""Whether workers live, and whether the service answered candidates (architecture: a deadline in
whose last hours it did not is not executed without an administrator)."""

from datetime import datetime, timedelta

from candide.foundation.jobs.models import ServiceBeat, WorkerBeat

LATE = timedelta(minutes=2)
MINUTE = timedelta(minutes=1)


def worker_seen(worker: str, *, now: datetime, doing: str = "") -> None:
    """The process `worker` lives at `now`."""
    WorkerBeat.objects.update_or_create(
        worker=worker,
        defaults={"seen_at": now, "stopped_at": None, "doing": doing[:200]},
        create_defaults={"seen_at": now, "started_at": now, "doing": doing[:200]},
    )


def worker_stopped(worker: str, *, now: datetime) -> None:
    """The process `worker` ended as it was asked to."""
    WorkerBeat.objects.filter(worker=worker).update(seen_at=now, stopped_at=now, doing="")


def record_answer(*, now: datetime, is_answered: bool) -> None:
    """The service was asked for its health at `now`. One answer makes the minute an answered one,
    whichever worker got it."""
    beat = ServiceBeat(minute=_minute(now), is_answered=is_answered)
    if is_answered:
        ServiceBeat.objects.bulk_create(
            [beat],
            update_conflicts=True,
            unique_fields=["minute"],
            update_fields=["is_answered"],
        )
    else:
        ServiceBeat.objects.bulk_create([beat], ignore_conflicts=True)


def service_gap(*, start: datetime, end: datetime) -> timedelta:
    """For how long between `start` and `end` the service is not known to have answered
    candidates: the minutes in which nobody got an answer from it, or in which no worker was there
    to ask."""
    first, last = _minute(start), _minute(end)
    answered = ServiceBeat.objects.filter(
        minute__gte=first, minute__lt=last, is_answered=True
    ).count()
    return max(last - first - answered * MINUTE, timedelta(0))


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
