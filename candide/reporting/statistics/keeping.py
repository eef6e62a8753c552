"""The figures of a campaign, written down before its applications are destroyed
[administration 3.5]."""

from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncDate

from candide.admissions.applications.models import Application
from candide.institution.catalogue.models import Campaign, Intake
from candide.reporting.statistics.delays import delays_of
from candide.reporting.statistics.lines import numbers_of
from candide.reporting.statistics.models import KeptFigures, KeptPeople
from candide.reporting.statistics.moments import MOMENTS
from candide.reporting.statistics.people import opened_in

PLACES = {
    "centre": "intake__programme__commission__centre",
    "commission": "intake__programme__commission",
    "intake": "intake",
}


def keep_figures(campaign: Campaign) -> None:
    """Write down every figure of every opening, and the people; a few queries in all."""
    applications = Application.objects.filter(intake__campaign=campaign)
    numbers = numbers_of(applications)
    days = {what: _days(applications, moment) for what, moment in MOMENTS.items()}
    delays = delays_of(applications)
    KeptFigures.objects.bulk_create(
        KeptFigures(
            intake_id=pk,
            numbers=numbers.get(pk, {}),
            days={what: by_intake.get(pk, {}) for what, by_intake in days.items()},
            delays={str(waited): n for waited, n in delays.get(pk, {}).items()},
        )
        for pk in Intake.objects.filter(campaign=campaign)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    accounts, files = opened_in(campaign)
    KeptPeople.objects.create(
        campaign=campaign, accounts=accounts, files=files, candidates=_candidates(applications)
    )


def _days(applications: Any, moment: str) -> dict[int, dict[str, int]]:
    rows = (
        applications.filter(cancelled_at=None, **{f"{moment}__isnull": False})
        .order_by()
        .annotate(day=TruncDate(moment))
        .values("intake", "day")
        .annotate(number=Count("pk"))
    )
    found: dict[int, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row["intake"], {})[row["day"].isoformat()] = row["number"]
    return found


def _candidates(applications: Any) -> dict[str, int]:
    live = applications.filter(cancelled_at=None).order_by()
    found = {"all": live.values("candidate").distinct().count()}
    for place, lookup in PLACES.items():
        rows = live.values(lookup).annotate(number=Count("candidate", distinct=True))
        found |= {f"{place}:{row[lookup]}": row["number"] for row in rows}
    return found
