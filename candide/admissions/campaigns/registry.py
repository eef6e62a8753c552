"""What is kept of a campaign when its applications are destroyed. Rooms above register here."""

from collections.abc import Callable

from candide.institution.catalogue.models import Campaign

Keeper = Callable[[Campaign], None]

_keepers: list[Keeper] = []


def keeps(function: Keeper) -> Keeper:
    """Register `f(campaign)`, called once, in the transaction in which its destruction begins:
    nothing is destroyed yet. What it keeps says nothing of anybody in person."""
    _keepers.append(function)
    return function


def keep_of(campaign: Campaign) -> None:
    for keeper in _keepers:
        keeper(campaign)
