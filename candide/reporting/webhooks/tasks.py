from datetime import datetime

from django.conf import settings
from django.utils import timezone

from candide.foundation.backups.registry import once_restored
from candide.foundation.history.domain.log import heard_by
from candide.foundation.jobs.registry import sweep
from candide.reporting.webhooks.domain.calling import call_due, hold_restored
from candide.reporting.webhooks.domain.publishing import publish

heard_by(publish)


@sweep("webhooks", every=5)
def call_subscribers(now: datetime) -> int:
    """Make the calls that are due; the clock is read for each, others may answer slowly."""
    return call_due(clock=timezone.now, is_trial=settings.DEMO)  # noqa: TID251 -- the edge


@once_restored("webhook calls that waited are given up, for administrators to make again or not")
def hold_calls(now: datetime) -> int:
    return hold_restored()
