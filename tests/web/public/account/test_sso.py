"""The door « Je suis étudiant à … », walked with the real provider of the demonstration."""

from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client as Browser

from candide.config.providers import USUAL
from candide.institution.accounts.domain.sso import Identity, attach
from candide.institution.accounts.models import User
from candide.institution.catalogue.models import Institution
from tests.factories.accounts import PASSWORD, UserFactory
from tests.institution.accounts.mailbox import last_secret, sent
from tests.integrations.cas.server import connect

START = "/compte/universite/"
ARRIVAL = "/compte/universite/creer/"
LINK = "/compte/universite/rattacher/"
CLEMENTINE = "clemartin"
pytestmark = pytest.mark.usefixtures("door")


def typed(**others):
    values = {
        "last_name": "Martin",
        "first_name": "Clémentine",
        "email": "clementine@example.org",
        "email_again": "clementine@example.org",
        "password": "",
        "password_again": "",
    }
    return {**values, **others}


def test_who_has_no_account_is_led_to_create_one_prefilled(client, campaign, come_in):
    """S2-05…S2-07, ACC-03, HOME-04."""
    response = come_in(CLEMENTINE)
    page = client.get(response.url).content.decode()

    assert response.url == ARRIVAL
    assert "même si vous êtes déjà étudiant" in page
    assert 'value="MARTIN"' in page
    assert 'value="clementine.martin@etu.exemple.fr"' in page
    assert User.objects.count() == 0
    assert "_auth_user_id" not in client.session


def test_account_created_through_the_door_signs_in_through_it(client, campaign, come_in):
    client.get(come_in(CLEMENTINE, "/offre/").url)
    created = client.post(ARRIVAL, typed(next="/offre/"))
    client.post(f"/compte/activation/{last_secret('account-created')}/")

    response = come_in(CLEMENTINE, "/offre/")

    user = User.objects.get()
    assert created.url.startswith("/compte/creer/mail-envoye/")
    assert response.url == "/offre/"
    assert client.session["_auth_user_id"] == str(user.pk)
    assert user.student_number == "22301457"
    assert user.last_name == "MARTIN"


def test_link_opened_in_another_browser_attaches_nothing_but_lets_one_in(client, campaign, come_in):
    """Whoever types the address of somebody else would otherwise get into their account."""
    client.get(come_in(CLEMENTINE).url)
    client.post(ARRIVAL, typed(next="/offre/"))
    activation = f"/compte/activation/{last_secret('account-created')}/"
    elsewhere = Browser()
    words = "le compte universitaire de cette personne"
    pages = [browser.get(activation).content.decode() for browser in (client, elsewhere)]

    activated = elsewhere.post(activation)
    chosen = {"password": PASSWORD, "password_again": PASSWORD}
    saved = elsewhere.post(activated.url, chosen)
    values = {"login": "clementine@example.org", "password": PASSWORD}
    signed_in = elsewhere.post(saved.url, values)

    assert [words in page for page in pages] == [False, True]
    assert ["Authentification de l" in page for page in pages] == [True, False]
    assert activated.url.startswith("/compte/mot-de-passe/")
    assert saved.url == "/compte/connexion/?next=%2Foffre%2F"
    assert signed_in.url == "/offre/"
    assert SocialAccount.objects.count() == 0


def test_claims_are_not_kept_beyond_what_is_needed(client, campaign, come_in):
    attach(UserFactory(), Identity(provider="institution", subject=CLEMENTINE))

    come_in(CLEMENTINE)

    assert SocialAccount.objects.get().extra_data == {}


def test_student_number_reaches_an_account_attached_before(client, come_in):
    user = UserFactory()
    attach(user, Identity(provider="institution", subject=CLEMENTINE))

    come_in(CLEMENTINE)

    user.refresh_from_db()
    assert user.student_number == "22301457"


def test_known_and_unknown_addresses_get_the_same_answers(campaign, come_in, same):
    """ACC-04: not even who is signed in by the institution learns who has an account."""
    UserFactory(email="known@example.org")
    answers = []

    for address in ["free@example.org", "known@example.org"]:
        browser = Browser()
        browser.get(come_in(CLEMENTINE, browser=browser).url)
        answer = browser.post(ARRIVAL, typed(email=address, email_again=address))
        again = browser.get(come_in(CLEMENTINE, browser=browser).url)
        answers.append((same(answer), same(browser.get(answer.url)), same(again)))

    assert answers[0] == answers[1]
    assert SocialAccount.objects.count() == 0


