"""What this room does again and again: it watches over the jobs."""

from datetime import datetime

from candide.foundation.jobs.registry import sweep
from candide.institution.access.domain.alerting import tell_of_troubles


@sweep("watch-jobs", every=60)
def watch_jobs(now: datetime) -> int:
    """Troubles are told once, so none is left to be called again for."""
    tell_of_troubles(now=now)
    return 0
