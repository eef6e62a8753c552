"""Sending, to a real SMTP server that accepts, refuses, hesitates, hangs up and is down."""

import smtplib
import threading
from datetime import timedelta
from email.headerregistry import Address

import pytest
from django.core import mail as outbox
from django.core.files.storage import default_storage
from django.db import connection

from candide.institution.catalogue.models import Institution
from candide.institution.mails.domain.sending import (
    LEASE,
    MOST_ATTEMPTS,
    PAUSE,
    claim,
    send_due,
    sender,
    settle,
    wait_after,
)
from candide.institution.mails.domain.sending import Outcome as SendingOutcome
from candide.institution.mails.enums import MailStatus
from candide.institution.mails.models import OutgoingMail
from candide.institution.mails.tasks import send_mails
from tests.factories.mails import NOW, AttachmentFactory, OutgoingMailFactory
from tests.faults.mail_server import MailServer

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _institution(settings):
    settings.SEND_MAILS = True
    settings.MAILS_PER_MINUTE = 1000
    settings.DEFAULT_FROM_EMAIL = "ne-pas-repondre@univ.test"
    Institution.objects.create(pk=1, name="Université d'Essai")


@pytest.fixture
def server(settings):
    """A mail server that accepts everything, and settings that lead to it."""
    with MailServer() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST = "127.0.0.1"
        settings.EMAIL_PORT = running.port
        settings.EMAIL_TIMEOUT = 5
        yield running


def send(moment=NOW, limit=50) -> int:
    return send_due(clock=lambda: moment, limit=limit)


def state_of(mail: OutgoingMail) -> str:
    mail.refresh_from_db()
    return mail.status


# -- Accepted -------------------------------------------------------------------------------------


def test_mail_is_sent_and_settled(server):
    mail = OutgoingMailFactory(text="Bonjour Alix, é.\n", subject="Reçu n° 1")

    attempts = send()

    assert attempts == 1
    assert state_of(mail) == MailStatus.SENT
    assert (mail.sent_at, mail.attempts, mail.claim, mail.last_error) == (NOW, 1, None, "")
    (taken,) = server.accepted
    assert taken.recipient == mail.to
    headers = {name: taken.message[name] for name in taken.message.keys()}  # noqa: SIM118 -- a mail
    assert headers | {"Date": "", "Content-Type": ""} == {
        "Subject": "Reçu n° 1",
        "From": "Université d'Essai <ne-pas-repondre@univ.test>",
        "To": mail.to,
        "Date": "",
        "Message-ID": mail.message_id,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": "fr",
        "Content-Type": "",
        "MIME-Version": "1.0",
    }
    plain, rich = taken.message.get_body(("plain",)), taken.message.get_body(("html",))
    assert plain.get_content().strip() == "Bonjour Alix, é."
    assert '<html lang="fr">' in rich.get_content()
    assert "<p>Bonjour Alix.</p>" in rich.get_content()


def test_copy_is_written_to_the_reader_and_delivered_to_the_other(server):
    OutgoingMailFactory(to="alix@example.org", copy=True, reply_to="bao@univ.test")

    send()

    (taken,) = server.accepted
    assert taken.recipient == "centre@univ.test"
    assert (taken.message["To"], taken.message["Reply-To"]) == ("alix@example.org", "bao@univ.test")
    assert "centre@univ.test" not in str(taken.message)


def test_files_go_with_the_mail(server):
    attachment = AttachmentFactory(name="lettre d'été.pdf", file__content=b"%PDF-1.7")

    send()

    (taken,) = server.accepted
    (part,) = taken.message.iter_attachments()
    assert state_of(attachment.mail) == MailStatus.SENT
    assert (part.get_filename(), part.get_content_type()) == ("lettre d'été.pdf", "application/pdf")
    assert part.get_content() == b"%PDF-1.7"


def test_many_mails_go_over_one_connection(server):
    OutgoingMailFactory.create_batch(5)

    assert send() == 5
    assert server.connections == 1
    assert len(server.accepted) == 5


