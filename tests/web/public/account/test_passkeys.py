"""Passkeys of staff: added, used at sign-in and for signing in again, removed."""

import json

import pytest
from allauth.mfa.models import Authenticator as Kept

from candide.institution.accounts.domain.second_factor import (
    add_passkey,
    has_second_factor,
    passkeys_of,
    unused_recovery_codes,
)
from candide.institution.catalogue.models import Institution
from tests.factories.access import ada
from tests.factories.accounts import PASSWORD
from tests.institution.accounts.authenticator import Authenticator, kept_by
from tests.institution.accounts.mailbox import sent
from tests.web.conftest import words

pytestmark = pytest.mark.django_db
INDEX, NEW = "/compte/second-facteur/", "/compte/second-facteur/cles/ajouter/"
SIGN_IN, CODE = "/compte/connexion/", "/compte/connexion/code/"
AGAIN = "/compte/confirmer/"
EMPTY = {
    **{"id": "eA", "rawId": "eA", "type": "public-key", "clientExtensionResults": {}},
    "response": {"clientDataJSON": "e30", "attestationObject": "", "authenticatorData": "AA"},
}
NO_PASSKEYS = ["x", [], {}, {"id": "x"}, {"id": "x", "rawId": "x"}, {"response": 1}, None, EMPTY]


@pytest.fixture(autouse=True)
def named(settings):
    """An address browsers make passkeys for."""
    settings.BASE_URL = "https://testserver"


@pytest.fixture
def bao():
    return ada(email="bao@example.org")


@pytest.fixture
def key():
    return Authenticator()


@pytest.fixture
def with_passkey(bao, key):
    add_passkey(bao, name="Clé", credential=kept_by(key))
    return bao


@pytest.fixture
def at_work(client, bao):
    client.force_login(bao)
    return client


def add(client, credential, *, name="Ordinateur du bureau", password=PASSWORD):
    typed = {"name": name, "current": password, "credential": json.dumps(credential)}
    return client.post(NEW, typed)


def options_of(client):
    return client.get(NEW).context["options"]


def asked_at_sign_in(client):
    client.post(SIGN_IN, {"login": "bao@example.org", "password": PASSWORD, "next": "/offre/"})
    return client.get(CODE).context["js_data"]["request_options"]


def who(client):
    return client.session.get("_auth_user_id")


# -- Adding ----------------------------------------------------------------------------------------


def test_passkey_is_added_under_a_name(at_work, bao, key):
    options = options_of(at_work)

    added = add(at_work, key.made(options))
    shown = at_work.get(INDEX)

    assert options["publicKey"]["rp"]["id"] == "testserver"
    assert added.url == INDEX
    assert "Ordinateur du bureau" in words(shown)
    assert len(shown.context["codes"]) == 10
    assert at_work.get(INDEX).context["codes"] == []
    assert sent() == [("sign-in-changed", "bao@example.org")]


def test_only_the_first_factor_changes_what_signing_in_asks_for(at_work, key):
    shown = []
    for name, authenticator in (("Ordinateur", key), ("Clé", Authenticator())):
        add(at_work, authenticator.made(options_of(at_work)), name=name)
        shown.append(words(at_work.get(INDEX)))

    told = ["Désormais, la connexion demande aussi" in each for each in shown]
    assert told == [True, False]
    assert "ni clé d’accès ni téléphone. Imprimez-les" in shown[0]
    assert "La clé d’accès est ajoutée." in shown[1]


def test_why_passkeys_are_not_possible_is_true_of_a_bare_address_too(at_work, settings):
    settings.BASE_URL = "https://192.0.2.7"

    assert "une adresse avec un nom et https" in words(at_work.get(INDEX))


def test_host_of_the_request_does_not_decide(at_work, settings):
    """Behind a proxy, or asked under another name."""
    settings.BASE_URL = "https://candidatures.univ.example"

    assert options_of(at_work)["publicKey"]["rp"]["id"] == "candidatures.univ.example"


def test_passkeys_that_are_there_are_not_made_twice(at_work, with_passkey, key):
    excluded = options_of(at_work)["publicKey"]["excludeCredentials"]

    assert [each["id"] for each in excluded] == [kept_by(key)["id"]]


@pytest.mark.parametrize("credential", NO_PASSKEYS)
def test_what_is_no_passkey_is_not_added(at_work, bao, credential):
    options_of(at_work)

    assert add(at_work, credential).status_code == 422
    assert not has_second_factor(bao)


@pytest.mark.parametrize(
    "wrong", [Authenticator(origin="https://evil.example"), Authenticator(host="evil.example")]
)
def test_passkey_made_elsewhere_is_not_added(at_work, bao, wrong):
    response = add(at_work, wrong.made(options_of(at_work)))

    assert response.status_code == 422
    assert "ne peut pas servir" in words(response)
    assert passkeys_of(bao) == []


def test_what_a_browser_said_counts_once(at_work, bao, key):
    credential = key.made(options_of(at_work))
    add(at_work, credential)

    again = add(at_work, credential, name="Une autre")

    assert again.status_code == 422
    assert len(passkeys_of(bao)) == 1


def test_password_is_asked_before(at_work, bao, key):
    response = add(at_work, key.made(options_of(at_work)), password="wrong")

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["current"]
    assert passkeys_of(bao) == []


