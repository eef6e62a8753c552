"""A student information system for demonstrations and tests: fictitious students of a file, whose
documents are drawn when they are asked for."""

import json
from datetime import date
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf

from candide.integrations.sis.port import (
    HeldDocument,
    Student,
    StudentAddress,
    StudentBaccalaureate,
    StudiesYear,
)

STUDENTS_FILE = Path(__file__).with_name("demonstration_students.json")
A4 = (595, 842)


@lru_cache
def records() -> tuple[dict[str, Any], ...]:
    """The students as the file has them. The sign-in provider of the demonstration reads them too:
    `sign_in` and `email` are theirs there, `student_number` links them to this system."""
    return tuple(json.loads(STUDENTS_FILE.read_text(encoding="utf-8")))


class DemonstrationStudentSystem:
    knows_students = True

    def student_by_number(self, student_number: str) -> Student | None:
        return _student(_record("student_number", student_number))

    def student_by_ine(self, ine: str) -> Student | None:
        return _student(_record("ine", ine.upper()))

    def studies(self, student_number: str) -> list[StudiesYear]:
        record = _record("student_number", student_number) or {}
        return [StudiesYear(**year) for year in record.get("studies", ())]

    def held_documents(self, student_number: str) -> list[HeldDocument]:
        record = _record("student_number", student_number) or {}
        return [_held(document) for document in record.get("documents", ())]

    def document_content(self, student_number: str, document: HeldDocument) -> bytes:
        record = _record("student_number", student_number)
        if record is None or document not in self.held_documents(student_number):
            raise LookupError(document.code)
        who = f"{record['first_name']} {record['birth_name']} ({student_number})"
        return _draw([document.name, who, document.year])


def _record(key: str, value: str) -> dict[str, Any] | None:
    if not value:
        return None
    return next((record for record in records() if record.get(key) == value), None)


def _student(record: dict[str, Any] | None) -> Student | None:
    if record is None:
        return None
    elsewhere = {"sign_in", "studies", "documents", "address", "baccalaureate", "born_on"}
    plain = {name: value for name, value in record.items() if name not in elsewhere}
    address, baccalaureate = record.get("address"), record.get("baccalaureate")
    return Student(
        **plain,
        born_on=date.fromisoformat(record["born_on"]),
        address=StudentAddress(**address) if address else None,
        baccalaureate=_baccalaureate(baccalaureate) if baccalaureate else None,
    )


def _baccalaureate(record: dict[str, Any]) -> StudentBaccalaureate:
    return StudentBaccalaureate(**{**record, "options": tuple(record.get("options", ()))})


def _held(record: dict[str, Any]) -> HeldDocument:
    expires_on = record.get("expires_on")
    return HeldDocument(
        **{**record, "expires_on": date.fromisoformat(expires_on) if expires_on else None}
    )


def _draw(lines: list[str]) -> bytes:
    """A page of PDF with `lines`, the same bytes every time."""
    with pikepdf.new() as pdf:
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type1,
            BaseFont=pikepdf.Name.Helvetica,
            Encoding=pikepdf.Name.WinAnsiEncoding,
        )
        page = pdf.add_blank_page(page_size=A4)
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=pdf.make_indirect(font)))
        page.Contents = pdf.make_stream(b"BT /F1 16 Tf 28 TL 72 740 Td " + _shown(lines) + b"ET")
        target = BytesIO()
        pdf.save(target, static_id=True)
    return target.getvalue()


def _shown(lines: list[str]) -> bytes:
    strings = (pikepdf.String(line.encode("cp1252", "replace").decode("cp1252")) for line in lines)
    return b"".join(string.unparse() + b" Tj T* " for string in strings)
