"""Pages of a list in any order, by keyset: the row after which a page begins is in the address, so
the thousandth page costs what the first does, and nothing is shown twice when rows come in."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, IntegerField, Q, QuerySet, Subquery


@dataclass(frozen=True)
class Key:
    """One thing a list is sorted by. Rows without a value come last, whichever the direction."""

    path: str
    is_descending: bool = False
    is_nullable: bool = False

    def expression(self, *, backwards: bool) -> Any:
        """For `order_by`. Only what may be null says where nulls go: an index serves the rest."""
        is_descending = self.is_descending is not backwards
        field = F(self.path)
        nulls = {"nulls_first" if backwards else "nulls_last": True} if self.is_nullable else {}
        return field.desc(**nulls) if is_descending else field.asc(**nulls)

    def beyond(self, value: Any, *, backwards: bool) -> Q:
        """Rows that come after one with `value` here."""
        if value is None:
            return Q(**{f"{self.path}__isnull": False}) if backwards else Q(pk__in=())
        sign = "lt" if self.is_descending is not backwards else "gt"
        found = Q(**{f"{self.path}__{sign}": value})
        if self.is_nullable and not backwards:
            found |= Q(**{f"{self.path}__isnull": True})
        return found

    def same(self, value: Any) -> Q:
        return Q(**{f"{self.path}__isnull": True} if value is None else {self.path: value})


class NumberOf(Subquery):
    """How many rows a queryset has, as far as it is cut: read along with others, it costs no query
    of its own."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()

    def __init__(self, rows: QuerySet) -> None:
        super().__init__(rows.values("pk"))


@dataclass(frozen=True)
class Page:
    """The rows of a page, and the marks of its neighbours (empty where there are none)."""

    rows: list[Any]
    before: str
    after: str


def page_of(
    rows: QuerySet, order: Sequence[Key], *, size: int, after: str = "", before: str = ""
) -> Page:
    """The page of `rows`, sorted by `order`, after (or before) a mark; the first for a mark that
    says nothing here. `order` must tell any two rows apart."""
    backwards = bool(before)
    values = _read(before or after, order, rows)
    if values is None:
        backwards = False
        found = _first(rows, order, size, backwards=False)
        return _page(found, order, size, has_before=False, backwards=False)
    beyond = rows.filter(_beyond(order, values, backwards=backwards))
    found = _first(beyond, order, size, backwards=backwards)
    return _page(found, order, size, has_before=True, backwards=backwards)


def neighbours(rows: QuerySet, order: Sequence[Key], row: Any) -> tuple[Any, Any]:
    """The rows of the list that come before and after `row`, which need not be in it any more:
    None where there is none. Two queries, each of which reads one row."""
    values = [_value(row, key.path) for key in order]
    before, after = (
        _first(
            rows.filter(_beyond(order, values, backwards=backwards)), order, 0, backwards=backwards
        )
        for backwards in (True, False)
    )
    return next(iter(before), None), next(iter(after), None)


def _first(rows: QuerySet, order: Sequence[Key], size: int, *, backwards: bool) -> list[Any]:
    return list(rows.order_by(*(key.expression(backwards=backwards) for key in order))[: size + 1])


def _page(
    found: list[Any], order: Sequence[Key], size: int, *, has_before: bool, backwards: bool
) -> Page:
    has_more, shown = len(found) > size, found[:size]
    if backwards:
        shown = shown[::-1]
        has_before, has_after = has_more, True
    else:
        has_after = has_more
    if not shown:
        return Page([], "", "")
    return Page(
        shown,
        _mark(shown[0], order) if has_before else "",
        _mark(shown[-1], order) if has_after else "",
    )


def _beyond(order: Sequence[Key], values: Sequence[Any], *, backwards: bool) -> Q:
    """Rows after the one with `values`: further in one key, the same in those before it."""
    found = Q(pk__in=())
    for place, key in enumerate(order):
        same = Q()
        for earlier, value in zip(order[:place], values[:place], strict=True):
            same &= earlier.same(value)
        found |= same & key.beyond(values[place], backwards=backwards)
    first = order[0]
    if not first.is_nullable:  # lets an index begin at the row instead of at the first one
        sign = "lte" if first.is_descending is not backwards else "gte"
        found &= Q(**{f"{first.path}__{sign}": values[0]})
    return found


# -- Marks in the address ------------------------------------------------------------------------


def _mark(row: Any, order: Sequence[Key]) -> str:
    values = [_value(row, key.path) for key in order]
    text = json.dumps(values, default=_plain, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _plain(value: Any) -> str:
    """Moments to the microsecond: a key that is cut off would show a row twice."""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _value(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = getattr(row, name, None)
        if row is None:
            return None
    return row


def _read(mark: str, order: Sequence[Key], rows: QuerySet) -> list[Any] | None:
    """What a mark holds, as values of the columns; None for anything that is no mark of this
    order."""
    if not mark or len(mark) > 2000:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4)))
        if not isinstance(values, list) or len(values) != len(order):
            return None
        return [
            None if value is None else _field(rows, key.path).to_python(value)
            for key, value in zip(order, values, strict=True)
        ]
    except (ValueError, TypeError, ValidationError):
        return None


def _field(rows: QuerySet, path: str) -> Any:
    """The field at `path`, or what an annotation of that name gives."""
    if path in rows.query.annotations:
        return rows.query.annotations[path].output_field
    model: Any = rows.model
    for name in path.split("__"):
        field = model._meta.pk if name == "pk" else model._meta.get_field(name)
        model = field.related_model
    return field
