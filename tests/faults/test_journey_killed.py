"""kill -9 of the server or the worker at random moments of the journey: whatever the server
confirmed is there, everything happened once, every mail goes out, and nothing else stays."""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from itertools import islice

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.utils import timezone

from candide.admissions.applications.enums import Outcome
from candide.admissions.applications.models import Application, Snapshot
from candide.foundation.files.domain import blobs
from candide.foundation.files.domain.cleaning import remove_orphans
from candide.foundation.files.models import OriginalFile, StoredFile
from candide.foundation.history.domain.log import entries_about
from candide.institution.accounts.models import User
from candide.institution.catalogue.enums import LetterMode
from candide.institution.mails.enums import MailStatus
from candide.institution.mails.models import OutgoingMail
from tests.admissions.conftest import staff_member
from tests.factories.candidates import CandidateFactory
from tests.factories.catalogue import CampaignFactory, IntakeFactory
from tests.factories.decisions import DecisionTypeFactory
from tests.factories.requirements import DocumentRequirementFactory, QuestionFactory
from tests.faults.browser import Browser, Lost, free_port
from tests.faults.installation import Installation, Process, wait_until, web_settings
from tests.faults.journey import PASSWORD, Journey, Offer, Step
from tests.faults.mail_server import MailServer

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
class Trial:
    """A deployment with its processes, who uses it, and what it confirmed to them."""

    installation: Installation
    mail_server: MailServer
    offer: Offer
    staff: Browser
    port: int
    server: Process = field(init=False)
    worker: Process = field(init=False)
    confirmed: list[Step] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    journeys: list[Journey] = field(default_factory=list)
    kills_of_workers: int = 0

    def start_server(self) -> None:
        self.server = self.installation.start("serve")
        self.staff.wait_for_server()

    def start_worker(self) -> None:
        self.worker = self.installation.start("worker")

    def walk(self, journey: Journey, kills: Sequence[str] = ()) -> None:
        """The whole journey; what is lost on the way is asked for again, unless it was done."""
        self.journeys.append(journey)
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
        made = Trial(installation, mail_server, an_offer(), staff, port)
        made.start_server()
        made.start_worker()
        answer = staff.sign_in("bao@example.org", PASSWORD)
        assert answer.status_code == 302
        yield made
    staff.close()
    for journey in made.journeys:
        journey.candidate.close()


def an_offer() -> Offer:
    """A programme open now, with two documents and a question, and Bao who manages its centre."""
    today = timezone.localdate()
    campaign = CampaignFactory(starts_on=today - DAY, ends_on=today + 200 * DAY)
    intake = IntakeFactory(campaign=campaign, opens_on=today - DAY, closes_on=today + 30 * DAY)
    commission = intake.programme.commission
    commission.letter_mode, commission.email = LetterMode.BOTH, "commission@example.org"
    commission.save()
    bao = staff_member("manager", centre=commission.centre)
    User.objects.filter(pk=bao.pk).update(email="bao@example.org", password=password())
    return Offer(
        intake=intake.pk,
        transcript=DocumentRequirementFactory(common=True).pk,
        photos=DocumentRequirementFactory(common=True).pk,
        question=QuestionFactory(common=True).pk,
        decision_type=DecisionTypeFactory(outcome=Outcome.FAVOURABLE).pk,
    )


@cache
def password() -> str:
    """As the deployment keeps it; tests keep theirs in a cheaper way."""
    return Argon2PasswordHasher().encode(PASSWORD, "0123456789abcdef")


def a_journey(trial: Trial) -> Journey:
    number = len(trial.journeys) + 1
    user = CandidateFactory(complete=True).user
    User.objects.filter(pk=user.pk).update(password=password())
    candidate = Browser(f"http://127.0.0.1:{trial.port}")
    return Journey(number, user.email, trial.offer, candidate, trial.staff)


def kill_through_journeys(trial: Trial, kills: int) -> None:
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


def assert_confirmed_is_there(trial: Trial) -> None:
    lost = [step.name for step in trial.confirmed if not step.is_done()]
    assert lost == []
    assert len(trial.confirmed) >= 9 * len(trial.journeys)


def assert_everything_happened_once(trial: Trial) -> None:
    """Each disturbed journey left in history, outbox and dossiers what the undisturbed one did."""
    first, *disturbed = [left_by(journey) for journey in trial.journeys]
    assert first["mails"] == {
        "application-created": 1,
        "dossier-received": 1,
        "commission-transmission": 1,
        "status-complete": 1,
        "decision-favourable": 1,
        "answer-accepted": 1,
    }
    assert disturbed == [first] * len(disturbed)
    assert Application.objects.count() == len(trial.journeys)
    assert not Snapshot.objects.filter(pdf=None).exists()


def left_by(journey: Journey) -> dict[str, object]:
    application = Application.objects.get(pk=journey.pk)
    return {
        "events": Counter(entry.event for entry in entries_about(application)),
        "mails": Counter(
            OutgoingMail.objects.filter(about_id=journey.pk).values_list("kind", flat=True)
        ),
        "documents": application.submitted_documents.count(),
        "versions": application.candidate.documents.count(),
        "snapshots": application.snapshots.count(),
        "status": application.dossier_status,
        "answer": application.answer,
    }


def assert_each_mail_sent_once_or_repeated_by_a_kill(trial: Trial) -> None:
    assert not OutgoingMail.objects.exclude(status=MailStatus.SENT).exists()
    times = Counter(trial.mail_server.message_ids())
    assert set(times) == set(OutgoingMail.objects.values_list("message_id", flat=True))
    assert max(times.values()) <= 2
    assert sum(times.values()) - len(times) <= trial.kills_of_workers


def assert_nothing_else_stays(folder) -> None:
    remove_orphans(timezone.now() + 2 * DAY)

    assert not StoredFile.objects.unreferenced().exists()
    known = {*StoredFile.objects.values_list("key", flat=True)}
    known |= {*OriginalFile.objects.values_list("key", flat=True)}
    kept = {blobs.key_of(name) for folder in blobs.folders() for name in blobs.names(folder)}
    assert kept == known
    assert list((folder / "scratch").iterdir()) == []


def assert_all_is_well(trial: Trial, folder) -> None:
    assert_confirmed_is_there(trial)
    assert_everything_happened_once(trial)
    assert_each_mail_sent_once_or_repeated_by_a_kill(trial)
    assert_nothing_else_stays(folder)
    assert_confirmed_is_there(trial)


def test_killed_journeys_lose_nothing_and_leave_nothing_else(trial, their_files):
    kill_through_journeys(trial, KILLS)

    assert_all_is_well(trial, their_files)


@pytest.mark.soak
def test_journeys_killed_a_hundred_times(trial, their_files):
    kill_through_journeys(trial, KILLS_OF_A_SOAK)

    assert_all_is_well(trial, their_files)
