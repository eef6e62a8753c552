"""Spreadsheets of an export that come back: every line looked at, shown field by field, then done
in the background. What has no line stays as it is: nothing is ever deleted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from candide.core.spreadsheet import cells_at, places_of, table_of, text_of, unusable
from candide.core.text import fold
from candide.foundation.runs.domain.asking import MOST_ITEMS, examine_at_once
from candide.foundation.runs.models import Run, RunItem
from candide.foundation.runs.registry import Finding, Kind
from candide.reporting.exports.domain.organisation import (
    CENTRES,
    COMMISSIONS,
    MEMBER,
    PROGRAMMES,
    TABLES,
)
from candide.reporting.imports.domain import organisation, programmes
from candide.reporting.imports.domain.line import Line, Plan

KIND = "table"
MOST_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True)
class Importer:
    """How the lines of one of the spreadsheets are read: without a column of `needed` the file is
    none of it; who has `permission` somewhere may try."""

    permission: str
    needed: tuple[str, ...]
    plan: Callable[[Run, Line, Mapping[str, str]], Plan]
    perform: Callable[[Run, Plan, Line, datetime], None]


IMPORTERS: dict[str, Importer] = {
    PROGRAMMES: Importer(
        programmes.PERMISSION,
        (programmes.CODE, programmes.CAMPAIGN),
        programmes.plan,
        programmes.perform,
    ),
    COMMISSIONS: Importer(
        organisation.COMMISSION.manage,
        ("commission.code",),
        organisation.COMMISSION.plan,
        organisation.COMMISSION.perform,
    ),
    CENTRES: Importer(
        organisation.CENTRE.manage,
        ("applicationcentre.code",),
        organisation.CENTRE.plan,
        organisation.CENTRE.perform,
    ),
}


def labels_of(code: str) -> dict[str, str]:
    """The headings of the columns that are read, by their keys."""
    return {cell.key: cell.heading.text for cell in TABLES[code].cells("") if cell.key}


@dataclass(frozen=True)
class Upload:
    """What a file holds: its sheet, its lines, and the headings nothing is read from."""

    sheet: str
    lines: list[Line]
    ignored: list[str]


def read(code: str, content: bytes) -> Upload:
    """The lines of a spreadsheet, .xlsx or CSV, whose headings are those of the export. Raises
    `Refused` where it is none, or lacks a column."""
    if len(content) > MOST_BYTES:
        message = _("This file is larger than %(most)d MB.") % {"most": MOST_BYTES // 1024**2}
        raise unusable("too_large", message)
    table = table_of(content)
    places = places_of(table.heading, lambda: labels_of(code))
    for key in IMPORTERS[code].needed:
        if key not in places:
            message = _("This file lacks the column “%(name)s”: begin with the export.")
            raise unusable("column_missing", message % {"name": labels_of(code)[key]})
    rows = ((number, cells_at(row, places)) for number, row in enumerate(table.rows, start=2))
    lines = [Line(number, cells) for number, cells in rows if any(cells.values())]
    if not lines:
        raise unusable("empty", _("This file has no line."))
    if len(lines) > MOST_ITEMS:
        message = _("This file has more than %(most)d lines.") % {"most": MOST_ITEMS}
        raise unusable("too_many", message)
    shown = {fold(cell.heading.text) for cell in TABLES[code].cells("")}
    names = [(place, text_of(cell)) for place, cell in enumerate(table.heading)]
    ignored = [
        name
        for place, name in names
        if name and place not in places.values() and fold(name) not in shown
    ]
    return Upload(table.sheet, lines, ignored)


def begin(code: str, upload: Upload, *, by: Any, now: datetime) -> Run:
    """Have every line looked at; nothing is changed yet."""
    subjects = {line.number: {"line": line.as_json()} for line in upload.lines}
    values = {"table": code, "sheet": upload.sheet, "ignored": upload.ignored}
    return examine_at_once(KIND, subjects, values, by=by, now=now)


def examine(run: Run, item: RunItem, now: datetime) -> Finding:
    """What the line would make or change."""
    line, code = Line(**item.details["line"]), run.values["table"]
    plan = IMPORTERS[code].plan(run, line, labels_of(code))
    is_needless = not (plan.made or plan.changes or plan.blockers)
    return Finding(
        says=_says(plan),
        blockers=plan.blockers,
        warnings=[] if is_needless and not plan.warnings else plan.warnings,
        is_needless=is_needless,
        details={"line": line.as_json(), "plan": plan.as_json()},
    )


def act(run: Run, item: RunItem, now: datetime) -> None:
    """Do what the preview showed. Rights are asked again: they may have been taken away since."""
    importer = IMPORTERS[run.values["table"]]
    plan, line = Plan.from_json(item.details["plan"]), Line(**item.details["line"])
    importer.perform(run, plan, line, now)


_MADE = {
    "programme": lambda: _("new programme"),
    "intake": lambda: _("new opening"),
    "commission": lambda: _("new commission"),
    "applicationcentre": lambda: _("new centre"),
    MEMBER: lambda: _("new member"),
}


def _says(plan: Plan) -> str:
    """What becomes of it: what is made, and which fields change."""
    made = [_MADE[name]() for name in plan.made]
    changed = [change.label for change in plan.changes]
    return ", ".join(made or changed)


LONG_WORK = Kind(KIND, examine=examine, act=act)
