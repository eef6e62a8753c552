"""Dates in the institution's time zone. The clock itself is read at the edge and passed in."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone


def localdate(now: datetime) -> date:
    """The day `now` (aware) falls on where the institution is."""
    return timezone.localdate(now)


def start_of(day: date) -> datetime:
    """The first moment of `day` where the institution is."""
    return timezone.make_aware(datetime.combine(day, time.min))


def end_of(day: date) -> datetime:
    """The last moment of `day` where the institution is: deadlines end at 23:59:59."""
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))


def days_between(today: date, day: date) -> int:
    """Whole days from `today` to `day`; negative when `day` is past."""
    return (day - today) // timedelta(days=1)
