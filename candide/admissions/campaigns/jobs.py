"""The jobs of this room."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from candide.admissions.campaigns.domain.switching import archive_late, due, switch
from candide.foundation.jobs.registry import job


@job(
    "switch-campaigns",
    every=timedelta(minutes=5),
    title=_("Switch to the campaigns whose moment has come, archive the others"),
)
def switch_campaigns(now: datetime, run: Any) -> None:
    run.each(due(now=now), lambda pk: switch(pk, now=now))
    run.count(late=archive_late(now=now))
