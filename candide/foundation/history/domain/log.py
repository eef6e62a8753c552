"""The only way into the history."""

from typing import Any

from django.db.models import Model, QuerySet

from candide.foundation.history.models import HistoryEntry


def log(subject: Model, event: str, *, by: Any = None, **data: Any) -> HistoryEntry:
    """Write that `by` (a user, None for the system) did `event` (a TextChoices member) to
    `subject`. `data` holds JSON values: ids, codes, dates; never names, addresses or free text."""
    return HistoryEntry.objects.create(
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        event=event,
        by_id=by.pk if by is not None else None,
        data=data,
    )


def entries_about(subject: Model) -> QuerySet[HistoryEntry]:
    """What happened to `subject`, newest first."""
    return HistoryEntry.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=subject.pk
    ).order_by("-at", "-pk")
