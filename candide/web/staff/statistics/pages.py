"""« Statistiques »: an overview, a table for each level, one programme [back-office 23]. What is
shown is counted when the page is asked for."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from candide.admissions.applications.enums import DossierStatus, Outcome
from candide.core.text import fold
from candide.core.views import permission_required
from candide.institution.pages.domain.wording import label_of
from candide.reporting.statistics.days import Day, days_of
from candide.reporting.statistics.delays import delay_of, delays_by_intake, together
from candide.reporting.statistics.figures import BY_CODE, FIGURES, FUNNEL, GROUPS, Numbers
from candide.reporting.statistics.lines import (
    TITLES,
    Capacity,
    Level,
    Line,
    lines_of,
    total,
    total_capacity,
)
from candide.reporting.statistics.people import people_of
from candide.reporting.statistics.scope import Scope, intakes_in_reach
from candide.web.staff.place import begins_in_place
from candide.web.staff.statistics.asked import Asked, asked_of
from candide.web.staff.statistics.drawing import curves
from candide.web.staff.statistics.links import grid_url
from candide.web.staff.statistics.tables import level_file, picture_file

# What narrows the grid to one line of a level.
NARROWED = {Level.PROGRAMMES: "intake", Level.COMMISSIONS: "commission", Level.CENTRES: "centre"}
CAPACITY = ("places", "left")


@dataclass(frozen=True)
class Cell:
    """A figure: zero is left empty, everything else leads to its applications."""

    heading: Any
    value: int | None
    url: str = ""


# -- What pages share ------------------------------------------------------------------------------


def heading_of(code: str) -> Any:
    """A figure as it is called here: statuses by the words of the institution."""
    kind, _dash, value = code.partition("-")
    if kind == "dossier":
        return label_of(DossierStatus(value))
    if kind == "last" and value in Outcome.values:
        return label_of(Outcome(value))
    return BY_CODE[code].heading


def cells_of(scope: Scope, numbers: Numbers, *, linked: bool = True) -> list[Cell]:
    return [
        Cell(
            heading_of(figure.code),
            numbers[figure.code] or None,
            grid_url(scope, figure.code) if linked else "",
        )
        for figure in FIGURES
    ]


def capacity_cells(capacity: Capacity | None) -> list[Cell]:
    places, left = (capacity.places, capacity.left) if capacity else (None, None)
    return [Cell(_("Places"), places), Cell(_("Places left"), left)]


def _funnel(scope: Scope, numbers: Numbers) -> list[dict[str, Any]]:
    """From applying to confirming; `share` is in hundredths of those who applied."""
    most = max(numbers["applied"], 1)
    return [
        {
            "code": code,
            "heading": _("Applications") if code == "applied" else heading_of(code),
            "number": numbers[code],
            "share": round(100 * numbers[code] / most),
            "url": grid_url(scope, code),
        }
        for code in FUNNEL
    ]


def _days(scope: Scope, days: list[Day]) -> list[dict[str, Any]]:
    """The days on which something happened, each figure with its link."""
    return [
        {
            "day": day,
            "applied_url": grid_url(scope, created_from=day.on, created_to=day.on),
            "transmitted_url": grid_url(scope, transmitted_from=day.on, transmitted_to=day.on),
        }
        for day in days
        if day.applied or day.transmitted or day.applied_before or day.transmitted_before
    ]


def _picture(scope: Scope, lines: list[Line]) -> dict[str, Any]:
    """What the overview and the page of a programme show."""
    numbers = total(line.numbers for line in lines)
    before = scope.before()
    days = days_of(scope, before)
    return {
        "scope": scope,
        "numbers": numbers,
        "funnel": _funnel(scope, numbers),
        "groups": _groups(scope, numbers),
        "people": people_of(scope),
        "before": before,
        "days": _days(scope, days),
        "drawings": _drawings(days),
        "delay_url": grid_url(scope, "announced", transmitted="yes"),
        "delay": delay_of(together(delays_by_intake(scope))),
        "capacity": total_capacity(line.capacity for line in lines),
        "counted_at": timezone.now(),
    }


def _groups(scope: Scope, numbers: Numbers) -> list[tuple[Any, list[Cell]]]:
    """Every figure under the title of its group."""
    cells = list(zip(FIGURES, cells_of(scope, numbers), strict=True))
    return [
        (title, [cell for figure, cell in cells if figure.group == group])
        for group, title in GROUPS.items()
    ]


def _drawings(days: list[Day]) -> list[Any]:
    if not days:
        return []
    return [
        curves(
            _("Applications a day"),
            [day.applied for day in days],
            [day.applied_before for day in days],
        ),
        curves(
            _("Transmissions a day"),
            [day.transmitted for day in days],
            [day.transmitted_before for day in days],
        ),
    ]


# -- Pages -----------------------------------------------------------------------------------------


@permission_required("statistics.view")
def overview(request: HttpRequest) -> HttpResponse:
    """The funnel, the curves, the delays and the places of a campaign."""
    if there := begins_in_place(request):
        return there
    asked = asked_of(request)
    context: dict[str, Any] = {"asked": asked, "levels": _tabs(asked), "navigation": "staff"}
    context["csv_query"] = f"{asked.query()}&format=csv"
    if asked.scope:
        context |= _picture(asked.scope, lines_of(asked.scope, Level.CENTRES))
    if request.GET.get("format") == "csv":
        return picture_file(request.GET.get("table", ""), context)
    return render(request, "staff/statistics/overview.html", context)


@permission_required("statistics.view")
def level_table(request: HttpRequest, level: str) -> HttpResponse:
    """Every figure of every programme, commission or centre, sorted as asked."""
    known = {each.value: each for each in Level}
    if level not in known:
        raise Http404
    if there := begins_in_place(request):
        return there
    asked, shown = asked_of(request), known[level]
    lines = _sorted(asked, _matching(asked, lines_of(asked.scope, shown))) if asked.scope else []
    if (file_format := request.GET.get("format")) in ("csv", "xlsx"):
        about = [str(TITLES[shown]), *_about(asked)]
        return level_file(level, heading_of, lines, file_format=file_format, about=about)
    context: dict[str, Any] = {
        "asked": asked,
        "level": shown,
        "title": TITLES[shown],
        "levels": _tabs(asked),
        "columns": _columns(asked),
        "rows": [_row(asked.scope, shown, line) for line in lines if asked.scope],
        "file_url": f"?{asked.query()}&format=",
        "counted_at": timezone.now(),
        "navigation": "staff",
    }
    if asked.scope and lines:
        sums = total(line.numbers for line in lines)
        context["sums"] = [
            *cells_of(asked.scope, sums, linked=not asked.q),
            *capacity_cells(total_capacity(line.capacity for line in lines)),
        ]
    return render(request, "staff/statistics/level.html", context)


@permission_required("statistics.view")
def programme(request: HttpRequest, pk: int) -> HttpResponse:
    """One programme in one campaign."""
    rows = intakes_in_reach(request.user).with_offer()
    intake = get_object_or_404(rows, pk=pk)
    scope = Scope(request.user, intake.campaign, intake=intake.pk, with_closed=True)
    context = _picture(scope, lines_of(scope, Level.PROGRAMMES))
    if request.GET.get("format") == "csv":
        return picture_file(request.GET.get("table", ""), context)
    context |= {"intake": intake, "csv_query": "format=csv", "navigation": "staff"}
    return render(request, "staff/statistics/programme.html", context)


def _about(asked: Asked) -> list[str]:
    """Of which campaign the figures are, and when they were counted."""
    moment = date_format(timezone.localtime(), "SHORT_DATETIME_FORMAT")
    campaign = [str(asked.scope.campaign)] if asked.scope else []
    return [*campaign, _("Counted on %(moment)s.") % {"moment": moment}]


def _tabs(asked: Asked) -> list[tuple[Any, str]]:
    query = asked.query(q=None, sort=None)
    tabs = [(_("Overview"), reverse("staff:statistics"))]
    tabs += [
        (title, reverse("staff:statistics_level", args=[level.value]))
        for level, title in TITLES.items()
    ]
    return [(title, f"{url}?{query}") for title, url in tabs]


def _matching(asked: Asked, lines: list[Line]) -> list[Line]:
    words = fold(asked.q).split()
    return [
        line
        for line in lines
        if all(word in fold(f"{line.code} {line.name} {line.beside}") for word in words)
    ]


def _sorted(asked: Asked, lines: list[Line]) -> list[Line]:
    """By a figure, the places or the name; by name otherwise."""
    code = asked.sort.lstrip("-")
    return sorted(lines, key=lambda line: _key(line, code), reverse=asked.sort.startswith("-"))


def _key(line: Line, code: str) -> Any:
    if code in BY_CODE:
        return line.numbers[code]
    if code in CAPACITY:
        return getattr(line.capacity, code) if line.capacity else -1
    return fold(line.name)


def _columns(asked: Asked) -> list[dict[str, Any]]:
    """The heads of the table; each sorts by its figure, the highest first."""
    codes = [(figure.code, heading_of(figure.code)) for figure in FIGURES]
    codes += [("places", _("Places")), ("left", _("Places left"))]
    return [
        {
            "heading": heading,
            "url": f"?{asked.query(sort=code if asked.sort == f'-{code}' else f'-{code}')}",
            "direction": {f"-{code}": "descending", code: "ascending"}.get(asked.sort, ""),
        }
        for code, heading in codes
    ]


def _row(scope: Scope, level: Level, line: Line) -> dict[str, Any]:
    own = replace(scope, **{NARROWED[level]: line.pk})
    if level is Level.PROGRAMMES:
        url = reverse("staff:statistics_programme", args=[line.pk])
    else:
        below = Level.COMMISSIONS if level is Level.CENTRES else Level.PROGRAMMES
        table = reverse("staff:statistics_level", args=[below.value])
        closed = "&all=1" if scope.with_closed else ""
        url = f"{table}?campaign={scope.campaign.pk}&{NARROWED[level]}={line.pk}{closed}"
    cells = [*cells_of(own, line.numbers), *capacity_cells(line.capacity)]
    return {"line": line, "url": url, "cells": cells}
