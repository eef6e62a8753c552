"""No student information system: everything else works, nothing is looked up or handed over."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from candide.integrations.sis.port import (
    Enrolling,
    HandedOver,
    HeldDocument,
    Nomenclatures,
    OfferedProgramme,
    Period,
    Student,
    StudiesYear,
)


class NoStudentSystem:
    knows_students = False
    people_at_once = 0
    makes_files = False
    takes_documents = False
    knows_programmes = False
    knows_periods = False
    reference_source = "csv"
    wire: Any = None

    def student_by_number(self, student_number: str) -> Student | None:
        return None

    def student_by_ine(self, ine: str) -> Student | None:
        return None

    def student_by_login(self, login: str) -> Student | None:
        return None

    def studies(self, student_number: str) -> list[StudiesYear]:
        return []

    def held_documents(
        self, student_number: str, kinds: Collection[str] = ()
    ) -> list[HeldDocument]:
        return []

    def document_content(self, student_number: str, document: HeldDocument) -> bytes:
        raise LookupError(document.code)

    def check_ine(self, ine: str) -> bool | None:
        return None

    def hand_over(self, people: Sequence[Enrolling], *, on: date, number: int) -> HandedOver:
        return HandedOver()

    def held(self, references: Sequence[str]) -> dict[str, bool] | None:
        return None

    def take_document(
        self, code: str, reference: str, kind: str, content: bytes, *, name: str, first_name: str
    ) -> None:
        raise LookupError(kind)

    def programmes(self, words: str) -> list[OfferedProgramme]:
        return []

    def periods(self) -> list[Period]:
        return []

    def versions(self) -> dict[str, str]:
        return {}

    def nomenclatures(self) -> Nomenclatures:
        return {}
