"""Two web machines, a worker, a database and an object storage, each in a network of its own: one
is cut off, killed or restarted while candidates go their way; nothing confirmed is lost, nothing
happens twice."""

import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta

import boto3
import httpx
import pytest
from django.db import DEFAULT_DB_ALIAS, connections
from django.utils import timezone

from candide.admissions.applications.models import Snapshot
from candide.admissions.decisions.models import DecisionType
from candide.admissions.handover.enums import HandoverState
from candide.admissions.handover.models import PreEnrolment
from candide.institution.catalogue.models import Institution, Programme
from candide.institution.mails.enums import MailStatus
from candide.institution.mails.models import OutgoingMail
from tests.faults import machines
from tests.faults.browser import Browser, Lost
from tests.faults.installation import Installation, Process, wait_until
from tests.faults.journey import PASSWORD, Journey, Step
from tests.faults.machines import Machine, Machines
from tests.faults.mail_server import MailServer
from tests.faults.trial import (
    Trial,
    an_offer,
    assert_confirmed_is_there,
    assert_each_mail_sent_once_or_repeated_by_a_kill,
    assert_everything_happened_once,
)
from tools.postgres import SUPERUSER, Cluster, cluster, wait_until_ready

PORT = 8000
HOST = "candide.test"
BUCKET, KEY, SECRET = "candide", "trial", "trial-secret"
IMPATIENT, PATIENT = 10.0, 120.0

pytestmark = [
    pytest.mark.soak,
    pytest.mark.postgresql,
    pytest.mark.allow_hosts([machines.SUBNET, "127.0.0.1"]),
]


