"""People, before they are applications: accounts, files, candidates."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q

from candide.admissions.candidates.models import Candidate
from candide.core.clock import start_of
from candide.institution.accounts.models import User
from candide.institution.catalogue.models import Campaign
from candide.reporting.statistics.kept import kept_candidates, kept_people
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
    kept = kept_people(scope.campaign) if scope.is_kept else None
    if kept is not None:
        accounts, files = (kept.accounts, kept.files) if scope.is_whole else (None, None)
        return People(accounts, files, kept_candidates(scope, kept))
    candidates = (
        scope.applications().filter(cancelled_at=None).values("candidate").distinct().count()
    )
    if not scope.is_whole:
        return People(None, None, candidates)
    return People(*opened_in(scope.campaign), candidates)


def opened_in(campaign: Campaign) -> tuple[int, int]:
    """The accounts opened during `campaign`, and the files begun in them."""
    opened = Q(created_at__gte=start_of(campaign.starts_on)) & Q(
        created_at__lt=start_of(campaign.ends_on + timedelta(days=1))
    )
    accounts = User.objects.filter(opened, file_number__isnull=False)
    files = Candidate.objects.filter(user__in=accounts)
    return accounts.count(), files.count()