def test_wrong_entry_is_told_at_its_field(client, campaign, come_in):
    come_in(CLEMENTINE)

    response = client.post(ARRIVAL, typed(email_again="other@example.org"))

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["email_again"]


def test_password_is_optional_but_follows_the_rule(client, campaign, come_in):
    come_in(CLEMENTINE)

    weak = client.post(ARRIVAL, typed(password="abc", password_again="abc"))
    half = client.post(ARRIVAL, typed(password=PASSWORD))
    good = client.post(ARRIVAL, typed(password=PASSWORD, password_again=PASSWORD))

    assert [weak.status_code, half.status_code, good.status_code] == [422, 422, 302]
    assert User.objects.get().check_password(PASSWORD)


def test_too_many_creations_are_slowed_down(client, campaign, come_in):
    UserFactory(email="victim@example.org")
    values = typed(email="victim@example.org", email_again="victim@example.org")
    come_in(CLEMENTINE)

    statuses = [client.post(ARRIVAL, values).status_code for _turn in range(6)]

    assert statuses == [302] * 5 + [429]


def test_closed_campaign_creates_nothing(client, come_in):
    page = client.get(come_in(CLEMENTINE).url)
    posted = client.post(ARRIVAL, typed())

    assert "Aucune campagne" in page.content.decode()
    assert posted.status_code == 409
    assert User.objects.count() == 0


def test_holder_of_the_student_number_is_told(client, campaign, come_in):
    UserFactory(student_number="22301457")

    page = client.get(come_in(CLEMENTINE).url).content.decode()

    assert "Un compte existe déjà avec votre numéro étudiant" in page


def test_account_taken_while_the_form_was_open_is_told(client, campaign, come_in, monkeypatch):
    from candide.web.public.account import sso

    come_in(CLEMENTINE)
    monkeypatch.setattr(sso, "creation_blockers", lambda **_: [])
    UserFactory(student_number="22301457")

    response = client.post(ARRIVAL, typed())

    assert response.status_code == 409
    assert "numéro étudiant" in response.content.decode()


def test_arrival_is_nothing_without_having_come_through_the_door(client, campaign):
    assert client.get(ARRIVAL).url == "/compte/connexion/"
    assert client.post(ARRIVAL, typed()).url == "/compte/connexion/"
    assert User.objects.count() == 0


def test_arrival_is_forgotten_after_half_an_hour(client, campaign, come_in, frozen):
    come_in(CLEMENTINE)
    frozen.shift(1801)

    assert client.get(ARRIVAL).url == "/compte/connexion/"


def test_account_never_activated_is_told(client, come_in):
    """AUTH-04."""
    attach(UserFactory(not_activated=True), Identity(provider="institution", subject=CLEMENTINE))

    response = come_in(CLEMENTINE)

    assert response.url == "/compte/connexion/non-active/"
    assert "_auth_user_id" not in client.session


def test_closed_account_is_told(client, come_in):
    attach(UserFactory(out_of_service=True), Identity(provider="institution", subject=CLEMENTINE))

    response = come_in(CLEMENTINE)

    assert response.url == "/compte/connexion/hors-service/"
    assert "_auth_user_id" not in client.session


# -- Attaching to an account --------------------------------------------------------------------


def test_account_is_attached_by_its_holder_who_signs_in(client, alix, campaign, come_in):
    client.get(come_in(CLEMENTINE).url)
    values = {"login": "K7P2M9QX", "password": PASSWORD, "next": LINK}
    signed_in = client.post("/compte/connexion/", values)
    shown = client.get(LINK)
    before = SocialAccount.objects.count()

    response = client.post(LINK)

    assert signed_in.url == LINK
    assert "Clémentine MARTIN" in shown.content.decode()
    assert before == 0
    assert response.url == "/compte/"
    assert SocialAccount.objects.get().user == alix
    assert sent() == [("sign-in-changed", "alix@example.org")]


def test_signed_in_holder_who_comes_through_the_door_is_asked_first(signed_in, alix, come_in):
    response = come_in(CLEMENTINE)
    led_to = signed_in.get(response.url)

    assert led_to.url == LINK
    assert signed_in.session["_auth_user_id"] == str(alix.pk)
    assert SocialAccount.objects.count() == 0


def test_identity_of_somebody_else_is_refused(signed_in, come_in):
    UserFactory(student_number="22301457")
    come_in(CLEMENTINE)

    response = signed_in.post(LINK)

    assert response.status_code == 409
    assert SocialAccount.objects.count() == 0


