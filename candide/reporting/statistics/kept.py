"""Reading what was kept of the figures of a campaign whose applications were destroyed."""

from collections import Counter
from datetime import date

from candide.institution.catalogue.models import Campaign
from candide.reporting.statistics.figures import FIGURES, Numbers
from candide.reporting.statistics.models import KeptFigures, KeptPeople
from candide.reporting.statistics.scope import Scope


def _kept(scope: Scope) -> list[KeptFigures]:
    return list(KeptFigures.objects.filter(intake__in=scope.intakes().order_by()))


def kept_numbers(scope: Scope) -> dict[int, Numbers]:
    """As `numbers_by_intake`; a figure that did not exist yet counts nothing."""
    return {
        each.intake_id: {figure.code: each.numbers.get(figure.code, 0) for figure in FIGURES}
        for each in _kept(scope)
    }


def kept_days(scope: Scope, what: str) -> Counter[date]:
    found: Counter[date] = Counter()
    for each in _kept(scope):
        for day, number in each.days.get(what, {}).items():
            found[date.fromisoformat(day)] += number
    return found


def kept_delays(scope: Scope) -> dict[int, Counter[int]]:
    return {
        each.intake_id: Counter({int(days): number for days, number in each.delays.items()})
        for each in _kept(scope)
        if each.delays
    }


def kept_candidates(scope: Scope, kept: KeptPeople) -> int:
    """Of the narrowest place; without one, of everything, or of the centres somebody reaches, in
    which whoever applied in several counts several times."""
    for place in ("intake", "commission", "centre"):
        if key := getattr(scope, place):
            return kept.candidates.get(f"{place}:{key}", 0)
    if scope.is_whole:
        return kept.candidates.get("all", 0)
    commissions = set(scope.intakes().order_by().values_list("programme__commission", flat=True))
    return sum(kept.candidates.get(f"commission:{key}", 0) for key in commissions)


def kept_people(campaign: Campaign) -> KeptPeople | None:
    return KeptPeople.objects.filter(campaign=campaign).first()
