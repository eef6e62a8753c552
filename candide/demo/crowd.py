"""People and applications in bulk: rows as the product would have written them, without mails."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from candide.admissions.applications.domain.counting import write_numbers
from candide.admissions.applications.enums import ApplicationEvent
from candide.admissions.applications.models import (
    Answer,
    Application,
    DocumentVersion,
    Snapshot,
    SubmittedDocument,
)
from candide.admissions.candidates.domain.identity import search_text
from candide.admissions.candidates.enums import Civility, IneState, StudyResult
from candide.admissions.candidates.models import (
    Address,
    Baccalaureate,
    Candidate,
    ExternalStudies,
)
from candide.admissions.decisions.models import Decision, DecisionReason, DecisionType
from candide.core.keys import Keys
from candide.demo.building import ApplicationBuilder
from candide.demo.collecting import without_collecting
from candide.demo.enrolment import settle_enrolment
from candide.demo.people import Person
from candide.demo.states import State
from candide.foundation.files.models import StoredFile
from candide.foundation.history.models import HistoryEntry
from candide.institution.accounts.models import IssuedFileNumber, User
from candide.institution.catalogue.models import Intake
from candide.institution.reference.domain.queries import (
    baccalaureate_honours,
    diploma_families,
    series_for_year,
)
from candide.institution.reference.enums import SchoolKind
from candide.institution.reference.models import (
    CommunePostcode,
    Country,
    FeeExemption,
    School,
    StudyRegime,
)

# Where people born abroad were born, by the country's code on two letters.
TOWNS_ABROAD = {
    "BR": "RECIFE",
    "CN": "CHENGDU",
    "DE": "LEIPZIG",
    "DZ": "ORAN",
    "ES": "SARAGOSSE",
    "IT": "BOLOGNE",
    "LB": "TRIPOLI",
    "MA": "FÈS",
    "SN": "SAINT-LOUIS",
    "TN": "SFAX",
    "UA": "LVIV",
    "VN": "DA NANG",
}
LICENCE = "040"
PASSWORD = "Demonstration-2027!"  # noqa: S105 -- printed on purpose: fictitious people only
BATCH = 2000


@dataclass
class Reference:
    """Rows of the reference data that people are given."""

    france: Country
    countries: list[Country]
    towns: list[CommunePostcode]
    lycees: list[School]
    universities: list[School]
    honours: list[Any]
    series: dict[int, list[Any]]
    family: Any

    @classmethod
    def read(cls, today: date) -> "Reference":
        towns = CommunePostcode.objects.filter(
            cedex_label="", is_active=True, commune__is_active=True
        )
        # One in ninety is kept: the others are not read.
        some = list(towns.order_by("commune__code", "postcode").values_list("pk", flat=True)[::90])
        towns = towns.filter(pk__in=some).select_related("commune__department")
        schools = School.objects.filter(is_active=True).select_related("commune", "department")
        return cls(
            france=next(country for country in Country.objects.all() if country.is_france),
            countries=list(
                Country.objects.filter(is_principal=True, iso2__in=TOWNS_ABROAD).order_by("code")
            ),
            towns=list(towns.order_by("commune__code", "postcode")),
            lycees=list(schools.filter(is_secondary=True).order_by("code")),
            universities=list(schools.filter(kind=SchoolKind.UNIVERSITY).order_by("code")),
            honours=list(baccalaureate_honours()),
            series={
                year: [one for one in series_for_year(year) if not one.is_no_baccalaureate][:4]
                for year in range(today.year - 14, today.year)
            },
            family=diploma_families().get(code=LICENCE),
        )


@dataclass
class Plan:
    """A person and the applications they are to have: (intake, state)."""

    person: Person
    applications: list[tuple[Intake, State]] = field(default_factory=list)


class Crowd:
    """Writes plans to the database, a batch at a time."""

    def __init__(self, *, seed: int, now: datetime, files: dict[str, StoredFile]) -> None:
        self.rng = random.Random(f"crowd-{seed}")
        self.now = now
        self.today = now.date()
        self.reference = Reference.read(self.today)
        self.password = make_password(PASSWORD)
        self.builder = ApplicationBuilder(
            rng=self.rng,
            now=now,
            files=files,
            types={row.outcome: row for row in DecisionType.objects.order_by("-pk")},
            reasons=list(DecisionReason.objects.order_by("pk")),
        )

    def write(self, plans: Iterable[Plan]) -> Iterator[int]:
        """Write all plans; yields the number of people written after each batch."""
        written, remaining = 0, iter(plans)
        while batch := list(islice(remaining, BATCH)):
            with transaction.atomic(), without_collecting():
                self._write_batch(batch)
            written += len(batch)
            yield written

    def _write_batch(self, plans: list[Plan]) -> None:
        candidates = self._write_people([plan.person for plan in plans])
        built = [
            self.builder.build(candidate, intake, state)
            for candidate, plan in zip(candidates, plans, strict=True)
            for intake, state in plan.applications
        ]
        exemptions, regimes = list(FeeExemption.objects.all()), list(StudyRegime.objects.all())
        for one in built:
            settle_enrolment(one.application, exemptions, regimes)
        Application.objects.bulk_create([one.application for one in built], batch_size=BATCH)
        self.builder.settle(built)
        for model, name in (
            (DocumentVersion, "versions"),
            (SubmittedDocument, "uses"),
            (Answer, "answers"),
            (Snapshot, "snapshots"),
            (Decision, "decisions"),
        ):
            rows = [row for one in built for row in getattr(one, name)]
            model._default_manager.bulk_create(rows, batch_size=BATCH)
        _link_snapshots(built)
        written = Application.objects.filter(pk__in=Keys(one.application.pk for one in built))
        write_numbers(written)
        HistoryEntry.objects.bulk_create(
            HistoryEntry(
                subject_type=Application._meta.label_lower,
                subject_id=one.application.pk,
                event=ApplicationEvent.APPLIED,
                by_id=one.application.created_by_id,
                at=one.application.created_at,
            )
            for one in built
        )

    def _write_people(self, persons: list[Person]) -> list[Candidate]:
        users = User.objects.bulk_create(
            User(
                email=person.email,
                first_name=person.first_name,
                last_name=person.last_name,
                file_number=person.file_number,
                password=self.password,
                created_at=self.now - timedelta(days=160),
                activated_at=self.now - timedelta(days=160),
                language="en" if person.number % 12 == 5 else "fr",
            )
            for person in persons
        )
        IssuedFileNumber.objects.bulk_create(
            IssuedFileNumber(number=person.file_number) for person in persons
        )
        candidates = [
            self._candidate(user, person) for user, person in zip(users, persons, strict=True)
        ]
        Candidate.objects.bulk_create(candidates)
        addresses = [self._address(candidate) for candidate in candidates]
        Address.objects.bulk_create(addresses)
        Baccalaureate.objects.bulk_create([self._baccalaureate(one) for one in candidates])
        ExternalStudies.objects.bulk_create([self._studies(one) for one in candidates])
        return candidates

    def _candidate(self, user: User, person: Person) -> Candidate:
        abroad = person.number % 9 == 4
        town = self.rng.choice(self.reference.towns)
        country = self.rng.choice(self.reference.countries) if abroad else self.reference.france
        candidate = Candidate(
            user=user,
            civility=Civility.MRS if person.number % 2 else Civility.MR,
            birth_name=person.last_name,
            first_name=person.first_name,
            born_on=person.born_on,
            birth_country=country,
            birth_department=None if abroad else town.commune.department,
            birth_city=TOWNS_ABROAD[country.iso2] if abroad else town.commune.name.upper(),
            nationality=country,
            ine="" if abroad else person.ine,
            mobile=f"06 39 98 {person.number // 100 % 100:02d} {person.number % 100:02d}",
        )
        candidate.ine_state = IneState.CONFIRMED if candidate.ine else IneState.NONE
        candidate.search_text = search_text(candidate)
        return candidate

    def _address(self, candidate: Candidate) -> Address:
        town = self.rng.choice(self.reference.towns)
        return Address(
            candidate=candidate,
            country=self.reference.france,
            postcode=town.postcode,
            commune=town.commune,
            line_1=f"{self.rng.randint(1, 180)} rue des Marronniers",
        )

    def _baccalaureate(self, candidate: Candidate) -> Baccalaureate:
        years = self.reference.series
        year = min(max(candidate.born_on.year + 18, min(years)), max(years))
        lycee = self.rng.choice(self.reference.lycees)
        return Baccalaureate(
            candidate=candidate,
            series=self.rng.choice(years[year]),
            year=year,
            honours=self.rng.choice(self.reference.honours),
            country=self.reference.france,
            department=lycee.department,
            commune=lycee.commune,
            school=lycee,
        )

    def _studies(self, candidate: Candidate) -> ExternalStudies:
        university = self.rng.choice(self.reference.universities)
        return ExternalStudies(
            candidate=candidate,
            country=self.reference.france,
            department=university.department,
            commune=university.commune,
            school=university,
            year=self.today.year - 1,
            family=self.reference.family,
            label="Licence, deuxième année",
            result=StudyResult.OBTAINED,
        )


def _link_snapshots(built: list[Any]) -> None:
    """Which versions each snapshot froze."""
    through = Snapshot.documents.through
    through.objects.bulk_create(
        (
            through(snapshot_id=snapshot.pk, documentversion_id=use.version_id)
            for one in built
            for snapshot in one.snapshots
            for use in one.uses
        ),
        batch_size=BATCH,
    )
