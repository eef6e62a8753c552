"""The job of this room."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from candide.foundation.jobs.registry import job
from candide.institution.tokens.domain.once import old_answers


@job("forget-answers", at="04:50", title=_("Forget what programs were answered days ago"))
def forget_answers(now: datetime, run: Any) -> None:
    run.delete(old_answers(now=now), named="forgotten")
