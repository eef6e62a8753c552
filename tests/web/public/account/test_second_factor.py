"""The pages of the second factor: demanded by the institution, and without a password."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value

from candide.institution.accounts.domain.second_factor import (
    add_passkey,
    has_second_factor,
    switch_on,
)
from candide.institution.catalogue.models import Institution
from tests.factories.access import ada
from tests.factories.accounts import PASSWORD
from tests.institution.accounts.authenticator import Authenticator, kept_by
from tests.institution.accounts.domain.test_second_factor import SECRET, code_at
from tests.web.conftest import words

ON, OFF = "/compte/second-facteur/activer/", "/compte/second-facteur/desactiver/"
CODES = "/compte/second-facteur/codes/"


@pytest.fixture
def bao(client):
    user = ada()
    client.force_login(user)
    return user


@pytest.fixture
def demanded():
    Institution.objects.update(second_factor_for="staff")


def test_who_must_have_one_switches_it_on_before_working(client, bao, demanded, now):
    led = client.get("/gestion/")
    told = client.get(led.url).content.decode()
    shown = client.get(ON)
    secret = shown.context["secret"].replace(" ", "")
    code = format_hotp_value(hotp_value(secret, int(now.timestamp()) // 30))
    done = client.post(ON, {"code": code, "current": PASSWORD})

    assert led.url == "/compte/second-facteur/"
    assert "Votre établissement demande un second facteur" in told
    assert f'href="{ON}"' in told
    assert done.url == "/compte/second-facteur/"
    assert client.get("/gestion/").status_code == 200


def test_code_beside_a_passkey_is_neither_demanded_nor_always_asked_for(
    client, bao, demanded, settings, now
):
    settings.BASE_URL = "https://testserver"
    add_passkey(bao, name="Clé", credential=kept_by(Authenticator()))
    shown = client.get(ON)
    secret = shown.context["secret"].replace(" ", "")
    code = format_hotp_value(hotp_value(secret, int(now.timestamp()) // 30))
    client.post(ON, {"code": code, "current": PASSWORD})

    told = words(client.get("/compte/second-facteur/"))

    assert "pour accéder à votre travail" not in words(shown)
    assert "Désormais, la connexion demande" not in told
    assert "Votre téléphone donne des codes de connexion." in told


def test_pages_of_candidates_and_accounts_ask_for_none(client, bao, demanded):
    assert client.get("/compte/").status_code == 200
    assert client.get("/offre/").status_code == 200


def test_demanded_second_factor_is_not_switched_off(client, bao, demanded, now):
    switch_on(bao, secret=SECRET, code=code_at(now), now=now)

    overview = client.get("/compte/second-facteur/").content.decode()
    refused = client.post(OFF, {"current": PASSWORD})

    assert OFF not in overview
    assert refused.status_code == 409
    assert "demande un second facteur" in refused.content.decode()
    assert has_second_factor(bao)


def test_who_comes_through_the_institution_alone_needs_no_password(client, bao, frozen):
    TOTP.activate(bao, SECRET)
    bao.set_unusable_password()
    bao.save()
    client.force_login(bao)
    shown = client.get(CODES)
    drawn = client.post(CODES)
    frozen.shift(11 * 60)
    later = client.post(CODES)

    assert "current" not in shown.context["form"].fields
    assert drawn.url == "/compte/second-facteur/"
    assert later.url.startswith("/compte/confirmer/")
