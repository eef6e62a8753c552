"""Alerts of commissions, and copies to centres [back-office 5.1, 6.1, 24.3]."""

from datetime import date

import pytest

from candide.admissions.applications.application_mail import CommissionAlert
from candide.admissions.applications.domain.cancelling import cancel
from candide.admissions.applications.domain.transmission import transmit
from candide.admissions.applications.mails import Applied, CommissionProposal
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.answering import auto_withdraw, withdraw
from candide.admissions.decisions.mails import CommissionPromotion, CommissionWithdrawal
from candide.institution.catalogue.enums import AlertMode, CopyMode
from candide.institution.mails.kinds import kinds
from candide.institution.mails.models import OutgoingMail
from tests.admissions.conftest import NOW, again
from tests.admissions.decisions.conftest import DAY, TODAY, offered
from tests.factories.access import AssignmentFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import IntakeFactory

pytestmark = pytest.mark.django_db

ALERTS = [kind for kind in kinds() if issubclass(kind, CommissionAlert)]
EACH = pytest.mark.parametrize("kind", ALERTS, ids=lambda kind: kind.code)
MAILBOX = "jury@univ.test"
LONG_AGO = date(2020, 1, 1)


@pytest.fixture
def commission(application):
    """Alix's, with two members, one whose role stopped, one whose role is over, one who left."""
    commission = application.intake.programme.commission
    commission.alert_email = MAILBOX
    commission.save()
    for name in ("eve", "fay"):
        AssignmentFactory(commission=commission, user__email=f"{name}@univ.test")
    AssignmentFactory(commission=commission, user__email="gil@univ.test", role__is_active=False)
    AssignmentFactory(commission=commission, user__email="hal@univ.test", user__is_active=False)
    AssignmentFactory(commission=commission, user__email="ivy@univ.test", ends_on=LONG_AGO)
    return commission


def told(kind: type[CommissionAlert]) -> list[str]:
    """Who got this alert."""
    mails = OutgoingMail.objects.filter(kind=kind.code)
    return sorted(mail.recipient for mail in mails)


def test_commissions_choose_what_they_are_alerted_of():
    assert sorted({kind.switch for kind in ALERTS}) == [
        "alerts_cancellations",
        "alerts_messages",
        "alerts_promotions",
        "alerts_proposals",
        "alerts_transmissions",
        "alerts_withdrawals",
    ]


@EACH
@pytest.mark.parametrize(
    ("mode", "is_on", "recipients"),
    [
        (AlertMode.NONE, True, []),
        (AlertMode.MAILBOX, True, [MAILBOX]),
        (AlertMode.MEMBERS, True, ["eve@univ.test", "fay@univ.test"]),
        (AlertMode.MAILBOX, False, []),
        (AlertMode.MEMBERS, False, []),
    ],
)
def test_alert_goes_to_whom_the_commission_chose(
    application, commission, kind, mode, is_on, recipients
):
    commission.alert_mode = mode
    setattr(commission, kind.switch, is_on)
    commission.save()

    kind(again(application)).send()

    assert told(kind) == recipients


@EACH
def test_alert_is_in_the_language_of_the_institution(application, commission, kind):
    application.candidate.user.language = "en"
    application.candidate.user.save()

    kind(again(application)).send()

    assert OutgoingMail.objects.get().language == "fr"


def test_withdrawal_alerts_members_as_any_other(application, commission, bao):
    commission.alert_mode = AlertMode.MEMBERS
    commission.save()
    application = offered(application, bao, TODAY + DAY)

    withdraw(application, by=application.candidate.user, now=NOW)

    assert told(CommissionWithdrawal) == ["eve@univ.test", "fay@univ.test"]


def test_withdrawal_at_the_deadline_alerts_nobody(application, commission, bao):
    application = offered(application, bao, TODAY + DAY)
    Application.objects.filter(pk=application.pk).update(acceptance_due_on=TODAY - DAY)

    assert auto_withdraw(again(application), now=NOW) is True

    assert told(CommissionWithdrawal) == []


def test_transmitting_and_cancelling_alert(alix):
    intake = IntakeFactory(open=True)
    commission = intake.programme.commission
    commission.alert_mode, commission.alert_email = AlertMode.MAILBOX, MAILBOX
    commission.save()
    transmitted = again(ApplicationFactory(candidate=alix, intake=intake, created_at=NOW))
    cancelled = again(ApplicationFactory(intake=intake, created_at=NOW))

    transmit(transmitted, by=alix.user, now=NOW)
    cancel(cancelled, by=cancelled.candidate.user, now=NOW)

    kinds_told = OutgoingMail.objects.filter(to=MAILBOX).order_by("kind")
    assert list(kinds_told.values_list("kind", flat=True)) == [
        "commission-cancellation",
        "commission-transmission",
    ]


def test_call_from_the_list_alerts(application, commission, listed, bao):
    application = offered(application, bao, TODAY + DAY)

    withdraw(application, by=application.candidate.user, now=NOW)

    assert told(CommissionPromotion) == [MAILBOX]


@pytest.mark.parametrize("kind", [Applied, CommissionProposal])
@pytest.mark.parametrize(
    ("mode", "copied"),
    [
        (CopyMode.NONE, []),
        (CopyMode.MAILBOX, ["scol@univ.test"]),
        (CopyMode.MANAGERS, ["ida@univ.test"]),
    ],
)
def test_every_mail_about_an_application_is_copied_as_the_centre_wants(
    application, commission, kind, mode, copied
):
    centre = commission.centre
    centre.copy_mode, centre.contact_email = mode, "scol@univ.test"
    centre.save()
    AssignmentFactory(centre=centre, user__email="ida@univ.test")
    AssignmentFactory(centre=centre, user__email="joe@univ.test", role__is_active=False)
    AssignmentFactory(centre=centre, user__email="kim@univ.test", ends_on=LONG_AGO)

    kind(again(application)).send()

    found = OutgoingMail.objects.exclude(copy_to="").values_list("copy_to", flat=True)
    assert sorted(found) == copied
