"""Forgetting what nobody confirmed, and reports of long ago."""

from datetime import datetime, timedelta

from candide.foundation.runs.models import Run

UNCONFIRMED = timedelta(days=7)
REPORTS = timedelta(days=400)


def prune(*, now: datetime) -> dict[str, int]:
    """Delete old runs with their items; how many rows."""
    unconfirmed = Run.objects.filter(confirmed_at=None, created_at__lt=now - UNCONFIRMED)
    ended = Run.objects.filter(ended_at__lt=now - REPORTS)
    return {"unconfirmed": unconfirmed.delete()[0], "ended": ended.delete()[0]}
