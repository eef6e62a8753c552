"""The offer as other sites and systems read it: programmes and openings, filtered [A-115]."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.db.models.functions import Greatest

from candide.core.text import fold
from candide.institution.catalogue.enums import Period
from candide.institution.catalogue.models import ApplicationCentre, Intake, Programme
from candide.institution.catalogue.models.programme import IntakeQuerySet


@dataclass(frozen=True)
class Wanted:
    """What of the offer is asked for, by codes; empty: all of it. Every word of `words` begins a
    word of the programme's names."""

    words: str = ""
    centre: str = ""
    diploma_type: str = ""
    kind: str = ""
    campaign: str = ""
    programme: str = ""
    period: str = ""


def published_intakes(wanted: Wanted, *, today: date) -> IntakeQuerySet:
    """The openings the catalogue shows."""
    named = {
        "programme__commission__centre__code": wanted.centre,
        "programme__diploma_type__code": wanted.diploma_type,
        "programme__kind__code": wanted.kind,
        "programme__code": wanted.programme,
        "campaign__code": wanted.campaign,
    }
    found = Intake.objects.on_offer().filter(
        *(_begins_a_word(word) for word in fold(wanted.words[:200]).split()),
        **{path: code for path, code in named.items() if code},
    )
    return found.filter(_during(wanted.period, today)) if wanted.period else found


def published_programmes(wanted: Wanted, *, today: date) -> QuerySet[Programme]:
    """The programmes of these openings, each with them as `offered`, the first to close first."""
    intakes = published_intakes(wanted, today=today)
    offered = intakes.with_offer().order_by("closes_on", "pk")
    return (
        Programme.objects.filter(pk__in=intakes.values("programme"))
        .select_related("commission__centre", "diploma_type", "kind")
        .prefetch_related(Prefetch("intakes", queryset=offered, to_attr="offered"))
    )


def published_centres() -> QuerySet[ApplicationCentre]:
    """The centres that offer something."""
    offered = Intake.objects.on_offer().values("programme__commission__centre")
    return ApplicationCentre.objects.filter(pk__in=offered)


def _begins_a_word(word: str) -> Q:
    words = "programme__search_text"
    return Q(**{f"{words}__startswith": word}) | Q(**{f"{words}__contains": f" {word}"})


def _during(period: str, today: date) -> Q:
    """`dates.period` for the database: the days of the opening and of its campaign both count."""
    first = Greatest("opens_on", "campaign__starts_on")
    begun = Q(opens_on__lte=today, campaign__starts_on__lte=today)
    is_open = begun & _lasts_until(today)
    is_soon = ~begun & _lasts_until(first)
    among = {Period.OPEN: is_open, Period.SOON: is_soon, Period.CLOSED: ~(is_open | is_soon)}
    return among[Period(period)]


def _lasts_until(day: Any) -> Q:
    """Opening, campaign, and what the campaign leaves to candidates last until `day`."""
    candidates = Q(campaign__candidates_until=None) | Q(campaign__candidates_until__gte=day)
    return candidates & Q(closes_on__gte=day, campaign__ends_on__gte=day)