class Towards(httpx.HTTPTransport):
    """Reaches the service at the machine that is its `address` now."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        moved = httpx.Request(
            request.method,
            request.url.copy_with(host=self.address),
            headers=request.headers,
            stream=request.stream,
            extensions=request.extensions,
        )
        return super().handle_request(moved)


@dataclass
class Apart(Trial):
    """A trial whose parts stand on machines of their own."""

    webs: list[Machine]
    work: Machine
    database: Cluster
    worker: Process = field(init=False)

    def start(self) -> None:
        for web in self.webs:
            self._start(web, "serve", CANDIDE_LISTEN=f"{web.address}:{PORT}")
        self.start_worker()

    def start_worker(self) -> None:
        self.worker = self._start(self.work, "worker")

    def _start(self, machine: Machine, command: str, **settings: str) -> Process:
        folder = self.installation.folder / machine.name
        folder.mkdir(exist_ok=True)
        return self.installation.start(
            command, within=machine.enter, CANDIDE_DATA_DIR=str(folder), **settings
        )

    def walk(self, journey: Journey, *, disturbed: str = "", by: str = "") -> None:
        """The whole journey; `by` is what happens during the step `disturbed`."""
        for step in journey.steps():
            if step.name != disturbed:
                self.ask(step)
            elif by == "cut off":
                self.ask_while_cut_off(step, journey)
            else:
                self.ask_while_restarted(step)

    def ask(self, step: Step) -> None:
        began = time.monotonic()
        answer = step.do()
        self.seconds.setdefault(step.name, time.monotonic() - began)
        assert answer.status_code in {200, 302}, (step.name, answer.status_code, answer.text)
        self.confirmed.append(step)

    def ask_while_cut_off(self, step: Step, journey: Journey) -> None:
        """The machine the candidate is at is cut off at a random moment, and stays so until the
        other one has done what was asked."""
        browser = journey.candidate
        here = next(web for web in self.webs if web.address == browser.towards.address)
        there = next(web for web in self.webs if web is not here)
        browser.client.timeout = IMPATIENT
        puller = threading.Timer(self._a_moment_in(step), here.unplug)
        puller.start()
        with suppress(Lost):
            self.ask(step)
        puller.join()
        browser.client.timeout = PATIENT
        browser.towards.address = there.address
        self._ask_again(step)
        here.plug()

    def ask_while_restarted(self, step: Step) -> None:
        """The database stops at a random moment, as when its machine fails, and comes back."""
        stopper = threading.Timer(self._a_moment_in(step), self.database.stop)
        stopper.start()
        with suppress(Lost, AssertionError):  # a page that says it went wrong confirms nothing
            self.ask(step)
        stopper.join()
        self.database.start()
        wait_until_ready(self.database)
        connections[DEFAULT_DB_ALIAS].close()
        self._ask_again(step)

    def _ask_again(self, step: Step) -> None:
        """Unless it was done; what was confirmed is there."""
        is_done = step.is_done()
        assert is_done or step not in self.confirmed, f"lost: {step.name}"
        if not is_done:
            self.ask(step)

    def _a_moment_in(self, step: Step) -> float:
        return random.uniform(0, self.seconds[step.name] * 1.2)  # noqa: S311 -- no secret

    def kill_worker_soon(self) -> None:
        """At a random moment of what it does next."""
        killer = threading.Timer(random.uniform(0, 1.5), self.worker.kill)  # noqa: S311 -- no secret
        killer.start()

    def finish(self) -> None:
        """The leases of whoever died run out, and a last worker does what is left."""
        self.worker.stop()
        past = timezone.now() - timedelta(seconds=1)
        OutgoingMail.objects.filter(status=MailStatus.SENDING).update(leased_until=past)
        PreEnrolment.objects.exclude(leased_until=None).update(leased_until=past)
        Snapshot.objects.update(pdf_wanted_at=None)
        self.start_worker()
        wait_until(lambda: not _is_owed(), "nothing is owed any more", patience=180)
        self.worker.stop()


def _is_owed() -> bool:
    return (
        OutgoingMail.objects.exclude(status=MailStatus.SENT).exists()
        or PreEnrolment.objects.exclude(state=HandoverState.ACCEPTED).exists()
        or Snapshot.objects.filter(pdf=None).exists()
    )


@pytest.fixture
def trial(tmp_path, monkeypatch, django_db_setup, django_db_blocker) -> Iterator[Apart]:
    if lacking := machines.missing():
        print(f"left out: {lacking}")  # noqa: T201 -- what the issue asks to be said
        pytest.skip(lacking)
    with (
        Machines() as made,
        cluster_at(made.add("db")) as database,
        storage_at(made.add("store")) as files_url,
        MailServer(host=machines.OURS) as mail_server,
        django_db_blocker.unblock(),
    ):
        monkeypatch.setenv("CANDIDE_DATABASE_URL", database.url)
        monkeypatch.delenv("TEST_DATABASE_TEMPLATE", raising=False)
        for name, value in {"HOST": str(database.home), "USER": SUPERUSER, "PORT": ""}.items():
            monkeypatch.setitem(connections.settings[DEFAULT_DB_ALIAS], name, value)
        with Installation(tmp_path) as installation:
            installation.settings = {
                "CANDIDE_DEBUG": "1",  # static files where they are
                "CANDIDE_BASE_URL": f"http://{HOST}:{PORT}",
                "CANDIDE_WEB_WORKERS": "2",
                "CANDIDE_DATABASE_URL": (
                    f"postgresql://{SUPERUSER}@{database.address}/{installation.name}"
                ),
                "CANDIDE_FILES_URL": files_url,
                "CANDIDE_STUDENT_SYSTEM": "demonstration",
                "CANDIDE_EMAIL_URL": mail_server.url,
                "CANDIDE_MAILS_PER_MINUTE": "1000000",
            }
            with installation.database():
                webs = [made.add("web1"), made.add("web2")]
                staff = browser_at(webs[1])
                offer = an_offer_that_is_handed_over()
                found = Apart(
                    installation, mail_server, offer, staff, webs, made.add("work"), database
                )
                found.start()
                for web in webs:
                    visitor = browser_at(web)
                    visitor.wait_for_server()
                    visitor.close()
                assert staff.sign_in("bao@example.org", PASSWORD).status_code == 302
                yield found
                found.close()


def an_offer_that_is_handed_over():
    institution = Institution.current()
    institution.hands_over = True
    institution.save()
    offer = an_offer()
    DecisionType.objects.filter(pk=offer.decision_type).update(is_transferred=True)
    Programme.objects.filter(intakes=offer.intake).update(sis_code="M1DEG01")
    return offer


def browser_at(web: Machine) -> Browser:
    towards = Towards(web.address)
    browser = Browser(f"http://{HOST}:{PORT}", towards)
    browser.towards = towards
    return browser


@contextmanager
def cluster_at(machine: Machine) -> Iterator[Cluster]:
    with cluster(
        within=machine.enter, address=machine.address, clients=machines.SUBNET
    ) as database:
        yield database


@contextmanager
def storage_at(machine: Machine) -> Iterator[str]:
    """An object storage; where it is, as CANDIDE_FILES_URL says it."""
    command = [sys.executable, "-m", "moto.server", "-H", machine.address, "-p", str(PORT)]
    server = subprocess.Popen(
        [*machine.enter, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    place = f"{machine.address}:{PORT}"
    try:
        client = boto3.client(
            "s3",
            endpoint_url=f"http://{place}",
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
            region_name="us-east-1",
        )
        wait_until(lambda: _answers(place), "the storage answers")
        client.create_bucket(Bucket=BUCKET)
        yield f"s3+http://{KEY}:{SECRET}@{place}/{BUCKET}"
    finally:
        server.kill()
        server.wait()


def _answers(place: str) -> bool:
    with suppress(httpx.TransportError):
        return httpx.get(f"http://{place}/", trust_env=False).status_code < 500
    return False


def test_what_was_confirmed_outlives_machines_cut_off_killed_and_restarted(trial):
    one, two = trial.webs
    trial.walk(trial.begin_journey(browser_at(one)))
    for step, web in (("upload", one), ("upload photos", two), ("transmit", one)):
        journey = trial.begin_journey(browser_at(web))
        trial.walk(journey, disturbed=step, by="cut off")
    for step in ("transmit", "release"):
        trial.walk(trial.begin_journey(browser_at(two)), disturbed=step, by="restart")
    for _ in range(3):
        trial.walk(trial.begin_journey(browser_at(one)))
        trial.kill_worker_soon()
        wait_until(lambda: not trial.worker.is_running, "the worker was killed")
        trial.kills_of_workers += 1
        trial.start_worker()
    trial.finish()

    assert_confirmed_is_there(trial)
    assert_everything_happened_once(trial)
    assert_each_mail_sent_once_or_repeated_by_a_kill(trial)
    assert PreEnrolment.objects.count() == len(trial.journeys)
