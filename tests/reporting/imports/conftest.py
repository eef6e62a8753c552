"""Spreadsheets made by the export, changed, and given back."""

import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest

from candide.foundation.downloads.domain.making import work as make
from candide.foundation.files.domain.blobs import open_file
from candide.foundation.runs.domain.asking import confirm
from candide.foundation.runs.domain.working import work
from candide.institution.catalogue.models import Commission, Institution
from candide.reporting.exports.domain.organisation import ask_table
from candide.reporting.imports import tasks as _registered  # noqa: F401 -- registers the kind
from candide.reporting.imports.domain.sheet import begin, read
from tests.admissions.conftest import NOW
from tests.factories.catalogue import CommissionFactory

LATER = NOW + timedelta(hours=1)


class Sheet:
    """A spreadsheet as somebody has it open: cells by line and heading."""

    def __init__(self, code: str, by: Any) -> None:
        self.code, self.by = code, by
        download = ask_table(code, by=by, now=NOW)
        make(clock=lambda: NOW)
        download.refresh_from_db()
        with open_file(download.file) as content:
            self.book = openpyxl.load_workbook(io.BytesIO(content.read()))
        self.sheet = self.book.worksheets[0]
        self.headings = [cell.value for cell in self.sheet[1]]

    def put(self, line: int, **cells: Any) -> "Sheet":
        for name, value in cells.items():
            heading = HEADINGS.get(name, name)
            self.sheet.cell(line, self.headings.index(heading) + 1).value = value
        return self

    def add(self, **cells: Any) -> int:
        line = self.sheet.max_row + 1
        self.put(line, **cells)
        return line

    def drop(self, heading: str) -> None:
        self.sheet.delete_cols(self.headings.index(heading) + 1)
        self.headings.remove(heading)

    def content(self) -> bytes:
        out = io.BytesIO()
        self.book.save(out)
        return out.getvalue()


HEADINGS = {
    "code": "Code",
    "name": "Nom (fr)",
    "name_en": "Nom (en)",
    "commission": "Commission",
    "centre": "Centre de candidature",
    "campaign": "Campagne",
    "opens_on": "Début de dépôt",
    "closes_on": "Fin de dépôt",
    "due_on": "Date limite de retour",
    "capacity": "Capacité d'accueil",
    "exported": "Exporté le",
}


def examined(sheet: Sheet, by: Any = None) -> Any:
    run = begin(sheet.code, read(sheet.code, sheet.content()), by=by or sheet.by, now=LATER)
    work_all()
    run.refresh_from_db()
    return run


def confirmed(sheet: Sheet) -> Any:
    run = examined(sheet)
    confirm(run, by=sheet.by, now=LATER)
    work_all()
    return run


def work_all() -> None:
    while work(clock=lambda: LATER):
        pass


def outcomes(run: Any) -> list[tuple[str, list[str]]]:
    """The state of each line and the codes of what is said of it."""
    found = run.items.order_by("position").values_list("state", "notes")
    return [(state, [code for code, _message in notes]) for state, notes in found]


def changes(run: Any, position: int = 1) -> list[tuple[str, str, str]]:
    planned = run.items.get(position=position).details["plan"]["changes"]
    return [(each["label"], each["before_words"], each["after_words"]) for each in planned]


@pytest.fixture
def commission() -> Commission:
    Institution.current()
    return CommissionFactory(code="DROIT", name="Droit", alert_mode="none")


@pytest.fixture
def later(frozen: Any) -> Any:
    """What others do once the spreadsheet was made."""
    frozen.move_to(LATER)
    return LATER
