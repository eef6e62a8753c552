"""Creating and activating an account in the browser [ACC-01…21]."""

import pytest
from django.test import Client

from candide.institution.accounts.models import User
from candide.institution.catalogue.models import Institution
from tests.factories.accounts import ACTIVATION_DUE, PASSWORD, UserFactory
from tests.institution.accounts.mailbox import last_secret, sent
from tests.web.conftest import links, words_inside

CREATE = "/compte/creer/"
RESEND = "/compte/activation/"


def typed(**others):
    values = {
        "last_name": "Martin",
        "first_name": "Alix",
        "email": "alix@example.org",
        "email_again": "Alix@example.org",
        "password": PASSWORD,
        "password_again": PASSWORD,
    }
    return {**values, **others}


def errors_of(response):
    return {name: [str(e) for e in es] for name, es in response.context["form"].errors.items()}


def test_page_asks_for_what_the_guides_name(client, campaign):
    page = client.get(CREATE).content.decode()

    for words in ["Nom", "Prénom", "Adresse mail", "Mot de passe", "Confirmation du mot de passe"]:
        assert words in page
    assert "au moins 10 caractères" in page


def test_account_is_created_and_the_mail_announced(client, campaign):
    response = client.post(CREATE, typed(), follow=True)

    assert response.redirect_chain == [("/compte/creer/mail-envoye/", 302)]
    assert "alix@example.org" in response.content.decode()
    assert sent() == [("account-created", "alix@example.org")]
    assert "_auth_user_id" not in client.session


def test_mail_that_does_not_come_is_explained(client, campaign):
    """S2-11, S2-48, S2-49."""
    page = client.post(CREATE, typed(), follow=True)

    for words in [
        "courriers indésirables",
        "votre messagerie n'est pas pleine",
        "l'adresse mail saisie est correcte",
    ]:
        assert words in words_inside(page)
    assert {
        (RESEND, "Je n'ai pas reçu le lien d'activation"),
        (CREATE, "L'adresse était fausse : recommencer"),
    } <= set(links(page))


def test_known_and_unknown_addresses_get_the_same_answers(campaign, same):
    """ACC-04: neither text nor header nor cookie tells."""
    UserFactory(email="known@example.org")
    UserFactory(email="pending@example.org", not_activated=True)
    UserFactory(email="closed@example.org", out_of_service=True)
    answers = []

    for address in ["new@example.org", "known@example.org", "pending@example.org"]:
        visitor = Client()
        visitor.get(CREATE)
        answer = visitor.post(CREATE, typed(email=address, email_again=address))
        answers.append((same(answer), same(visitor.get(answer.url))))

    assert answers[1:] == [answers[0]] * 2
    assert [kind for kind, _ in sent()] == ["account-created", "account-exists", "account-created"]


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"last_name": ""}, {"last_name"}),
        ({"last_name": "<b></b>"}, {"last_name"}),
        ({"first_name": "http://spam.example"}, {"first_name"}),
        ({"first_name": "A" * 101}, {"first_name"}),
        ({"email": "alix"}, {"email"}),
        ({"email": "a@b", "email_again": "a@b"}, {"email", "email_again"}),
        ({"email_again": "other@example.org"}, {"email_again"}),
        ({"password_again": "Autre-Mot-77!"}, {"password_again"}),
        ({"password": "abc", "password_again": "abc"}, {"password"}),
        ({"password": "", "password_again": ""}, {"password", "password_again"}),
        (
            {"password": "A1!" + "a" * 300, "password_again": "A1!" + "a" * 300},
            {"password", "password_again"},
        ),
        ({"email": "a\u0000@example.org"}, {"email"}),
    ],
)
def test_each_error_stands_at_its_field(client, campaign, wrong, fields):
    response = client.post(CREATE, typed(**wrong))

    assert response.status_code == 422
    assert set(errors_of(response)) == fields
    assert User.objects.count() == 0


def test_long_top_level_domains_are_addresses(client, campaign):
    """ACC-05."""
    address = "alix@martin.photography"

    client.post(CREATE, typed(email=address, email_again=address))

    assert sent() == [("account-created", address)]


def test_nothing_typed_is_lost_but_the_passwords(client, campaign):
    page = client.post(CREATE, typed(email_again="other@example.org")).content.decode()

    assert 'value="Martin"' in page
    assert 'value="other@example.org"' in page
    assert PASSWORD not in page


def test_closed_campaign_creates_nothing_and_leaves_signing_in_open(client):
    """CAMP-03."""
    response = client.get(CREATE)

    assert response.status_code == 200
    assert "Aucune campagne n'est ouverte" in response.content.decode().replace("&#x27;", "'")
    assert client.post(CREATE, typed()).status_code == 409
    assert User.objects.count() == 0
    assert client.get("/compte/connexion/").status_code == 200


