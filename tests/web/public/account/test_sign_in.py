"""Signing in and out [AUTH]."""

import pytest
from django.test import Client

from candide.foundation.history.models import HistoryEntry
from candide.foundation.leases.domain.leasing import lease_blockers, take
from candide.institution.accounts.domain.second_factor import switch_on, unused_recovery_codes
from candide.institution.accounts.models import User
from tests.factories.accounts import PASSWORD, UserFactory
from tests.institution.accounts.domain.test_second_factor import SECRET, code_at

SIGN_IN = "/compte/connexion/"


def signed_in_as(client):
    return client.session.get("_auth_user_id")


@pytest.mark.parametrize("login", ["K7P2M9QX", "k7p2m9qx ", "alix@example.org", "ALIX@example.org"])
def test_file_number_or_address_signs_in(client, alix, login):
    response = client.post(SIGN_IN, {"login": login, "password": PASSWORD})

    assert response.url == "/entrer/"
    assert signed_in_as(client) == str(alix.pk)


def test_one_error_for_everything_that_is_wrong(alix, same):
    """AUTH-02: unknown, wrong password, never activated, closed: nobody is told which."""
    UserFactory(email="pending@example.org", not_activated=True)
    UserFactory(email="closed@example.org", out_of_service=True)
    attempts = [
        ("alix@example.org", "wrong"),
        ("nobody@example.org", PASSWORD),
        ("pending@example.org", "wrong"),
        ("closed@example.org", "wrong"),
        ("closed@example.org", PASSWORD),
    ]
    answers = []

    for login, password in attempts:
        visitor = Client()
        visitor.get(SIGN_IN)
        answers.append(same(visitor.post(SIGN_IN, {"login": login, "password": password})))

    assert answers[1:] == [answers[0]] * 4
    assert answers[0][0] == 422
    assert "n&#x27;est pas correct" in answers[0][3]


def test_account_never_activated_is_told_after_the_right_password_only(client):
    UserFactory(email="pending@example.org", not_activated=True)

    response = client.post(SIGN_IN, {"login": "pending@example.org", "password": PASSWORD})

    assert response.url == "/compte/connexion/non-active/"
    assert signed_in_as(client) is None
    assert "encore activé" in client.get(response.url).content.decode()


def test_closed_account_is_told_when_the_institution_vouches(client, rf):
    """By its password it is simply refused; through the door the person is told."""
    response = client.get("/compte/connexion/hors-service/")

    assert "hors service" in response.content.decode()


def test_guesses_on_one_account_are_slowed_down_wherever_they_come_from(alix):
    statuses = [
        Client(REMOTE_ADDR=f"192.0.2.{number}")
        .post(SIGN_IN, {"login": "K7P2M9QX", "password": "wrong"})
        .status_code
        for number in range(6)
    ]
    right = Client().post(SIGN_IN, {"login": "K7P2M9QX", "password": PASSWORD})

    assert statuses == [422] * 5 + [429]
    assert right.status_code == 429
    assert "Trop de tentatives" in right.content.decode()


def test_another_way_to_write_the_login_is_not_another_login(client, alix):
    ways = ["K7P2M9QX", "k7p2m9qx", "K7P2 M9QX", " K7P2M9QX", "K 7P2M9QX", "K7 P2M9QX"]

    statuses = [client.post(SIGN_IN, {"login": w, "password": "x"}).status_code for w in ways]

    assert statuses == [422] * 5 + [429]


def test_unknown_accounts_are_slowed_down_alike(client):
    answers = [client.post(SIGN_IN, {"login": "NOBODY", "password": "x"}) for _turn in range(6)]

    assert [answer.status_code for answer in answers] == [422] * 5 + [429]


def test_slowed_down_account_opens_again(client, alix, frozen):
    for _turn in range(5):
        client.post(SIGN_IN, {"login": "K7P2M9QX", "password": "wrong"})

    frozen.shift(301)
    response = client.post(SIGN_IN, {"login": "K7P2M9QX", "password": PASSWORD})

    assert response.status_code == 302


