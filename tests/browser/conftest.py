"""What the tests in a browser share: signing in, opening a state, pictures."""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.browser.states import State, prepared
from tests.browser.walks import demonstration as demonstrations
from tests.browser.walks import journey
from tests.browser.walks.hands import Hands
from tests.browser.walks.staff import ADMINISTRATOR, BAO, Manager, Outbox
from tests.browser.walks.staff import sign_in as sign_in_staff
from tests.browser.walks.walker import Person, Walker
from tests.browser.walks.words import FRENCH, Words

WIDE = {"width": 1280, "height": 800}
SMALL = {"width": 1024, "height": 700}
PHONE = {"width": 360, "height": 740}
NARROWEST = {"width": 320, "height": 640}
PREPARED_AT_ONCE = 9

# Sends a form to an address the page has no form for.
_POST = """([url, fields]) => {
  const form = document.createElement("form");
  form.method = "post";
  form.action = url;
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const pairs = Object.entries({csrfmiddlewaretoken: token, ...fields});
  for (const [name, values] of pairs) {
    for (const value of [values].flat()) {
      const input = document.createElement("input");
      input.type = "hidden";
      input.name = name;
      input.value = value;
      form.append(input);
    }
  }
  document.body.append(form);
  form.submit();
}"""


@pytest.fixture(scope="session")
def base_url() -> None:
    """None: each test has its own server. pytest-playwright's is of a deprecated form."""


@pytest.fixture
def refused_by_policy(page: Any) -> Iterator[list[str]]:
    """What the Content-Security-Policy refused on the pages opened."""
    refused: list[str] = []

    def note(message: Any) -> None:
        if "Content Security Policy" in message.text:
            refused.append(message.text)

    page.on("console", note)
    yield refused
    page.remove_listener("console", note)


@pytest.fixture
def sign_in(page: Any, live_server: Any) -> Callable[[Any], None]:
    """`sign_in(client)`: the browser takes over the session of a Django test client."""

    def take_over(client: Any) -> None:
        cookie = client.cookies["sessionid"]
        page.context.add_cookies(
            [{"name": "sessionid", "value": cookie.value, "url": live_server.url}]
        )

    return take_over


@pytest.fixture
def open_state(page: Any, live_server: Any, sign_in: Any) -> Callable[[State], Any]:
    """`open_state(state)` makes its rows, signs in, and opens the page in the browser."""

    def opened(state: State) -> Any:
        ready = prepared(state)
        if ready.session is not None:
            sign_in(ready.client)
        if ready.post is None:
            response = page.goto(ready.url)
        else:
            page.goto("/gestion/components/")
            with page.expect_navigation() as navigation:
                page.evaluate(_POST, [ready.url, ready.post])
            response = navigation.value
        assert response.status == state.status, page.locator("h1").all_inner_texts()
        html = response.text() if state.weighed else ""
        if state.act:
            state.act(page, ready.subject)
        return replace(ready, html=html)

    return opened


@pytest.fixture
def picture(page: Any) -> Callable[[str], None]:
    """`picture(name)` keeps a picture of the page in the folder SCREENSHOTS names, if any."""

    def taken(name: str) -> None:
        picture_of(page, name)

    return taken


def picture_of(page: Any, name: str) -> None:
    """The same of any page."""
    if folder := os.environ.get("SCREENSHOTS"):
        slug = re.sub(r"\W+", "-", name).strip("-").lower()
        page.screenshot(path=Path(folder) / f"{slug}.png", full_page=True)


# -- Walks through the demonstration --------------------------------------------------------------


@pytest.fixture(scope="session")
def demonstration() -> Iterator[demonstrations.Demonstration]:
    """The demonstration, running."""
    with demonstrations.running() as found:
        yield found


@pytest.fixture
def new_page(browser: Any, demonstration: Any) -> Iterator[Callable[..., Any]]:
    """`new_page(**context)` opens a browser of somebody else. No page may meet a script error, and
    the server no fault."""
    contexts: list[Any] = []
    errors: list[str] = []

    def opened(**context: Any) -> Any:
        french = {"locale": "fr-FR", "timezone_id": "Europe/Paris", "reduced_motion": "reduce"}
        made = browser.new_context(base_url=demonstration.url, **{**french, **context})
        contexts.append(made)
        page = made.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.set_default_timeout(30_000)
        return page

    before = len(demonstration.errors())
    yield opened
    for context in contexts:
        context.close()
    assert errors == []
    assert demonstration.errors()[before:] == []


@pytest.fixture
def new_walker(new_page: Any) -> Callable[..., Walker]:
    """`new_walker()` is somebody new in front of the demonstration, or the `person` named."""

    def arrived(
        *,
        person: Person | None = None,
        words: Words = FRENCH,
        hands_of: type[Hands] = Hands,
        **context: Any,
    ) -> Walker:
        page = new_page(locale=words.locale, **context)
        has_script = context.get("java_script_enabled", True)
        person = person or Person()
        return Walker(page, person, words=words, hands_of=hands_of, has_script=has_script)

    return arrived


@pytest.fixture(scope="session")
def people_with_file(demonstration: Any) -> Iterator[Person]:
    """`next(people_with_file)` has an active account and a complete file, which nobody else uses.
    Other walks are about how one gets there; one process prepares many."""

    def prepared_ahead() -> Iterator[Person]:
        while True:
            people = [Person() for _ in range(PREPARED_AT_ONCE)]
            demonstration.let_in(people)
            yield from people

    return prepared_ahead()


@pytest.fixture
def alix(new_walker: Any, people_with_file: Iterator[Person]) -> Walker:
    """One of them, signed in."""
    walker = new_walker(person=next(people_with_file))
    walker.page.goto("/compte/connexion/")
    journey.sign_in(walker)
    return walker


@pytest.fixture(scope="session")
def visits(browser: Any, demonstration: Any) -> Callable[[str], Any]:
    """`visits(login)` is the visit of somebody of staff, who signs in once for all walks."""

    @cache
    def begun(login: str) -> Any:
        context = browser.new_context(base_url=demonstration.url, locale="fr-FR")
        sign_in_staff(context.new_page(), login)
        cookies = context.storage_state()
        context.close()
        return cookies

    return begun


@pytest.fixture
def outbox(new_page: Any, visits: Any) -> Outbox:
    return Outbox(new_page(storage_state=visits(ADMINISTRATOR)))


@pytest.fixture
def bao(new_page: Any, visits: Any) -> Manager:
    return Manager(new_page(storage_state=visits(BAO)))
