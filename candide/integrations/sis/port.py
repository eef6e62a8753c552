"""What Candide asks of a student information system (« SI scolarité » : Apogée, Pégase…).

A connector returns these dataclasses, never rows of our database. Places and nomenclatures are
given by the codes of the reference tables: countries by INSEE's five digits, communes by INSEE's
code, schools by their UAI, series and honours by the codes the institution imported.
"""

from dataclasses import dataclass
from datetime import date
from typing import Protocol


class Unavailable(Exception):
    """The student information system does not answer; the candidate goes on without it."""


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


class StudentSystem(Protocol):
    """A student information system. Every call may raise `Unavailable`."""

    knows_students: bool
    """Whether students can be looked up at all; without, nothing about them is ever asked."""

    def student_by_number(self, student_number: str) -> Student | None: ...

    def student_by_ine(self, ine: str) -> Student | None: ...

    def studies(self, student_number: str) -> list[StudiesYear]: ...

    def held_documents(self, student_number: str) -> list[HeldDocument]: ...

    def document_content(self, student_number: str, document: HeldDocument) -> bytes:
        """The document as a PDF. Raises `LookupError` if the system no longer holds it."""
        ...