def test_guesses_from_one_place_are_slowed_down_whatever_the_account(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login_failed": "3/m/ip"}

    statuses = [
        client.post(SIGN_IN, {"login": f"NOBODY{n}", "password": "x"}).status_code for n in range(4)
    ]

    assert statuses == [422] * 3 + [429]


def test_proxy_is_believed_only_when_there_is_one(settings, alix):
    """Otherwise anybody could be everywhere."""
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login_failed": "1/m/ip"}

    def attempt(forwarded):
        headers = {"X-Forwarded-For": forwarded}
        return Client().post(SIGN_IN, {"login": "X", "password": "x"}, headers=headers).status_code

    without = [attempt("192.0.2.1"), attempt("192.0.2.2")]
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    behind = [attempt("192.0.2.3"), attempt("192.0.2.4")]

    assert (without, behind) == ([422, 429], [422, 422])


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/offre/?q=droit", "/offre/?q=droit"),
        ("https://evil.example/", "/entrer/"),
        ("//evil.example/", "/entrer/"),
        ("/\\evil.example/", "/entrer/"),
        ("javascript:alert(1)", "/entrer/"),
        ("/" + "a" * 300, "/entrer/"),
        ("", "/entrer/"),
    ],
)
def test_one_goes_where_one_was_going_within_the_site(client, alix, wanted, reached):
    page = client.get(SIGN_IN, {"next": wanted}).content.decode()

    response = client.post(SIGN_IN, {"login": "K7P2M9QX", "password": PASSWORD, "next": wanted})

    assert response.url == reached
    assert "evil" not in page.split("<main")[1]


def test_signed_in_people_are_led_on(signed_in):
    assert signed_in.get(SIGN_IN, {"next": "/offre/"}).url == "/offre/"
    assert signed_in.get(SIGN_IN).url == "/entrer/"


@pytest.mark.parametrize(
    ("who", "where"), [({}, "/espace/"), ({"is_superuser": True, "staff": True}, "/gestion/")]
)
def test_after_signing_in_one_is_in_ones_own_space(client, who, where):
    client.force_login(UserFactory(**who))

    assert client.get("/entrer/").url == where


def test_staff_with_a_file_number_are_never_candidates(client):
    """AUTH-03."""
    client.force_login(UserFactory(is_superuser=True))

    assert client.get("/entrer/").url == "/gestion/"


def test_account_with_neither_file_nor_rights_stays_at_home(client):
    client.force_login(UserFactory(staff=True))

    assert client.get("/entrer/").url == "/"


def test_pages_speak_the_language_of_the_account(client):
    """AUTH-07."""
    UserFactory(email="sam@example.org", language="en")

    response = client.post(SIGN_IN, {"login": "sam@example.org", "password": PASSWORD})

    assert response.cookies["django_language"].value == "en"
    assert "Welcome" in client.get("/").content.decode()


def test_switching_the_language_is_remembered(signed_in, alix):
    response = signed_in.post("/compte/langue/", {"language": "en", "next": "/offre/"})

    alix.refresh_from_db()
    assert response.url == "/offre/"
    assert alix.language == "en"
    assert response.cookies["django_language"].value == "en"


@pytest.mark.parametrize("language", ["de", "", "../x"])
def test_language_that_is_not_in_service_is_not_kept(signed_in, alix, language):
    signed_in.post("/compte/langue/", {"language": language})

    alix.refresh_from_db()
    assert alix.language == "fr"


def test_anybody_may_switch_the_language(client):
    response = client.post("/compte/langue/", {"language": "en", "next": "https://evil.example/"})

    assert response.url == "/"
    assert "Sign in" in client.get("/").content.decode()


def test_session_key_changes_when_somebody_signs_in(client, alix):
    """Otherwise a session planted before would be theirs."""
    client.get(SIGN_IN)
    client.post(SIGN_IN, {"login": "x", "password": "x"})
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before

    client.post(SIGN_IN, {"login": "K7P2M9QX", "password": PASSWORD})

    assert client.session.session_key != before


def test_password_is_in_no_session(client, alix):
    client.post(SIGN_IN, {"login": "K7P2M9QX", "password": PASSWORD})

    assert PASSWORD not in str(dict(client.session))


# -- Signing out --------------------------------------------------------------------------------


def test_reading_the_page_signs_nobody_out(signed_in, alix):
    assert signed_in.get("/compte/deconnexion/").status_code == 200
    assert signed_in_as(signed_in) == str(alix.pk)


