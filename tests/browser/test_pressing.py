"""A page that moves under the pointer, as when what was entered is saved in between."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from candide.institution.catalogue.models import Institution
from tests.factories.accounts import UserFactory

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.browser.sample_urls"),
]

MOVE = "document.querySelector('main').style.paddingTop = '300px'"
COUNT = """
    const button = document.querySelector("[data-hotkey=v]");
    button.addEventListener("click", () => document.querySelector("#count").textContent++);
"""


@pytest.fixture
def pressed(page, sign_in, db):
    """The button « Compter », pressed; where the pointer is."""
    Institution.current()
    client = Client()
    client.force_login(UserFactory())
    sign_in(client)
    page.goto("/essai/saisie/")
    page.evaluate(COUNT)
    button = page.get_by_role("button", name="Compter")
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    at = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*at)
    page.mouse.down()
    return at


def test_button_that_moved_away_is_clicked_all_the_same(page, pressed):
    page.evaluate(MOVE)
    page.mouse.up()

    expect(page.locator("#count")).to_have_text("1")


def test_button_that_stayed_is_clicked_once(page, pressed):
    page.mouse.up()

    expect(page.locator("#count")).to_have_text("1")


@pytest.mark.parametrize("by", [25, 200])
def test_pointer_that_slid_off_clicks_nothing(page, pressed, by):
    page.mouse.move(pressed[0], pressed[1] + by)
    page.mouse.up()

    expect(page.locator("#count")).to_have_text("0")


def test_pointer_that_slid_off_what_moved_clicks_nothing(page, pressed):
    page.mouse.move(pressed[0], pressed[1] + 25)
    page.evaluate(MOVE)
    page.mouse.up()

    expect(page.locator("#count")).to_have_text("0")
