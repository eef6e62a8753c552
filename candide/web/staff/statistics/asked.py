"""What an address asks of the statistics: the campaign, narrower, out of service too, an order."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils import timezone

from candide.core.clock import localdate
from candide.core.text import whole_number
from candide.institution.catalogue.models import Campaign
from candide.reporting.statistics.scope import (
    Scope,
    campaigns,
    intakes_in_reach,
    usual_campaign,
)

KEPT = ("campaign", "centre", "commission", "all", "q", "sort")


@dataclass(frozen=True)
class Asked:
    """`scope` is None where there is no campaign yet."""

    scope: Scope | None
    campaigns: list[Campaign]
    centres: list[tuple[int, str]]
    commissions: list[tuple[int, str]]
    q: str
    sort: str
    data: Any
    today: date

    def query(self, **changes: Any) -> str:
        """The address again, with something else in it (None: without it)."""
        kept = QueryDict(mutable=True)
        for name in KEPT:
            value = changes.get(name, self.data.get(name, ""))
            if value:
                kept[name] = str(value)
        return kept.urlencode()


def asked_of(request: HttpRequest) -> Asked:
    """What is not in reach narrows nothing; two queries."""
    today = localdate(timezone.now())
    data, known = request.GET, campaigns()
    wanted = whole_number(data.get("campaign"))
    campaign = next(
        (each for each in known if each.pk == wanted), usual_campaign(known, today=today)
    )
    centres, commissions = _places(request.user)
    scope = None
    if campaign is not None:
        scope = Scope(
            request.user,
            campaign,
            centre=_chosen(data.get("centre"), centres),
            commission=_chosen(data.get("commission"), commissions),
            with_closed=data.get("all") == "1",
        )
    return Asked(
        scope,
        known,
        sorted(centres.items(), key=lambda one: one[1]),
        sorted(commissions.items(), key=lambda one: one[1]),
        data.get("q", "").strip()[:80],
        data.get("sort", ""),
        data,
        today,
    )


def _places(user: Any) -> tuple[dict[int, str], dict[int, str]]:
    """The centres and commissions in reach, by name."""
    rows = intakes_in_reach(user).values_list(
        "programme__commission__centre_id",
        "programme__commission__centre__name",
        "programme__commission_id",
        "programme__commission__name",
    )
    centres, commissions = {}, {}
    for centre, centre_name, commission, name in rows.distinct():
        centres[centre] = str(centre_name)
        commissions[commission] = str(name)
    return centres, commissions


def _chosen(text: str | None, known: dict[int, str]) -> int | None:
    wanted = whole_number(text)
    return wanted if wanted in known else None
