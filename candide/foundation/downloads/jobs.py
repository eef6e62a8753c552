"""The job of this room."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from candide.foundation.downloads.domain.cleaning import expire, expired, remembered_enough
from candide.foundation.jobs.registry import job


@job("expire-downloads", at="04:40", title=_("Delete exports whose time is over"))
def expire_downloads(now: datetime, run: Any) -> None:
    run.each(list(expired(now=now).values_list("pk", flat=True)), expire)
    run.delete(remembered_enough(now=now), named="forgotten")
