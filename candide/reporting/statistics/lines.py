"""The tables: a line for each programme, commission or centre, with every figure [back-office 23].
Applications are counted once, by intake, in one query; larger lines are sums."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from candide.admissions.applications.models import Application
from candide.institution.catalogue.models import Intake
from candide.reporting.statistics.figures import FIGURES, Numbers, counted
from candide.reporting.statistics.kept import kept_numbers
from candide.reporting.statistics.scope import Scope


class Level(Enum):
    """By what applications are counted; the value is part of the address."""

    PROGRAMMES = "formations"
    COMMISSIONS = "commissions"
    CENTRES = "centres"


TITLES = {
    Level.PROGRAMMES: _("By programme"),
    Level.COMMISSIONS: _("By commission"),
    Level.CENTRES: _("By centre"),
}
# Of an intake, what its line is about.
SUBJECTS: dict[Level, Callable[[Intake], Any]] = {
    Level.PROGRAMMES: lambda intake: intake,
    Level.COMMISSIONS: lambda intake: intake.programme.commission,
    Level.CENTRES: lambda intake: intake.programme.commission.centre,
}


@dataclass(frozen=True)
class Capacity:
    """Places where they are limited, and what became of them: `offered` and `accepted` count the
    applications to these intakes only."""

    places: int
    offered: int
    unanswered: int
    accepted: int

    @property
    def left(self) -> int:
        """Neither confirmed nor offered to somebody who may still confirm; negative when more
        was offered than there is."""
        return self.places - self.accepted - self.unanswered


@dataclass(frozen=True)
class Line:
    """The figures of one programme, commission or centre. `capacity` is None where no intake has
    one."""

    pk: int
    code: str
    name: str
    beside: str
    is_active: bool
    numbers: Numbers
    capacity: Capacity | None


def numbers_by_intake(scope: Scope) -> dict[int, Numbers]:
    """Every figure of every intake that has applications; one query."""
    if scope.is_kept:
        return kept_numbers(scope)
    return numbers_of(scope.applications())


def numbers_of(applications: QuerySet[Application]) -> dict[int, Numbers]:
    rows: Any = applications.order_by().values("intake").annotate(**counted())
    return {
        row["intake"]: {each.code: row[each.code.replace("-", "_")] for each in FIGURES}
        for row in rows
    }


def lines_of(scope: Scope, level: Level) -> list[Line]:
    """The lines of a table, by name; two queries."""
    intakes = list(scope.intakes().select_related("programme__commission__centre"))
    numbers = numbers_by_intake(scope)
    together: dict[int, list[Intake]] = {}
    subjects: dict[int, Any] = {}
    for intake in intakes:
        subject = SUBJECTS[level](intake)
        subjects[subject.pk] = subject
        together.setdefault(subject.pk, []).append(intake)
    lines = [_line(level, subjects[pk], rows, numbers) for pk, rows in together.items()]
    return sorted(lines, key=lambda line: (line.name, line.code))


def _line(level: Level, subject: Any, intakes: list[Intake], by_intake: dict[int, Numbers]) -> Line:
    named, beside, is_active = subject, "", subject.is_active
    if level is Level.PROGRAMMES:
        named = subject.programme
        beside = str(named.commission)
        is_active = subject.is_active and named.is_active and _is_open(named.commission)
    elif level is Level.COMMISSIONS:
        beside = str(subject.centre)
        is_active = _is_open(subject)
    return Line(
        pk=subject.pk,
        code=named.code,
        name=str(named),
        beside=beside,
        is_active=is_active,
        numbers=total(by_intake.get(intake.pk, {}) for intake in intakes),
        capacity=capacity_of(intakes, by_intake),
    )


def _is_open(commission: Any) -> bool:
    return commission.is_active and commission.centre.is_active


def total(numbers: Iterable[Numbers]) -> Numbers:
    """The sums, figure by figure."""
    found: Counter[str] = Counter({figure.code: 0 for figure in FIGURES})
    for each in numbers:
        found.update(each)
    return dict(found)


def capacity_of(intakes: Iterable[Intake], by_intake: dict[int, Numbers]) -> Capacity | None:
    """The places of those of `intakes` that have a capacity."""
    limited = [intake for intake in intakes if intake.capacity is not None]
    if not limited:
        return None
    numbers = total(by_intake.get(intake.pk, {}) for intake in limited)
    return Capacity(
        places=sum(intake.capacity or 0 for intake in limited),
        offered=numbers["offered"],
        unanswered=numbers["unanswered"],
        accepted=numbers["accepted"],
    )


def total_capacity(capacities: Iterable[Capacity | None]) -> Capacity | None:
    known = [each for each in capacities if each is not None]
    if not known:
        return None
    return Capacity(
        places=sum(each.places for each in known),
        offered=sum(each.offered for each in known),
        unanswered=sum(each.unanswered for each in known),
        accepted=sum(each.accepted for each in known),
    )
