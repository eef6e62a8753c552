"""The spreadsheet decisions are entered with: its columns, writing the model, reading what comes
back (.xlsx or CSV)."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import xlsxwriter
from defusedcsv import csv
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candide.admissions.decisions.models import Decision, DecisionReason, DecisionType
from candide.core.spreadsheet import cells_at, places_of, table_of, unusable

MOST_BYTES = 5 * 1024 * 1024
MOST_LINES = 5000
COLUMNS: dict[str, Any] = {
    "application": gettext_lazy("Application"),
    "file_number": gettext_lazy("File number"),
    "last_name": gettext_lazy("Family name"),
    "first_name": gettext_lazy("First name"),
    "type": gettext_lazy("Code of the decision"),
    "reason": gettext_lazy("Code of the reason"),
    "rank": gettext_lazy("Rank"),
    "comment": gettext_lazy("Comment"),
}
NEEDED = ("application", "type", "reason", "rank", "comment")


@dataclass(frozen=True)
class Line:
    """A line as somebody typed it; `number` is where it stands in the sheet."""

    number: int
    application: str = ""
    type: str = ""
    reason: str = ""
    rank: str = ""
    comment: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


# -- The model -------------------------------------------------------------------------------------


def table(applications: Iterable[Any], drafts: dict[int, Decision]) -> list[list[Any]]:
    """A line for each application, with the draft it has."""
    rows = []
    for application in applications:
        draft, candidate = drafts.get(application.pk), application.candidate
        rows.append(
            [
                application.pk,
                candidate.user.file_number,
                candidate.usual_name or candidate.birth_name,
                candidate.first_name,
                draft.type.code if draft else "",
                draft.reason.code if draft and draft.reason else "",
                draft.rank if draft and draft.rank else "",
                draft.comment if draft else "",
            ]
        )
    return rows


def as_csv(rows: Iterable[Sequence[Any]]) -> bytes:
    """The model as a table French spreadsheets open as such."""
    out = io.StringIO()
    lines = csv.writer(out, delimiter=";")
    lines.writerow([str(heading) for heading in COLUMNS.values()])
    lines.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(
    rows: Iterable[Sequence[Any]],
    types: Iterable[DecisionType],
    reasons: Iterable[DecisionReason],
) -> bytes:
    """The model, and beside it the codes there are."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True})
    sheet = book.add_worksheet(_("Decisions"))
    sheet.freeze_panes(1, 4)
    sheet.set_column(0, len(COLUMNS) - 1, 20)
    sheet.write_row(0, 0, [str(heading) for heading in COLUMNS.values()], bold)
    for number, row in enumerate(rows, start=1):
        sheet.write_row(number, 0, row)
    codes = book.add_worksheet(_("Codes"))
    codes.set_column(0, 1, 40)
    codes.write_row(0, 0, [_("Decisions"), ""], bold)
    listed: list[list[str]] = [[kind.code, str(kind.label)] for kind in types]
    listed += [["", ""], [_("Reasons"), ""]]
    listed += [[reason.code, str(reason.label)] for reason in reasons]
    for number, pair in enumerate(listed, start=1):
        codes.write_row(number, 0, pair)
    book.close()
    return out.getvalue()


# -- What comes back -------------------------------------------------------------------------------


def read(content: bytes) -> list[Line]:
    """The lines of a spreadsheet, .xlsx or CSV, known by its content. Raises `Refused` where it is
    none, or lacks a column."""
    if len(content) > MOST_BYTES:
        raise unusable("too_large", _("This file is too large: keep the lines of one programme."))
    table = table_of(content)
    places = _places(table.heading)
    lines = [Line(number, **cells_at(row, places)) for number, row in enumerate(table.rows, 2)]
    filled = [line for line in lines if line.application or line.type]
    if not filled:
        raise unusable("empty", _("This file has no line with an application."))
    if len(filled) > MOST_LINES:
        message = _("This file has more than %(most)d lines.")
        raise unusable("too_many", message % {"most": MOST_LINES})
    return filled


def _places(heading: Sequence[Any]) -> dict[str, int]:
    """Where each column stands."""
    places = places_of(heading, lambda: {name: COLUMNS[name] for name in NEEDED})
    missing = [str(COLUMNS[name]) for name in ("application", "type") if name not in places]
    if missing:
        message = _("This file lacks the column “%(name)s”: begin with the model.")
        raise unusable("column_missing", message % {"name": missing[0]})
    return places
