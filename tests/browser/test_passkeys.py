"""A passkey in a real browser, whose authenticator Chromium plays: added, asked for at sign-in, and
asked for again. Under the content policy of every page."""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from candide.institution.catalogue.models import Institution
from tests.factories.access import ada
from tests.factories.accounts import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FACTOR = "/compte/second-facteur/"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def authenticator(page: Page) -> Any:
    """`authenticator("…", …)` tells Chromium about the one it plays."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    added = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})

    def tell(what: str, **how: Any) -> Any:
        named = {"authenticatorId": added["authenticatorId"], **how}
        return devtools.send(f"WebAuthn.{what}", named)

    return tell


def sign_in_with_password(page: Page) -> None:
    page.goto("/compte/connexion/?next=/gestion/")
    page.locator("#id_login").fill("bao@univ-valmont.example")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#sign-in").get_by_role("button").click()


def test_passkey_is_added_and_signs_in(
    page: Page,
    authenticator: Any,
    live_server: Any,
    settings: Any,
    sign_in: Any,
    refused_by_policy: list[str],
) -> None:
    settings.BASE_URL = live_server.url
    Institution.objects.create(pk=1, name="Université de Valmont", second_factor_for="staff")
    client = Client()
    client.force_login(ada(email="bao@univ-valmont.example"))
    sign_in(client)

    # Demanded: one is led to choose a second factor before one works.
    page.goto("/gestion/")
    page.get_by_role("link", name="Ajouter une clé d’accès").click()
    page.get_by_label("Nom de la clé d’accès").fill("Ordinateur du bureau")
    page.get_by_label("Mot de passe actuel").fill(PASSWORD)
    page.get_by_role("button", name="Ajouter la clé d’accès").click()
    expect(page).to_have_url(f"{live_server.url}{FACTOR}")
    expect(page.locator(".passkeys")).to_contain_text("Ordinateur du bureau")
    expect(page.locator(".recovery-codes li")).to_have_count(10)

    # The same device makes no second one.
    page.goto(f"{FACTOR}cles/ajouter/")
    page.get_by_label("Nom de la clé d’accès").fill("Encore")
    page.get_by_label("Mot de passe actuel").fill(PASSWORD)
    page.get_by_role("button", name="Ajouter la clé d’accès").click()
    expect(page.get_by_role("alert").filter(has_text="a déjà une clé")).to_be_visible()

    page.context.clear_cookies()
    sign_in_with_password(page)
    page.get_by_role("button", name="Utiliser une clé d’accès").click()
    expect(page).to_have_url(f"{live_server.url}/gestion/")

    page.goto("/compte/confirmer/?next=/gestion/")
    page.get_by_role("button", name="Utiliser une clé d’accès").click()
    expect(page).to_have_url(f"{live_server.url}/gestion/")

    # Given up, or refused by the device: it is said, and the code remains.
    authenticator("setUserVerified", isUserVerified=False)
    authenticator("removeCredential", credentialId=known(authenticator))
    page.context.clear_cookies()
    sign_in_with_password(page)
    page.get_by_role("button", name="Utiliser une clé d’accès").click()
    expect(page.get_by_role("alert").filter(has_text="n’a pas utilisé")).to_be_visible()
    expect(page.get_by_label("Code")).to_be_visible()
    assert refused_by_policy == []


def known(authenticator: Any) -> str:
    [credential] = authenticator("getCredentials")["credentials"]
    return credential["credentialId"]
