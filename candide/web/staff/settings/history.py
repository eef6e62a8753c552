"""The history of a row of the settings, in words: who changed what, before and after."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db.models import ForeignKey, Model
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from candide.core.deadlines import long_date
from candide.foundation.history.domain.changes import values_of
from candide.foundation.history.enums import RowEvent
from candide.foundation.history.models import HistoryEntry
from candide.institution.accounts.models import User


@dataclass(frozen=True)
class Change:
    """One field; `before` and `after` are None where only that it changed is known."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Entry:
    at: datetime
    who: str
    what: str
    changes: list[Change]


@dataclass(frozen=True)
class Part:
    """What belongs to a row and is no field of its own: its name, and its values in words."""

    label: str
    values: Mapping[Any, str]


NO_PARTS: Mapping[str, Part] = {}

# Fields that hold a list of codes, and where the words for these are; whoever owns them adds them.
LIST_WORDS: dict[tuple[type[Model], str], Callable[[], Mapping[str, str]]] = {}


def row_sentences(
    entries: Iterable[HistoryEntry],
    row: Model,
    *,
    parts: Mapping[str, Part] = NO_PARTS,
    events: Mapping[str, Any] | None = None,
    shown: frozenset[str] = frozenset({RowEvent.CHANGED}),
) -> list[Entry]:
    """`entries` about `row` as people read them; names are looked up for all at once. `events` are
    the words for what happened, `shown` those of which what changed is said."""
    entries = list(entries)
    people = User.objects.in_bulk({entry.by_id for entry in entries if entry.by_id})
    changes = changes_of(entries, row, parts=parts)
    labels = dict(RowEvent.choices) | dict(events or {})
    return [
        Entry(
            entry.at,
            str(people[entry.by_id]) if entry.by_id in people else _("the system"),
            str(labels.get(entry.event, entry.event)),
            mine if entry.event in shown else [],
        )
        for entry, mine in zip(entries, changes, strict=True)
    ]


def changes_of(
    entries: list[HistoryEntry], row: Model, *, parts: Mapping[str, Part] = NO_PARTS
) -> list[list[Change]]:
    """What each of `entries` changed, all about rows like `row`; names are looked up for all at
    once."""
    names = _names(entries, row, parts)
    return [
        [
            _part_change(parts[name], values)
            if name in parts
            else _change(row, name, values, names)
            for name, values in entry.data.get("changes", {}).items()
        ]
        for entry in entries
    ]


Names = dict[tuple[str, Any], str]


def _names(entries: list[HistoryEntry], row: Model, parts: Mapping[str, Part]) -> Names:
    """How the rows are called that the keys in `entries` point to, one query a field."""
    wanted: dict[str, set[Any]] = {}
    for entry in entries:
        for name, values in entry.data.get("changes", {}).items():
            if values and name not in parts and _target(row, name) is not None:
                wanted.setdefault(name, set()).update(_keys(values[0]), _keys(values[1]))
    found: Names = {}
    for name, keys in wanted.items():
        target = _target(row, name)
        for pk, one in target._base_manager.in_bulk(keys).items():  # type: ignore[union-attr]
            found[name, pk] = str(one)
    return found


def _field(row: Model, name: str) -> Any:
    """The field of that name; none where a version took it away."""
    try:
        return row._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _target(row: Model, name: str) -> type[Model] | None:
    """The model a field points to."""
    field = _field(row, name)
    if field is None:
        return None
    if isinstance(field, ForeignKey) or field.many_to_many:
        return field.related_model  # type: ignore[return-value]
    return None


def _keys(value: Any) -> set[Any]:
    return set(value) if isinstance(value, list) else {value} if value is not None else set()


def _change(row: Model, name: str, values: list[Any] | None, names: Names) -> Change:
    field = _field(row, name)
    label = capfirst(str(getattr(field, "verbose_name", name)))
    if values is None:
        return Change(label, None, None)
    before, after = (_shown(row, name, value, names) for value in values)
    return Change(label, before, after)


def _part_change(part: Part, values: list[Any]) -> Change:
    before, after = (part.values.get(value, "–") for value in values)
    return Change(part.label, before, after)


def shown_value(row: Model, name: str) -> str:
    """The value of a field of `row` as the history would write it."""
    return _shown(row, name, values_of(row).get(name), {})


def _shown(row: Model, name: str, value: Any, names: Names) -> str:
    """A value of history in words, « – » for none."""
    if value is None or value in ("", [], {}):
        return "–"
    if _target(row, name) is not None:
        return ", ".join(names.get((name, key), f"#{key}") for key in sorted(_keys(value)))
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        words = LIST_WORDS.get((type(row), name), dict)()
        return ", ".join(_item(each, words) for each in value)
    if isinstance(value, dict):
        texts = (value.get(code) for code, _name in settings.LANGUAGES)
        return " / ".join(text for text in texts if text) or str(LazyI18nString(value))
    choices = dict(getattr(_field(row, name), "flatchoices", ()))
    if moment := _moment(value):
        return date_format(moment, "DATETIME_FORMAT")
    day = parse_date(value) if isinstance(value, str) and len(value) == 10 else None
    return long_date(day) if isinstance(day, date) else str(choices.get(value, value))


def _moment(value: Any) -> datetime | None:
    """A moment of the history where the institution is, if `value` is one."""
    is_moment = isinstance(value, str) and value[10:11] == "T"
    found = parse_datetime(value) if is_moment else None
    return timezone.localtime(found) if found and timezone.is_aware(found) else None


def _item(value: Any, words: Any) -> str:
    """One of a list: a choice of a question has a label in each language."""
    if isinstance(value, dict):
        return str(LazyI18nString(value.get("label", value)))
    return str(words.get(value, value))
