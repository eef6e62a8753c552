"""Forgetting what nobody confirmed, and reports of long ago."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from candide.foundation.runs.models import Run

UNCONFIRMED = timedelta(days=7)
REPORTS = timedelta(days=400)


def never_confirmed(*, now: datetime) -> QuerySet[Run]:
    """Those nobody confirmed for days."""
    return Run.objects.filter(confirmed_at=None, created_at__lt=now - UNCONFIRMED)


def old_reports(*, now: datetime) -> QuerySet[Run]:
    """Those that ended long ago."""
    return Run.objects.filter(ended_at__lt=now - REPORTS)


def prune(*, now: datetime) -> dict[str, int]:
    """Delete old runs with their items; how many rows."""
    return {
        "unconfirmed": never_confirmed(now=now).delete()[0],
        "ended": old_reports(now=now).delete()[0],
    }
