"""People, before they are applications: accounts, files, candidates."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q

from candide.admissions.candidates.models import Candidate
from candide.core.clock import start_of
from candide.institution.accounts.models import User
from candide.reporting.statistics.scope import Scope


@dataclass(frozen=True)
class People:
    """`accounts` opened during the campaign and `files` begun in them, known for the whole
    institution only; `candidates` who applied and did not cancel everything."""

    accounts: int | None
    files: int | None
    candidates: int


def people_of(scope: Scope) -> People:
    """Three queries at most."""
    candidates = (
        scope.applications().filter(cancelled_at=None).values("candidate").distinct().count()
    )
    if not scope.is_whole:
        return People(None, None, candidates)
    campaign = scope.campaign
    opened = Q(created_at__gte=start_of(campaign.starts_on)) & Q(
        created_at__lt=start_of(campaign.ends_on + timedelta(days=1))
    )
    accounts = User.objects.filter(opened, file_number__isnull=False)
    files = Candidate.objects.filter(user__in=accounts)
    return People(accounts.count(), files.count(), candidates)
