"""What changed in a row of the settings: before and after, field by field."""

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from i18nfield.strings import LazyI18nString

from candide.core.personal_data import declaration_of
from candide.foundation.history.domain.log import log
from candide.foundation.history.enums import RowEvent
from candide.foundation.history.models import HistoryEntry


def values_of(row: Model) -> dict[str, Any]:
    """Every field of `row` but its key and what nobody types, as a JSON value: a foreign key as the
    key it points to, what is linked as sorted keys. A row that is not saved has none."""
    if row.pk is None:
        return {}
    values: dict[str, Any] = {
        field.name: value_of(row, field.name)
        for field in row._meta.concrete_fields
        if not field.primary_key and field.editable
    }
    for many in row._meta.many_to_many:
        values[many.name] = sorted(getattr(row, many.name).values_list("pk", flat=True))
    return values


def value_of(row: Model, name: str) -> Any:
    """One field of `row` as a JSON value; the row need not be saved."""
    return _plain(getattr(row, row._meta.get_field(name).attname))  # type: ignore[union-attr]


def mark_of(row: Model) -> str:
    """What a page sends back with a change: another mark means that somebody changed the row
    meanwhile."""
    text = json.dumps(values_of(row), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def log_saved(row: Model, *, before: dict[str, Any], by: Any) -> HistoryEntry | None:
    """Write what `by` changed in `row`, which was `before` (empty: it is new). Of a personal field
    only that it changed. None when nothing did."""
    changes = _changes(row, before, values_of(row))
    if not changes:
        return None
    event = RowEvent.CHANGED if before else RowEvent.CREATED
    return log(row, event, by=by, changes=changes)


def log_deleted(row: Model, *, by: Any) -> HistoryEntry:
    """Write what `row` was; to be called before it is deleted."""
    return log(row, RowEvent.DELETED, by=by, changes=_changes(row, values_of(row), {}))


def _changes(row: Model, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    neutral = declaration_of(type(row)).neutral
    return {
        name: [before.get(name), after.get(name)] if name in neutral else None
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    }


def _plain(value: Any) -> Any:
    """`value` as JSON holds it."""
    if isinstance(value, LazyI18nString):
        return value.data
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))
