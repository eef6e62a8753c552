"""Which applications a page of the grid selected."""

from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils import timezone

from candide.core.clock import localdate
from candide.core.text import whole_number
from candide.foundation.runs.domain.asking import MOST_ITEMS
from candide.foundation.runs.models import Run, RunItem
from candide.web.staff.grid.page import Grid


def selected(request: HttpRequest) -> list[int]:
    """The keys that were posted: those of the action `again`, if one sees it; those of `ids`,
    repeated or separated by commas, in their order; or all that the search of the grid in `query`
    finds, in its order (one more than may be worked on at once tells that there are too many)."""
    if run := whole_number(request.POST.get("again")):
        items = RunItem.objects.filter(run__in=Run.objects.all().visible_to(request.user), run=run)
        return list(
            items.filter(subject_id__gt=0).order_by("position").values_list("subject_id", flat=True)
        )
    if "query" in request.POST:
        return found_by(request.POST["query"], request.user)
    posted = ",".join(request.POST.getlist("ids")).split(",")
    return [key for key in map(whole_number, map(str.strip, posted)) if key is not None]


def found_by(query: str, user: Any, *, most: int = MOST_ITEMS) -> list[int]:
    """The keys of what the address `query` of the grid finds, in its order; `most` and one more."""
    grid = Grid(QueryDict(query), user, localdate(timezone.now()))
    order = [key.expression(backwards=False) for key in grid.order()]
    return list(
        grid.sorted_by(grid.rows()).order_by(*order).values_list("pk", flat=True)[: most + 1]
    )
