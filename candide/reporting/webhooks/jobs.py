"""The job of this room."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from candide.foundation.jobs.registry import job
from candide.reporting.webhooks.domain.calling import forget


@job("forget-calls", at="04:55", title=_("Forget calls of other systems made a while ago"))
def forget_calls(now: datetime, run: Any) -> None:
    run.count(forgotten=forget(now=now))
