import re
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from candide.demo.oidc.provider import Client
from candide.demo.oidc.server import COOKIE, running
from candide.institution.catalogue.models import Institution
from tests.factories.accounts import UserFactory
from tests.factories.catalogue import CampaignFactory

CALLBACK = "http://testserver/compte/universite/retour/institution/"
_VARYING = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": "[^"]*"|\w[\w.-]*@example\.org'
)


@pytest.fixture(autouse=True)
def institution(db, frozen):
    return Institution.objects.create(pk=1, name="Université de Valmont")


@pytest.fixture
def campaign():
    return CampaignFactory()


@pytest.fixture
def alix():
    return UserFactory(email="alix@example.org", file_number="K7P2M9QX")


@pytest.fixture
def signed_in(client, alix):
    client.force_login(alix)
    return client


@pytest.fixture
def same():
    """What an answer shows, without what differs from one visit to the next: the tokens of forms,
    and the address the person typed."""

    def shown(response):
        headers = {
            name: value
            for name, value in response.headers.items()
            if name not in {"X-Request-Id", "Content-Length"}
        }
        body = _VARYING.sub("", response.content.decode())
        return response.status_code, headers, sorted(response.cookies), body

    return shown


# -- OpenID Connect, with the provider of the demonstration ----------------------------------------


@pytest.fixture(scope="module")
def provider():
    with running(Client("candide", "secret", frozenset([CALLBACK]))) as provider:
        yield provider


@pytest.fixture
def door(settings, provider):
    """The door leads to the provider that runs beside the tests."""
    settings.OIDC_ISSUER = provider.issuer
    settings.OIDC_CLIENT_ID = "candide"
    apps = [
        {
            "provider_id": "institution",
            "name": "SSO",
            "client_id": "candide",
            "secret": "secret",
            "settings": {"server_url": provider.issuer},
        }
    ]
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"APPS": apps, "OAUTH_PKCE_ENABLED": True}
    }


@pytest.fixture
def come_in(client):
    """`come_in("clemartin")`: through the door and back; the page one is led to. `come_in.visit` is
    what the provider knows the last visit by."""

    def walk(who, next_page="", browser=client):
        asked = browser.get("/compte/universite/", {"next": next_page} if next_page else {})
        fields = dict(parse_qsl(urlsplit(asked.url).query))
        chosen = httpx.post(asked.url.partition("?")[0], data={**fields, "sign_in": who})
        walk.visit = chosen.cookies.get(COOKIE)
        back = urlsplit(chosen.headers["location"])
        return browser.get(f"{back.path}?{back.query}")

    return walk
