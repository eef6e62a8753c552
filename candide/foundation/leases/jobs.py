"""The job of this room."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from candide.foundation.jobs.registry import job
from candide.foundation.leases.domain.leasing import forget_ended
from candide.foundation.leases.domain.presence import forget_gone


@job("forget-leases", at="04:20", title=_("Forget editing leases that ended"))
def forget_leases(now: datetime, run: Any) -> None:
    run.count(leases=forget_ended(now=now), presences=forget_gone(now=now))
