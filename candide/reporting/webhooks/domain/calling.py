"""Calling those who subscribed: each call is claimed, made, and settled alone; one that fails is
made again after growing waits, then given up until somebody has it made again."""

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from candide.foundation.history.domain.log import log
from candide.integrations.webhooks import NotCalled, post
from candide.reporting.webhooks.enums import DeliveryState, WebhookEvent
from candide.reporting.webhooks.models import Delivery, Subscription

LEASE = timedelta(minutes=2)
WAITS = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 30, 2 * 60, 6 * 60, 12 * 60, 24 * 60)
)
KEPT_DONE, KEPT_GIVEN_UP = timedelta(days=30), timedelta(days=90)
Clock = Callable[[], datetime]


def call_due(*, clock: Clock, is_trial: bool, limit: int = 20) -> int:
    """Make up to `limit` calls that are due; how many."""
    made = 0
    while made < limit and (delivery := claim(now=clock())) is not None:
        made += 1
        _settle(delivery, _attempt(delivery, now=clock(), is_trial=is_trial), now=clock())
    return made


def claim(*, now: datetime) -> Delivery | None:
    """Make the next call that is due ours. A subscription that is stopped is not called."""
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    due = Delivery.objects.filter(
        free,
        state=DeliveryState.WAITING,
        next_attempt_at__lte=now,
        subscription__is_active=True,
    )
    if not due.exists():
        return None
    with transaction.atomic():
        delivery = (
            due.select_for_update(skip_locked=True, of=("self",))
            .select_related("subscription")
            .order_by("next_attempt_at", "pk")
            .first()
        )
        if delivery is not None:
            delivery.leased_until = now + LEASE
            delivery.attempts += 1
            delivery.save(update_fields=["leased_until", "attempts"])
    return delivery


def signature(secret: str, *, timestamp: int, body: bytes) -> str:
    """HMAC-SHA256 over the timestamp, a dot, and the body: nobody else made it, nor then."""
    signed = f"{timestamp}.".encode() + body
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


@transaction.atomic
def replay(deliveries: QuerySet[Delivery], *, of: Subscription, by: Any, now: datetime) -> int:
    """Have calls made again that were made, or given up; how many."""
    count = (
        deliveries.filter(subscription=of)
        .exclude(state=DeliveryState.WAITING)
        .update(state=DeliveryState.WAITING, attempts=0, next_attempt_at=now, leased_until=None)
    )
    if count:
        log(of, WebhookEvent.REPLAYED, by=by, number=count)
    return count


def old_calls(*, now: datetime) -> QuerySet[Delivery]:
    """The traces of calls made a while ago."""
    done = Q(state=DeliveryState.DONE, at__lt=now - KEPT_DONE)
    given_up = Q(state=DeliveryState.GIVEN_UP, at__lt=now - KEPT_GIVEN_UP)
    return Delivery.objects.filter(done | given_up)


def hold_restored() -> int:
    """After a backup was put back: what waited then may have been told since. It is given up, to
    be looked at; how many."""
    waiting = Delivery.objects.filter(state=DeliveryState.WAITING)
    return waiting.update(state=DeliveryState.GIVEN_UP, last_error="restored from a backup")


def _attempt(delivery: Delivery, *, now: datetime, is_trial: bool) -> str:
    """Make a call; why it failed, or nothing."""
    subscription = delivery.subscription
    content = json.dumps(delivery.body, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    body, timestamp = content.encode(), int(now.timestamp())
    mark = signature(subscription.secret, timestamp=timestamp, body=body)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Candide-Event": delivery.event,
        "Candide-Delivery": str(delivery.key),
        "Candide-Signature": f"t={timestamp},v1={mark}",
    }
    try:
        status = post(subscription.url, body, headers, is_trial=is_trial)
    except NotCalled as error:
        return str(error)
    return "" if 200 <= status < 300 else f"HTTP {status}"


def _settle(delivery: Delivery, problem: str, *, now: datetime) -> None:
    changes: dict[str, Any] = {"leased_until": None, "last_error": problem[:200]}
    if not problem:
        changes |= {"state": DeliveryState.DONE, "done_at": now}
    elif delivery.attempts > len(WAITS):
        changes |= {"state": DeliveryState.GIVEN_UP}
    else:
        changes |= {"next_attempt_at": now + WAITS[delivery.attempts - 1]}
    # Somebody else may hold it by now, if this took longer than the lease.
    Delivery.objects.filter(pk=delivery.pk, leased_until=delivery.leased_until).update(**changes)
