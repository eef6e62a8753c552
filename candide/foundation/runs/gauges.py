from datetime import datetime

from candide.core.gauges import gauge
from candide.foundation.runs.domain.working import AT_WORK, TO_DO
from candide.foundation.runs.models import Run, RunItem


@gauge("candide_runs_at_work", "Long works (bulk actions) being examined or done.")
def runs_at_work(now: datetime) -> int:
    return Run.objects.filter(state__in=AT_WORK).count()


@gauge("candide_run_items_waiting", "Items of long works still to be examined or done.")
def run_items_waiting(now: datetime) -> int:
    return sum(
        RunItem.objects.filter(run__state=state, state=waiting).count()
        for state, waiting in TO_DO.items()
    )
