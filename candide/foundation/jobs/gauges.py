from collections import Counter
from datetime import datetime

from django_tasks_db.models import DBTaskResult

from candide.core.gauges import gauge
from candide.foundation.jobs.domain.watching import living_workers, troubles
from candide.foundation.jobs.enums import TroubleKind


@gauge("candide_workers", "Worker processes that gave a sign of life within two minutes.")
def workers(now: datetime) -> int:
    return living_workers(now=now).count()


@gauge("candide_tasks_waiting", "Tasks of the queue that no worker has begun.")
def tasks_waiting(now: datetime) -> int:
    return DBTaskResult.objects.ready().count()


@gauge("candide_jobs_in_trouble", "Jobs whose last run failed, or that are late.", label="trouble")
def jobs_in_trouble(now: datetime) -> dict[str, float]:
    found = Counter(str(trouble.kind) for trouble in troubles(now=now))
    return {str(kind): found[kind] for kind in TroubleKind.values}
