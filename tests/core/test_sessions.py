"""Sessions end after a time without activity, and nobody loses their way."""

import pytest
from django.test import Client

from candide.institution.catalogue.models import Institution
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
PAGE = "/compte/"


@pytest.fixture(autouse=True)
def institution():
    return Institution.objects.create(pk=1)


@pytest.fixture
def signed_in(client, frozen):
    client.force_login(UserFactory())
    client.get(PAGE)
    return client


def test_activity_keeps_the_session(signed_in, frozen):
    for _turn in range(4):
        frozen.shift(40 * 60)
        assert signed_in.get(PAGE).status_code == 200


def test_session_ends_after_a_time_without_activity(signed_in, frozen, settings):
    frozen.shift(settings.SESSION_COOKIE_AGE + 1)

    response = signed_in.get(PAGE)

    assert response.url == "/compte/connexion/?next=/compte/&ended=1"


def test_requests_a_page_makes_by_itself_keep_nothing(signed_in, frozen):
    for _turn in range(2):
        frozen.shift(30 * 60)
        last = signed_in.get(PAGE, headers={"X-Candide-Automatic": "1"})

    assert last.status_code == 302


def test_session_is_written_once_a_minute_at_most(signed_in, frozen):
    before = signed_in.session["seen_at"]
    frozen.shift(59)
    signed_in.get(PAGE)
    soon = signed_in.session["seen_at"]
    frozen.shift(1)
    signed_in.get(PAGE)

    assert (soon, signed_in.session["seen_at"]) == (before, before + 60)


def test_page_of_sign_in_says_that_the_session_ended(signed_in, frozen):
    frozen.shift(3600)

    page = signed_in.get(PAGE, follow=True).content.decode()

    assert "Votre session a pris fin" in page


def test_first_visit_is_not_told_of_an_end(frozen):
    response = Client().get(PAGE)

    assert response.url == "/compte/connexion/?next=/compte/"


def test_visit_never_signed_in_is_not_told_of_an_end(client, frozen):
    session = client.session
    session["mail_sent_to"] = "alix@example.org"
    session.save()
    client.cookies["sessionid"] = session.session_key

    assert client.get(PAGE).url == "/compte/connexion/?next=/compte/"


def test_query_is_part_of_the_way_back(client, frozen):
    assert client.get("/entrer/?a=1&b=2").url == "/compte/connexion/?next=/entrer/%3Fa%3D1%26b%3D2"


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/espace/dossier/?x=1", "/espace/dossier/%3Fx%3D1"),
        ("http://testserver/espace/", "/espace/"),
        ("https://evil.example/espace/", "/"),
        ("", "/"),
    ],
)
def test_what_was_sent_leads_back_to_the_page_it_was_sent_from(client, frozen, referer, back):
    """The address itself may only take POST."""
    headers = {"Referer": referer} if referer else {}

    response = client.post("/compte/deconnexion-partout/", headers=headers)

    assert response.url == f"/compte/connexion/?next={back}"


def test_fragment_leads_back_to_the_whole_page(client, frozen):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/espace/"}

    assert client.get(PAGE, headers=headers).url == "/compte/connexion/?next=/espace/"
