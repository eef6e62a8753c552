"""Which objects a person may know of: each room registers how its querysets are narrowed.

What is not visible does not exist for that person: pages answer 404, never 403.
"""

from collections.abc import Callable
from typing import Any, Self, TypeVar

from django.db.models import Model, QuerySet

Narrow = Callable[[Any, Any], Any]
Rows = TypeVar("Rows", bound=QuerySet)

_narrowings: dict[type[Model], Narrow] = {}


def visibility(model: type[Model]) -> Callable[[Narrow], Narrow]:
    """Register `narrow(queryset, user) -> queryset` as what `user` may know of `model`."""

    def register(narrow: Narrow) -> Narrow:
        _narrowings[model] = narrow
        return narrow

    return register


def visible(queryset: Rows, user: Any) -> Rows:
    """`queryset` narrowed to what `user` may know of. Raises `LookupError` if never registered."""
    try:
        narrow = _narrowings[queryset.model]
    except KeyError:
        raise LookupError(f"{queryset.model.__name__} has no registered visibility") from None
    return narrow(queryset, user)


def registered_models() -> list[type[Model]]:
    return list(_narrowings)


class VisibleQuerySet(QuerySet):
    """A queryset that can be narrowed to what a person may know of."""

    def visible_to(self, user: Any) -> Self:
        return visible(self, user)

    def as_subject(self) -> Self:
        """Join what pages and rules about one object look at, so that nothing is read twice."""
        return self

    def locked(self, pk: int) -> Any:
        """The row `pk`, locked until the end of the transaction (no effect on SQLite, whose
        writers are alone). Raises `DoesNotExist`. Rows that point at it may be written meanwhile:
        they would wait for one another otherwise."""
        return self.select_for_update(of=("self",), no_key=True).get(pk=pk)
