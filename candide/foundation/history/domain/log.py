"""The only way into the history."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.models import Model, QuerySet

from candide.foundation.history.models import HistoryEntry

_cause: ContextVar[dict[str, Any]] = ContextVar("history_cause", default={})  # noqa: B039 -- never changed


def log(subject: Model, event: str, *, by: Any = None, **data: Any) -> HistoryEntry:
    """Write that `by` (a user, None for the system) did `event` (a TextChoices member) to
    `subject`. `data` holds JSON values: ids, codes, dates; never names, addresses or free text."""
    return HistoryEntry.objects.create(
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


def entries_about(subject: Model) -> QuerySet[HistoryEntry]:
    """What happened to `subject`, newest first."""
    return HistoryEntry.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=subject.pk
    ).order_by("-at", "-pk")
