from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from candide.admissions.applications.enums import Outcome
from candide.admissions.decisions import models
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory

ENTERED_AT = datetime(2027, 3, 12, 10, 0, tzinfo=UTC)
RELEASED_AT = datetime(2027, 3, 13, 10, 0, tzinfo=UTC)


class DecisionTypeFactory(DjangoModelFactory):
    class Meta:
        model = models.DecisionType

    code = factory.Sequence(lambda n: f"type-{n}")
    label = factory.LazyAttribute(lambda kind: f"Décision {kind.code}")
    outcome = Outcome.FAVOURABLE


class DecisionReasonFactory(DjangoModelFactory):
    class Meta:
        model = models.DecisionReason

    code = factory.Sequence(lambda n: f"reason-{n}")
    label = factory.LazyAttribute(lambda reason: f"Motif {reason.code}")


class DecisionFactory(DjangoModelFactory):
    """A draft; `released` is what the candidate sees. What the application shows of it is not
    written: the decisions room does that, or the traits of `ApplicationFactory`."""

    class Meta:
        model = models.Decision

    class Params:
        released = factory.Trait(
            released_at=RELEASED_AT, released_by=factory.SelfAttribute("created_by")
        )

    application = factory.SubFactory(ApplicationFactory, complete=True)
    type = factory.SubFactory(DecisionTypeFactory)
    created_at = ENTERED_AT
    created_by = factory.SubFactory(UserFactory, staff=True)
