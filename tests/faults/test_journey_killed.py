"""kill -9 of the server or the worker at random moments of the journey: whatever the server
confirmed is there, everything happened once, every mail goes out, and nothing else stays."""

import random
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice

import pytest
from django.utils import timezone

from candide.admissions.applications.models import Snapshot
from candide.foundation.files.domain import blobs
from candide.foundation.files.domain.cleaning import remove_orphans
from candide.foundation.files.models import OriginalFile, StoredFile
from candide.institution.mails.enums import MailStatus
from candide.institution.mails.models import OutgoingMail
from tests.faults.browser import Browser, Lost, free_port
from tests.faults.installation import Process, wait_until, web_settings
from tests.faults.journey import PASSWORD, Journey, Step
from tests.faults.trial import (
    Trial,
    an_offer,
    assert_confirmed_is_there,
    assert_each_mail_sent_once_or_repeated_by_a_kill,
    assert_everything_happened_once,
)

KILLS = 10
KILLS_OF_A_SOAK = 100
DAY = timedelta(days=1)

# What is killed, and when: the server during a step, the worker while it sends a mail or draws a
# dossier.
OF_THE_SERVER = ["upload", "upload photos", "transmit", "release"]
OF_THE_WORKER = ["sending", "drawing"]
KILLS_OF_A_JOURNEY = 2
MAILS_OF_A_JOURNEY = 6


@dataclass
class Killing(Trial):
    """A trial whose processes are killed."""

    port: int
    server: Process = field(init=False)
    worker: Process = field(init=False)

    def start_server(self) -> None:
        self.server = self.installation.start("serve")
        self.staff.wait_for_server()

    def start_worker(self) -> None:
        self.worker = self.installation.start("worker")

    def walk(self, journey: Journey, kills: Sequence[str] = ()) -> None:
        """The whole journey; what is lost on the way is asked for again, unless it was done."""
        if "sending" in kills:
            self.kill_worker_after_a_mail()
        for step in journey.steps():
            if step.name in kills:
                self.ask_and_kill_server(step)
            else:
                self.ask(step)
            if step.name == "transmit" and "drawing" in kills:
                self.kill_worker_in(self.seconds["transmit"] * 3)
        if set(kills) & set(OF_THE_WORKER):
            wait_until(lambda: not self.worker.is_running, "the worker was killed")
            self.kills_of_workers += 1
            self.start_worker()

    def ask(self, step: Step) -> None:
        """Ask for `step`; log that it was confirmed."""
        began = time.monotonic()
        answer = step.do()
        self.seconds.setdefault(step.name, time.monotonic() - began)
        assert answer.status_code in {200, 302}, (step.name, answer.status_code, answer.text)
        self.confirmed.append(step)

    def ask_and_kill_server(self, step: Step) -> None:
        """Ask for `step` and kill the server at any moment from before it begins until after it
        ends; bring it up again. What was confirmed is there, else it is asked for again."""
        whole = random.random() < 0.5  # noqa: S311 -- no secret
        kill = self.server.kill_family if whole else self.server.kill_child
        killer = threading.Timer(_within(self.seconds[step.name] * 1.2), kill)
        killer.start()
        with suppress(Lost):
            self.ask(step)
        killer.join()
        if whole:
            self.start_server()
        else:
            self.staff.wait_for_server()
        is_done = step.is_done()
        assert is_done or step not in self.confirmed, f"lost: {step.name}"
        if not is_done:
            self.ask(step)

    def kill_worker_after_a_mail(self) -> None:
        """kill -9 at a random moment around the acceptance of one of the next mails."""
        countdown = random.randint(1, MAILS_OF_A_JOURNEY)  # noqa: S311 -- no secret

        def accept(message: object) -> None:
            nonlocal countdown
            countdown -= 1
            if countdown == 0:
                self.kill_worker_in(0.02)

        self.mail_server.on_data = accept

    def kill_worker_in(self, seconds: float) -> None:
        """kill -9 at a random moment within the next `seconds`."""
        threading.Timer(_within(seconds), self.worker.kill).start()

    def finish(self) -> None:
        """The leases of whoever died run out, and a last worker does what is left."""
        self.worker.stop()
        OutgoingMail.objects.filter(status=MailStatus.SENDING).update(
            leased_until=timezone.now() - timedelta(seconds=1)
        )
        Snapshot.objects.update(pdf_wanted_at=None)
        last = self.installation.start("worker", "--once")
        assert last.popen.wait(120) == 0, last.said()
        assert last.said() == ""


@pytest.fixture
def their_files(settings, tmp_path):
    """The files of the deployment are those this process looks at."""
    storages = {name: dict(storage) for name, storage in settings.STORAGES.items()}
    options = {**storages["default"]["OPTIONS"], "location": str(tmp_path / "files")}
    storages["default"]["OPTIONS"] = options
    settings.STORAGES = storages
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "scratch"
    return tmp_path


@pytest.fixture
def trial(installation, mail_server, their_files):
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    installation.settings = {
        **web_settings(port),
        "CANDIDE_EMAIL_URL": mail_server.url,
        "CANDIDE_MAILS_PER_MINUTE": "1000000",
    }
    staff = Browser(url)
    with installation.database():
        made = Killing(installation, mail_server, an_offer(), staff, port)
        made.start_server()
        made.start_worker()
        answer = staff.sign_in("bao@example.org", PASSWORD)
        assert answer.status_code == 302
        yield made
    made.close()


def a_journey(trial: Killing) -> Journey:
    return trial.begin_journey(Browser(f"http://127.0.0.1:{trial.port}"))


def kill_through_journeys(trial: Killing, kills: int) -> None:
    """One journey undisturbed, which shows how long each step takes and what it leaves behind;
    then with two kills in each."""
    trial.walk(a_journey(trial))
    for pair in islice(pairs_of_moments(), kills // KILLS_OF_A_JOURNEY):
        trial.walk(a_journey(trial), kills=pair)
    trial.finish()


def pairs_of_moments() -> Iterator[tuple[str, str]]:
    """Each moment as often as any other, the worker once in a journey at most. The seed of the run
    of the tests decides their order."""
    while True:
        here, there, now, then = random.sample(OF_THE_SERVER, 4)
        sending, drawing = OF_THE_WORKER
        yield from random.sample([(here, sending), (there, drawing), (now, then)], 3)


def _within(seconds: float) -> float:
    return random.uniform(0, seconds)  # noqa: S311 -- no secret


def assert_nothing_else_stays(folder) -> None:
    remove_orphans(timezone.now() + 2 * DAY)

    assert not StoredFile.objects.unreferenced().exists()
    known = {*StoredFile.objects.values_list("key", flat=True)}
    known |= {*OriginalFile.objects.values_list("key", flat=True)}
    kept = {blobs.key_of(name) for folder in blobs.folders() for name in blobs.names(folder)}
    assert kept == known
    assert list((folder / "scratch").iterdir()) == []


def assert_all_is_well(trial: Killing, folder) -> None:
    assert_confirmed_is_there(trial)
    assert_everything_happened_once(trial)
    assert_each_mail_sent_once_or_repeated_by_a_kill(trial)
    assert_nothing_else_stays(folder)
    assert_confirmed_is_there(trial)


@pytest.mark.long
def test_killed_journeys_lose_nothing_and_leave_nothing_else(trial, their_files):
    kill_through_journeys(trial, KILLS)

    assert_all_is_well(trial, their_files)


@pytest.mark.soak
def test_journeys_killed_a_hundred_times(trial, their_files):
    kill_through_journeys(trial, KILLS_OF_A_SOAK)

    assert_all_is_well(trial, their_files)
