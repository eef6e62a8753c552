"""Three programmes the office of the demonstration is busy with, and two people who came twice."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace

from candide.admissions.applications.enums import DossierStatus
from candide.demo.crowd import Plan
from candide.demo.organisation import Organisation
from candide.demo.people import Person
from candide.demo.states import State

# Its jury has met, and somebody prepares; all is planned for tomorrow; all was released last week.
PREPARED, PLANNED, RELEASED = "M1-ST-106", "M1-ST-114", "M1-ST-107"
OPEN = "M1-ST-113"
EXAMINED = [DossierStatus.COMPLETE] * 11
COHORTS = {
    PREPARED: [
        *EXAMINED,
        DossierStatus.RECEIVED,
        DossierStatus.RECEIVED,
        DossierStatus.INCOMPLETE,
    ],
    PLANNED: [DossierStatus.COMPLETE] * 6,
    RELEASED: [DossierStatus.COMPLETE] * 8,
    OPEN: [DossierStatus.RECEIVED] * 8 + [DossierStatus.AWAITED] * 2,
}
TWINS = 2
NUMBER = sum(len(statuses) for statuses in COHORTS.values()) + TWINS


def cohort_plans(organisation: Organisation, persons: Sequence[Person]) -> Iterator[Plan]:
    """Nobody of them has a decision yet. The last two opened a second account."""
    intakes = {intake.programme.code: intake for intake in organisation.intakes}
    waiting = iter(persons)
    first = []
    for code, statuses in COHORTS.items():
        intake = intakes[code]
        for status in statuses:
            person = next(waiting)
            first.append(person)
            state = State(status, "", organisation.calendar_of[intake.pk], is_paperless=True)
            yield Plan(person, [(intake, state)])
    state = State(DossierStatus.AWAITED, "", "open", is_paperless=True)
    for index, person in enumerate(waiting):
        yield Plan(_again(person, first[index]), [(intakes[OPEN], state)])


def _again(person: Person, known: Person) -> Person:
    """`known` under another number and another address: without accents, without INE."""
    return replace(
        person,
        first_name=_plain(known.first_name),
        last_name=_plain(known.last_name),
        born_on=known.born_on,
        ine="",
    )


def _plain(name: str) -> str:
    parts = unicodedata.normalize("NFD", name)
    return "".join(letter for letter in parts if not unicodedata.combining(letter))
