"""What script adds to the catalogue and to the list of applications, and that it is not needed."""

import re

import pytest
from playwright.sync_api import expect

from candide.institution.catalogue.models import Institution
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import CommissionFactory, IntakeFactory, ProgrammeFactory

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("frozen"),
]


@pytest.fixture(autouse=True)
def offer():
    Institution.current()
    commission = CommissionFactory()
    for name, state in (("Droit public", "open"), ("Droit privé", "soon"), ("Chimie", "paper")):
        programme = ProgrammeFactory(name=name, commission=commission)
        IntakeFactory(programme=programme, **{state: True})


def names(page):
    return page.locator(".catalogue-name")


def test_results_follow_the_typing_and_the_address_with_them(page, live_server):
    page.goto("/offre/")
    page.get_by_label("Rechercher une formation").press_sequentially("droit", delay=20)

    expect(names(page)).to_have_text(["Droit privé", "Droit public"])
    expect(page.get_by_role("status").filter(has_text="2 formations")).to_be_visible()
    expect(page.get_by_label("Rechercher une formation")).to_be_focused()
    expect(page).to_have_url(f"{live_server.url}/offre/?q=droit")

    page.reload()

    expect(names(page)).to_have_text(["Droit privé", "Droit public"])


def test_facet_filters_at_once_and_keeps_the_focus(page):
    page.goto("/offre/")
    page.get_by_label("Bientôt ouverte").check()

    expect(names(page)).to_have_text(["Droit privé"])
    expect(page.get_by_label("Bientôt ouverte")).to_be_focused()
    expect(page.get_by_label("Bientôt ouverte")).to_be_checked()
    expect(page.get_by_role("checkbox", name="Dossier dématérialisé (1 formation)")).to_be_visible()

    page.get_by_label("Ouverte maintenant").check()

    expect(names(page)).to_have_count(3)


def test_second_tick_before_the_first_answer_is_kept(page):
    """The answer to the first was drawn without the second."""

    def tick_then_answer(route):
        answer = route.fetch()
        page.get_by_label("Bientôt ouverte").check()
        route.fulfill(response=answer)

    page.goto("/offre/")
    page.route("**/offre/?*", tick_then_answer, times=1)
    page.get_by_label("Dossier dématérialisé").check()

    expect(page).to_have_url(re.compile("period=soon"))
    expect(names(page)).to_have_text(["Droit privé"])
    expect(page.get_by_label("Dossier dématérialisé")).to_be_checked()
    expect(page.get_by_label("Bientôt ouverte")).to_be_checked()


def test_going_back_shows_the_search_before(page, live_server):
    page.goto("/offre/?q=droit")
    names(page).first.get_by_role("link").click()
    page.get_by_role("heading", name="Droit privé", level=1).wait_for()

    page.go_back()

    expect(names(page)).to_have_text(["Droit privé", "Droit public"])
    expect(page).to_have_url(f"{live_server.url}/offre/?q=droit")


def test_filters_fold_away_on_a_phone(page):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/offre/")

    expect(page.get_by_label("Bientôt ouverte")).to_be_hidden()
    page.locator("summary").filter(has_text="Filtres").click()
    page.get_by_label("Bientôt ouverte").check()

    expect(names(page)).to_have_text(["Droit privé"])
    expect(page.get_by_label("Bientôt ouverte")).to_be_visible()


def test_double_click_opens_an_application(page, sign_in, client):
    """S2-35."""
    application = ApplicationFactory()
    client.force_login(application.candidate.user)
    sign_in(client)
    page.goto("/espace/candidatures/")

    page.get_by_role("rowheader").dblclick()

    page.wait_for_url(f"**/espace/candidatures/{application.pk}/")


class TestWithoutScript:
    @pytest.fixture
    def browser_context_args(self, browser_context_args):
        return {**browser_context_args, "java_script_enabled": False}

    def test_search_and_filters_are_sent_by_their_buttons(self, page, live_server):
        page.goto("/offre/")
        page.get_by_label("Rechercher une formation").fill("droit")
        page.get_by_role("button", name="Rechercher").click()
        page.get_by_label("Bientôt ouverte").check()
        page.get_by_role("button", name="Appliquer les filtres").click()

        expect(names(page)).to_have_text(["Droit privé"])
        expect(page).to_have_url(f"{live_server.url}/offre/?q=droit&period=soon")
