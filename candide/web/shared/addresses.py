"""Addresses of lists: the same search at another place."""

from typing import Any

from django.http import QueryDict


def changed(asked: QueryDict, **changes: Any) -> str:
    """The same search with changes, as the end of an address; what is empty is left out."""
    query = QueryDict(mutable=True)
    for name, value in {**asked.dict(), **changes}.items():
        if value not in ("", None):
            query[name] = str(value)
    return f"?{query.urlencode()}"
