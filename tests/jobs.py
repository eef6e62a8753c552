"""Having a job do its work, without a schedule and without a worker."""

from datetime import datetime

from candide.foundation.jobs.domain.running import Run
from candide.foundation.jobs.models import JobRun
from candide.foundation.jobs.registry import find_job


def counted(code: str, *, now: datetime) -> dict[str, int]:
    """What a run of the job counted."""
    row = JobRun(job=code, due_at=now)
    run = Run(row, clock=lambda: now, stopping=lambda: False)
    find_job(code).function(now, run)
    return dict(run.counts)
