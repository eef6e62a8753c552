"""Loading the demonstration: the same for the same seed and day; done once, then kept."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.core.management import call_command
from django.db import transaction

from candide.admissions.applications.enums import DossierStatus, Outcome
from candide.core.clock import localdate
from candide.core.starting import begin
from candide.demo.asking import create_requirements
from candide.demo.collecting import without_collecting
from candide.demo.crowd import PASSWORD, Crowd, Plan
from candide.demo.enrolment import create_thresholds
from candide.demo.files import sample_files
from candide.demo.handover import hand_over_confirmed, name_programmes
from candide.demo.last_year import create_last_year, fill_last_year
from candide.demo.office.cohorts import NUMBER, cohort_plans
from candide.demo.office.telling import tell
from candide.demo.organisation import Organisation, create_organisation
from candide.demo.people import Person, people
from candide.demo.staff import create_staff
from candide.demo.states import State, every_state, usual_state
from candide.demo.tags import create_tags, put_tags
from candide.institution.accounts.models import User
from candide.institution.catalogue.models import Intake, Programme
from candide.institution.pages.domain.starter import add_starter_faq
from candide.institution.reference.domain.loading import load_package_data
from candide.institution.reference.models import Commune

SEED = 2027
Say = Callable[[str], None]


@dataclass(frozen=True)
class Size:
    """How many people and applications beside those that show every state, and how many
    applications of the campaign before."""

    candidates: int
    applications: int
    last_year: int = 0


SIZES = {
    "small": Size(60, 120, last_year=160),
    "medium": Size(3_000, 6_000, last_year=5_000),
    "large": Size(40_000, 100_000),
}
FIRST_PERSON = Person(
    number=0,
    first_name="ALIX",
    last_name="MARTIN",
    born_on=datetime(2004, 5, 12).date(),  # noqa: DTZ001 -- a date of birth has no time zone
    file_number="ALIX2027",
    email="alix@courriel.example",
    ine="1856816120S",
)

# What the first sign-in finds: something to transmit, to answer, and to wait for.
ALIX = (
    State(DossierStatus.AWAITED, "", "open", is_paperless=True),
    State(DossierStatus.COMPLETE, Outcome.FAVOURABLE, "answering", is_paperless=True),
    State(DossierStatus.COMPLETE, Outcome.RESERVE_LIST, "answering", is_paperless=True),
)


def is_loaded() -> bool:
    """Whether a demonstration is there already."""
    return Programme.objects.exists()


def empty() -> None:
    """Have the installation as a new one: every row goes (contents of files with the next
    `clean-files`), and what a new one begins with comes back."""
    call_command("flush", interactive=False, verbosity=0)
    begin()


@without_collecting()
def load(size: str, *, now: datetime, say: Say, seed: int = SEED) -> None:
    """Load the demonstration of this size into an empty installation."""
    if not Commune.objects.exists():
        say("Données de référence…")
        load_package_data()
    say("Université, formations, pièces et questions…")
    with transaction.atomic():
        organisation = create_organisation(localdate(now))
        past = create_last_year(organisation) if SIZES[size].last_year else []
        create_requirements(organisation)
        create_staff(organisation)
        create_thresholds()
        name_programmes()
        add_starter_faq()
        tags = create_tags(organisation)
    files = sample_files()
    crowd = Crowd(seed=seed, now=now, files=files)
    everybody = everyone(SIZES[size], seed=seed, now=now)
    planned = plans(organisation, SIZES[size], everybody, seed=seed)
    for written in crowd.write(planned):
        say(f"{written} candidats…")
    put_tags(tags, now=now)
    hand_over_confirmed(now=now)
    say("Avis, messages, demandes, exports…")
    numbers = [person.file_number for person in everybody[-NUMBER:]]
    tell(numbers=numbers, files=files, now=now)
    if past:
        say("Campagne de l’an passé…")
        for _written in fill_last_year(past, SIZES[size].last_year, seed=seed, files=files):
            pass
    User.objects.filter(file_number=FIRST_PERSON.file_number).update(language="fr")


def everyone(size: Size, *, seed: int, now: datetime) -> list[Person]:
    """One person for every state, the crowd, and those the office is busy with; Alix is apart."""
    number = 1 + len(every_state()) + size.candidates + NUMBER
    return people(number, seed=seed, today=localdate(now))


def plans(
    organisation: Organisation, size: Size, everybody: list[Person], *, seed: int
) -> Iterator[Plan]:
    """Who applies to what: one person for every state, Alix, the crowd, then the office's."""
    rng = random.Random(f"plans-{seed}")
    by_kind: dict[tuple[str, bool], list[Intake]] = defaultdict(list)
    for intake in organisation.intakes:
        by_kind[organisation.calendar_of[intake.pk], intake.is_paperless].append(intake)
    states = every_state()
    for person, state in zip(everybody[1:], states, strict=False):
        yield Plan(person, [(rng.choice(by_kind[state.calendar, state.is_paperless]), state)])
    intakes = {key: iter(found) for key, found in by_kind.items()}
    yield Plan(
        FIRST_PERSON,
        [(next(intakes[state.calendar, state.is_paperless]), state) for state in ALIX],
    )
    applied_to = [
        (intake, organisation.calendar_of[intake.pk])
        for intake in organisation.intakes
        if organisation.calendar_of[intake.pk] != "soon"
    ]
    yield from _crowd(rng, everybody[1 + len(states) : -NUMBER], size, applied_to)
    yield from cohort_plans(organisation, everybody[-NUMBER:])


def _crowd(
    rng: random.Random,
    persons: list[Person],
    size: Size,
    applied_to: list[tuple[Intake, str]],
) -> Iterator[Plan]:
    """People with as many applications each as make up the size."""
    each, rest = divmod(size.applications, max(1, len(persons)))
    for index, person in enumerate(persons):
        wanted = each + (1 if index < rest else 0)
        chosen = rng.sample(applied_to, min(wanted, 8))
        yield Plan(
            person,
            [(intake, _usual(rng, intake, calendar)) for intake, calendar in chosen],
        )


def _usual(rng: random.Random, intake: Intake, calendar: str) -> State:
    return usual_state(rng, calendar, is_paperless=intake.is_paperless)


def sign_ins() -> list[tuple[str, str, str]]:
    """(role, login, password) of the people to try it with."""
    return [
        ("Candidate", FIRST_PERSON.file_number, PASSWORD),
        ("Gestionnaire", "bao@univ-valmont.example", PASSWORD),
        ("Membre de commission", "dana@univ-valmont.example", PASSWORD),
        ("Responsable de formation", "farah@univ-valmont.example", PASSWORD),
        ("Scolarité centrale", "elia@univ-valmont.example", PASSWORD),
        ("Administratrice", "admin@univ-valmont.example", PASSWORD),
    ]
