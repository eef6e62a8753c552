"""The jobs of this room."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from candide.foundation.jobs.registry import job, keeps_out, keeps_runs
from candide.institution.catalogue.domain.search import refresh_search_text
from candide.institution.catalogue.domain.service import mode_of
from candide.institution.catalogue.enums import ServiceMode
from candide.institution.catalogue.models import Institution


@job(
    "refresh-search", at="04:40", title=_("Have the catalogue find centres and types by new names")
)
def refresh_search(now: datetime, run: Any) -> None:
    run.count(changed=refresh_search_text())


@keeps_out
def in_maintenance() -> bool:
    """Nobody but administrators can answer [HOME-10]."""
    now = timezone.now()  # noqa: TID251 -- the edge: the worker asks each minute
    return mode_of(Institution.current(), now=now) != ServiceMode.OPEN


@keeps_runs
def as_the_institution_wants() -> timedelta:
    """Those who look after jobs read so far back."""
    return timedelta(days=Institution.current().job_history_days)
