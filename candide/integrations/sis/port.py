"""What Candide asks of a student information system (« SI scolarité » : Apogée, Pégase…).

A connector returns these dataclasses, never rows of our database. Places and nomenclatures are
given by the codes of the reference tables: countries by INSEE's five digits, communes by INSEE's
code, schools by their UAI, series and honours by the codes the institution imported.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Protocol


class Unavailable(Exception):
    """The student information system does not answer; the candidate goes on without it."""


# -- What it knows of students ---------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class StudentAddress:
    """Where the institution writes to the student; the annual address before the permanent one."""

    country: str
    line_1: str
    line_2: str = ""
    line_3: str = ""
    postcode: str = ""
    commune: str = ""
    foreign_city: str = ""


@dataclass(frozen=True, kw_only=True)
class StudentBaccalaureate:
    """The latest baccalaureate or equivalent the institution knows."""

    series: str
    year: int | None = None
    honours: str = ""
    country: str = ""
    department: str = ""
    commune: str = ""
    school: str = ""
    speciality_1: str = ""
    speciality_2: str = ""
    speciality_dropped: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class StudiesYear:
    """A year of study at the institution and how it ended (« cursus interne »)."""

    year: str
    code: str
    label: str
    result: str = ""
    honours: str = ""
    mark: str = ""
    scale: str = ""


@dataclass(frozen=True, kw_only=True)
class HeldDocument:
    """A document the institution holds and has validated (« PJ SiScol ») [PJ-07]."""

    code: str
    year: str
    name: str
    expires_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Student:
    """A present or former student as the institution knows them [FILE-PER-10]."""

    student_number: str
    civility: str
    birth_name: str
    first_name: str
    born_on: date
    birth_country: str
    nationality: str
    birth_department: str = ""
    birth_city: str = ""
    usual_name: str = ""
    other_first_name: str = ""
    ine: str = ""
    email: str = ""
    phone: str = ""
    mobile: str = ""
    address: StudentAddress | None = None
    baccalaureate: StudentBaccalaureate | None = None


# -- What it is told of those who were admitted (« OPI ») ------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A programme somebody will enrol in (« vœu »). `reference` names the pre-enrolment as long as
    it lasts; `key` what is told of it this time: a key that was told before is not told twice.
    What `is_news` is to be answered, the others stand since earlier. `is_withdrawn`: no more."""

    reference: str
    key: str
    campaign: str
    programme: str
    programme_version: str = ""
    diploma: str = ""
    diploma_version: str = ""
    management_centre: str = ""
    regime: str = ""
    exemption: str = ""
    fee: Decimal | None = None
    is_news: bool = True
    is_withdrawn: bool = False


@dataclass(frozen=True, kw_only=True)
class Enrolling:
    """Somebody who was admitted, with all they will enrol in. `code` is what they enrol with,
    unless the system gives another one. `commune_code` is INSEE's, where the birth place is known.
    """

    file_number: str
    code: str
    person: Student
    wishes: tuple[Wish, ...]
    birth_commune: str = ""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What the system says of a wish: True or False, with the `reason` of a refusal; None when it
    was taken and will be answered later, or never."""

    is_accepted: bool | None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class MadeFile:
    """A file to be carried to the system by somebody."""

    name: str
    content: bytes
    media_type: str = "text/csv"


@dataclass(frozen=True, kw_only=True)
class HandedOver:
    """What came of a hand-over: the verdict on each key of the news, the codes of people (by file
    number), and the files there are to carry."""

    verdicts: dict[str, Verdict] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    files: tuple[MadeFile, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OfferedProgramme:
    """A programme as the system has it (« VET », « objet maquette »), and who runs it (« CGE »),
    where that is told."""

    code: str
    label: str
    version: str = ""
    diploma: str = ""
    diploma_version: str = ""
    management_centre: str = ""


@dataclass(frozen=True, kw_only=True)
class Period:
    """A year or period of the system (« année universitaire », « période ») that a campaign may be
    for: its code is what the admitted are told of with."""

    code: str
    label: str = ""


# A nomenclature as rows of the columns `docs/reference-data.md` describes, by table.
Nomenclatures = dict[str, list[dict[str, str]]]


class StudentSystem(Protocol):
    """A student information system. Every call may raise `Unavailable`."""

    knows_students: bool
    """Whether students can be looked up at all; without, nothing about them is ever asked."""

    people_at_once: int
    """How many people are handed over in one call; none where it is told of nobody."""

    makes_files: bool
    """Whether a hand-over ends in files that somebody carries, without an answer."""

    takes_documents: bool
    """Whether the documents of the admitted are sent to it one by one."""

    knows_programmes: bool
    """Whether programmes can be searched there."""

    knows_periods: bool
    """Whether it says which years or periods there are."""

    reference_source: str
    """Where the rows of its nomenclatures are said to come from."""

    wire: Any
    """The `wire.Wire` it is asked over; None where nothing goes over a network."""

    def student_by_number(self, student_number: str) -> Student | None: ...

    def student_by_ine(self, ine: str) -> Student | None: ...

    def student_by_login(self, login: str) -> Student | None:
        """Who signs in at the institution under that name, where the system knows such names."""
        ...

    def studies(self, student_number: str) -> list[StudiesYear]: ...

    def held_documents(
        self, student_number: str, kinds: Collection[str] = ()
    ) -> list[HeldDocument]:
        """What is held of these kinds; a system that lists everything may say more."""
        ...

    def document_content(self, student_number: str, document: HeldDocument) -> bytes:
        """The document as a PDF. Raises `LookupError` if the system no longer holds it."""
        ...

    def check_ine(self, ine: str) -> bool | None:
        """Whether the national register has given this INE; None where that cannot be asked."""
        ...

    def hand_over(self, people: Sequence[Enrolling], *, on: date, number: int) -> HandedOver:
        """Tell of these people, `number` being that of this hand-over. Whatever was told before
        with the same keys is answered again and changes nothing."""
        ...

    def held(self, references: Sequence[str]) -> dict[str, bool] | None:
        """Which of these pre-enrolments it holds now; None where that cannot be asked."""
        ...

    def take_document(
        self, code: str, reference: str, kind: str, content: bytes, *, name: str, first_name: str
    ) -> None:
        """Keep a document of whoever enrols with `code`; the same again replaces it."""
        ...

    def programmes(self, words: str) -> list[OfferedProgramme]:
        """The programmes whose code or label has these words; some fifty at most."""
        ...

    def periods(self) -> list[Period]:
        """The years or periods it has, the latest first."""
        ...

    def versions(self) -> dict[str, str]:
        """What it says of each of its services, by name; empty of one that is lacking."""
        ...

    def nomenclatures(self) -> Nomenclatures:
        """The reference tables it has; those it does not speak of are left out."""
        ...
