"""Who looks at the same thing now: a sign of life every twenty seconds, forgotten soon after. It
keeps nobody out."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from candide.foundation.leases.models import Presence

GONE_AFTER = timedelta(seconds=50)


def seen_here(resource: str, *, by: Any, now: datetime) -> None:
    """`by` has `resource` open."""
    Presence.objects.update_or_create(resource=resource, person_id=by.pk, defaults={"seen_at": now})


def others_at(resource: str, *, but: Any, now: datetime) -> Sequence[int]:
    """Ids of those who have `resource` open now, whoever came first first."""
    here = Presence.objects.filter(resource=resource, seen_at__gt=now - GONE_AFTER)
    return list(here.exclude(person_id=but.pk).order_by("pk").values_list("person_id", flat=True))


def forget_gone(*, now: datetime) -> int:
    """Delete signs of life that are long past; how many."""
    return Presence.objects.filter(seen_at__lt=now - 10 * GONE_AFTER).delete()[0]
