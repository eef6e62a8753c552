"""Subscriptions: made, tried, stopped, resumed, deleted."""

import secrets
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker, refuse_if
from candide.foundation.history.domain.log import log
from candide.institution.catalogue.models import ApplicationCentre
from candide.integrations.webhooks import address_problem
from candide.reporting.webhooks.enums import ADDRESS_PROBLEMS, TEST, Event, WebhookEvent
from candide.reporting.webhooks.models import Delivery, Subscription


@dataclass(frozen=True)
class Wish:
    """A subscription as it is asked for; `centre` None is the whole institution."""

    name: str
    url: str
    events: Sequence[Event]
    centre: ApplicationCentre | None = None


def subscribing_blockers(wish: Wish, *, is_trial: bool) -> list[Blocker]:
    """Why there is no such subscription. Where this `is_trial`, addresses need not be of the
    world, nor encrypted."""
    return [*_address(wish, is_trial), *_events(wish)]


@transaction.atomic
def subscribe(wish: Wish, *, is_trial: bool, by: Any, now: datetime) -> Subscription:
    """A subscription, with a secret of its own."""
    refuse_if(subscribing_blockers(wish, is_trial=is_trial))
    made = Subscription.objects.create(
        name=wish.name,
        url=wish.url,
        events=sorted(wish.events),
        centre=wish.centre,
        secret=secrets.token_urlsafe(32),
        made_at=now,
        made_by=by,
    )
    centre = wish.centre.pk if wish.centre else None
    log(made, WebhookEvent.MADE, by=by, events=made.events, centre=centre)
    return made


@transaction.atomic
def switch(subscription: Subscription, *, is_active: bool, by: Any) -> None:
    """Tell it nothing any more, or again; what happens meanwhile is not told later."""
    subscription = Subscription.objects.all().locked(subscription.pk)
    if subscription.is_active == is_active:
        return
    subscription.is_active = is_active
    subscription.save(update_fields=["is_active"])
    log(subscription, WebhookEvent.RESUMED if is_active else WebhookEvent.STOPPED, by=by)


@transaction.atomic
def try_out(subscription: Subscription, *, by: Any, now: datetime) -> Delivery:
    """A call of its own kind, signed as all are, that tells of nothing. Raises `Refused`."""
    subscription = Subscription.objects.all().locked(subscription.pk)
    refuse_if(trying_blockers(subscription))
    key = uuid.uuid4()
    log(subscription, WebhookEvent.TRIED, by=by)
    return Delivery.objects.create(
        subscription=subscription,
        key=key,
        event=TEST,
        body={"id": str(key), "event": TEST, "at": now.isoformat()},
        at=now,
        next_attempt_at=now,
    )


def trying_blockers(subscription: Subscription) -> list[Blocker]:
    """Why it is not called for a test."""
    if subscription.is_active:
        return []
    return [Blocker("stopped", _("It is stopped: resume it first."))]


@transaction.atomic
def unsubscribe(subscription: Subscription, *, by: Any) -> None:
    """Delete it with the traces of its calls; the history keeps its name. Raises `Refused`."""
    subscription = Subscription.objects.all().locked(subscription.pk)
    refuse_if(unsubscribing_blockers(subscription))
    log(subscription, WebhookEvent.DELETED, by=by, changes={"name": [subscription.name, None]})
    subscription.delete()


def unsubscribing_blockers(subscription: Subscription) -> list[Blocker]:
    """Why it is not deleted."""
    if not subscription.is_active:
        return []
    return [Blocker("active", _("It is in service: stop it first."))]


def _address(wish: Wish, is_trial: bool) -> Iterator[Blocker]:
    if problem := address_problem(wish.url, is_trial=is_trial):
        yield Blocker(f"address_{problem}", ADDRESS_PROBLEMS[problem], "field:url")


def _events(wish: Wish) -> Iterator[Blocker]:
    if not wish.events:
        yield Blocker("no_event", _("Choose what it is told of."), "field:events")
