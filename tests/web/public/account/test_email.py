"""Changing the address in the browser [ACC-27…31]."""

import pytest
from django.test import Client

from candide.institution.accounts.models import User
from tests.factories.accounts import PASSWORD, UserFactory
from tests.institution.accounts.mailbox import last_secret, sent

CHANGE = "/compte/adresse-mail/"


def typed(**others):
    values = {
        "email": "new@example.org",
        "email_again": "New@example.org",
        "current": PASSWORD,
    }
    return {**values, **others}


def test_change_is_asked_and_shown_as_waiting(signed_in):
    response = signed_in.post(CHANGE, typed(), follow=True)

    page = response.content.decode()
    assert "new@example.org" in page
    assert "Un changement attend votre validation" in page
    assert User.objects.get().email == "alix@example.org"


def test_known_and_unknown_addresses_get_the_same_answers(alix, same):
    """ACC-04."""
    UserFactory(email="taken@example.org")
    answers = []

    for address in ["free@example.org", "taken@example.org"]:
        visitor = Client()
        visitor.force_login(alix)
        answer = visitor.post(CHANGE, typed(email=address, email_again=address))
        answers.append((same(answer), same(visitor.get(answer.url))))

    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"email": "new"}, "email"),
        ({"email_again": "other@example.org"}, "email_again"),
        ({"email": "alix@example.org", "email_again": "alix@example.org"}, "email"),
        ({"current": "wrong"}, "current"),
    ],
)
def test_change_is_refused_with_the_reason_at_its_field(signed_in, wrong, field):
    response = signed_in.post(CHANGE, typed(**wrong))

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert sent() == []


def test_who_has_no_password_is_asked_for_none(client):
    client.force_login(UserFactory(has_local_password=False, email="sam@example.org"))

    page = client.get(CHANGE).content.decode()
    response = client.post(CHANGE, typed())

    assert "Mot de passe actuel" not in page
    assert response.status_code == 302


def test_changes_are_not_asked_for_ever(signed_in):
    statuses = [signed_in.post(CHANGE, typed()).status_code for _turn in range(6)]

    assert statuses == [302] * 5 + [429]


def test_present_address_can_be_kept(signed_in):
    signed_in.post(CHANGE, typed())
    secret = last_secret("email-change-asked")

    signed_in.post(f"{CHANGE}garder/")

    assert "attend votre validation" not in signed_in.get(CHANGE).content.decode()
    assert Client().post(f"{CHANGE}{secret}/").status_code == 409


def test_link_needs_its_button_and_no_sign_in(signed_in):
    signed_in.post(CHANGE, typed())
    secret = last_secret("email-change-asked")
    elsewhere = Client()

    shown = elsewhere.get(f"{CHANGE}{secret}/")
    before = User.objects.get().email
    pressed = elsewhere.post(f"{CHANGE}{secret}/")

    assert "new@example.org" in shown.content.decode()
    assert before == "alix@example.org"
    assert pressed.url == "/compte/connexion/"
    assert User.objects.get().email == "new@example.org"
    assert signed_in.get("/compte/").status_code == 200


def test_signed_in_holder_comes_back_to_the_account(signed_in):
    signed_in.post(CHANGE, typed())

    response = signed_in.post(f"{CHANGE}{last_secret('email-change-asked')}/")

    assert response.url == "/compte/"


def test_expired_link_says_so(signed_in, frozen):
    signed_in.post(CHANGE, typed())
    frozen.shift(24 * 3600 + 1)

    page = Client().get(f"{CHANGE}{last_secret('email-change-asked')}/").content.decode()

    assert "Ce lien a expiré" in page


def test_guessing_links_is_slowed_down(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "mailed_link": "2/m/ip"}

    statuses = [client.post(f"{CHANGE}{n}/").status_code for n in range(3)]

    assert statuses == [409, 409, 429]
