"""What is ticked in the list of applications: kept from page to page, sent whole, forgotten."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from candide.admissions.applications.domain.saved_views import save_view
from candide.foundation.runs.models import RunItem
from candide.institution.catalogue.models import Institution
from tests.browser.states.staff import staff
from tests.factories.applications import ApplicationFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LIST = "/gestion/candidatures/?place="
MANY = """() => {
  const [key] = Object.keys(sessionStorage).filter((each) => each.includes(':selected:'));
  const kept = JSON.parse(sessionStorage.getItem(key) ?? '[]');
  const others = Array.from({length: 1200}, (_each, index) => String(900000 + index));
  sessionStorage.setItem(key, JSON.stringify([...kept, ...others]));
}"""
SHOWN_AGAIN = """() => {
  sessionStorage.clear();
  dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}));
}"""


@pytest.fixture
def ada(sign_in):
    """An administrator, signed in."""
    Institution.current()
    user, client = staff("administrator"), Client()
    client.force_login(user)
    sign_in(client)
    return user


def test_selection_goes_through_the_pages_of_a_search_and_is_sent_whole(page, ada, monkeypatch):
    """What is ticked on other pages is counted in the open, sent along, then forgotten; another
    search begins with nothing ticked."""
    monkeypatch.setattr("candide.web.staff.grid.page.SIZE", 2)
    applications = [ApplicationFactory() for _number in range(3)]
    boxes = page.locator("[name=ids]")
    said = page.locator("[data-selected]")

    page.goto(LIST)
    boxes.nth(1).check()
    expect(said).to_be_hidden()
    page.get_by_role("link", name="Page suivante").click()
    expect(said).to_contain_text("Sélection : 1, dont sur d’autres pages : 1")
    boxes.check()
    expect(said).to_contain_text("Sélection : 2, dont sur d’autres pages : 1")

    page.goto("/gestion/candidatures/?place=&dossier=awaited")
    expect(page.locator("[name=ids]:checked")).to_have_count(0)

    page.goto(LIST)
    expect(boxes.nth(1)).to_be_checked()
    page.get_by_role("button", name="Agir sur la sélection").click()
    page.wait_for_url("**/gestion/actions/*/")
    sent = RunItem.objects.values_list("subject_id", flat=True)
    assert set(sent) == {application.pk for application in applications[:2]}

    page.goto(LIST)
    expect(page.locator("[name=ids]:checked")).to_have_count(0)
    expect(said).to_be_hidden()


def test_selection_of_a_view_opened_first_goes_through_its_pages(page, ada, monkeypatch):
    """The address of its first page is empty, that of the next one is not."""
    monkeypatch.setattr("candide.web.staff.grid.page.SIZE", 1)
    for _number in range(2):
        ApplicationFactory()
    save_view(by=ada, name="Toutes", query="sort=name&q=", is_default=True)

    page.goto("/gestion/candidatures/")
    page.locator("[name=ids]").check()
    page.get_by_role("link", name="Page suivante").click()

    said = page.locator("[data-selected]")
    expect(said).to_contain_text("Sélection : 1, dont sur d’autres pages : 1")


def test_selection_of_thousands_is_sent_in_one_field_or_not_at_all(page, ada):
    """Django refuses a form of more than a thousand fields."""
    application = ApplicationFactory()

    def items_after(button):
        page.goto(LIST)
        page.locator("[name=ids]").check()
        page.evaluate(MANY)
        page.reload()
        page.get_by_role("button", name=button).click()
        page.wait_for_url("**/gestion/actions/*/")
        run = int(page.url.rstrip("/").rpartition("/")[2])
        return list(RunItem.objects.filter(run=run).values_list("subject_id", flat=True))

    assert sorted(items_after("Agir sur la sélection"))[-1200:] == [*range(900000, 901200)]
    assert items_after("Agir sur 1 candidature de cette recherche") == [application.pk]


def test_selection_is_kept_until_something_was_begun_with_it(page, ada):
    """Neither an export nor a refusal loses it; the page before is shown as it is by now."""
    ApplicationFactory()
    box = page.locator("[name=ids]")
    act = page.get_by_role("button", name="Agir sur la sélection")
    page.goto(LIST)
    box.check()

    page.get_by_role("button", name="Exporter la sélection").click()
    page.wait_for_url("**/exporter/*")
    page.goto(LIST)
    expect(box).to_be_checked()

    page.route("**/gestion/actions/", lambda route: route.fulfill(status=409, body=""))
    act.click()
    page.wait_for_url("**/gestion/actions/")
    page.unroute("**/gestion/actions/")
    page.goto(LIST)
    expect(box).to_be_checked()

    act.click()
    page.wait_for_url("**/gestion/actions/*/")
    page.go_back()
    expect(box).not_to_be_checked()

    box.check()
    page.evaluate(SHOWN_AGAIN)
    expect(box).not_to_be_checked()
