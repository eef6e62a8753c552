"""The job of this room."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from candide.foundation.jobs.registry import job
from candide.foundation.runs.domain.pruning import prune


@job("forget-runs", at="04:30", title=_("Forget actions never confirmed and old reports"))
def forget_runs(now: datetime, run: Any) -> None:
    run.count(**prune(now=now))
