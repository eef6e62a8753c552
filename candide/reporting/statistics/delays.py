"""How long candidates wait: days from the transmission of the dossier to the first decision they
were told. The database counts how many waited how long; the rest is read from that."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import (
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    OuterRef,
    QuerySet,
    Subquery,
)
from django.db.models.functions import TruncDate

from candide.admissions.applications.models import Application
from candide.admissions.decisions.models import Decision
from candide.reporting.statistics.kept import kept_delays
from candide.reporting.statistics.scope import Scope

ByDays = Counter[int]


@dataclass(frozen=True)
class Delay:
    """Half of `number` candidates waited `median` days at most, nine in ten `most` days."""

    number: int
    median: int
    most: int


def delays_by_intake(scope: Scope) -> dict[int, ByDays]:
    """How many applications of each intake waited how many days; one query."""
    if scope.is_kept:
        return kept_delays(scope)
    return delays_of(scope.applications())


def delays_of(applications: QuerySet[Application]) -> dict[int, ByDays]:
    released = Decision.objects.released().filter(application=OuterRef("pk"))
    first = Subquery(released.order_by("released_at", "pk").values("released_at")[:1])
    waited = ExpressionWrapper(F("told_on") - F("sent_on"), output_field=DurationField())
    rows = (
        applications.filter(cancelled_at=None, transmitted_at__isnull=False)
        .exclude(released_outcome="")
        .order_by()
        .annotate(told_on=TruncDate(first), sent_on=TruncDate("transmitted_at"))
        .annotate(waited=waited)
        .values("intake", "waited")
        .annotate(number=Count("pk"))
    )
    found: dict[int, ByDays] = {}
    for row in rows:
        waited_for: timedelta | None = row["waited"]
        if waited_for is not None:
            days = max(waited_for.days, 0)  # a proposal may be decided before it is transmitted
            found.setdefault(row["intake"], Counter())[days] += row["number"]
    return found


def delay_of(by_days: ByDays) -> Delay | None:
    """The median and the ninth decile; None where nobody was told anything."""
    number = sum(by_days.values())
    if not number:
        return None
    return Delay(number, median=_reached(by_days, 0.5), most=_reached(by_days, 0.9))


def together(several: dict[int, ByDays]) -> ByDays:
    found: ByDays = Counter()
    for by_days in several.values():
        found.update(by_days)
    return found


def _reached(by_days: ByDays, share: float) -> int:
    """The fewest days within which that share was told."""
    wanted, passed = share * sum(by_days.values()), 0
    for days in sorted(by_days):
        passed += by_days[days]
        if passed >= wanted:
            return days
    raise AssertionError("every application waited some number of days")
