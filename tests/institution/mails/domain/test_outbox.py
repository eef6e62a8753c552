"""What staff do with mails in the outbox."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from candide.core.blockers import Refused
from candide.foundation.history.models import HistoryEntry
from candide.institution.mails.domain.outbox import (
    can_be_read,
    cancel,
    erase_mails,
    retry,
    retry_all,
    retry_blockers,
)
from candide.institution.mails.enums import MailEvent, MailStatus
from candide.institution.mails.models import OutgoingMail
from tests.factories.mails import AttachmentFactory, OutgoingMailFactory

pytestmark = pytest.mark.django_db

BAO = SimpleNamespace(pk=7)


def test_failed_mail_is_tried_again_for_as_long(now):
    mail = OutgoingMailFactory(failed=True, attempts=9)

    retry(mail, by=BAO, now=now)

    mail.refresh_from_db()
    assert (mail.status, mail.attempts, mail.next_attempt_at) == (MailStatus.QUEUED, 0, now)
    assert mail.give_up_at == now + timedelta(days=5)
    assert HistoryEntry.objects.get().event == "mail-retried"


@pytest.mark.parametrize(
    ("state", "codes"),
    [
        ({}, ["not_failed"]),
        ({"sending": True}, ["not_failed"]),
        ({"sent": True}, ["not_failed"]),
        ({"kept": True}, ["not_failed"]),
        ({"failed": True, "secret": True}, ["secret"]),
        ({"failed": True}, []),
    ],
)
def test_retry_blockers(state, codes):
    mail = OutgoingMailFactory(**state)

    assert [blocker.code for blocker in retry_blockers(mail)] == codes


def test_refused_retry_changes_nothing(now):
    mail = OutgoingMailFactory(sent=True)

    with pytest.raises(Refused):
        retry(mail, by=BAO, now=now)

    mail.refresh_from_db()
    assert mail.status == MailStatus.SENT
    assert HistoryEntry.objects.count() == 0


@pytest.mark.parametrize("state", [{}, {"failed": True}])
def test_waiting_mail_is_cancelled_and_its_secret_goes(state):
    open_mail, secret = (OutgoingMailFactory(**state, is_secret=each) for each in (False, True))

    for mail in (open_mail, secret):
        cancel(mail, by=BAO)
        mail.refresh_from_db()

    assert (open_mail.status, open_mail.text) == (MailStatus.CANCELLED, "Bonjour Alix.\n")
    assert (secret.status, secret.text, secret.html) == (MailStatus.CANCELLED, "", "")
    assert [e.event for e in HistoryEntry.objects.order_by("pk")] == ["mail-cancelled"] * 2


@pytest.mark.parametrize("state", [{"sending": True}, {"sent": True}, {"kept": True}])
def test_mail_on_its_way_is_not_cancelled(state):
    mail = OutgoingMailFactory(**state)

    with pytest.raises(Refused) as refusal:
        cancel(mail, by=BAO)

    assert refusal.value.codes == ["not_waiting"]


@pytest.mark.parametrize(
    ("is_secret", "demo", "readable"),
    [(False, False, True), (False, True, True), (True, False, False), (True, True, True)],
)
def test_who_reads_the_outbox_cannot_become_the_candidate(settings, is_secret, demo, readable):
    settings.DEMO = demo

    assert can_be_read(OutgoingMailFactory(is_secret=is_secret)) is readable


def test_mails_of_a_person_and_about_their_things_are_erased():
    letter = AttachmentFactory(mail__for_user_id=1).file
    OutgoingMailFactory(about_type="applications.application", about_id=5)
    kept = [
        OutgoingMailFactory(for_user_id=2),
        OutgoingMailFactory(about_type="applications.application", about_id=6),
        OutgoingMailFactory(about_type="candidates.candidate", about_id=5),
    ]

    erased = erase_mails(users=[1], about=[("applications.application", 5)])

    assert erased == 2
    assert list(OutgoingMail.objects.order_by("pk")) == kept
    letter.refresh_from_db()


def test_erasing_nobody_erases_nothing():
    OutgoingMailFactory()

    assert erase_mails() == 0
    assert OutgoingMail.objects.count() == 1


def test_all_that_failed_are_tried_again_but_those_with_links(now):
    failed = [OutgoingMailFactory(failed=True) for _each in range(3)]
    OutgoingMailFactory(failed=True, secret=True)
    OutgoingMailFactory(sent=True)

    number = retry_all(OutgoingMail.objects.all(), by=BAO, now=now)
    again = retry_all(OutgoingMail.objects.all(), by=BAO, now=now)

    queued = OutgoingMail.objects.filter(status=MailStatus.QUEUED).order_by("pk")
    assert (number, again) == (3, 0)
    assert [(mail.pk, mail.attempts, mail.next_attempt_at) for mail in queued] == [
        (mail.pk, 0, now) for mail in failed
    ]
    entries = HistoryEntry.objects.filter(event=MailEvent.RETRIED).order_by("pk")
    assert [(entry.subject_id, entry.by_id) for entry in entries] == [
        (mail.pk, 7) for mail in failed
    ]


def test_all_at_once_are_the_oldest_of_so_many(now, monkeypatch):
    monkeypatch.setattr("candide.institution.mails.domain.outbox.AT_ONCE", 2)
    failed = [OutgoingMailFactory(failed=True) for _each in range(3)]

    number = retry_all(OutgoingMail.objects.order_by("-pk"), by=BAO, now=now)

    assert number == 2
    assert OutgoingMail.objects.get(status=MailStatus.FAILED) == failed[2]