def test_name_is_given_once(at_work, with_passkey):
    response = add(at_work, Authenticator().made(options_of(at_work)), name="clé")

    assert response.status_code == 409
    assert list(response.context["form"].errors) == ["name"]


def test_address_without_tls_offers_none(at_work, settings):
    settings.BASE_URL = "http://testserver"

    shown = at_work.get(NEW)

    assert shown.context["options"] is None
    assert "https" in words(shown)
    assert NEW not in at_work.get(INDEX).content.decode()


# -- Signing in ------------------------------------------------------------------------------------


def test_password_alone_does_not_sign_in(client, with_passkey):
    options = asked_at_sign_in(client)

    assert who(client) is None
    assert len(options["publicKey"]["allowCredentials"]) == 1


def test_passkey_signs_in_and_leads_on(client, with_passkey, key):
    options = asked_at_sign_in(client)

    response = client.post(CODE, {"credential": json.dumps(key.used(options))})

    assert response.url == "/offre/"
    assert who(client) == str(with_passkey.pk)
    assert Kept.objects.get(type="webauthn").last_used_at is not None


def test_passkey_of_somebody_else_signs_nobody_in(client, with_passkey):
    other = Authenticator()
    add_passkey(ada(), name="Clé", credential=kept_by(other))
    options = asked_at_sign_in(client)

    response = client.post(CODE, {"credential": json.dumps(other.used(options))})

    assert "pas été reconnue" in words(response)
    assert who(client) is None


def test_what_was_said_before_signs_nobody_in(client, with_passkey, key):
    said = json.dumps(key.used(asked_at_sign_in(client)))
    client.get(CODE)

    client.post(CODE, {"credential": said})

    assert who(client) is None


@pytest.mark.parametrize("credential", NO_PASSKEYS)
def test_what_is_no_passkey_signs_nobody_in(client, with_passkey, credential):
    asked_at_sign_in(client)

    response = client.post(CODE, {"credential": json.dumps(credential)})

    assert response.status_code == 200
    assert who(client) is None


def test_attempts_are_counted(client, with_passkey, key):
    wrong = json.dumps(Authenticator().used(asked_at_sign_in(client)))
    for _attempt in range(5):
        client.post(CODE, {"credential": wrong})
    options = client.get(CODE).context["js_data"]["request_options"]

    response = client.post(CODE, {"credential": json.dumps(key.used(options))})

    assert "Trop de tentatives" in words(response)
    assert who(client) is None


def test_recovery_code_signs_in_without_script(client, with_passkey):
    asked_at_sign_in(client)

    response = client.post(CODE, {"code": unused_recovery_codes(with_passkey)[0]})

    assert response.url == "/offre/"


def test_demanded_second_factor_may_be_a_passkey(client, with_passkey):
    Institution.objects.update(second_factor_for="staff")
    client.force_login(with_passkey)

    assert client.get("/gestion/").status_code == 200


# -- Signing in again ------------------------------------------------------------------------------


def test_passkey_proves_again_who_it_is(at_work, with_passkey, key):
    options = at_work.get(AGAIN, {"next": "/gestion/"}).context["options"]

    proved = at_work.post(AGAIN, {"credential": json.dumps(key.used(options)), "next": "/gestion/"})

    assert proved.url == "/compte/confirmer/suite/?next=%2Fgestion%2F"
    assert at_work.session["account_authentication_methods"][-1]["reauthenticated"]


def test_wrong_passkey_proves_nothing(at_work, with_passkey):
    options = at_work.get(AGAIN).context["options"]

    response = at_work.post(AGAIN, {"credential": json.dumps(Authenticator().used(options))})

    assert response.status_code == 422
    assert "pas été reconnue" in words(response)


def test_touch_of_a_key_left_in_the_machine_proves_nothing(at_work, with_passkey, key):
    key.is_verified = False
    options = at_work.get(AGAIN).context["options"]

    response = at_work.post(AGAIN, {"credential": json.dumps(key.used(options))})

    assert options["publicKey"]["userVerification"] == "required"
    assert response.status_code == 422


def test_who_has_no_passkey_is_asked_for_none(at_work):
    shown = at_work.get(AGAIN)
    sent_anyway = at_work.post(AGAIN, {"credential": "{}"})

    assert shown.context["options"] is None
    assert sent_anyway.status_code == 422


# -- Removing --------------------------------------------------------------------------------------


def removal(user):
    return f"{INDEX}cles/{passkeys_of(user)[0].pk}/"


def test_passkey_is_removed_after_the_password(at_work, with_passkey):
    address = removal(with_passkey)

    wrong = at_work.post(address, {"current": "wrong"})
    right = at_work.post(address, {"current": PASSWORD})

    assert (wrong.status_code, right.url) == (422, INDEX)
    assert not has_second_factor(with_passkey)
    assert at_work.get(address).status_code == 404


def test_passkey_of_somebody_else_is_not_there(at_work, with_passkey):
    other = ada()
    add_passkey(other, name="Clé", credential=kept_by(Authenticator()))

    assert at_work.post(removal(other), {"current": PASSWORD}).status_code == 404
    assert len(passkeys_of(other)) == 1


def test_last_demanded_factor_stays(at_work, with_passkey):
    Institution.objects.update(second_factor_for="staff")

    response = at_work.post(removal(with_passkey), {"current": PASSWORD})

    assert response.status_code == 409
    assert "demande un second facteur" in words(response)
    assert has_second_factor(with_passkey)
