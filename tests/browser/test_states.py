"""Every state of every page: no axe violation on a wide screen, on a phone and in the dark, nothing
beyond the edge or over one another at 320 pixels, nothing the policy refuses.

SCREENSHOTS=pictures .venv/bin/python -m pytest tests/browser/test_states.py -k "my space"
keeps pictures in the folder pictures/.
"""

import pytest
from django.test import override_settings

from tests.browser.axe import crowded, too_wide, violations
from tests.browser.conftest import NARROWEST, PHONE, WIDE
from tests.browser.states import STATES

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.browser.sample_urls"),
    pytest.mark.usefixtures("frozen"),
]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_state_is_accessible(page, open_state, picture, refused_by_policy, state):
    page.set_viewport_size(WIDE)
    page.emulate_media(reduced_motion="reduce")  # no colour is caught on its way to another
    with override_settings(**state.settings):
        ready = open_state(state)
    found = violations(page)
    picture(f"{state.name}-1280")

    page.emulate_media(color_scheme="dark")
    dark = violations(page, runOnly=["color-contrast"])
    picture(f"{state.name}-1280-dark")
    page.emulate_media(color_scheme="light")

    page.set_viewport_size(PHONE)
    if state.act and state.post is None:
        page.reload()
        state.act(page, ready.subject)
    found_on_a_phone = violations(page)
    picture(f"{state.name}-360")
    page.set_viewport_size(NARROWEST)
    wide = too_wide(page)
    over = crowded(page)

    assert found == []
    assert dark == []
    assert found_on_a_phone == []
    assert wide == []
    assert over == []
    assert refused_by_policy == []
