"""The tables of the statistics as files: each a page shows, by the name in its address [A-091]."""

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from candide.reporting.exports.domain.writing import CSV, XLSX, Heading, writer
from candide.reporting.statistics.figures import FIGURES, Numbers
from candide.reporting.statistics.lines import Capacity, Line, total, total_capacity

Table = tuple[list[Any], list[list[Any]]]


def picture_file(name: str, context: dict[str, Any]) -> HttpResponse:
    """One of the tables of the overview or of a programme, of what the page shows; the days where
    the address names none."""
    table = TABLES.get(name or DAYS)
    if table is None:
        raise Http404
    headings, rows = table(context)
    heads = [Heading(str(heading)) for heading in headings]
    return _file(f"statistiques-{name or DAYS}", "csv", heads, rows)


def _file(
    name: str,
    file_format: str,
    headings: list[Heading],
    rows: list[list[Any]],
    *,
    totals: list[Any] | None = None,
    about: Sequence[str] = ("",),
) -> HttpResponse:
    """A table as "xlsx" or "csv"; `about` says of what it is, its first line how the sheet is
    called."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table"
        table = writer(file_format, path, about[0], headings, about)
        for row in rows:
            table.write(row)
        if totals:
            table.write_totals(totals)
        table.close()
        content = path.read_bytes()
    return HttpResponse(
        content,
        content_type=XLSX if file_format == "xlsx" else f"{CSV}; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}.{file_format}"',
            "Cache-Control": "private, no-store",
        },
    )


def level_file(
    level: str,
    heading_of: Callable[[str], Any],
    lines: list[Line],
    *,
    file_format: str,
    about: list[str],
) -> HttpResponse:
    """A line for each programme, commission or centre, the totals last."""
    figures = [str(heading_of(each.code)) for each in FIGURES] + [_("Places"), _("Places left")]
    headings = [
        *map(Heading, (_("Code"), _("Label"), _("Within"))),
        *(Heading(text, "number") for text in figures),
    ]
    rows = [
        _cells(each.code, each.name, each.beside, each.numbers, each.capacity) for each in lines
    ]
    sums = total(line.numbers for line in lines)
    totals = _cells(_("Total"), "", "", sums, total_capacity(line.capacity for line in lines))
    name = f"statistiques-{level}"
    return _file(name, file_format, headings, rows, totals=totals if rows else None, about=about)


def _cells(
    code: str, name: str, beside: str, numbers: Numbers, capacity: Capacity | None
) -> list[Any]:
    places = (None, None) if capacity is None else (capacity.places, capacity.left)
    return [code, name, beside, *(numbers[each.code] for each in FIGURES), *places]


def _days(context: dict[str, Any]) -> Table:
    headings = [
        _("Day"),
        _("Applications"),
        _("Applications up to then"),
        _("Transmissions"),
        _("Transmissions up to then"),
        _("Applications, last campaign"),
        _("Transmissions, last campaign"),
    ]
    rows = []
    for row in context.get("days", []):
        day = row["day"]
        before = (day.applied_before, day.transmitted_before)
        rows.append(
            [
                day.on.isoformat(),
                day.applied,
                day.applied_up_to,
                day.transmitted,
                day.transmitted_up_to,
                *("" if number is None else number for number in before),
            ]
        )
    return headings, rows


def _funnel(context: dict[str, Any]) -> Table:
    rows = [
        [stage["heading"], stage["number"], stage["share"]] for stage in context.get("funnel", [])
    ]
    return [_("Stage"), _("Number"), _("Share (%)")], rows


def _figures(context: dict[str, Any]) -> Table:
    """Every figure of the page: those of applications, of people, of places and of waiting."""
    rows = [
        [title, cell.heading, cell.value or 0]
        for title, cells in context.get("groups", [])
        for cell in cells
    ]
    people, capacity = context.get("people"), context.get("capacity")
    delay, waiting = context.get("delay"), _("From transmission to the first decision")
    if people:
        counted = [
            (_("Accounts opened during the campaign"), people.accounts),
            (_("Files begun in them"), people.files),
            (_("Candidates"), people.candidates),
        ]
        rows += [
            [_("People"), heading, number] for heading, number in counted if number is not None
        ]
    if capacity:
        rows += [
            [_("Places"), _("Places"), capacity.places],
            [_("Places"), _("Confirmed"), capacity.accepted],
            [_("Places"), _("Offered, without an answer"), capacity.unanswered],
            [_("Places"), _("Places left"), capacity.left],
        ]
    if delay:
        rows += [
            [waiting, _("Half of the candidates wait at most (days)"), delay.median],
            [waiting, _("Nine in ten wait at most (days)"), delay.most],
            [waiting, _("Applications decided after their transmission"), delay.number],
        ]
    return [_("Group"), _("Figure"), _("Number")], rows


DAYS = "jours"
TABLES: dict[str, Callable[[dict[str, Any]], Table]] = {
    DAYS: _days,
    "entonnoir": _funnel,
    "chiffres": _figures,
}
