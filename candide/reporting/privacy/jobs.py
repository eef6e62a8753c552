"""The jobs of this room."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from candide.foundation.jobs.registry import job
from candide.reporting.privacy.domain.reading_log import forget_readings


@job(
    "forget-readings", at="04:35", title=_("Forget who opened which dossier, once kept long enough")
)
def forget(now: datetime, run: Any) -> None:
    run.count(readings=forget_readings(now=now))
