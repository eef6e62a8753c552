"""The end of a campaign: archived in one transaction, and later destroyed, some applications at
a time. How long one takes is compared with the same at 1,000 applications."""

import os
from collections.abc import Iterator
from typing import Any

from bench_grid import with_few
from bench_measuring import Line, seconds, use_copy, use_database

SAMPLE = int(os.environ.get("SAMPLE") or 300)
MOST_SECONDS, MOST_TIMES = 30.0, 1.5


def measure_campaigns() -> Iterator[Line]:
    from django.db import connection

    many = connection.settings_dict["NAME"]
    campaign = largest()
    number, took = switched(campaign)
    yield Line(f"switch that archives {number} applications", {"s": took}, {"s": MOST_SECONDS})
    yield Line(f"keeping the figures of {number}", {"s": began(campaign)}, {"s": MOST_SECONDS})
    of_many = destroyed(campaign)
    with_few().use()
    use_copy("destroyed")
    few = largest()
    switched(few), began(few)
    of_few = destroyed(few)
    use_database(many)
    found = {"ms": of_many * 1000, "×": of_many / of_few, "min for all": of_many * number / 60}
    yield Line("destroying one application", found, {"×": MOST_TIMES})


def largest() -> Any:
    """The campaign with most applications."""
    from django.db.models import Count

    from candide.institution.catalogue.models import Campaign

    with_number = Campaign.objects.filter(is_active=True, archived_at=None)
    return with_number.alias(number=Count("intakes__applications")).order_by("-number")[0]


def switched(campaign: Any) -> tuple[int, float]:
    """How many were archived, and in what time."""
    from django.utils import timezone

    from candide.admissions.applications.models import Application
    from candide.admissions.campaigns.domain.switching import switch

    now = timezone.now()
    campaign.archive_at = now
    campaign.save(update_fields=["archive_at"])
    took = seconds(lambda: switch(campaign.pk, now=now))
    archived = Application.objects.filter(intake__campaign=campaign, archived_at=now)
    return archived.count(), took


def began(campaign: Any) -> float:
    """The time it takes to keep the figures."""
    from django.utils import timezone

    from candide.admissions.campaigns.domain.destroying import begin

    now = timezone.now()
    return seconds(lambda: begin(campaign.pk, now=now))


def destroyed(campaign: Any) -> float:
    """The time of one application on average, of some; with the accounts nobody uses any more."""
    from django.utils import timezone

    from candide.admissions.campaigns.domain.destroying import (
        TOGETHER,
        destroy_applications,
        left_of,
    )

    now = timezone.now()
    some = left_of(campaign.pk)[:SAMPLE]

    def destroy() -> None:
        for start in range(0, len(some), TOGETHER):
            destroy_applications(some[start : start + TOGETHER], now=now)

    return seconds(destroy) / len(some)