def test_people_from_outside_are_sent_to_the_door(client, campaign):
    Institution.objects.update(has_local_accounts=False)

    assert client.post(CREATE, typed()).status_code == 409
    assert User.objects.count() == 0


def test_too_many_creations_for_one_address_are_slowed_down(client, campaign):
    UserFactory(email="victim@example.org")
    address = {"email": "victim@example.org", "email_again": "victim@example.org"}

    statuses = [client.post(CREATE, typed(**address)).status_code for _turn in range(6)]
    other = client.post(CREATE, typed())

    assert statuses == [302] * 5 + [429]
    assert other.status_code == 302


def test_too_many_creations_from_one_place_are_slowed_down(client, campaign, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "signup": "2/h/ip"}
    addresses = [f"a{number}@example.org" for number in "123"]

    answers = [client.post(CREATE, typed(email=a, email_again=a)) for a in addresses]

    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert "Trop de tentatives" in answers[-1].content.decode()
    assert User.objects.count() == 2


def test_signed_in_people_need_no_account(signed_in, campaign):
    assert signed_in.get(CREATE).url == "/entrer/"


def test_name_cannot_carry_markup_into_the_page(client, campaign):
    client.post(CREATE, typed(last_name="<i>Martin</i>"))
    page = client.get(f"/compte/activation/{last_secret('account-created')}/").content.decode()

    assert "Alix MARTIN" in page


# -- Activation ---------------------------------------------------------------------------------


@pytest.fixture
def secret(client, campaign):
    client.post(CREATE, typed(next="/offre/droit/"))
    return last_secret("account-created")


def test_reading_the_link_activates_nothing(client, secret):
    """ACC-18: a scanner of mails follows links."""
    response = client.get(f"/compte/activation/{secret}/")

    assert response.status_code == 200
    assert "Activer mon compte" in response.content.decode()
    assert User.objects.get().activated_at is None


def test_button_activates_and_leads_on_through_the_sign_in(client, secret):
    response = client.post(f"/compte/activation/{secret}/")
    page = client.get(response.url)

    assert response.url == "/compte/connexion/?next=%2Foffre%2Fdroit%2F"
    assert User.objects.get().file_number in page.content.decode()
    assert User.objects.get().activated_at is not None
    assert "_auth_user_id" not in client.session


def test_link_opened_again_says_that_the_account_is_active(client, secret):
    client.post(f"/compte/activation/{secret}/")

    page = client.get(f"/compte/activation/{secret}/")
    again = client.post(f"/compte/activation/{secret}/")

    assert "Ce compte est déjà actif" in page.content.decode()
    assert again.status_code == 409


def test_expired_link_says_so(client, secret, frozen):
    frozen.move_to(ACTIVATION_DUE.replace(minute=1))

    page = client.get(f"/compte/activation/{secret}/")
    pressed = client.post(f"/compte/activation/{secret}/")

    assert "activation de ce compte est passé" in page.content.decode()
    assert pressed.status_code == 409
    assert User.objects.get().activated_at is None


def test_wrong_link_tells_nothing_of_anybody(client, secret):
    page = client.get("/compte/activation/xyz/").content.decode()

    assert "Seul le dernier lien envoyé fonctionne" in page
    assert "MARTIN" not in page


def test_guessing_links_is_slowed_down(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "mailed_link": "2/m/ip"}

    statuses = [client.post(f"/compte/activation/{n}/").status_code for n in range(3)]

    assert statuses == [409, 409, 429]


# -- The link again -----------------------------------------------------------------------------


def test_known_and_unknown_addresses_get_the_same_answers_for_the_link(same):
    """ACC-19."""
    UserFactory(email="known@example.org")
    UserFactory(email="pending@example.org", not_activated=True)
    answers = []

    for address in ["nobody@example.org", "known@example.org", "pending@example.org"]:
        visitor = Client()
        visitor.get(RESEND)
        answer = visitor.post(RESEND, {"email": address})
        answers.append((same(answer), same(visitor.get(answer.url))))

    assert answers[1:] == [answers[0]] * 2
    assert sent() == [
        ("account-already-active", "known@example.org"),
        ("activation-resent", "pending@example.org"),
    ]


def test_link_is_not_sent_for_ever(client):
    UserFactory(email="pending@example.org", not_activated=True)

    statuses = [
        client.post(RESEND, {"email": "pending@example.org"}).status_code for _turn in range(6)
    ]

    assert statuses == [302] * 5 + [429]
    assert len(sent()) == 5


def test_wrong_address_is_told_at_its_field(client):
    response = client.post(RESEND, {"email": "alix"})

    assert response.status_code == 422
    assert set(errors_of(response)) == {"email"}
