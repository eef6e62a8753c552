"""Messages between a candidate and the admissions office."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from candide.admissions.applications.models import Application
from candide.admissions.correspondence.domain.thread import (
    MOST,
    asking_blockers,
    mark_read,
    messages_to_read,
    thread_of,
    with_unread,
    write_to_candidate,
    write_to_staff,
    writing_blockers,
)
from candide.admissions.correspondence.enums import CorrespondenceEvent as Event
from candide.admissions.correspondence.models import LONGEST_MESSAGE, Message
from candide.core.blockers import Refused
from candide.foundation.history.domain.log import entries_about
from candide.institution.catalogue.enums import AlertMode
from candide.institution.catalogue.models import Commission
from candide.institution.mails.models import OutgoingMail
from tests.admissions.conftest import NOW, again
from tests.factories.applications import ApplicationFactory
from tests.factories.correspondence import MessageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(application):
    """Whose commission has a mailbox for alerts."""
    Commission.objects.update(alert_mode=AlertMode.MAILBOX, alert_email="jury@univ.example")
    return again(application)


def mails():
    return sorted(OutgoingMail.objects.values_list("kind", flat=True))


def test_staff_write_and_the_candidate_is_told_without_the_words(application, bao):
    message = write_to_candidate(application, " Venez le 3. ", by=bao, now=NOW)

    (mail,) = OutgoingMail.objects.all()
    assert (message.text, message.is_from_candidate, message.read_at) == (
        "Venez le 3.",
        False,
        None,
    )
    assert mail.kind == "message-to-candidate"
    assert mail.to == application.candidate.user.email
    assert "Venez" not in mail.text
    assert [entry.event for entry in entries_about(application)] == [Event.MESSAGE_SENT]


def test_candidate_writes_and_the_commission_is_told_once(application):
    alix = application.candidate.user

    write_to_staff(application, "Un", by=alix, now=NOW)
    write_to_staff(application, "Deux", by=alix, now=NOW)

    (mail,) = OutgoingMail.objects.all()
    assert (mail.kind, mail.to) == ("commission-message", "jury@univ.example")
    assert "Un" not in mail.text.split()


def test_commission_that_wants_no_alert_gets_none(application):
    Commission.objects.update(alerts_messages=False)

    write_to_staff(again(application), "Un", by=application.candidate.user, now=NOW)

    assert mails() == []


def test_answer_means_read(application, bao):
    asked = write_to_staff(application, "Puis-je ?", by=application.candidate.user, now=NOW)
    answered = write_to_candidate(application, "Oui.", by=bao, now=NOW)
    thanked = write_to_staff(application, "Merci.", by=application.candidate.user, now=NOW)

    asked.refresh_from_db()
    answered.refresh_from_db()
    assert (asked.read_at, asked.read_by) == (NOW, bao)
    assert answered.read_by == application.candidate.user
    assert thread_of(application) == [asked, answered, thanked]


def test_what_needs_no_answer_is_marked_as_read(application, bao):
    MessageFactory(application=application)
    sent = MessageFactory(application=application, from_staff=True)

    assert mark_read(application, from_candidate=True, by=bao, now=NOW) == 1
    assert mark_read(application, from_candidate=True, by=bao, now=NOW) == 0
    sent.refresh_from_db()
    assert sent.read_at is None
    assert [entry.data for entry in entries_about(application)] == [{"number": 1}]


def test_candidate_reads_without_a_trace_in_the_history(application):
    MessageFactory(application=application, from_staff=True)

    mark_read(application, from_candidate=False, by=application.candidate.user, now=NOW)

    assert list(entries_about(application)) == []
    assert messages_to_read(with_unread(mine(application))) == []


def mine(application):
    return Application.objects.with_offer().filter(candidate=application.candidate)


def test_what_is_to_be_read_is_a_thing_to_do(application):
    MessageFactory(application=application, from_staff=True)
    MessageFactory(application=application, from_staff=True)
    MessageFactory(application=application)

    (task,) = messages_to_read(with_unread(mine(application)))
    assert (task.code, task.about) == ("message", f"application:{application.pk}/messages")


@pytest.mark.parametrize("act", [write_to_candidate, write_to_staff])
@pytest.mark.parametrize(
    ("text", "code"), [(" ", "empty"), ("x" * (LONGEST_MESSAGE + 1), "too_long")]
)
def test_message_says_something_and_not_too_much(application, bao, act, text, code):
    with pytest.raises(Refused) as refusal:
        act(application, text, by=bao, now=NOW)

    assert refusal.value.codes == [code]


@pytest.mark.parametrize("act", [write_to_candidate, write_to_staff])
def test_nobody_writes_about_a_past_campaign(application, bao, act):
    Application.objects.update(archived_at=NOW)

    with pytest.raises(Refused) as refusal:
        act(application, "Bonjour", by=bao, now=NOW)

    assert refusal.value.codes == ["archived"]
    assert [blocker.code for blocker in writing_blockers(again(application))] == ["archived"]


@pytest.mark.parametrize(("span", "most"), MOST)
def test_candidate_may_send_so_many_for_all_applications_together(application, span, most):
    other = ApplicationFactory(candidate=application.candidate)
    for number in range(most):
        MessageFactory(application=other, sent_at=NOW - span + timedelta(seconds=number + 1))

    assert [blocker.code for blocker in asking_blockers(application, now=NOW)] == ["too_many"]
    with pytest.raises(Refused):
        write_to_staff(application, "Encore", by=application.candidate.user, now=NOW)
    assert asking_blockers(application, now=NOW + span) == []


def test_staff_write_as_often_as_they_need(application, bao):
    for number in range(30):
        write_to_candidate(application, f"Message {number}", by=bao, now=NOW)

    assert Message.objects.count() == 30


def test_thread_is_seen_by_its_candidate_and_by_staff_in_reach(application, bao, chris):
    message = MessageFactory(application=application)

    assert list(Message.objects.all().visible_to(bao)) == [message]
    assert list(Message.objects.all().visible_to(application.candidate.user)) == [message]
    assert list(Message.objects.all().visible_to(chris)) == []
    assert list(Message.objects.all().visible_to(AnonymousUser())) == []
