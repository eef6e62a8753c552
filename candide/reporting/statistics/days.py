"""What happened on each day of a campaign, beside the same day of the one before: days are counted
from the day on which applications opened."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Min
from django.db.models.functions import TruncDate

from candide.reporting.statistics.kept import kept_days
from candide.reporting.statistics.moments import APPLIED, MOMENTS, TRANSMITTED
from candide.reporting.statistics.scope import Scope

MOST_DAYS = 400
ByDay = dict[int, int]


@dataclass(frozen=True)
class Day:
    """One day: its number (0 is the opening), its dates in both campaigns, and how many applied
    and transmitted then, by campaign, alone and up to then."""

    number: int
    on: date
    before_on: date | None
    applied: int
    transmitted: int
    applied_before: int | None
    transmitted_before: int | None
    applied_up_to: int
    transmitted_up_to: int


def days_of(scope: Scope, before: Scope | None) -> list[Day]:
    """Every day from the first to the last on which something happened in either campaign. Those
    not cancelled count. Six queries at most."""
    opened, found = _opening(scope), {what: _by_day(scope, what) for what in MOMENTS}
    before_opened = _opening(before) if before else None
    earlier = {what: _by_day(before, what) if before else Counter() for what in MOMENTS}
    if opened is None:
        return []
    now = {what: _numbered(found[what], opened) for what in MOMENTS}
    then = {
        what: _numbered(earlier[what], before_opened) if before_opened else {} for what in MOMENTS
    }
    happened = [number for series in (*now.values(), *then.values()) for number in series]
    if not happened:
        return []
    first, last = min(*happened, 0), min(max(*happened, 0), min(happened) + MOST_DAYS)
    return list(_days(range(first, last + 1), opened, before_opened, now, then))


def _days(
    numbers: Iterable[int],
    opened: date,
    before_opened: date | None,
    now: dict[str, ByDay],
    then: dict[str, ByDay],
) -> Iterable[Day]:
    up_to: Counter[str] = Counter()
    for number in numbers:
        for what in MOMENTS:
            up_to[what] += now[what].get(number, 0)
        after = timedelta(days=number)
        had: Any = before_opened is not None
        yield Day(
            number=number,
            on=opened + after,
            before_on=before_opened + after if before_opened else None,
            applied=now[APPLIED].get(number, 0),
            transmitted=now[TRANSMITTED].get(number, 0),
            applied_before=then[APPLIED].get(number, 0) if had else None,
            transmitted_before=then[TRANSMITTED].get(number, 0) if had else None,
            applied_up_to=up_to[APPLIED],
            transmitted_up_to=up_to[TRANSMITTED],
        )


def _opening(scope: Scope) -> date | None:
    """The first day on which one could apply to anything of it."""
    return scope.intakes().aggregate(first=Min("opens_on"))["first"]


def _by_day(scope: Scope, what: str) -> Counter[date]:
    """How many on each day, where the institution is."""
    if scope.is_kept:
        return kept_days(scope, what)
    moment = MOMENTS[what]
    rows = (
        scope.applications()
        .filter(cancelled_at=None, **{f"{moment}__isnull": False})
        .order_by()
        .annotate(day=TruncDate(moment))
        .values("day")
        .annotate(number=Count("pk"))
    )
    return Counter({row["day"]: row["number"] for row in rows})


def _numbered(by_day: Counter[date], opened: date) -> ByDay:
    return {(day - opened).days: number for day, number in by_day.items()}