def test_staff_attach_nothing(client, come_in):
    client.force_login(UserFactory(staff=True, is_superuser=True))
    come_in(CLEMENTINE)

    response = client.post(LINK)

    assert response.status_code == 409
    assert SocialAccount.objects.count() == 0


def test_attaching_is_nothing_without_having_come_through_the_door(signed_in):
    assert signed_in.get(LINK).url == "/compte/"
    assert signed_in.post(LINK).url == "/compte/"


def test_member_of_staff_comes_through_openid_connect_as_through_cas(client, come_in, settings):
    """By the same function: the login is what the directory knows them by."""
    connect(settings, settings.OIDC_ISSUER, kind="oidc", name="institution", names=USUAL["oidc"])
    settings.OIDC_ISSUER = ""
    user = UserFactory(staff=True, directory_id="CleMartin")

    come_in(CLEMENTINE, "/compte/")

    assert client.session["_auth_user_id"] == str(user.pk)
    assert SocialAccount.objects.get().user == user


# -- What may go wrong --------------------------------------------------------------------------


def test_giving_up_leads_back_with_a_word(client, come_in):
    response = come_in("")

    assert response.url == "/compte/universite/echec/"
    assert "ne vous a pas connecté" in client.get(response.url).content.decode()


@pytest.mark.parametrize("query", ["", "?code=x", "?code=x&state=y", "?error=access_denied"])
def test_return_nobody_asked_for_signs_nobody_in(client, query):
    response = client.get(f"/compte/universite/retour/institution/{query}")

    assert response.url == "/compte/universite/echec/"
    assert "_auth_user_id" not in client.session


def test_return_works_once(client, campaign, come_in, provider):
    asked = client.get(START)
    fields = dict(parse_qsl(urlsplit(asked.url).query))
    chosen = httpx.post(f"{provider.issuer}/authorize", data={**fields, "sign_in": CLEMENTINE})
    back = urlsplit(chosen.headers["location"])
    address = f"{back.path}?{back.query}"

    first, second = client.get(address), client.get(address)

    assert (first.url, second.url) == (ARRIVAL, "/compte/universite/echec/")


def test_return_in_another_browser_signs_nobody_in(client, provider):
    """The sign-in belongs to the visit it was asked in."""
    asked = client.get(START)
    fields = dict(parse_qsl(urlsplit(asked.url).query))
    chosen = httpx.post(f"{provider.issuer}/authorize", data={**fields, "sign_in": CLEMENTINE})
    back = urlsplit(chosen.headers["location"])

    response = Browser().get(f"{back.path}?{back.query}")

    assert response.url == "/compte/universite/echec/"


def test_provider_that_is_away_is_told(client, settings):
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"] = {
        "server_url": "http://127.0.0.1:9"
    }

    assert client.get(START).url == "/compte/universite/echec/"
    assert client.get("/compte/universite/deconnexion/institution/suite/").url == "/"


def test_return_to_another_provider_is_nothing(client):
    assert client.get("/compte/universite/retour/google/").status_code == 404


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example"])
def test_one_is_not_led_elsewhere_afterwards(client, come_in, wanted):
    attach(UserFactory(), Identity(provider="institution", subject=CLEMENTINE))

    assert come_in(CLEMENTINE, wanted).url == "/entrer/"


@pytest.mark.parametrize("closed", ["not configured", "switched off"])
def test_door_that_leads_nowhere_is_not_there(client, settings, closed):
    if closed == "not configured":
        settings.OIDC_ISSUER = ""
    else:
        Institution.objects.update(has_sso_door=False)

    assert client.get(START).status_code == 404
    assert "Je suis étudiant" not in client.get("/").content.decode()


def test_sign_in_that_is_not_configured_ends_nowhere(client, settings):
    settings.OIDC_ISSUER = ""

    for address in ("", "suite/"):
        gone = client.get(f"/compte/universite/deconnexion/institution/{address}")
        assert gone.status_code == 404


def test_signing_out_tells_that_the_institution_still_knows_one(client, come_in, provider):
    """AUTH-06."""
    attach(UserFactory(), Identity(provider="institution", subject=CLEMENTINE))
    come_in(CLEMENTINE)

    out = client.post("/compte/deconnexion/")
    page = client.get(out.url).content.decode()
    onwards = client.get("/compte/universite/deconnexion/institution/suite/")

    assert out.url == "/compte/universite/deconnexion/institution/"
    assert "toujours connecté à l" in page
    assert onwards.url.startswith(f"{provider.issuer}/logout?client_id=candide&")
    assert "_auth_user_id" not in client.session
