"""From one application to the next of the same list: what somebody looked for in the grid stands in
the address (`list`), and goes along from page to page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from candide.admissions.applications.domain.asked import RequestedDocument
from candide.admissions.applications.enums import ItemStatus
from candide.admissions.applications.models import Application
from candide.web.staff.grid.keyset import neighbours
from candide.web.staff.grid.page import Grid

LONGEST = 2000


@dataclass(frozen=True)
class Walk:
    """The list somebody came from, and what stands beside this application in it."""

    query: str
    previous_url: str = ""
    next_url: str = ""

    @property
    def kept(self) -> str:
        """What every address on the page ends with, so that the list is not lost."""
        return f"?{urlencode({'list': self.query})}" if self.query else ""

    @property
    def more(self) -> str:
        """The same where an address says something else already."""
        return f"&{urlencode({'list': self.query})}" if self.query else ""

    @property
    def list_url(self) -> str:
        return f"{reverse('staff:applications')}?{self.query}"


@dataclass(frozen=True)
class Steps:
    """The documents before and after the one in the viewer, and the next one to check."""

    previous: RequestedDocument | None
    following: RequestedDocument | None
    to_check: RequestedDocument | None


def list_of(request: HttpRequest) -> str:
    """The list the address names: as the grid writes it, or nothing."""
    return request.GET.get("list", "")[:LONGEST]


def walk_of(request: HttpRequest, application: Application, *, today: date) -> Walk:
    """Where `application` stands in the list the address names. It may have left the list
    meanwhile, since it was treated: what comes after it is found all the same."""
    query = list_of(request)
    if not query:
        return Walk("")
    grid = Grid(QueryDict(query), request.user, today)
    row = grid.sorted_by(Application.objects.filter(pk=application.pk)).get()
    previous, following = neighbours(grid.sorted_by(grid.rows()), grid.order(), row)
    return Walk(query, _address(previous, query), _address(following, query))


def steps_of(documents: Iterable[RequestedDocument], current: RequestedDocument | None) -> Steps:
    """What one goes to from `current`; the next one to check is looked for round the circle."""
    items = list(documents)
    if current is None:
        return Steps(None, None, None)
    index = items.index(current)
    circle = items[index + 1 :] + items[:index]
    return Steps(
        items[index - 1] if index else None,
        items[index + 1] if index + 1 < len(items) else None,
        next((item for item in circle if item.status == ItemStatus.SUBMITTED), None),
    )


def back(
    request: HttpRequest, application: Application, *, place: str = "", **more: Any
) -> HttpResponseRedirect:
    """To the page of `application`, in the list one came from; `place` is where on it."""
    query = {**more, **({"list": list_of(request)} if list_of(request) else {})}
    url = reverse("staff:application", args=[application.pk])
    asked = f"?{urlencode(query)}" if query else ""
    return redirect(f"{url}{asked}{place}")


def _address(application: Application | None, query: str) -> str:
    if application is None:
        return ""
    url = reverse("staff:application", args=[application.pk])
    return f"{url}?{urlencode({'list': query})}"
