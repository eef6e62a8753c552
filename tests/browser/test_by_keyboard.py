"""A manager takes twenty applications from received to decided and released by keyboard alone
(issue 3, « What it must show », 4)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from candide.admissions.applications.enums import DossierStatus, ItemStatus
from candide.admissions.applications.models import Application
from candide.admissions.releases.tasks import release_due
from candide.foundation.runs.domain.working import work
from candide.institution.catalogue.models import Institution
from candide.institution.mails.models import OutgoingMail
from tests.browser.states.candidate import asked, given
from tests.browser.states.staff import bao
from tests.browser.walks.hands import Keyboard
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import IntakeFactory
from tests.factories.decisions import DecisionTypeFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOW_MANY = 20
FIRST = datetime(2027, 3, 10, 9, 0, tzinfo=UTC)
MOST_TABS = 120


@pytest.fixture(autouse=True)
def _nobody_else_is_there(page):
    """A sign of life meanwhile would meet the database of the tests, which cannot wait. Not by a
    route of Playwright: with one, the browser fetches styles and scripts anew for each page."""
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.setBlockedURLs", {"urls": ["*/presence/"]})


@pytest.fixture
def applications():
    """Received, each with one document to check."""
    Institution.current()
    intake = IntakeFactory()
    rows = [
        ApplicationFactory(
            intake=intake, transmitted=True, created_at=FIRST + timedelta(minutes=number)
        )
        for number in range(HOW_MANY)
    ]
    requirement = asked(rows[0], "Diplôme")
    for application in rows:
        given(application, requirement)
    DecisionTypeFactory(label="Admis en master", outcome="favourable")
    return rows


def release_all(page):
    """« Publications »: the programme is chosen, prepared in the background, released."""
    keys = Keyboard(page)
    keys.follow(page.locator("#site-nav").get_by_role("link", name="Publications"))
    keys.tick(page.locator("#waiting").get_by_role("checkbox"))
    keys.press(page.get_by_role("button", name="Préparer la publication"))
    page.wait_for_url("**/publications/*/")
    prepared = page.url
    page.goto("about:blank")  # the database of the tests has one place
    while work(clock=timezone.now):
        pass
    page.goto(prepared)
    keys.follow(page.get_by_role("link", name="Publier maintenant"))
    keys.press(page.get_by_role("button", name="Publier maintenant"))
    page.wait_for_url(prepared)
    page.goto("about:blank")
    assert release_due(timezone.now()) == 1


def press(page, key):
    """A key that leads to another page."""
    with page.expect_navigation():
        page.keyboard.press(key)


def tab_to_first_application(page):
    for _tab in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('tbody th a')"):
            return
    raise AssertionError("no application is reached by the tabulator")


def take(page):
    """Check the document, declare the dossier complete, enter the decision."""
    press(page, "v")
    expect(page.get_by_text("« Diplôme » est validée", exact=False)).to_be_visible()
    page.keyboard.press("s")
    expect(page.get_by_label("Statut (obligatoire)")).to_be_focused()
    press(page, "Control+Enter")
    page.keyboard.press("d")
    page.keyboard.type("Admis")
    press(page, "Control+Enter")
    expect(page.get_by_text("L'avis est saisi.", exact=False)).to_be_visible()


@pytest.mark.long
def test_manager_takes_and_releases_twenty_applications_by_keyboard_alone(
    page, sign_in, applications
):
    client = Client()
    client.force_login(bao(applications[0]))
    sign_in(client)
    page.goto("/gestion/candidatures/?dossier=received&sort=created")
    tab_to_first_application(page)
    press(page, "Enter")

    for number in range(HOW_MANY):
        take(page)
        if number + 1 < HOW_MANY:
            press(page, "j")

    expect(page.get_by_text("La dernière de la liste")).to_be_visible()
    for application in Application.objects.all():
        assert application.dossier_status == DossierStatus.COMPLETE
        assert application.has_draft_decision
        assert application.released_outcome == ""
        assert application.submitted_documents.get().status == ItemStatus.APPROVED

    release_all(page)

    outcomes = Application.objects.values_list("released_outcome", flat=True)
    assert list(outcomes) == ["favourable"] * HOW_MANY
    assert OutgoingMail.objects.filter(kind="decision-favourable").count() == HOW_MANY


def test_refusing_goes_to_the_comment_first_and_keys_never_meet_typing(page, sign_in, applications):
    client = Client()
    client.force_login(bao(applications[0]))
    sign_in(client)
    page.goto(f"/gestion/candidatures/{applications[0].pk}/?list=dossier%3Dreceived")

    page.keyboard.press("r")
    comment = page.get_by_label("Commentaire pour le candidat")
    expect(comment).to_be_focused()
    page.keyboard.type("Vraiment illisible, redeposez")
    expect(comment).to_have_value("Vraiment illisible, redeposez")
    press(page, "Control+Enter")

    use = applications[0].submitted_documents.get()
    assert (use.status, use.comment) == (ItemStatus.REFUSED, "Vraiment illisible, redeposez")


def test_keys_are_shown_in_a_dialog_and_switched_off(page, sign_in, applications):
    client = Client()
    client.force_login(bao(applications[0]))
    sign_in(client)
    page.goto(f"/gestion/candidatures/{applications[0].pk}/")
    dialog = page.get_by_role("dialog", name="Touches de cette page")

    page.keyboard.press("?")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Utiliser ces touches").uncheck()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("s")

    expect(page.get_by_label("Statut (obligatoire)")).not_to_be_focused()
