"""The only way into the history."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db.models import Exists, Model, OuterRef, QuerySet

from candide.foundation.history.models import HistoryEntry

Said = list[tuple[Model, HistoryEntry]]
Hearing = Callable[[Said], None]

_hearing: dict[Hearing, None] = {}  # in the order they came
_cause: ContextVar[dict[str, Any]] = ContextVar("history_cause", default={})  # noqa: B039 -- never changed


def log(subject: Model, event: str, *, by: Any = None, **data: Any) -> HistoryEntry:
    """Write that `by` (a user, None for the system) did `event` (a TextChoices member) to
    `subject`. `data` holds JSON values: ids, codes, dates; never names, addresses or free text."""
    entry = _entry(subject, event, by, data)
    entry.save()
    _tell([(subject, entry)])
    return entry


def log_many(said: Iterable[tuple[Model, dict[str, Any]]], event: str, *, by: Any = None) -> None:
    """`log` of the same event for many subjects, each with its own data, in one go."""
    entries = [(subject, _entry(subject, event, by, data)) for subject, data in said]
    HistoryEntry.objects.bulk_create([entry for _subject, entry in entries], batch_size=1000)
    _tell(entries)


def heard_by(hear: Hearing) -> Hearing:
    """Register a function that is given what is logged, in the same transaction: `hear([(subject,
    entry), …])`."""
    _hearing[hear] = None
    return hear


def _tell(said: Said) -> None:
    for hear in _hearing:
        hear(said)


def _entry(subject: Model, event: str, by: Any, data: dict[str, Any]) -> HistoryEntry:
    return HistoryEntry(
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        event=event,
        by_id=by.pk if by is not None else None,
        data={**_cause.get(), **data},
    )


@contextmanager
def caused_by(**data: Any) -> Iterator[None]:
    """Everything logged within says what it came from: `caused_by(run=12)`."""
    token = _cause.set({**_cause.get(), **data})
    try:
        yield
    finally:
        _cause.reset(token)


def happened_since(model: type[Model], moment: datetime) -> Exists:
    """For rows of `model`: whether anything happened to them from `moment` on."""
    entries = HistoryEntry.objects.filter(
        subject_type=model._meta.label_lower, subject_id=OuterRef("pk"), at__gte=moment
    )
    return Exists(entries)


def entries_about(subject: Model) -> QuerySet[HistoryEntry]:
    """What happened to `subject`, newest first."""
    return HistoryEntry.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=subject.pk
    ).order_by("-at", "-pk")
