"""The jobs of this room: it forgets what nobody looks at any more."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from candide.foundation.jobs.domain.pruning import prune
from candide.foundation.jobs.registry import job


@job(
    "prune-traces", at="04:10", title=_("Forget ended sessions, old runs of jobs and signs of life")
)
def prune_traces(now: datetime, run: Any) -> None:
    run.count(**prune(now=now))
