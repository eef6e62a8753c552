"""Alix is admitted, and the institution hands the admitted over to the demonstration's system."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from candide.admissions.applications.enums import Outcome
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.answering import accept
from candide.admissions.decisions.domain.entering import Draft, enter_decision
from candide.admissions.decisions.domain.release import release
from candide.admissions.decisions.models import DecisionType
from candide.admissions.handover.domain.telling import tell
from candide.admissions.handover.models import PreEnrolment
from candide.institution.catalogue.models import Institution
from candide.integrations import sis
from candide.integrations.sis.demonstration import DemonstrationStudentSystem
from candide.integrations.sis.port import Enrolling, HandedOver
from tests.admissions.conftest import NOW, again

KNOWN = "M1DEG01"  # a programme the demonstration's system has
UNKNOWN = "M1NONE"
MINUTE = timedelta(minutes=1)


def set_institution(**values: Any) -> None:
    institution = Institution.current()
    for name, value in values.items():
        setattr(institution, name, value)
    institution.save()


@pytest.fixture
def hands_over(db: None) -> None:
    set_institution(hands_over=True)


def transferred(code: str = "FA", **fields: Any) -> DecisionType:
    values = {"label": "Favorable", "outcome": Outcome.FAVOURABLE, "is_transferred": True}
    return DecisionType.objects.get_or_create(code=code, defaults={**values, **fields})[0]


def admit(application: Application, *, by: Any, kind: DecisionType | None = None) -> Application:
    """A released decision that hands over."""
    programme = application.intake.programme
    if not programme.sis_code:
        programme.sis_code = KNOWN
        programme.save()
    enter_decision(again(application), Draft(type=kind or transferred()), by=by, now=NOW)
    release(again(application), by=by, now=NOW)
    return again(application)


@pytest.fixture
def admitted(hands_over: None, application: Application, bao: Any) -> Application:
    return admit(application, by=bao)


@pytest.fixture
def confirmed(admitted: Application) -> Application:
    """Alix said yes."""
    accept(admitted, by=admitted.candidate.user, now=NOW)
    return again(admitted)


def state_of(row: PreEnrolment) -> str:
    return PreEnrolment.objects.values_list("state", flat=True).get(pk=row.pk)


def row_of(application: Application) -> PreEnrolment:
    return PreEnrolment.objects.get(application=application)


def tell_all(now: Any = NOW) -> int:
    told = 0
    while number := tell(clock=lambda: now):
        told += number
    return told


class Recording(DemonstrationStudentSystem):
    """The demonstration's system, which remembers what it was told, and may do something or fail
    when it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, bool]] = []
        self.people: list[Enrolling] = []
        self.on_told: Any = None

    def hand_over(self, people: Sequence[Enrolling], *, on: date, number: int) -> HandedOver:
        for each in people:
            self.people.append(each)
            self.told += [(wish.key, wish.is_withdrawn) for wish in each.wishes if wish.is_news]
        if self.on_told is not None:
            self.on_told()
        return super().hand_over(people, on=on, number=number)


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> Recording:
    recording = Recording()
    monkeypatch.setitem(sis.SYSTEMS, "demonstration", lambda: recording)
    return recording
