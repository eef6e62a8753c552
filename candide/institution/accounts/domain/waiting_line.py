"""The waiting line (« file d'attente »): at a peak, when as many candidates are at work as the
institution says, those who arrive wait and are let in in their order. Whoever is inside stays
inside, and staff never wait. Nothing of it is asked while the institution says no number."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from candide.institution.accounts.models import PlaceInLine, User, Visit

AT_WORK = timedelta(minutes=10)
# A page in line comes back every twenty seconds, and may miss some of them.
GONE_AFTER = timedelta(seconds=90)
# Whoever signs in again so soon after being let in does not wait anew.
STAYS_IN = timedelta(minutes=30)
FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class Turn:
    """Where somebody stands in line; nobody is before the first."""

    is_in: bool
    ahead: int = 0

    @property
    def position(self) -> int:
        return self.ahead + 1


@transaction.atomic
def take_turn(user: User, *, most: int, now: datetime) -> Turn:
    """Keep the place of `user`, and let them in if it is their turn: one comes in for each who
    stopped working."""
    place = _place_of(user, now=now)
    if place.let_in_at is not None:
        return Turn(is_in=True)
    waiting = PlaceInLine.objects.filter(let_in_at=None, seen_at__gt=now - GONE_AFTER)
    ahead = waiting.filter(pk__lt=place.pk).count()
    if ahead >= most - at_work(now=now):
        return Turn(is_in=False, ahead=ahead)
    place.let_in_at = now
    place.save(update_fields=["let_in_at"])
    return Turn(is_in=True)


def _place_of(user: User, *, now: datetime) -> PlaceInLine:
    """The one there is, unless it was lost; else the last."""
    place = PlaceInLine.objects.select_for_update().filter(user=user).first()
    if place is not None and _is_lost(place, now=now):
        place.delete()
        place = None
    if place is None:
        return PlaceInLine.objects.get_or_create(user=user, defaults={"seen_at": now})[0]
    place.seen_at = now
    place.save(update_fields=["seen_at"])
    return place


def _is_lost(place: PlaceInLine, *, now: datetime) -> bool:
    if place.let_in_at is not None:
        return place.let_in_at < now - STAYS_IN
    return place.seen_at < now - GONE_AFTER


def at_work(*, now: datetime) -> int:
    """How many candidates are inside, and did something in the last ten minutes."""
    staff = User.objects.filter(file_number=None).values("pk")
    in_line = PlaceInLine.objects.filter(let_in_at=None).values("user")
    lately = Visit.objects.filter(seen_at__gt=now - AT_WORK, account_id__isnull=False)
    inside = lately.exclude(account_id__in=staff).exclude(account_id__in=in_line)
    seen = set(inside.values_list("account_id", flat=True))
    # Let in a moment ago: the visit may not say yet that they are there.
    entered = PlaceInLine.objects.filter(let_in_at__gt=now - GONE_AFTER)
    return len(seen | set(entered.values_list("user", flat=True)))


def in_line(*, now: datetime) -> int:
    """How many wait now."""
    return PlaceInLine.objects.filter(let_in_at=None, seen_at__gt=now - GONE_AFTER).count()


def old_places(*, now: datetime) -> QuerySet[PlaceInLine]:
    """Places nobody asks about any more."""
    return PlaceInLine.objects.filter(seen_at__lt=now - FORGOTTEN_AFTER)
