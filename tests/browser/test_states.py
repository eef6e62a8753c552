"""Every state of every page: no axe violation on a wide screen in the light and on a phone in the
dark, nothing beyond the edge at 1024 pixels and at 320, nothing over one another, nothing the
policy refuses.

1024 pixels at 200 % zoom are 512: what holds at 1024 and at 320 pixels holds there.

SCREENSHOTS=pictures .venv/bin/python -m pytest tests/browser/test_states.py -k "my space"
keeps pictures in the folder pictures/.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import override_settings

from tests.browser.axe import crowded, too_wide, violations
from tests.browser.conftest import NARROWEST, PHONE, SMALL, WIDE
from tests.browser.states import STATES

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.browser.sample_urls"),
    pytest.mark.usefixtures("frozen"),
]


@pytest.fixture(scope="module")
def visit(browser: Any, live_server: Any) -> Iterator[Any]:
    """One visit for all states: what pages are drawn with is fetched once."""
    context = browser.new_context(
        base_url=live_server.url,
        locale="fr-FR",
        timezone_id="Europe/Paris",
        reduced_motion="reduce",  # no colour is caught on its way to another
    )
    yield context
    context.close()


@pytest.fixture
def page(visit: Any) -> Iterator[Any]:
    """A new tab of somebody nobody knows; a script error fails the test."""
    errors: list[str] = []
    visit.clear_cookies()
    page = visit.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.set_default_timeout(15_000)
    yield page
    page.evaluate("() => localStorage.clear()")
    page.close()
    assert errors == []


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_state_is_accessible(page, open_state, picture, refused_by_policy, state):
    page.set_viewport_size(WIDE)
    with override_settings(**state.settings):
        ready = open_state(state)
    found = violations(page)
    picture(f"{state.name}-1280")
    page.set_viewport_size(SMALL)
    wide = too_wide(page)

    page.set_viewport_size(PHONE)
    if state.act and state.post is None:
        page.reload()
        state.act(page, ready.subject)
    page.emulate_media(color_scheme="dark")
    found_on_a_phone_in_the_dark = violations(page)
    picture(f"{state.name}-360-dark")
    if os.environ.get("SCREENSHOTS"):
        page.emulate_media(color_scheme="light")
        picture(f"{state.name}-360")
    page.set_viewport_size(NARROWEST)
    wide += too_wide(page)
    over = crowded(page)

    assert found == []
    assert found_on_a_phone_in_the_dark == []
    assert wide == []
    assert over == []
    assert refused_by_policy == []
