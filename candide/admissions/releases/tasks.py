"""Makes the preparing known to the worker, and has it do what is planned at its hour."""

from datetime import datetime

from django.utils import timezone

from candide.admissions.releases.domain.planning import SPUR
from candide.admissions.releases.domain.preparing import LONG_WORK
from candide.admissions.releases.domain.releasing import carry_out, due
from candide.core.tasks import handler
from candide.foundation.jobs.registry import sweep
from candide.foundation.runs.registry import register_kind

register_kind(LONG_WORK)


@handler(SPUR)
def release_one(pk: int) -> None:
    carry_out(pk, now=timezone.now())  # noqa: TID251 -- the edge


@sweep("releases", every=5)
def release_due(now: datetime) -> int:
    """Releases whose hour has come."""
    return sum(carry_out(pk, now=now) for pk in due(now=now))
