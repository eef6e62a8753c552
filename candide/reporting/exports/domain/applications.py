"""« Export des candidatures »: chosen columns of the applications asked for, in their order
[back-office 22.3]."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from candide.admissions.applications.models import Application
from candide.admissions.applications.models.application import ApplicationQuerySet
from candide.core.blockers import Blocker, refuse_if
from candide.foundation.downloads.domain.asking import ask_download
from candide.foundation.downloads.domain.making import Making
from candide.foundation.downloads.models import Download
from candide.foundation.downloads.registry import Kind, Made
from candide.institution.catalogue.models import Institution
from candide.institution.pages.domain.wording import label_of, one_reading
from candide.institution.requirements.models import Question
from candide.reporting.exports.applications import (
    COLUMNS,
    NOTE_TEXTS,
    SOURCES,
    STATUSES,
    question_columns,
)
from candide.reporting.exports.columns import Column
from candide.reporting.exports.columns import Kind as ColumnKind
from candide.reporting.exports.domain.reading import Cell, Reading
from candide.reporting.exports.domain.writing import CSV, XLSX, Heading, writer

APPLICATIONS = "applications"
FORMATS = {"xlsx": XLSX, "csv": CSV}
AT_ONCE = 1000
MOST_COLUMNS = 150


def reach(user: Any) -> ApplicationQuerySet:
    """The applications somebody may export."""
    return Application.objects.all().visible_to(user)


def every_column() -> list[Column]:
    """Every column an export may have: those of the grid, with one for each question, and what
    notes say where the institution lets that leave."""
    notes = [NOTE_TEXTS] if Institution.current().has_note_export else []
    return [*COLUMNS, *notes, *question_columns(Question.objects.filter(is_active=True))]


def columns_of(codes: Sequence[str]) -> list[Column]:
    """The columns of these codes, in this order; those that are no more are left out."""
    known = {column.code: column for column in every_column()}
    return [known[code] for code in dict.fromkeys(codes) if code in known]


def exporting_blockers(codes: Sequence[str]) -> list[Blocker]:
    """Why these columns make no table."""
    if not columns_of(codes):
        return [Blocker("no_column", _("Choose at least one column."), "field:columns")]
    if len(codes) > MOST_COLUMNS:
        message = _("At most %(most)d columns.") % {"most": MOST_COLUMNS}
        return [Blocker("too_many_columns", message, "field:columns")]
    return []


def ask_applications(
    pks: Sequence[int],
    *,
    columns: Sequence[str],
    format: str,
    about: Sequence[str],
    by: Any,
    now: datetime,
) -> Download:
    """Ask for a spreadsheet of these applications. `about` says in words what was searched."""
    refuse_if(exporting_blockers(columns))
    title = ngettext("%(number)d application", "%(number)d applications", len(pks))
    return ask_download(
        APPLICATIONS,
        pks,
        title=title % {"number": len(pks)},
        by=by,
        now=now,
        values={"columns": list(columns), "format": format, "about": list(about)},
    )


@one_reading()
def make(making: Making) -> Made:
    """Write the rows that are still in reach, a thousand at a time."""
    columns = columns_of(making.values["columns"])
    format = making.values["format"]
    day = localtime(making.clock())
    path = making.place / "table"
    table = writer(
        format,
        path,
        _("Applications"),
        [
            Heading(str(column.heading), HEADING_KINDS.get(column.kind, "text"))
            for column in columns
        ],
        [
            _("Applications"),
            *making.values["about"],
            _("Exported on %(day)s") % {"day": date_format(day, "SHORT_DATETIME_FORMAT")},
        ],
    )
    try:
        for done, (key, values) in enumerate(_rows(making, columns), start=1):
            table.write(values)
            making.put_in(key)
            if done % AT_ONCE == 0:
                making.tick(done)
    finally:
        table.close()
    name = f"candidatures-{day:%Y%m%d-%H%M%S}.{format}"
    return Made(path, name, FORMATS[format])


def _rows(making: Making, columns: Sequence[Column]) -> Iterator[tuple[int, list[Any]]]:
    """The keys and the cells of the rows, in the order asked for; what is out of reach by now is
    told and left out."""
    reading = Reading(columns, SOURCES)
    cells = [_in_words(*each) for each in zip(columns, reading.cells, strict=True)]
    rows = reach(making.user)
    for start in range(0, len(making.subjects), AT_ONCE):
        keys = making.subjects[start : start + AT_ONCE]
        lines = reading.lines(rows, keys)
        for key in keys:
            if (line := lines.get(key)) is not None:
                yield key, [cell(line) for cell in cells]
            else:
                message = _("This application is not in your reach.")
                making.leave_out(key, "out_of_reach", message)


HEADING_KINDS = {
    ColumnKind.NUMBER: "number",
    ColumnKind.DAY: "day",
    ColumnKind.MOMENT: "moment",
    ColumnKind.FLAG: "flag",
}


def _in_words(column: Column, cell: Cell) -> Cell:
    """The same cell with statuses, choices and tags in words."""
    if column.kind is ColumnKind.TAGS:
        return lambda line: " / ".join(str(tag) for tag in cell(line) or ())
    words = STATUSES[column.status] if column.status else column.choices
    if words is None:
        return cell
    labels = Labels(words)
    return lambda line: labels[cell(line)]


class Labels(dict[str | None, str]):
    """The label of each code of an enumeration, looked up once; none of none."""

    def __init__(self, words: type[TextChoices]) -> None:
        super().__init__({None: "", "": ""})
        self.words = words

    def __missing__(self, code: str) -> str:
        self[code] = str(label_of(self.words(code)))
        return self[code]


KIND = Kind(APPLICATIONS, make=make, reach=reach)
