"""What the tests in a browser share: signing in, opening a state, pictures."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.states import State, prepared

WIDE = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}
NARROWEST = {"width": 320, "height": 640}

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
def refused_by_policy(page: Any) -> list[str]:
    """What the Content-Security-Policy refused on the pages opened."""
    refused: list[str] = []

    def note(message: Any) -> None:
        if "Content Security Policy" in message.text:
            refused.append(message.text)

    page.on("console", note)
    return refused


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
        if state.act:
            state.act(page, ready.subject)
        return ready

    return opened


@pytest.fixture
def picture(page: Any) -> Callable[[str], None]:
    """`picture(name)` keeps a picture of the page in the folder SCREENSHOTS names, if any."""

    def taken(name: str) -> None:
        if folder := os.environ.get("SCREENSHOTS"):
            slug = re.sub(r"\W+", "-", name).strip("-").lower()
            page.screenshot(path=Path(folder) / f"{slug}.png", full_page=True)

    return taken
