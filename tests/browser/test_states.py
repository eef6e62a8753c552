"""Every state of every page: no axe violation on a wide screen in the light, nothing beyond the
edge at 1024 pixels and at 320, nothing over one another, nothing the policy refuses; and no page of
candidates heavier than a poor line bears. On a phone in the dark axe looks again at what may differ
there: at each state of candidates' pages, and at one of each page of staff.

1024 pixels at 200 % zoom are 512: what holds at 1024 and at 320 pixels holds there.

SCREENSHOTS=pictures .venv/bin/python -m pytest tests/browser/test_states.py -k "my space"
keeps pictures in the folder pictures/.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import override_settings

from candide.web.shared.templatetags import look
from tests.browser.axe import OF_LOOKS, crowded, too_wide, violations
from tests.browser.conftest import NARROWEST, PHONE, SMALL, WIDE
from tests.browser.drawn import noted
from tests.browser.states import STATES, State
from tests.browser.weight import too_heavy

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.browser.sample_urls"),
    pytest.mark.usefixtures("frozen"),
]


def page_of(state: State) -> str:
    """What the names of the states of one page begin with."""
    area, *more = state.name.split(", ")
    return f"{area}, {more[0]}" if area == "staff" else area


LOOKED_AT_IN_THE_DARK = [
    *(state for state in STATES if state.weighed),
    *{page_of(state): state for state in reversed(STATES) if not state.weighed}.values(),
]


@pytest.fixture(scope="module")
def tab(browser: Any, live_server: Any) -> Iterator[Any]:
    """One tab for all states: a new one costs as much as a page, and what pages are drawn with is
    fetched once."""
    context = browser.new_context(
        base_url=live_server.url,
        locale="fr-FR",
        timezone_id="Europe/Paris",
        reduced_motion="reduce",  # no colour is caught on its way to another
    )
    tab = context.new_page()
    tab.set_default_timeout(15_000)
    yield tab
    context.close()


@pytest.fixture
def page(tab: Any) -> Iterator[Any]:
    """The tab of somebody nobody knows, in the light; a script error fails the test."""
    errors: list[str] = []

    def note(error: Any) -> None:
        errors.append(str(error))

    tab.context.clear_cookies()
    tab.emulate_media(color_scheme="light")
    tab.on("pageerror", note)
    yield tab
    tab.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
    # A page that asks again and again is left before its rows are gone.
    tab.goto("/essai/rien/", wait_until="commit")
    tab.remove_listener("pageerror", note)
    assert errors == []


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_state_is_accessible(page, open_state, picture, refused_by_policy, state):
    page.set_viewport_size(WIDE)
    look._upload_field.cache_clear()  # another test may have had it drawn
    with override_settings(**state.settings), noted(state.name):
        ready = open_state(state)
    heavy = state.weighed and too_heavy(ready.html)
    found = violations(page)
    picture(f"{state.name}-1280")
    page.set_viewport_size(SMALL)
    wide = too_wide(page)

    page.set_viewport_size(PHONE)
    if state.act and state.post is None:
        page.reload()
        state.act(page, ready.subject)
    page.emulate_media(color_scheme="dark")
    in_the_dark = violations(page, **OF_LOOKS) if state in LOOKED_AT_IN_THE_DARK else []
    picture(f"{state.name}-360-dark")
    if os.environ.get("SCREENSHOTS"):
        page.emulate_media(color_scheme="light")
        picture(f"{state.name}-360")
    page.set_viewport_size(NARROWEST)
    wide += too_wide(page)
    over = crowded(page)

    assert not heavy
    assert found == []
    assert in_the_dark == []
    assert wide == []
    assert over == []
    assert refused_by_policy == []
