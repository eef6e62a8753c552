"""Reading what people typed into a spreadsheet: the cells of an .xlsx or a CSV file, and where each
column stands by its heading."""

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from defusedcsv import csv
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override
from python_calamine import CalamineError, CalamineWorkbook

from candide.core.blockers import Blocker, Refused
from candide.core.text import fold

_ESCAPED = ("'@", "'+", "'-", "'=", "'|", "'%")


@dataclass(frozen=True)
class Table:
    """The first sheet of a file: its name (none of a CSV), its headings, the rows below."""

    sheet: str
    heading: Sequence[Any]
    rows: list[list[Any]]


def table_of(content: bytes) -> Table:
    """A spreadsheet, known by its content. Raises `Refused` where it is none."""
    sheet, cells = _workbook(content) if content[:2] == b"PK" else ("", _csv(content))
    heading, *rows = cells or [[]]
    return Table(sheet, heading, rows)


def unusable(code: str, message: str) -> Refused:
    """Why the file as a whole cannot be used."""
    return Refused([Blocker(code, message, "field:file")])


def _workbook(content: bytes) -> tuple[str, list[list[Any]]]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet = book.get_sheet_by_index(0)
        return sheet.name, sheet.to_python(skip_empty_area=False)
    except CalamineError as error:
        message = _("This file is no spreadsheet that can be read.")
        raise unusable("unreadable", message) from error


def _csv(content: bytes) -> list[list[Any]]:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise unusable("unreadable", _("This file is no spreadsheet that can be read."))
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return [[_unescaped(cell) for cell in row] for row in rows]


def _unescaped(cell: str) -> str:
    """What our own CSV kept from being taken for a formula, as it was."""
    return cell[1:].replace("\\|", "|") if cell.startswith(_ESCAPED) else cell


def places_of(heading: Sequence[Any], names: Callable[[], Mapping[str, Any]]) -> dict[str, int]:
    """Where each of the columns `names()` stands, known by its name in any of our languages; the
    first of two alike. What is not there is left out."""
    found = {fold(text_of(cell)): place for place, cell in reversed(list(enumerate(heading)))}
    places: dict[str, int] = {}
    for language in languages():
        with override(language):
            words = {key: fold(str(name)) for key, name in names().items()}
        places |= {key: found[word] for key, word in words.items() if word in found}
    return places


def cells_at(row: Sequence[Any], places: Mapping[str, int]) -> dict[str, str]:
    """The cells of a row as texts, by the names of their columns."""
    return {key: text_of(row[place]) if place < len(row) else "" for key, place in places.items()}


def text_of(cell: Any) -> str:
    """A cell as it reads. Spreadsheets keep whole numbers as 12.0 and days as moments."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.isoformat("minutes")
    return str(cell).replace("\r\n", "\n").strip()


def languages() -> Iterable[str]:
    return [code for code, _name in settings.LANGUAGES]
