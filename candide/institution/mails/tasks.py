from datetime import datetime

from django.utils import timezone

from candide.foundation.backups.registry import once_restored
from candide.foundation.jobs.registry import sweep
from candide.institution.mails.domain.outbox import hold_restored
from candide.institution.mails.domain.sending import send_due


@sweep("mails", every=2)
def send_mails(now: datetime) -> int:
    """Send what is queued; the clock is read again for each mail, a slow server takes its time."""
    return send_due(clock=timezone.now, limit=20)  # noqa: TID251 -- the edge


@once_restored("mails that waited are held in the outbox, for staff to send again or not")
def hold_mails(now: datetime) -> int:
    return hold_restored()
