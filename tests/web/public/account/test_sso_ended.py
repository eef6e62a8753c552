"""Who signs out at an OpenID Connect provider is signed out here: it says so itself, over HTTP,
with a token it signed."""

from dataclasses import replace

import httpx
import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client as Browser

from candide.config.providers import USUAL
from candide.demo.oidc.server import COOKIE
from candide.foundation.history.domain.log import entries_about
from candide.institution.accounts.domain.second_factor import unused_recovery_codes
from candide.institution.accounts.domain.sso import Identity, attach
from candide.institution.accounts.enums import AccountEvent
from candide.institution.accounts.models import Visit
from candide.institution.catalogue.models import Institution
from tests.factories.accounts import UserFactory
from tests.integrations.cas.server import connect

pytestmark = pytest.mark.usefixtures("door")
ENDED = "/compte/universite/fin/institution/"
CLEMENTINE = "clemartin"


def is_in(browser):
    return browser.get("/compte/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_signing_out_there_ends_the_session_here(
    client, come_in, provider, live_server, monkeypatch
):
    """The provider tells this service itself, over HTTP, with a token it signed."""
    told = replace(provider.client, logout_uri=f"{live_server.url}{ENDED}")
    monkeypatch.setattr(provider, "client", told)
    alix = UserFactory()
    attach(alix, Identity(provider="institution", subject=CLEMENTINE))
    come_in(CLEMENTINE)
    visit, elsewhere, by_password = come_in.visit, Browser(), Browser()
    come_in(CLEMENTINE, browser=elsewhere)
    by_password.force_login(alix)

    httpx.get(
        f"{provider.issuer}/logout",
        params={"post_logout_redirect_uri": "http://testserver/"},
        cookies={COOKIE: visit},
    )
    first = [is_in(browser) for browser in (client, elsewhere, by_password)]
    answer = provider.tell_ended(sub=CLEMENTINE)
    then = [is_in(browser) for browser in (elsewhere, by_password)]

    assert first == [False, True, True]
    assert answer == 200
    assert then == [False, True]
    assert entries_about(alix).first().event == AccountEvent.SESSION_ENDED


def test_token_that_was_heard_or_is_none_ends_nothing(client, come_in, provider):
    attach(UserFactory(), Identity(provider="institution", subject=CLEMENTINE))
    token = provider.logout_token(sub=CLEMENTINE)
    Browser().post(ENDED, {"logout_token": token})
    come_in(CLEMENTINE)

    answers = [Browser().post(ENDED, {"logout_token": said}) for said in (token, "x", "")]

    assert [answer.status_code for answer in answers] == [400] * 3
    assert answers[0].json() == {
        "error": "invalid_request",
        "error_description": "heard before",
    }
    assert "no-store" in answers[0]["Cache-Control"]
    assert is_in(client)


def test_second_factor_keeps_what_ends_the_session(client, come_in, provider, settings):
    connect(settings, settings.OIDC_ISSUER, kind="oidc", name="institution", names=USUAL["oidc"])
    settings.OIDC_ISSUER = ""
    user = UserFactory(staff=True, directory_id=CLEMENTINE)
    TOTP.activate(user, "A" * 32)
    code = unused_code(user)
    come_in(CLEMENTINE)
    client.post("/compte/connexion/code/", {"code": code})
    was_in = is_in(client)

    Browser().post(ENDED, {"logout_token": provider.logout_token(sid=come_in.visit)})

    assert (was_in, is_in(client)) == (True, False)


@pytest.mark.parametrize("name", ["valmont", "nobody"])
def test_only_openid_providers_say_so(client, settings, name):
    connect(settings, "https://cas.univ.example/")

    assert client.post(f"/compte/universite/fin/{name}/").status_code == 404


def test_it_is_heard_in_maintenance(client, come_in, provider):
    attach(UserFactory(), Identity(provider="institution", subject=CLEMENTINE))
    come_in(CLEMENTINE)
    Institution.objects.update(is_in_maintenance=True)

    answer = Browser().post(ENDED, {"logout_token": provider.logout_token(sub=CLEMENTINE)})

    assert answer.status_code == 200
    assert not Visit.objects.filter(account_id__isnull=False).exists()


def unused_code(user):
    RecoveryCodes.activate(user)
    return unused_recovery_codes(user)[0]