def test_button_signs_out(signed_in):
    response = signed_in.post("/compte/deconnexion/")

    assert response.url == "/"
    assert signed_in_as(signed_in) is None


def test_signing_out_lets_others_edit_at_once(signed_in, alix, now):
    """LOCK-05; the lease of somebody else stays."""
    bao = UserFactory(staff=True)
    take("application:1", by=alix, tab="a", now=now)
    take("application:2", by=bao, tab="b", now=now)

    signed_in.post("/compte/deconnexion/")

    assert lease_blockers("application:1", by=bao, now=now) == []
    assert [b.code for b in lease_blockers("application:2", by=alix, now=now)] == ["leased"]


def test_visitor_who_signs_out_is_led_home(client):
    assert client.post("/compte/deconnexion/").url == "/"


def test_signing_out_everywhere_leaves_only_this_session(signed_in, alix):
    elsewhere = Client()
    elsewhere.force_login(alix)

    response = signed_in.post("/compte/deconnexion-partout/")

    assert response.url == "/compte/"
    assert signed_in.get("/compte/").status_code == 200
    assert elsewhere.get("/compte/").status_code == 302


def test_account_put_out_of_service_is_out_at_once(signed_in, alix):
    User.objects.update(is_active=False)

    assert signed_in.get("/compte/").status_code == 302


def test_account_pages_ask_to_sign_in(client):
    for address in ["/compte/", "/compte/mot-de-passe/", "/compte/adresse-mail/", "/entrer/"]:
        assert client.get(address).url == f"/compte/connexion/?next={address}"


# -- The second factor --------------------------------------------------------------------------


@pytest.fixture
def bao(now):
    user = UserFactory(staff=True, is_superuser=True, email="bao@example.org")
    switch_on(user, secret=SECRET, code=code_at(now), now=now)
    return user


def sign_in_with_password(client, next_page=""):
    values = {"login": "bao@example.org", "password": PASSWORD, "next": next_page}
    return client.post(SIGN_IN, values)


def test_password_alone_no_longer_signs_in(client, bao):
    response = sign_in_with_password(client)

    assert response.url == "/compte/connexion/code/"
    assert signed_in_as(client) is None
    assert client.get("/compte/").status_code == 302


def test_code_of_the_telephone_signs_in_and_leads_on(client, bao, now):
    sign_in_with_password(client, "/offre/")

    response = client.post("/compte/connexion/code/", {"code": code_at(now)})

    assert response.url == "/offre/"
    assert signed_in_as(client) == str(bao.pk)


def test_recovery_code_signs_in_once(client, bao):
    code = unused_recovery_codes(bao)[0]
    sign_in_with_password(client)
    client.post("/compte/connexion/code/", {"code": code})
    client.post("/compte/deconnexion/")
    sign_in_with_password(client)

    again = client.post("/compte/connexion/code/", {"code": code})

    assert signed_in_as(client) is None
    assert "pas celui attendu" in again.content.decode()


def test_guesses_of_the_code_are_slowed_down(client, bao, now):
    sign_in_with_password(client)
    for _turn in range(5):
        client.post("/compte/connexion/code/", {"code": "000000"})

    response = client.post("/compte/connexion/code/", {"code": code_at(now)})

    assert "Trop de tentatives" in response.content.decode()
    assert signed_in_as(client) is None


def test_code_page_is_nothing_without_the_password(client, bao):
    assert client.get("/compte/connexion/code/").url == SIGN_IN


def test_sign_ins_and_refusals_are_in_the_journal(client, alix):
    """A-125: an unknown account is written as such, and nothing that was typed."""
    for login, password in (("alix@example.org", "wrong"), ("nobody@example.org", PASSWORD)):
        client.post(SIGN_IN, {"login": login, "password": password})
    client.post(SIGN_IN, {"login": alix.file_number, "password": PASSWORD})

    entries = HistoryEntry.objects.order_by("pk").values_list("event", "subject_id", "data")
    assert list(entries) == [
        ("account-refused", alix.pk, {}),
        ("account-refused", 0, {}),
        ("account-signed-in", alix.pk, {"way": "password"}),
    ]
