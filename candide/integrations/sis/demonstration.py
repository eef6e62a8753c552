"""A student information system for demonstrations and tests: fictitious students of a file, whose
documents are drawn when they are asked for."""

import json
from collections.abc import Collection, Sequence
from datetime import date
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
from django.core.cache import cache

import candide
from candide.integrations.sis.port import (
    Enrolling,
    HandedOver,
    HeldDocument,
    Nomenclatures,
    OfferedProgramme,
    Period,
    Student,
    StudentAddress,
    StudentBaccalaureate,
    StudiesYear,
    Verdict,
    Wish,
)

STUDENTS_FILE = Path(__file__).with_name("demonstration_students.json")
A4 = (595, 842)
# What it has been told is kept in the cache, for ever: this system is nobody's but ours.
TOLD, HOLDS, DOCUMENT = "sis-told-{}", "sis-holds-{}", "sis-document-{}-{}"
MOST_FOUND = 50
PERIODS = tuple(
    Period(code=f"{year}", label=f"Année universitaire {year}-{year + 1}")
    for year in range(2030, 2023, -1)
)
PROGRAMMES_FILE = Path(__file__).with_name("demonstration_programmes.json")


@lru_cache
def records() -> tuple[dict[str, Any], ...]:
    """The students as the file has them. The sign-in provider of the demonstration reads them too:
    `sign_in` and `email` are theirs there, `student_number` links them to this system."""
    return tuple(json.loads(STUDENTS_FILE.read_text(encoding="utf-8")))


@lru_cache
def offered() -> tuple[OfferedProgramme, ...]:
    """The programmes this system knows."""
    rows = json.loads(PROGRAMMES_FILE.read_text(encoding="utf-8"))
    return tuple(OfferedProgramme(**row) for row in rows)


class DemonstrationStudentSystem:
    knows_students = True
    people_at_once = 1
    makes_files = False
    takes_documents = True
    knows_programmes = True
    knows_periods = True
    reference_source = "csv"
    wire: Any = None

    def student_by_number(self, student_number: str) -> Student | None:
        return _student(_record("student_number", student_number))

    def student_by_ine(self, ine: str) -> Student | None:
        return _student(_record("ine", ine.upper()))

    def student_by_login(self, login: str) -> Student | None:
        return _student(_record("sign_in", login))

    def studies(self, student_number: str) -> list[StudiesYear]:
        record = _record("student_number", student_number) or {}
        return [StudiesYear(**year) for year in record.get("studies", ())]

    def held_documents(
        self, student_number: str, kinds: Collection[str] = ()
    ) -> list[HeldDocument]:
        record = _record("student_number", student_number) or {}
        return [_held(document) for document in record.get("documents", ())]

    def document_content(self, student_number: str, document: HeldDocument) -> bytes:
        record = _record("student_number", student_number)
        if record is None or document not in self.held_documents(student_number):
            raise LookupError(document.code)
        who = f"{record['first_name']} {record['birth_name']} ({student_number})"
        return _draw([document.name, who, document.year])

    def check_ine(self, ine: str) -> bool | None:
        return None

    def hand_over(self, people: Sequence[Enrolling], *, on: date, number: int) -> HandedOver:
        verdicts = {
            wish.key: _verdict(wish) for each in people for wish in each.wishes if wish.is_news
        }
        return HandedOver(
            verdicts=verdicts, codes={each.file_number: _code(each) for each in people}
        )

    def held(self, references: Sequence[str]) -> dict[str, bool] | None:
        found = cache.get_many([HOLDS.format(reference) for reference in references])
        return {each: bool(found.get(HOLDS.format(each))) for each in references}

    def take_document(
        self, code: str, reference: str, kind: str, content: bytes, *, name: str, first_name: str
    ) -> None:
        cache.set(DOCUMENT.format(reference, kind), len(content), None)

    def programmes(self, words: str) -> list[OfferedProgramme]:
        wanted = words.casefold().split()
        found = [
            each
            for each in offered()
            if all(word in f"{each.code} {each.label}".casefold() for word in wanted)
        ]
        return found[:MOST_FOUND] if wanted else []

    def periods(self) -> list[Period]:
        return list(PERIODS)

    def versions(self) -> dict[str, str]:
        return {"Candide": candide.__version__}

    def nomenclatures(self) -> Nomenclatures:
        return {
            "study_regimes": [
                {"code": "1", "name": "Formation initiale"},
                {"code": "2", "name": "Formation continue financée"},
                {"code": "4", "name": "Apprentissage"},
            ],
            "fee_exemptions": [
                {"code": "BE", "name": "Boursier de l’État"},
                {"code": "PN", "name": "Pupille de la Nation"},
            ],
        }


def _code(each: Enrolling) -> str:
    """Former students keep the code they have; others enrol with the one that is proposed."""
    return each.person.student_number or each.code


def _verdict(wish: Wish) -> Verdict:
    """What was told once is answered alike and changes nothing."""
    if (before := cache.get(TOLD.format(wish.key))) is not None:
        return Verdict(**before)
    if wish.is_withdrawn:
        verdict = Verdict(is_accepted=True)
        cache.delete(HOLDS.format(wish.reference))
    elif wish.programme in {each.code for each in offered()}:
        verdict = Verdict(is_accepted=True)
        cache.set(HOLDS.format(wish.reference), wish.programme, None)
    else:
        reason = f"Formation inconnue : {wish.programme}"
        verdict = Verdict(is_accepted=False, reason=reason)
    cache.set(
        TOLD.format(wish.key), {"is_accepted": verdict.is_accepted, "reason": verdict.reason}, None
    )
    return verdict


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
