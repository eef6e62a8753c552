"""What happens is written down for those who subscribed, in the transaction in which it happens."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from candide.admissions.applications.enums import ApplicationEvent
from candide.admissions.applications.models import Application
from candide.admissions.decisions.enums import DecisionEvent
from candide.admissions.handover.enums import HandoverEvent
from candide.foundation.history.models import HistoryEntry
from candide.reporting.webhooks.enums import Event
from candide.reporting.webhooks.models import Delivery, Subscription

# What the history calls it, and what others are told.
PUBLISHED: dict[str, Event] = {
    ApplicationEvent.APPLIED: Event.APPLIED,
    ApplicationEvent.PROPOSED: Event.APPLIED,
    ApplicationEvent.TRANSMITTED: Event.TRANSMITTED,
    ApplicationEvent.STATUS_SET: Event.STATUS_SET,
    ApplicationEvent.CANCELLED: Event.CANCELLED,
    ApplicationEvent.RESTORED: Event.RESTORED,
    DecisionEvent.RELEASED: Event.RELEASED,
    DecisionEvent.PROMOTED: Event.RELEASED,
    DecisionEvent.ACCEPTED: Event.ACCEPTED,
    DecisionEvent.WITHDRAWN: Event.WITHDRAWN,
    DecisionEvent.AUTO_WITHDRAWN: Event.WITHDRAWN,
    HandoverEvent.ACCEPTED: Event.HANDED_OVER,
    HandoverEvent.REFUSED: Event.HANDOVER_REFUSED,
}
_TOGETHER = 500


def publish(said: Iterable[tuple[Model, HistoryEntry]]) -> None:
    """A call for each subscription that wants to hear of it. Costs one query where nobody does."""
    told = [
        (entry, PUBLISHED[entry.event])
        for subject, entry in said
        if entry.event in PUBLISHED and isinstance(subject, Application)
    ]
    if not told:
        return
    listening = list(Subscription.objects.filter(is_active=True).order_by("pk"))
    told = [pair for pair in told if any(pair[1] in each.events for each in listening)]
    places = _places([entry.subject_id for entry, _event in told])
    Delivery.objects.bulk_create(
        [
            _call(subscription, entry, event, places[entry.subject_id])
            for entry, event in told
            for subscription in listening
            if event in subscription.events
            and subscription.centre_id in {None, places[entry.subject_id]["centre_id"]}
        ],
        batch_size=_TOGETHER,
    )


def _places(keys: list[int]) -> dict[int, dict[str, Any]]:
    """What each application is for, and where."""
    found: dict[int, dict[str, Any]] = {}
    commission = "intake__programme__commission"
    for start in range(0, len(keys), _TOGETHER):
        rows = Application.objects.filter(pk__in=keys[start : start + _TOGETHER]).values_list(
            "pk",
            "intake_id",
            "intake__programme__code",
            f"{commission}__centre_id",
            f"{commission}__centre__code",
        )
        for pk, opening, programme, centre_id, centre in rows:
            body = {"opening": opening, "programme": programme, "centre": centre}
            found[pk] = {"centre_id": centre_id, "body": body}
    return found


def _call(
    subscription: Subscription, entry: HistoryEntry, event: Event, place: dict[str, Any]
) -> Delivery:
    key = uuid.uuid4()
    body = {
        "id": str(key),
        "event": event.value,
        "at": entry.at.isoformat(),
        "application": entry.subject_id,
        **place["body"],
    }
    return Delivery(
        subscription=subscription,
        key=key,
        event=event,
        body=body,
        at=entry.at,
        next_attempt_at=entry.at,
    )
