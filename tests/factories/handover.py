from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from candide.admissions.handover import models
from candide.admissions.handover.enums import HandoverState, ReportKind, ReportState
from tests.factories.applications import ApplicationFactory

ASKED_AT = datetime(2027, 3, 14, 9, 0, tzinfo=UTC)
TOLD_AT = datetime(2027, 3, 14, 9, 5, tzinfo=UTC)


class DeliveryFactory(DjangoModelFactory):
    class Meta:
        model = models.Delivery

    made_on = date(2027, 3, 14)
    number = factory.Sequence(lambda n: n + 1)
    made_at = TOLD_AT
    people = 1


class PreEnrolmentFactory(DjangoModelFactory):
    """Waits to be told; the traits say what came of it."""

    class Meta:
        model = models.PreEnrolment

    class Params:
        sent = factory.Trait(
            state=HandoverState.SENT, is_held=True, told_at=TOLD_AT, code="EC7K2M9Q"
        )
        accepted = factory.Trait(
            state=HandoverState.ACCEPTED, is_held=True, told_at=TOLD_AT, code="EC7K2M9Q"
        )
        refused = factory.Trait(
            state=HandoverState.REFUSED, told_at=TOLD_AT, reason="Formation inconnue : M1X"
        )
        to_withdraw = factory.Trait(
            state=HandoverState.TO_WITHDRAW, is_held=True, is_wanted=False, told_at=TOLD_AT
        )
        withdrawn = factory.Trait(state=HandoverState.WITHDRAWN, is_wanted=False, told_at=TOLD_AT)
        aside = factory.Trait(state=HandoverState.ASIDE)

    application = factory.SubFactory(ApplicationFactory, accepted=True)
    created_at = ASKED_AT
    changed_at = ASKED_AT
    next_attempt_at = ASKED_AT


class SystemReportFactory(DjangoModelFactory):
    class Meta:
        model = models.SystemReport

    kind = ReportKind.RECONCILIATION
    state = ReportState.DONE
    created_at = ASKED_AT
    ended_at = TOLD_AT
