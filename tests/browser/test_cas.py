"""A member of staff and a student come in through a real CAS server, and go [A-117]."""

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from candide.institution.catalogue.models import Institution
from tests.factories.access import ada
from tests.factories.catalogue import CampaignFactory
from tests.integrations.cas.people import PASSWORD
from tests.integrations.cas.server import connect, running

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cas(settings: Any, tmp_path: Any) -> Any:
    with running(tmp_path) as url:
        connect(settings, url)
        settings.OIDC_ISSUER = ""
        settings.CONTENT_SECURITY_POLICY = {
            "DIRECTIVES": {
                **settings.CONTENT_SECURITY_POLICY["DIRECTIVES"],
                "form-action": ["'self'", url.rstrip("/")],
            }
        }
        yield url


def come_through(page: Page, door: str, login: str) -> None:
    page.goto("/compte/connexion/")
    page.locator(f"[aria-labelledby={door}]").get_by_role(
        "link", name="Connexion avec CAS Valmont"
    ).click()
    page.locator("#id_username").fill(login)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#login_form button[type=submit]").click()


def test_staff_and_students_come_in_and_go(page: Page, cas: str, live_server: Any) -> None:
    Institution.objects.create(pk=1, name="Université de Valmont", short_name="Valmont")
    CampaignFactory(starts_on=date(2020, 1, 1), ends_on=date(2099, 1, 1))
    ada(directory_id="btran", email="bao@univ-valmont.example", first_name="Bao")

    come_through(page, "door-staff", "btran")
    expect(page).to_have_url(f"{live_server.url}/gestion/")

    # Who signs out there, in another window, is signed out here.
    page.request.get(f"{cas}logout")
    page.goto("/gestion/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Connexion")

    come_through(page, "door-sso", "clemartin")
    expect(page).to_have_url(f"{live_server.url}/compte/universite/creer/")
    expect(page.get_by_label("Prénom")).to_have_value("Clémentine")
