"""The job of this room."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from candide.foundation.jobs.registry import job
from candide.institution.reference.domain.importing.tables import TABLES
from candide.institution.reference.domain.loading import compare_package_data


@job(
    "compare-reference",
    at="04:50",
    title=_("Compare reference data with those that come with Candide"),
)
def compare_reference(now: datetime, run: Any) -> None:
    """Counts what `candide prepare` would do after an upgrade, and does none of it [B-170]."""
    report = compare_package_data()
    counts = [report.total(table) for table in TABLES]
    run.count(
        to_add=sum(each.added for each in counts),
        to_change=sum(each.changed for each in counts),
        to_close=sum(report.closed.values()),
    )
