"""« Candidatures »: the grid of applications in one's reach [back-office 17]."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from candide.admissions.applications.domain.saved_views import default_query, views_of
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.tacit import threshold_for, thresholds
from candide.core.clock import localdate
from candide.core.text import whole_number
from candide.core.views import permission_required
from candide.foundation.runs.domain.asking import MOST_ITEMS
from candide.institution.catalogue.models import TacitThreshold
from candide.institution.pages.domain.wording import label_of
from candide.institution.requirements.models import Question
from candide.reporting.exports.applications import COLUMNS, SILENCE, SOURCES, question_columns
from candide.reporting.exports.columns import Column, Kind, Row, loaded, with_columns
from candide.web.shared.templatetags.look import status_mark
from candide.web.staff.grid.filters import GridFilters
from candide.web.staff.grid.keyset import Key, NumberOf, Page, page_of
from candide.web.staff.place import begins_in_place
from candide.web.staff.tags import tag_chips

SIZE = 50
COUNTED = 10_000  # totals are exact up to here at once, and counted afterwards beyond
MOST_COLUMNS, MOST_KEYS, MOST_FROZEN = 40, 3, 4
NEWEST = (Key("created_at", is_descending=True), Key("pk", is_descending=True))
NAME = "name"
_PLACE = ("after", "before")  # where one is in the list, no part of what the list is


@dataclass(frozen=True)
class Cell:
    heading: Any
    text: Any
    is_number: bool


@dataclass(frozen=True)
class Heading:
    """The head of a column; `url` sorts by it, `direction` is how the list is sorted by it now."""

    text: Any
    url: str
    direction: str
    is_number: bool


@dataclass(frozen=True)
class Line:
    """A row; `threshold` is how long it waits for a decision, where that is marked."""

    application: Application
    name: Any
    cells: list[Cell]
    threshold: TacitThreshold | None


@dataclass(frozen=True)
class Grid:
    """What an address asks of the grid: what narrows it, its columns and its order."""

    data: QueryDict
    user: Any
    today: date

    @cached_property
    def filters(self) -> GridFilters:
        return GridFilters(self.data, user=self.user, today=self.today)

    def rows(self) -> QuerySet[Application]:
        """Every application asked for, in no order."""
        visible = Application.objects.all().visible_to(self.user)
        return visible.filter(self.filters.as_q())

    @cached_property
    def chosen(self) -> list[str]:
        """The codes of the columns asked for, in their order; the usual ones when none are."""
        wanted = list(dict.fromkeys(self.data.getlist("columns")))[:MOST_COLUMNS]
        usual = [column.code for column in COLUMNS if column.is_default]
        return [code for code in wanted or usual if code != NAME]

    @cached_property
    def columns(self) -> list[Column]:
        """The columns to show: the candidate's name always first, which leads to the dossier."""
        known = {column.code: column for column in all_columns(self.chosen)}
        return [known[code] for code in (NAME, *self.chosen) if code in known]

    @property
    def frozen(self) -> int:
        """How many columns, the name among them, stay in view beside what is scrolled."""
        wanted = whole_number(self.data.get("frozen")) or 1
        return min(max(wanted, 1), MOST_FROZEN, len(self.columns))

    @cached_property
    def sorting(self) -> list[tuple[Column, bool]]:
        """What the list is sorted by, and whether downwards."""
        known = {column.code: column for column in COLUMNS if column.order}
        asked = [code for code in self.data.getlist("sort") if code.lstrip("-") in known]
        return [(known[code.lstrip("-")], code[0] == "-") for code in asked[:MOST_KEYS]]

    def order(self) -> tuple[Key, ...]:
        """The keys of the list, the last of which tells any two rows apart; it goes the way of the
        one before, so that an index serves both, read from either end."""
        keys = [
            Key(column.order, is_descending, column.is_nullable)
            for column, is_descending in self.sorting
        ]
        return (*keys, Key("pk", is_descending=keys[-1].is_descending)) if keys else NEWEST

    def address(self, **changes: Any) -> str:
        """This grid with something else in its address (None: without it)."""
        data = self.data.copy()
        for name in (*_PLACE, *changes):
            data.pop(name, None)
        for name, value in changes.items():
            data.setlist(name, value if isinstance(value, list) else [value] if value else [])
        return f"{reverse('staff:applications')}?{data.urlencode()}"

    @property
    def query(self) -> str:
        """What is kept of the address in a saved view."""
        return self.address().partition("?")[2]

    def sorted_by(self, rows: QuerySet[Application]) -> QuerySet[Application]:
        """`rows` with what they are sorted by, and nothing else of their columns."""
        return with_columns(rows, [column for column, _is_descending in self.sorting])


