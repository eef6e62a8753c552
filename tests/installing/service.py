"""An installation made by the book, and those who use it from outside, through nginx and TLS."""

import re
import ssl
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
from django.db import DEFAULT_DB_ALIAS, connections

from candide.institution.accounts.models import User
from tests.factories.candidates import CandidateFactory
from tests.faults.browser import Browser, Lost
from tests.faults.installation import in_place_of_ours, wait_until
from tests.faults.journey import Journey, Offer
from tests.faults.mail_server import MailServer
from tests.faults.trial import password
from tests.installing.guide import filled, under
from tests.installing.machine import BareMachine, Ran

HOST = "candidatures.univ.example"
ADDRESS = f"https://{HOST}"
ADMINISTRATOR = "ada.leroux@univ.example"
REPOSITORY = "/srv/candide"
LINK = re.compile(rf"{ADDRESS}(/compte/\S+)")


class AtHome(httpx.HTTPTransport):
    """Finds the name at this machine, and trusts the certificate that was made by the book."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        moved = httpx.Request(
            request.method,
            request.url.copy_with(host="127.0.0.1"),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": HOST},
        )
        return super().handle_request(moved)


@dataclass
class Service:
    """What stands on a machine once docs/install.md was followed."""

    machine: BareMachine
    mail_server: MailServer
    ran: list[Ran] = field(default_factory=list)
    browsers: list[Browser] = field(default_factory=list)
    journeys: list[Journey] = field(default_factory=list)

    def follow(
        self, document: str, heading: str, *, version: str = "", former_version: str = ""
    ) -> Iterator[Ran]:
        """Give the commands under a heading, block by block, as the caller goes on."""
        for block in under(document, heading):
            text = filled(
                block.text,
                address_of_the_repository=REPOSITORY,
                version=version,
                former_version=former_version,
            )
            self.ran.append(self.machine.run(text))
            yield self.ran[-1]

    def said(self, command: str) -> str:
        """What was said where `command` was given last."""
        return next(ran.said for ran in reversed(self.ran) if command in ran.command)

    def browser(self) -> Browser:
        trusted = ssl.create_default_context(cafile=str(self.machine.tree / "etc/ssl/candide.pem"))
        browser = Browser(ADDRESS, AtHome(verify=trusted))
        browser.client.headers["Origin"] = ADDRESS
        self.browsers.append(browser)
        return browser

    def close(self) -> None:
        for browser in self.browsers:
            browser.close()

    @contextmanager
    def database(self) -> Iterator[None]:
        """Inside, models and factories speak to its database."""
        place = f"/proc/{self.machine.leader}/root/run/postgresql"
        settings = {
            **connections.settings[DEFAULT_DB_ALIAS],
            **{"NAME": "candide", "USER": "root", "PASSWORD": "", "HOST": place, "PORT": ""},
        }
        made = type(connections[DEFAULT_DB_ALIAS])(settings, DEFAULT_DB_ALIAS)
        try:
            with in_place_of_ours(made):
                yield
        finally:
            made.close()

    def link_for(self, address: str) -> str:
        """The one in the mail that came to `address`."""
        wait_until(lambda: self._mails_to(address) != [], f"a mail comes to {address}")
        return LINK.search(self._mails_to(address)[-1].get_body(("plain",)).get_content())[1]

    def _mails_to(self, address: str) -> list:
        return [one.message for one in self.mail_server.accepted if one.recipient == address]

    def begin_journey(self, offer: Offer, staff: Browser) -> Journey:
        """Inside `database()`."""
        user = CandidateFactory(complete=True).user
        User.objects.filter(pk=user.pk).update(password=password())
        journey = Journey(len(self.journeys) + 1, user.email, offer, self.browser(), staff)
        self.journeys.append(journey)
        return journey


def walk(journey: Journey) -> None:
    """The whole of it; each step is confirmed, and is there afterwards."""
    for step in journey.steps():
        answer = step.do()
        assert answer.status_code in {200, 302}, (step.name, answer.status_code, answer.text)
        assert step.is_done(), step.name


@dataclass
class Visitors:
    """People who read pages all the time. Use as a context manager, and look at what they got."""

    service: Service
    pages: tuple[str, ...] = ("public:home", "public:catalogue", "account_login")
    answers: Counter = field(default_factory=Counter)
    longest: float = 0.0

    def __enter__(self) -> "Visitors":
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._read, args=(page, self.service.browser()))
            for page in self.pages
        ]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _read(self, page: str, browser: Browser) -> None:
        while not self._stop.is_set():
            begun = time.monotonic()
            try:
                status = browser.get(page).status_code
            except Lost:
                status = 0
            self.longest = max(self.longest, time.monotonic() - begun)
            self.answers[status] += 1
            self._stop.wait(0.05)
