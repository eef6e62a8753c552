"""Whole worker processes: they start, work, show signs of life, and are stopped and killed."""

import random
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise

import pytest
from django.utils import timezone

from candide.foundation.jobs.models import ServiceBeat, WorkerBeat
from candide.institution.mails.enums import MailStatus
from candide.institution.mails.models import OutgoingMail
from tests.factories.mails import OutgoingMailFactory
from tests.faults.installation import Installation, Process, wait_until
from tests.faults.mail_server import MailServer

KILLS = 10
KILLS_OF_A_SOAK = 100
MAILS_FOR_EACH_KILL = 12


def queue(number: int) -> None:
    """Mails that are due now, by the real clock."""
    now = timezone.now()
    OutgoingMailFactory.create_batch(
        number, queued_at=now, next_attempt_at=now, give_up_at=now + timedelta(days=1)
    )


def ten_minutes_pass() -> None:
    """The leases of whoever died have run out."""
    OutgoingMail.objects.filter(status=MailStatus.SENDING).update(
        leased_until=timezone.now() - timedelta(seconds=1)
    )


def kill_while_sending(process: Process, server: MailServer) -> None:
    """kill -9 at a random moment around the acceptance of one of the next messages. The seed of
    the run of the tests decides which."""
    countdown = random.randint(1, MAILS_FOR_EACH_KILL - 2)  # noqa: S311 -- no secret
    delay = random.uniform(0, 0.01)  # noqa: S311 -- no secret
    killed = threading.Event()

    def die() -> None:
        process.kill()
        killed.set()

    def accept(message):
        nonlocal countdown
        countdown -= 1
        if countdown == 0:
            threading.Timer(delay, die).start()
        return None

    server.on_data = accept
    if not killed.wait(60):
        raise AssertionError(f"never got to kill it; it said: {process.said()}")
    server.on_data = lambda message: None


def send_through_kills(
    installation: Installation, server: MailServer, kills: int
) -> list[list[str]]:
    """Queue mails, kill a worker while it sends, as often as `kills`, and let a last one finish.
    Returns the Message-IDs the server accepted from each worker, in that order."""
    settings = {"CANDIDE_EMAIL_URL": server.url, "CANDIDE_MAILS_PER_MINUTE": "1000000"}
    begins = []
    with installation.database():
        for _ in range(kills):
            queue(MAILS_FOR_EACH_KILL)
            worker = installation.start("worker", **settings)
            # What the one before sent has arrived by the time this one is ready to send.
            begins.append(len(server.message_ids()))
            kill_while_sending(worker, server)
            ten_minutes_pass()
        last = installation.start("worker", **settings)
        begins.append(len(server.message_ids()))
        wait_until(
            lambda: not OutgoingMail.objects.exclude(status=MailStatus.SENT).exists(),
            "all mails are sent",
        )
        assert last.stop() == 0
    return [server.message_ids()[begin:end] for begin, end in pairwise([*begins, None])]


def assert_each_sent_once_or_repeated_by_a_kill(by_worker: list[list[str]]) -> None:
    """Nothing is repeated but what a kill met: the last mail the worker had sent. Two kills may
    meet the same one."""
    assert {mail for sent in by_worker for mail in sent} == set(
        OutgoingMail.objects.values_list("message_id", flat=True)
    )
    sent_by: dict[str, int] = {}
    for worker, sent in enumerate(by_worker):
        assert len(set(sent)) == len(sent)
        for mail in sent:
            if mail in sent_by:
                assert by_worker[sent_by[mail]][-1] == mail
            sent_by[mail] = worker


def test_worker_killed_while_sending_loses_nothing_and_repeats_at_most_one_a_kill(
    installation, mail_server
):
    by_worker = send_through_kills(installation, mail_server, KILLS)

    assert len(by_worker) == KILLS + 1
    with installation.database():
        assert_each_sent_once_or_repeated_by_a_kill(by_worker)


@pytest.mark.soak
def test_worker_killed_a_hundred_times(installation, mail_server):
    by_worker = send_through_kills(installation, mail_server, KILLS_OF_A_SOAK)

    assert len(by_worker) == KILLS_OF_A_SOAK + 1
    with installation.database():
        assert_each_sent_once_or_repeated_by_a_kill(by_worker)


class Health(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args):
        """Nothing is written on the terminal."""


@pytest.fixture
def health_url():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Health)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/healthz"
    server.shutdown()
    thread.join(10)
    server.server_close()


def test_worker_shows_signs_of_life_and_stops_when_asked(installation, health_url):
    worker = installation.start("worker", CANDIDE_PROBE_URL=health_url)

    with installation.database():
        wait_until(ServiceBeat.objects.exists, "a sign of life of the service")
        alive = WorkerBeat.objects.get()
        code = worker.stop()

        assert code == 0, worker.said()
        assert alive.stopped_at is None
        assert WorkerBeat.objects.get().stopped_at is not None
        assert [beat.is_answered for beat in ServiceBeat.objects.order_by("pk")] == [True]
    assert worker.said() == "Worker started; it stops at SIGTERM or Ctrl+C.\n"


def test_worker_does_all_there_is_to_do_and_ends(installation, mail_server):
    with installation.database():
        queue(3)

        worker = installation.start("worker", "--once", CANDIDE_EMAIL_URL=mail_server.url)

        assert worker.popen.wait(60) == 0, worker.said()
        assert set(OutgoingMail.objects.values_list("status", flat=True)) == {MailStatus.SENT}
    assert len(mail_server.accepted) == 3
