"""Addresses of lists: the same search at another place."""

from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import QueryDict

from candide.core.text import whole_number

PAGE = 50
Row = TypeVar("Row", bound=Model)


def changed(asked: QueryDict, **changes: Any) -> str:
    """The same search with changes, as the end of an address; what is empty is left out."""
    query = QueryDict(mutable=True)
    for name, value in {**asked.dict(), **changes}.items():
        if value not in ("", None):
            query[name] = str(value)
    return f"?{query.urlencode()}"


def newest_page(asked: QueryDict, found: QuerySet[Row]) -> tuple[list[Row], str]:
    """The newest rows older than what `?before=` names, and the address of those older still, empty
    where there are none: each page costs the same however far down it is."""
    before = whole_number(asked.get("before"))
    older = found if before is None else found.filter(pk__lt=before)
    rows = list(older.order_by("-pk")[: PAGE + 1])
    address = changed(asked, before=rows[PAGE - 1].pk) if len(rows) > PAGE else ""
    return rows[:PAGE], address
