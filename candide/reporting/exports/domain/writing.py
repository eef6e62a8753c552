"""Spreadsheets as they are written: .xlsx row by row with little memory, or CSV. Dates are dates,
numbers are numbers, and no text is ever taken for a formula [back-office 22.3]."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

import xlsxwriter
from defusedcsv import csv
from django.utils.timezone import get_current_timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
LONGEST = 5000  # characters of a cell
WIDTHS = {"text": 22, "day": 12, "moment": 17, "number": 10, "flag": 8}


@dataclass(frozen=True)
class Heading:
    """The head of a column; `kind` is text, number, day, moment or flag."""

    text: str
    kind: str = "text"


class Writer(Protocol):
    """What rows are written to, one after the other."""

    def write(self, values: Sequence[Any]) -> None: ...

    def write_totals(self, values: Sequence[Any]) -> None: ...

    def close(self) -> None: ...


def writer(
    format: str, path: Path, title: str, headings: Sequence[Heading], about: Iterable[str]
) -> Writer:
    """A spreadsheet at `path` in the `format` "xlsx" or "csv". `about` are lines that say what it
    is: a sheet of its own in a workbook; a CSV is but its table."""
    if format == "csv":
        return CsvTable(path, headings)
    return Workbook(path, title, headings, about)


# -- .xlsx ---------------------------------------------------------------------------------------


class Workbook:
    """One sheet whose head stays in sight, and one that says what it is."""

    def __init__(
        self, path: Path, title: str, headings: Sequence[Heading], about: Iterable[str]
    ) -> None:
        self.book = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": True,
                "tmpdir": str(path.parent),
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self.sheet = self.book.add_worksheet(sheet_name(title))
        bold = self.book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        formats = {
            "day": self.book.add_format({"num_format": "dd/mm/yyyy"}),
            "moment": self.book.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
            "time": self.book.add_format({"num_format": "hh:mm"}),
        }
        self.sheet.freeze_panes(1, 1)
        for place, heading in enumerate(headings):
            self.sheet.set_column(place, place, WIDTHS[heading.kind])
        for place, heading in enumerate(headings):
            self.sheet.write_string(0, place, heading.text, bold)
        self.columns = len(headings)
        self.row = 0
        self._about(about, bold)
        self._put = _cell_writers(self.sheet, formats)

    def _about(self, about: Iterable[str], bold: Any) -> None:
        sheet = self.book.add_worksheet(sheet_name(_("About")))
        sheet.set_column(0, 0, 100)
        for row, line in enumerate(about):
            sheet.write_string(row, 0, line[:LONGEST], bold if row == 0 else None)

    def write(self, values: Sequence[Any]) -> None:
        self.row = row = self.row + 1
        put, text = self._put, self.sheet.write_string
        for place, value in enumerate(values):
            if type(value) is str:  # most cells: spared a call
                if value:
                    text(row, place, value if len(value) <= LONGEST else value[:LONGEST])
            elif value is not None:
                put[type(value)](row, place, value)

    def write_totals(self, values: Sequence[Any]) -> None:
        """Below what is sorted and filtered; nothing is written after it."""
        self.write(values)
        self.row -= 1

    def close(self) -> None:
        self.sheet.autofilter(0, 0, max(self.row, 1), self.columns - 1)
        self.book.close()


class _Writers(dict):
    """By the type of a value how its cell is written; whatever is not known is a text."""

    def __missing__(self, kind: type) -> Callable[[int, int, Any], Any]:
        text = self[str]

        def put(row: int, place: int, value: Any) -> None:
            text(row, place, str(value))

        self[kind] = put
        return put


def _cell_writers(sheet: Any, formats: dict[str, Any]) -> _Writers:
    zone = get_current_timezone()
    string, number, moment = sheet.write_string, sheet.write_number, sheet.write_datetime
    yes, no = _("Yes"), _("No")

    def put_text(row: int, place: int, value: str) -> None:
        string(row, place, value if len(value) <= LONGEST else value[:LONGEST])

    def put_moment(row: int, place: int, value: datetime) -> None:
        local = value.astimezone(zone).replace(tzinfo=None, microsecond=0)
        moment(row, place, local, formats["moment"])

    def put_flag(row: int, place: int, value: bool) -> None:
        string(row, place, yes if value else no)

    return _Writers(
        {
            str: put_text,
            int: number,
            float: number,
            Decimal: number,
            bool: put_flag,
            datetime: put_moment,
            date: lambda row, place, value: moment(row, place, value, formats["day"]),
            time: lambda row, place, value: moment(row, place, value, formats["time"]),
        }
    )


def sheet_name(title: str) -> str:
    """`title` as a spreadsheet allows a sheet to be called: 31 characters, none of []:*?/\\ ."""
    plain = "".join(" " if c in "[]:*?/\\" else c for c in title)
    return " ".join(plain.split()).strip("'")[:31].strip("' ") or "1"


# -- CSV -----------------------------------------------------------------------------------------


class CsvTable:
    """A table that French spreadsheets open as such, and execute nothing of."""

    def __init__(self, path: Path, headings: Sequence[Heading]) -> None:
        is_french = (get_language() or "fr").startswith("fr")
        self.file = path.open("w", encoding="utf-8-sig", newline="")
        self.writer = csv.writer(self.file, delimiter=";" if is_french else ",")
        self.zone = get_current_timezone()
        self.day = "%d/%m/%Y" if is_french else "%Y-%m-%d"
        self.comma = "," if is_french else "."
        self.yes, self.no = _("Yes"), _("No")
        self.writer.writerow([heading.text for heading in headings])

    def write(self, values: Sequence[Any]) -> None:
        self.writer.writerow([self._plain(value) for value in values])

    write_totals = write

    def _plain(self, value: Any) -> Any:
        if value is None:
            return ""
        if isinstance(value, bool):
            return self.yes if value else self.no
        if isinstance(value, datetime):
            return value.astimezone(self.zone).strftime(f"{self.day} %H:%M")
        if isinstance(value, date):
            return value.strftime(self.day)
        if isinstance(value, time):
            return value.strftime("%H:%M")
        if isinstance(value, float | Decimal):
            return str(value).replace(".", self.comma)
        return value if isinstance(value, int) else str(value)[:LONGEST]

    def close(self) -> None:
        self.file.close()
