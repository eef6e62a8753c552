"""The jobs of this room."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from candide.admissions.applications.domain.counting import mend_numbers, miscounted
from candide.foundation.jobs.registry import job


@job(
    "count-documents",
    at="04:10",
    title=_("Count the documents anew where their numbers are wrong"),
)
def count_anew(now: datetime, run: Any) -> None:
    """As they may be after an upgrade, during which the version before did not count."""
    candidates = miscounted().order_by("candidate").values_list("candidate", flat=True).distinct()
    run.each(list(candidates), mend_numbers)
