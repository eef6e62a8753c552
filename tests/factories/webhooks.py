import uuid
from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from candide.reporting.webhooks import models
from candide.reporting.webhooks.enums import DeliveryState, Event

HAPPENED_AT = datetime(2027, 3, 15, 8, 0, tzinfo=UTC)


class SubscriptionFactory(DjangoModelFactory):
    """Told of everything, everywhere."""

    class Meta:
        model = models.Subscription

    name = factory.Sequence(lambda n: f"Application {n}")
    url = "https://scolarite.example.org/candide"
    events = factory.LazyFunction(lambda: list(Event.values))
    secret = "secret"
    made_at = HAPPENED_AT


class DeliveryFactory(DjangoModelFactory):
    """Waits to be made."""

    class Meta:
        model = models.Delivery

    class Params:
        done = factory.Trait(state=DeliveryState.DONE, attempts=1, done_at=HAPPENED_AT)
        given_up = factory.Trait(
            state=DeliveryState.GIVEN_UP, attempts=8, last_error="ConnectionRefusedError"
        )

    subscription = factory.SubFactory(SubscriptionFactory)
    key = factory.LazyFunction(uuid.uuid4)
    event = Event.TRANSMITTED
    body = factory.LazyAttribute(lambda call: {"event": str(call.event), "application": 42})
    at = HAPPENED_AT
    next_attempt_at = HAPPENED_AT
