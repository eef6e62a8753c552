"""What a list looks like: its columns, how to recognise it, what its rows become."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker
from candide.core.text import fold
from candide.institution.reference.domain.importing import values
from candide.institution.reference.domain.importing.reading import Sheet
from candide.institution.reference.domain.importing.report import FileReport, problem

EMPTY_MEANS_SOMETHING = {values.year, values.number, values.postcodes}
NEARLY = 0.75  # share of its columns from which a list is recognised and the missing ones named


@dataclass(frozen=True)
class Column:
    """A column we read. `needed`: the heading must be there and no cell empty; `optional`: the
    heading may be missing; otherwise the heading must be there and cells may be empty."""

    key: str
    headings: tuple[str, ...]
    convert: values.Convert = values.text
    needed: bool = False
    optional: bool = False

    @property
    def folded(self) -> list[str]:
        return [fold(heading) for heading in self.headings]


def needed(key: str, *headings: str, as_: values.Convert = values.text) -> Column:
    return Column(key, headings or (key,), as_, needed=True)


def expected(key: str, *headings: str, as_: values.Convert = values.text) -> Column:
    return Column(key, headings or (key,), as_)


def optional(key: str, *headings: str, as_: values.Convert = values.text) -> Column:
    return Column(key, headings or (key,), as_, optional=True)


@dataclass(frozen=True)
class Row:
    line: int
    cells: dict[str, Any]

    def __getitem__(self, key: str) -> Any:
        return self.cells[key]

    def get(self, key: str, default: Any = "") -> Any:
        return self.cells.get(key, default)


@dataclass
class Record:
    """What a row says about one row of a table. `values` are set; `fills` only where we know
    nothing yet, for lists whose wording is poor; `adds` is false for a list that completes rows
    but knows too little to make one."""

    table: str
    line: int
    values: dict[str, Any]
    fills: dict[str, Any] = field(default_factory=dict)
    adds: bool = True


Build = Callable[[list[Row], FileReport], Iterator[Record]]


@dataclass(frozen=True)
class Layout:
    """A list that exists, and the `tables` it feeds.

    `scopes`: per table, which rows it speaks of when it is complete; `is_full`: it always is.
    `words`: found in the file's name when the headings do not tell it from another list.
    `without`: headings of another list, which has all of these columns too.
    `rank`: where two files of one import speak of a row, the one of lower rank decides.
    """

    name: str
    title: str | Promise
    columns: tuple[Column, ...]
    build: Build
    tables: tuple[str, ...]
    scopes: Mapping[str, Q] = field(default_factory=dict)
    is_full: bool = False
    encodings: tuple[str, ...] = ("utf-8",)
    words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    rank: int = 50

    def position(self, column: Column, headings: list[str]) -> int | None:
        for heading in column.folded:
            if heading in headings:
                return headings.index(heading)
        return None

    def missing(self, headings: list[str]) -> list[str]:
        """The headings it cannot do without."""
        return [
            column.headings[0]
            for column in self.columns
            if not column.optional and self.position(column, headings) is None
        ]

    def likeness(self, headings: list[str]) -> float:
        asked = [column for column in self.columns if not column.optional]
        return 1 - len(self.missing(headings)) / len(asked)

    def reads(self, headings: list[str]) -> int:
        """How many of its columns are there."""
        return sum(self.position(column, headings) is not None for column in self.columns)


def recognise(
    layouts: list[Layout], name: str, headings: list[str]
) -> tuple[Layout | None, list[Blocker]]:
    """The layout of a file by its headings, and by its name where several fit; or why not."""
    fitting = [
        layout
        for layout in layouts
        if not layout.missing(headings) and not set(layout.without) & set(headings)
    ]
    if fitting:
        most = max(layout.reads(headings) for layout in fitting)
        best = [layout for layout in fitting if layout.reads(headings) == most]
        if len(best) > 1:
            words = fold(name)
            best = [layout for layout in best if any(word in words for word in layout.words)]
        if len(best) == 1:
            return best[0], []
        message = _(
            "several lists have these columns; name the one it is, for example --as %(name)s."
        )
        return None, [problem("ambiguous", message % {"name": fitting[0].name}, file=name, line=1)]
    layout = nearest(layouts, headings)
    if layout.likeness(headings) >= NEARLY:
        return None, missing_columns(layout, name, headings)
    return None, []


def nearest(layouts: list[Layout], headings: list[str]) -> Layout:
    return max(layouts, key=lambda layout: layout.likeness(headings))


def missing_columns(layout: Layout, name: str, headings: list[str]) -> list[Blocker]:
    return [
        problem(
            "missing_column",
            _("this column is missing; the list “%(title)s” needs it.") % {"title": layout.title},
            file=name,
            line=1,
            column=heading,
        )
        for heading in layout.missing(headings)
    ]


def rows_of(layout: Layout, sheet: Sheet, report: FileReport) -> list[Row]:
    """Every readable row; what is unreadable goes into the report."""
    headings = sheet.headings
    places = [
        (column, place)
        for column in layout.columns
        if (place := layout.position(column, headings)) is not None
    ]
    rows = []
    for line, cells in sheet.lines():
        report.rows += 1
        if len(cells) < len(headings) or any(cells[len(headings) :]):
            report.refuse(
                line,
                _("%(found)s cells instead of %(expected)s.")
                % {"found": len(cells), "expected": len(headings)},
            )
            continue
        row = _row(line, cells, places, sheet, report)
        if row is not None:
            rows.append(row)
    return rows


def _row(
    line: int,
    cells: list[str],
    places: list[tuple[Column, int]],
    sheet: Sheet,
    report: FileReport,
) -> Row | None:
    read: dict[str, Any] = {}
    for column, place in places:
        cell = values.clean(cells[place])
        heading = sheet.header[place]
        if not cell and column.needed:
            report.refuse(line, _("this cell is empty."), heading)
            return None
        if not cell and column.convert not in EMPTY_MEANS_SOMETHING:
            if column.convert is not values.flag:
                read[column.key] = ""
            continue
        try:
            read[column.key] = column.convert(cell)
        except values.Unreadable as error:
            if error.condemns:
                report.stop(error.condemns, line, error.message, heading)
            else:
                report.refuse(line, error.message, heading)
            return None
    return Row(line, read)
