from datetime import datetime

from django.utils import timezone

from candide.core.tasks import handler
from candide.foundation.jobs.registry import sweep
from candide.foundation.runs.domain.asking import SPUR
from candide.foundation.runs.domain.working import work


@handler(SPUR)
def work_on_one(pk: int) -> None:
    """The first batch at once; the sweep goes on."""
    work(clock=timezone.now, only=pk)  # noqa: TID251 -- the edge


@sweep("runs", every=2)
def work_on_next(now: datetime) -> int:
    return work(clock=timezone.now)  # noqa: TID251 -- the edge