def all_columns(wanted: list[str] | None = None) -> list[Column]:
    """Every column; those of questions cost a query, and are left out when `wanted` names none."""
    if wanted is not None and not any(code.startswith("q-") for code in wanted):
        return list(COLUMNS)
    return [*COLUMNS, *question_columns(Question.objects.filter(is_active=True))]


@permission_required("staff.enter")
def application_list(request: HttpRequest) -> HttpResponse:
    """The applications in reach that were asked for, and no others. Without any question the list
    the person wants opened first."""
    today = localdate(timezone.now())
    views = list(views_of(request.user))
    usual = default_query(views, request.user)
    if there := begins_in_place(request, usual):
        return there
    data = request.GET or QueryDict(usual)
    grid = Grid(data, request.user, today)
    columns, order, rows = grid.columns, grid.order(), grid.rows()
    counted = rows.order_by()[: COUNTED + 1]
    marks = thresholds()
    beside = [*(column for column, _d in grid.sorting), *([SILENCE] if marks else [])]
    page = page_of(
        with_columns(rows.with_offer(), [*columns, *beside]).annotate(total=NumberOf(counted)),
        order,
        size=SIZE,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    total = page.rows[0].total if page.rows else counted.count()
    context = {
        "grid": grid,
        "filters": grid.filters,
        "headings": [_heading(grid, column) for column in columns],
        "lines": _lines(page, columns, today),
        "thresholds": marks,
        "previous_url": grid.address(before=page.before) if page.before else "",
        "next_url": grid.address(after=page.after) if page.after else "",
        "total": min(total, COUNTED),
        "is_more": total > COUNTED,
        "may_act_on_all": total <= MOST_ITEMS,
        "views": views,
        "navigation": "staff",
    }
    return render(request, "staff/grid/page.html", context)


@permission_required("staff.enter")
def application_total(request: HttpRequest) -> HttpResponse:
    """How many applications there are beyond what the list counts at once."""
    grid = Grid(request.GET, request.user, localdate(timezone.now()))
    total = grid.rows().count()
    text = ngettext("(%(total)s application)", "(%(total)s applications)", total)
    return HttpResponse(text % {"total": number_format(total)}, content_type="text/plain")


def _heading(grid: Grid, column: Column) -> Heading:
    sorting = {sorted_by.code: is_descending for sorted_by, is_descending in grid.sorting}
    direction = ""
    if column.code in sorting:
        direction = "descending" if sorting[column.code] else "ascending"
    is_first = bool(sorting) and next(iter(sorting)) == column.code
    turned = f"-{column.code}" if is_first and direction == "ascending" else column.code
    others = [
        f"-{code}" if is_descending else code
        for code, is_descending in sorting.items()
        if code != column.code
    ]
    url = grid.address(sort=[turned, *others][:MOST_KEYS]) if column.order else ""
    return Heading(column.heading, url, direction, column.kind is Kind.NUMBER)


def _lines(page: Page, columns: list[Column], today: date) -> list[Line]:
    lines = []
    for row in loaded(page.rows, columns, SOURCES):
        name, *cells = (_cell(row, column) for column in columns)
        since = getattr(row.application, "silent_since", None)
        threshold = threshold_for(since, today=today)
        lines.append(Line(row.application, name.text, cells, threshold))
    return lines


def _cell(row: Row, column: Column) -> Cell:
    value = column.value(row)
    is_empty = value is None or value == ""
    text = "–" if is_empty else WRITTEN[column.kind](value, column)
    return Cell(column.heading, text, column.kind is Kind.NUMBER)


WRITTEN: dict[Kind, Any] = {
    Kind.TEXT: lambda value, _column: str(value),
    Kind.NUMBER: lambda value, _column: value,
    Kind.DAY: lambda value, _column: date_format(value, "SHORT_DATE_FORMAT"),
    Kind.MOMENT: lambda value, _column: date_format(localtime(value), "SHORT_DATETIME_FORMAT"),
    Kind.FLAG: lambda value, _column: _("Yes") if value else _("No"),
    Kind.STATUS: lambda value, column: status_mark(column.status, value),
    Kind.CHOICE: lambda value, column: label_of(column.choices(value)),
    Kind.TAGS: lambda value, _column: tag_chips(value),
}
