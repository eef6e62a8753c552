"""Forgotten identifiers and the password in the browser [ACC-22…25]."""

import pytest
from django.test import Client

from candide.institution.accounts.models import User
from tests.factories.accounts import PASSWORD, UserFactory
from tests.institution.accounts.mailbox import last_secret, sent
from tests.web.conftest import links, words_inside

FORGOTTEN = "/compte/identifiants-oublies/"
CHANGE = "/compte/mot-de-passe/"
NEW = "Tempete-Verte-7!"


def typed(**others):
    return {"current": PASSWORD, "password": NEW, "password_again": NEW, **others}


def test_known_and_unknown_addresses_get_the_same_answers(alix, same):
    UserFactory(email="closed@example.org", out_of_service=True)
    answers = []

    for address in ["nobody@example.org", "alix@example.org", "closed@example.org"]:
        visitor = Client()
        visitor.get(FORGOTTEN)
        answer = visitor.post(FORGOTTEN, {"email": address})
        answers.append((same(answer), same(visitor.get(answer.url))))

    assert answers[1:] == [answers[0]] * 2
    assert sent() == [("forgotten-identifiers", "alix@example.org")]


def test_forgotten_address_is_no_dead_end(client):
    """S0-02."""
    page = client.get(FORGOTTEN)

    assert "créez un autre compte avec une autre adresse" in words_inside(page)
    assert ("/assistance/", "Assistance") in links(page)


def test_mail_is_rendered_whether_the_address_is_known_or_not(client, alix, monkeypatch):
    """Otherwise the time of the answer would tell."""
    rendered = []
    from candide.institution.mails import kinds

    original = kinds.render
    monkeypatch.setattr(
        kinds, "render", lambda **values: rendered.append(values["subject"]) or original(**values)
    )

    for address in ["alix@example.org", "nobody@example.org"]:
        client.post(FORGOTTEN, {"email": address})

    assert len(rendered) == 2
    assert len(set(rendered)) == 1


def test_too_many_requests_for_one_address_are_slowed_down_known_or_not(client, alix):
    for address in ["alix@example.org", "nobody@example.org"]:
        statuses = [client.post(FORGOTTEN, {"email": address}).status_code for _turn in range(6)]

        assert statuses == [302] * 5 + [429]


@pytest.fixture
def secret(client, alix):
    client.post(FORGOTTEN, {"email": "alix@example.org"})
    return last_secret("forgotten-identifiers")


def test_link_opens_the_form_and_changes_nothing(client, alix, secret):
    page = client.get(f"{CHANGE}{secret}/").content.decode()

    assert "K7P2M9QX" in page
    assert User.objects.get().check_password(PASSWORD)


def test_chosen_password_signs_in_and_ends_other_sessions(client, alix, secret):
    elsewhere = Client()
    elsewhere.force_login(alix)

    response = client.post(f"{CHANGE}{secret}/", {"password": NEW, "password_again": NEW})

    assert response.url == "/compte/connexion/"
    assert "_auth_user_id" not in client.session
    assert elsewhere.get("/compte/").status_code == 302
    answer = client.post("/compte/connexion/", {"login": "K7P2M9QX", "password": NEW})
    assert answer.url == "/entrer/"


def test_weak_password_is_refused_and_the_link_stays_good(client, secret):
    refused = client.post(f"{CHANGE}{secret}/", {"password": "abc", "password_again": "abc"})
    like_me = {"password": "K7P2M9QX-aa!", "password_again": "K7P2M9QX-aa!"}
    resembling = client.post(f"{CHANGE}{secret}/", like_me)
    accepted = client.post(f"{CHANGE}{secret}/", {"password": NEW, "password_again": NEW})

    assert [refused.status_code, resembling.status_code, accepted.status_code] == [422, 422, 302]


def test_expired_link_says_so_and_offers_a_new_one(client, secret, frozen):
    frozen.shift(2 * 3600 + 1)

    page = client.get(f"{CHANGE}{secret}/").content.decode()
    pressed = client.post(f"{CHANGE}{secret}/", {"password": NEW, "password_again": NEW})

    assert "Ce lien a expiré" in page
    assert FORGOTTEN in page
    assert pressed.status_code == 409
    assert User.objects.get().check_password(PASSWORD)


@pytest.mark.parametrize("wrong", ["xyz", "é", "%00", "-" * 200])
def test_wrong_link_tells_nothing(client, alix, wrong):
    page = client.get(f"{CHANGE}{wrong}/").content.decode()

    assert "Seul le dernier lien envoyé fonctionne" in page
    assert "K7P2M9QX" not in page


def test_link_used_meanwhile_is_told(client, secret, monkeypatch):
    """Both windows were open; the other one was faster."""
    from candide.web.public.account import password

    client.post(f"{CHANGE}{secret}/", {"password": NEW, "password_again": NEW})
    monkeypatch.setattr(password, "reset_blockers", lambda *_, **__: [])

    response = client.post(f"{CHANGE}{secret}/", {"password": NEW, "password_again": NEW})

    assert response.status_code == 409
    assert "déjà servi" in response.content.decode()


def test_guessing_links_is_slowed_down(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "mailed_link": "2/m/ip"}

    statuses = [client.post(f"{CHANGE}{n}/").status_code for n in range(3)]

    assert statuses == [409, 409, 429]


# -- Changing it while signed in ----------------------------------------------------------------


def test_change_keeps_this_session_and_ends_the_others(signed_in, alix):
    elsewhere = Client()
    elsewhere.force_login(alix)

    response = signed_in.post(CHANGE, typed())

    assert response.url == "/compte/"
    assert signed_in.get("/compte/").status_code == 200
    assert elsewhere.get("/compte/").status_code == 302
    assert User.objects.get().check_password(NEW)
    assert sent() == [("password-changed", "alix@example.org")]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"current": "wrong"}, "current"),
        ({"current": ""}, "current"),
        ({"password_again": "Autre-Mot-77!"}, "password_again"),
        ({"password": "", "password_again": NEW}, "password"),
        ({"password": "abc", "password_again": "abc"}, "password"),
    ],
)
def test_change_is_refused_with_the_reason_at_its_field(signed_in, wrong, field):
    response = signed_in.post(CHANGE, typed(**wrong))

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert User.objects.get().check_password(PASSWORD)


def test_guesses_of_the_current_password_are_slowed_down(signed_in):
    statuses = [signed_in.post(CHANGE, typed(current="wrong")).status_code for _turn in range(6)]

    assert statuses == [422] * 5 + [429]


def test_account_without_password_is_sent_a_link(client):
    client.force_login(UserFactory(email="sam@example.org", has_local_password=False))

    page = client.get(CHANGE).content.decode()
    client.post(FORGOTTEN, {"email": "sam@example.org"})

    assert "pas encore de mot de passe" in page
    assert sent() == [("forgotten-identifiers", "sam@example.org")]