def test_only_what_is_due_is_sent_and_no_more_than_asked_for(server):
    OutgoingMailFactory(next_attempt_at=NOW + SECOND)
    for state in ("sending", "sent", "failed", "kept"):
        OutgoingMailFactory(**{state: True})
    due = OutgoingMailFactory.create_batch(3)

    assert send(limit=2) == 2
    assert send(limit=2) == 1
    assert sorted(server.message_ids()) == sorted(mail.message_id for mail in due)


def test_idle_look_costs_two_queries(server, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert send() == 0
    assert server.connections == 0


def test_sweep_sends(mailoutbox, now, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail = OutgoingMailFactory()

    assert send_mails(now) == 1
    assert [sent.extra_headers["Message-ID"] for sent in outbox.outbox] == [mail.message_id]


def test_mails_that_are_never_sent_are_kept(server, settings):
    settings.SEND_MAILS = False
    mail, sent = OutgoingMailFactory(), OutgoingMailFactory(sent=True)
    later = OutgoingMailFactory(next_attempt_at=NOW + MINUTE)

    assert send() == 0
    assert send() == 0
    assert (state_of(mail), state_of(sent)) == (MailStatus.KEPT, MailStatus.SENT)
    assert state_of(later) == MailStatus.QUEUED
    assert server.connections == 0


@pytest.mark.parametrize(
    ("mail_from", "name", "written"),
    [
        ("a@univ.test", "Université", "=?utf-8?"),
        ("a@univ.test", "Faculté\r\nBcc: evil@evil.test", "=?utf-8?"),
        ("Candidatures <a@univ.test>", "Université", "Candidatures <a@univ.test>"),
    ],
)
def test_sender_is_the_institution(server, settings, mail_from, name, written):
    settings.DEFAULT_FROM_EMAIL = mail_from
    Institution.objects.update(name=name)
    OutgoingMailFactory()

    send()

    (taken,) = server.accepted
    assert sender().startswith(written)
    (address,) = taken.message["From"].addresses
    expected = "Candidatures" if "<" in mail_from else " ".join(name.split())
    assert address == Address(expected, "a", "univ.test")
    assert taken.message["Bcc"] is None


def test_nothing_in_a_row_adds_a_header(server):
    mail = OutgoingMailFactory(subject="Bienvenue\r\nBcc: evil@evil.test")

    send()

    assert server.accepted == []
    assert state_of(mail) == MailStatus.FAILED
    assert mail.last_error.startswith("BadHeaderError")


# -- Secrets --------------------------------------------------------------------------------------


@pytest.mark.parametrize("reply", [None, "550 No such user"])
def test_secret_is_blanked_once_it_is_of_no_more_use(server, reply):
    server.on_data = lambda message: reply
    secret, other = OutgoingMailFactory(secret=True), OutgoingMailFactory()

    send()

    for mail in (secret, other):
        mail.refresh_from_db()
    assert (secret.text, secret.html) == ("", "")
    assert (other.text, other.html) == ("Bonjour Alix.\n", "<p>Bonjour Alix.</p>")


def test_secret_is_kept_while_it_waits(server):
    server.on_data = lambda message: "451 Later"
    mail = OutgoingMailFactory(secret=True)

    send()

    assert state_of(mail) == MailStatus.QUEUED
    assert mail.text == "Bonjour Alix.\n"


# -- Refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["on_recipient", "on_data"])
@pytest.mark.parametrize(
    ("reply", "status"),
    [("550 5.1.1 No such user", MailStatus.FAILED), ("451 4.7.1 Later", MailStatus.QUEUED)],
)
def test_refused_mail_is_tried_again_or_given_up_and_the_next_one_goes(server, step, reply, status):
    refused, other = OutgoingMailFactory(subject="refused"), OutgoingMailFactory()
    answers = {
        "on_recipient": lambda address: reply if address == refused.to else None,
        "on_data": lambda message: reply if message["Subject"] == "refused" else None,
    }
    setattr(server, step, answers[step])

    assert send() == 2

    assert (state_of(refused), state_of(other)) == (status, MailStatus.SENT)
    assert refused.last_error == reply
    assert [said for _at, said in refused.tries] == [reply]
    assert refused.next_attempt_at == NOW + MINUTE
    assert server.message_ids() == [other.message_id]


def test_refused_mail_waits_longer_each_time_and_is_sent_once_it_may(server):
    replies = iter(["451 Later", "451 Later", None])
    server.on_data = lambda message: next(replies)
    mail = OutgoingMailFactory()

    moments = [NOW, NOW + 59 * SECOND, NOW + MINUTE, NOW + 2 * MINUTE, NOW + 3 * MINUTE]
    attempts = [send(moment) for moment in moments]

    assert attempts == [1, 0, 1, 0, 1]
    assert state_of(mail) == MailStatus.SENT
    assert mail.attempts == 3


def test_server_that_hangs_up_costs_one_mail_a_minute(server):
    def hang_up(message):
        if message["Subject"] == "hung":
            raise ConnectionError
        return None

    server.on_data = hang_up
    hung, other = OutgoingMailFactory(subject="hung"), OutgoingMailFactory()

    send()

    assert (state_of(hung), state_of(other)) == (MailStatus.QUEUED, MailStatus.SENT)
    assert hung.last_error.startswith("SMTP")
    assert server.connections == 2


def test_server_that_falls_silent_is_left(server, settings):
    settings.EMAIL_TIMEOUT = 0.2
    answer = threading.Event()
    server.on_data = lambda message: answer.wait(10) and None
    mail = OutgoingMailFactory()

    send()
    answer.set()

    assert state_of(mail) == MailStatus.QUEUED
    assert mail.last_error.startswith(("TimeoutError", "SMTPServerDisconnected"))


def test_server_that_is_down_is_no_mails_fault(settings, server, caplog):
    server.stop()
    mails = OutgoingMailFactory.create_batch(3)
    later = OutgoingMailFactory(next_attempt_at=NOW + 2 * PAUSE)

    attempts = [send(), send(NOW + PAUSE - SECOND), send(NOW + PAUSE)]

    assert attempts == [0, 0, 0]
    for mail in mails:
        assert state_of(mail) == MailStatus.QUEUED
        assert (mail.attempts, mail.next_attempt_at) == (0, NOW + 2 * PAUSE)
    assert state_of(later) == MailStatus.QUEUED
    assert caplog.text.count("mail server: ConnectionRefusedError") == 2
    assert {mail.last_error.split(" ")[0] for mail in mails} == {"ConnectionRefusedError", ""}


def test_wrong_password_of_ours_is_no_mails_fault(settings, server, caplog):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "candide", "wrong"
    mail = OutgoingMailFactory()

    assert send() == 0
    assert state_of(mail) == MailStatus.QUEUED
    assert (mail.attempts, server.accepted) == (0, [])
    assert "mail server: SMTP" in caplog.text


@pytest.mark.parametrize(
    "give_up",
    [{"give_up_at": NOW}, {"attempts": MOST_ATTEMPTS - 1}],
    ids=["its time is over", "too often"],
)
def test_mail_that_is_refused_for_too_long_is_given_up(server, give_up):
    server.on_data = lambda message: "451 Later"
    mail = OutgoingMailFactory(**give_up)

    send()

    assert state_of(mail) == MailStatus.FAILED
    assert mail.last_error == "451 Later"


def test_file_that_is_gone_keeps_its_mail_waiting(server, caplog):
    attachment = AttachmentFactory()
    default_storage.delete(attachment.file.blob)

    send()

    assert state_of(attachment.mail) == MailStatus.QUEUED
    assert attachment.mail.last_error.startswith("FileNotFoundError")
    assert server.accepted == []


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (smtplib.SMTPNotSupportedError("SMTPUTF8"), MailStatus.FAILED),
        (smtplib.SMTPSenderRefused(550, b"Not you", "a@univ.test"), MailStatus.QUEUED),
        (RuntimeError("alix@example.org"), MailStatus.QUEUED),
    ],
)
def test_other_errors(monkeypatch, settings, caplog, error, status):
    """Of other backends too, which raise what they like."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    def fail(self, messages):
        raise error

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", fail)
    mail = OutgoingMailFactory()

    send()

    assert state_of(mail) == status
    assert "alix" not in caplog.text + mail.last_error


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(1, 1), (2, 2), (5, 16), (8, 128), (9, 240), (40, 240)]
)
def test_waits_grow_to_four_hours(attempts, minutes):
    assert wait_after(attempts) == minutes * MINUTE


# -- Claims ---------------------------------------------------------------------------------------


def test_claimed_mail_is_nobody_elses(server):
    mail = OutgoingMailFactory()

    claimed = claim(now=NOW)

    assert claimed == mail
    assert claim(now=NOW) is None
    assert send(NOW + LEASE - SECOND) == 0
    assert state_of(mail) == MailStatus.SENDING


def test_mail_a_dead_worker_left_is_sent_when_its_lease_ended(server):
    mail = OutgoingMailFactory()
    claim(now=NOW)

    attempts = [send(NOW + LEASE - SECOND), send(NOW + LEASE)]

    assert attempts == [0, 1]
    assert state_of(mail) == MailStatus.SENT
    assert mail.attempts == 2


def test_crash_between_acceptance_and_commit_repeats_the_same_message_once(server, monkeypatch):
    """The server took it, and the worker died before it could write so."""
    mail = OutgoingMailFactory()
    with monkeypatch.context() as crash:
        crash.setattr("candide.institution.mails.domain.sending.settle", _dies)
        with pytest.raises(SystemExit):
            send()
    assert state_of(mail) == MailStatus.SENDING

    send(NOW + LEASE)
    send(NOW + 2 * LEASE)

    assert server.message_ids() == [mail.message_id] * 2
    assert state_of(mail) == MailStatus.SENT


def _dies(*args, **kwargs):
    raise SystemExit


def test_mail_that_kills_its_worker_each_time_is_given_up(server):
    deadly = OutgoingMailFactory(sending=True, attempts=MOST_ATTEMPTS, secret=True)

    send(NOW + LEASE)

    assert state_of(deadly) == MailStatus.FAILED
    assert (deadly.text, deadly.claim) == ("", None)


def test_worker_that_was_too_slow_writes_nothing_over_the_other(server):
    OutgoingMailFactory()
    slow = claim(now=NOW)
    send(NOW + LEASE)

    settle(slow, SendingOutcome(MailStatus.FAILED, "550 late"), now=NOW + 2 * LEASE)

    assert state_of(slow) == MailStatus.SENT
    assert slow.last_error == ""


def test_urgent_mail_goes_first():
    for moment in (NOW - 3 * MINUTE, NOW - 2 * MINUTE):
        OutgoingMailFactory(next_attempt_at=moment)
    urgent = OutgoingMailFactory(is_urgent=True)

    assert claim(now=NOW) == urgent
    assert claim(now=NOW).next_attempt_at == NOW - 3 * MINUTE


def test_each_domain_has_its_pace(server, settings):
    settings.MAILS_PER_MINUTE = 2
    for domain in ("example.org", "example.net"):
        OutgoingMailFactory.create_batch(3, to=f"alix@{domain}")

    numbers = [send(), send(NOW + 59 * SECOND), send(NOW + MINUTE)]

    assert numbers == [4, 0, 2]
    domains = [one.recipient.split("@")[1] for one in server.accepted]
    assert domains[:4].count("example.org") == 2


def test_urgent_mail_does_not_wait_for_the_pace(server, settings):
    settings.MAILS_PER_MINUTE = 1
    OutgoingMailFactory.create_batch(2)
    send()
    urgent = OutgoingMailFactory(is_urgent=True)

    assert send(NOW + SECOND) == 1
    assert server.message_ids()[-1] == urgent.message_id


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_workers_share_the_queue_and_send_each_mail_once(server):
    mails = OutgoingMailFactory.create_batch(40)
    start = threading.Barrier(4)
    numbers = []

    def work():
        try:
            start.wait(10)
            numbers.append(send(limit=1000))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sum(numbers) == 40
    assert sorted(server.message_ids()) == sorted(mail.message_id for mail in mails)
    assert OutgoingMail.objects.exclude(status=MailStatus.SENT).count() == 0
