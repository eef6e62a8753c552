"""Accounts nobody uses: told a month before, kept by signing in, else erased."""

from datetime import UTC, datetime, timedelta

import pytest

from candide.core.blockers import Refused
from candide.foundation.history.models import HistoryEntry
from candide.foundation.jobs.domain.running import run_due_jobs
from candide.foundation.jobs.domain.schedule import agree
from candide.foundation.jobs.registry import find_job
from candide.institution.access.domain.roles import create_starter_roles
from candide.institution.accounts.models import User
from candide.institution.catalogue.models import Institution
from candide.institution.mails.enums import MailStatus
from candide.institution.mails.models import OutgoingMail
from candide.reporting.privacy.domain.unused import (
    NOTICE,
    announce,
    erase_unused,
    to_announce,
    to_erase,
)
from tests.factories.access import AssignmentFactory
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.candidates import CandidateFactory
from tests.factories.mails import NOW
from tests.jobs import counted

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
JOB = "erase-unused-accounts"
LONG_AGO = datetime(2020, 1, 6, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _institution():
    Institution.current()


def account(**fields):
    """Opened and activated years ago; nobody came back since."""
    return UserFactory(**{"created_at": LONG_AGO, "activated_at": LONG_AGO, **fields})


def kept_days(days):
    Institution.objects.update(unused_days=days)


@pytest.mark.parametrize(
    ("what", "is_unused"),
    [
        ({}, True),
        ({"last_login": NOW - 701 * DAY}, True),
        ({"last_login": NOW - 699 * DAY}, False),
        ({"created_at": NOW - 699 * DAY}, False),
        ({"activated_at": NOW - 699 * DAY}, False),
        ({"activated_at": None}, True),
        ({"is_active": False}, True),
        ({"is_superuser": True}, False),
        ({"file_number": None}, False),
    ],
)
def test_whose_account_nobody_uses(what, is_unused):
    account(**what)

    assert to_announce(now=NOW).exists() == is_unused


def test_who_applied_works_here_or_was_merged_keeps_theirs():
    ApplicationFactory(candidate__user=account(), cancelled=True)
    AssignmentFactory(user=account(), role=create_starter_roles()["manager"])
    heir = account()
    merged = account(merged_into=heir, is_active=False)
    ApplicationFactory(candidate__user=merged)
    CandidateFactory(user=account(), complete=True)

    assert [user.candidate.pk for user in to_announce(now=NOW)] != []
    assert to_announce(now=NOW).count() == 1


def test_days_are_those_of_the_institution():
    account(last_login=NOW - 400 * DAY)

    assert not to_announce(now=NOW).exists()
    kept_days(430)
    assert not to_announce(now=NOW - DAY).exists()
    assert to_announce(now=NOW + DAY).exists()


def test_holder_is_told_once_and_erased_a_month_later():
    user = account()
    CandidateFactory(user=user, complete=True)

    first = counted(JOB, now=NOW)
    again = counted(JOB, now=NOW + NOTICE - DAY)
    gone = counted(JOB, now=NOW + NOTICE)

    assert first == {"done": 1, "told": 1}
    assert again == {"told": 0}
    assert gone == {"done": 1, "told": 0}
    assert not User.objects.filter(pk=user.pk).exists()
    # The mail that told of it went with all others; nobody is told a second time.
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize(
    ("mail", "is_gone"),
    [
        ({"status": MailStatus.SENT, "sent_at": NOW + DAY / 2}, True),
        ({"status": MailStatus.FAILED, "attempts": 5}, True),
        ({"status": MailStatus.FAILED}, False),
        ({"status": MailStatus.CANCELLED}, False),
        ({"status": MailStatus.SENT, "sent_at": NOW + 10 * DAY}, False),
    ],
    ids=["sent", "tried in vain", "held", "cancelled", "sent late"],
)
def test_who_was_not_told_in_time_is_not_erased(mail, is_gone):
    user = account()
    announce(user.pk, now=NOW)
    OutgoingMail.objects.update(queued_at=NOW, **mail)

    assert to_erase(now=NOW + NOTICE).exists() == is_gone
    assert to_erase(now=NOW + NOTICE + 10 * DAY).exists() == (is_gone or "sent_at" in mail)


def test_mail_says_the_day_and_where_to_sign_in():
    user = account()

    announce(user.pk, now=NOW)

    mail = OutgoingMail.objects.get()
    assert (mail.kind, mail.to) == ("account-unused", user.email)
    assert "14 avril 2027" in mail.text
    assert "/compte/connexion/" in mail.text
    assert HistoryEntry.objects.filter(event="account-unused").count() == 1


@pytest.mark.parametrize("who", [{"is_active": False}, {"activated_at": None}])
def test_who_cannot_sign_in_is_not_asked_to(who):
    user = account(**who)

    announce(user.pk, now=NOW)

    assert not OutgoingMail.objects.exists()
    assert list(to_erase(now=NOW + NOTICE)) == [user]


@pytest.mark.parametrize("how", ["last_login", "activated_at"])
def test_coming_back_keeps_the_account_and_it_is_told_again_years_later(how):
    user = account()
    announce(user.pk, now=NOW)
    User.objects.filter(pk=user.pk).update(**{how: NOW + DAY})

    later = NOW + 731 * DAY

    assert not to_erase(now=NOW + NOTICE).exists()
    assert not to_announce(now=NOW + NOTICE).exists()
    assert not to_erase(now=later + DAY).exists()
    assert list(to_announce(now=later + DAY)) == [user]


def test_who_comes_back_while_it_is_done_stays():
    user = account()
    announce(user.pk, now=NOW)
    User.objects.filter(pk=user.pk).update(last_login=NOW + NOTICE)

    with pytest.raises(Refused):
        erase_unused(user.pk, now=NOW + NOTICE)
    with pytest.raises(Refused):
        announce(user.pk, now=NOW + NOTICE)

    assert User.objects.filter(pk=user.pk).exists()


@pytest.mark.usefixtures("reference_data_uncompared")
def test_nobody_is_told_or_erased_before_the_institution_agreed():
    account()
    run_due_jobs(NOW)
    run_due_jobs(NOW + DAY)
    before = OutgoingMail.objects.filter(kind="account-unused").count()

    agree(JOB, by=UserFactory(staff=True), now=NOW + DAY)
    run_due_jobs(NOW + 2 * DAY)

    assert find_job(JOB).destroys
    assert (before, OutgoingMail.objects.filter(kind="account-unused").count()) == (0, 1)
