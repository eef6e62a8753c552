"""Signing in through a CAS server, for candidates and for staff; what it answers is recorded
(tests/integrations/cas has a real one)."""

from urllib.parse import parse_qs, urlsplit

import pytest
import respx
from allauth.socialaccount.models import SocialAccount
from django.test import Client as Browser

from candide.foundation.history.domain.log import entries_about
from candide.institution.accounts.domain.sso import Identity, attach
from candide.institution.accounts.enums import AccountEvent
from candide.institution.accounts.models import User
from tests.factories.access import AssignmentFactory
from tests.factories.accounts import PASSWORD, UserFactory
from tests.integrations.cas.server import connect
from tests.integrations.cas.test_recorded import ANSWER, LOGOUT, SUCCESS

START = "/compte/universite/par/valmont/"
RETURN = "/compte/universite/cas/valmont/"
ARRIVAL, FAILED = "/compte/universite/creer/", "/compte/universite/echec/"
LINK = "/compte/universite/rattacher/"
HERE = "https://cas.univ.example/cas/"
SAID = "<cas:attributes>{}</cas:attributes>"
STUDENT = SAID.format(
    "<cas:givenName>Clémentine</cas:givenName><cas:sn>MARTIN</cas:sn>"
    "<cas:mail>clementine@etu.example</cas:mail><cas:supannEtuId>22301457</cas:supannEtuId>"
)


@pytest.fixture(autouse=True)
def door(settings):
    connect(settings, HERE)


@pytest.fixture
def server():
    with respx.mock(assert_all_called=False) as mock:
        yield mock.get(f"{HERE}p3/serviceValidate")


@pytest.fixture
def come_in(client, server):
    """`come_in("btran")`: through the door and back with a ticket, which the server vouches for."""

    def walk(login, attributes="", *, browser=client, ticket="ST-1", start=START, next_page=""):
        asked = browser.get(start, {"next": next_page} if next_page else {})
        service = parse_qs(urlsplit(asked.url).query)["service"][0]
        body = SUCCESS.format(f"<cas:user>{login}</cas:user>{attributes}")
        server.respond(200, content=body.encode())
        back = urlsplit(service)
        return browser.get(f"{back.path}?{back.query}&ticket={ticket}")

    return walk


@pytest.fixture
def bao():
    return AssignmentFactory(
        user=UserFactory(staff=True, directory_id="btran", email="bao@univ.example")
    ).user


def who(browser):
    return browser.session.get("_auth_user_id")


# -- Staff -----------------------------------------------------------------------------------------


def test_member_of_staff_known_to_the_directory_comes_in(client, come_in, bao, server):
    """A-117."""
    response = come_in("BTran", next_page="/gestion/")

    asked = server.calls.last.request.url.params
    assert response.url == "/gestion/"
    assert who(client) == str(bao.pk)
    assert asked["ticket"] == "ST-1"
    assert asked["service"].startswith(f"http://testserver{RETURN}?state=")
    assert SocialAccount.objects.get().user == bao


def test_nobody_becomes_staff_by_signing_in(client, come_in, campaign):
    page = client.get(come_in("zorglub").url).content.decode()

    assert User.objects.count() == 0
    assert "vous connaît sous <strong>zorglub</strong>" in page


def test_hostile_attributes_give_nothing(client, come_in, bao):
    hostile = SAID.format(
        "<cas:is_superuser>True</cas:is_superuser><cas:is_active>True</cas:is_active>"
        "<cas:directory_id>aleroux</cas:directory_id><cas:file_number>K7P2M9QX</cas:file_number>"
        "<cas:uid>aleroux</cas:uid><cas:givenName>Bao</cas:givenName>"
    )
    come_in("btran", hostile)

    bao.refresh_from_db()
    assert (bao.first_name, bao.is_superuser) == ("Bao", False)
    assert (bao.directory_id, bao.file_number) == ("btran", None)


def test_who_has_left_is_told(client, come_in, bao):
    User.objects.update(is_active=False)

    assert come_in("btran").url == "/compte/connexion/hors-service/"
    assert who(client) is None


def test_second_factor_is_asked_after_the_institution(client, come_in, bao):
    from allauth.mfa.totp.internal.auth import TOTP

    TOTP.activate(bao, "A" * 32)

    assert come_in("btran").url == "/compte/connexion/code/"
    assert who(client) is None


def test_stranger_at_the_door_of_staff_is_told_whom_to_ask(client, come_in, settings):
    settings.SIGN_IN[-1]["audience"] = ["staff"]

    response = come_in("zorglub", STUDENT)
    page = client.get(response.url)

    assert response.url == ARRIVAL
    assert page.templates[0].name == "public/account/sso_stranger.html"
    assert "zorglub" in page.content.decode()
    assert client.post(ARRIVAL, {"email": "x@example.org"}).status_code == 200
    assert User.objects.count() == 0


def test_stranger_with_a_password_attaches_the_sign_in(client, come_in, bao):
    User.objects.update(directory_id="")
    come_in("btran")

    signed_in = client.post(
        "/compte/connexion/", {"login": bao.email, "password": PASSWORD, "next": LINK}
    )
    shown = client.get(LINK).content.decode()
    linked = client.post(LINK)

    assert (signed_in.url, linked.url) == (LINK, "/compte/")
    assert "bao@univ.example" in shown
    assert SocialAccount.objects.get().user == bao
    assert "Vous pouvez vous connecter avec CAS Valmont" in client.get("/compte/").content.decode()


# -- Candidates ------------------------------------------------------------------------------------


def test_student_without_an_account_is_led_to_create_one_prefilled(client, come_in, campaign):
    response = come_in("clemartin", STUDENT)
    page = client.get(response.url).content.decode()

    assert response.url == ARRIVAL
    assert 'value="Clémentine"' in page
    assert 'value="clementine@etu.example"' in page
    assert User.objects.count() == 0


def test_candidate_with_an_attached_account_comes_in(client, come_in):
    alix = UserFactory()
    attach(alix, Identity(provider="valmont", subject="clemartin"))

    come_in("CleMartin", STUDENT)

    alix.refresh_from_db()
    assert who(client) == str(alix.pk)
    assert (alix.student_number, alix.student_login) == ("22301457", "")


def test_login_is_kept_of_a_candidate_without_a_number(client, come_in):
    alix = UserFactory()
    attach(alix, Identity(provider="valmont", subject="clemartin"))

    come_in("CleMartin")

    alix.refresh_from_db()
    assert (alix.student_number, alix.student_login) == ("", "clemartin")


def test_provider_that_is_not_for_candidates_lets_none_in(client, come_in, settings):
    attach(UserFactory(), Identity(provider="valmont", subject="clemartin"))
    settings.SIGN_IN[-1]["audience"] = ["staff"]

    assert come_in("clemartin").url == FAILED
    assert who(client) is None


# -- What may go wrong -----------------------------------------------------------------------------


def test_ticket_the_server_refuses_signs_nobody_in(client, server, bao):
    asked = client.get(START)
    service = urlsplit(parse_qs(urlsplit(asked.url).query)["service"][0])
    server.respond(200, content=ANSWER.format("<cas:authenticationFailure code='X'/>").encode())

    response = client.get(f"{service.path}?{service.query}&ticket=ST-9")

    assert response.url == FAILED
    assert who(client) is None


def test_return_works_once(client, come_in, bao):
    come_in("btran")
    client.logout()
    asked = client.get(START)
    service = urlsplit(parse_qs(urlsplit(asked.url).query)["service"][0])
    back = f"{service.path}?{service.query}&ticket=ST-2"

    first, second = client.get(back), client.get(back)

    assert (first.url, second.url) == ("/entrer/", FAILED)


def test_ticket_of_somebody_else_is_not_taken_in_another_visit(client, server, bao):
    """Nobody is signed in, unawares, to the account of who made the link."""
    asked = client.get(START)
    service = urlsplit(parse_qs(urlsplit(asked.url).query)["service"][0])
    victim = Browser()

    responses = [
        victim.get(f"{service.path}?{service.query}&ticket=ST-1"),
        victim.get(f"{RETURN}?ticket=ST-1"),
        victim.get(RETURN),
    ]

    assert [response.url for response in responses] == [FAILED] * 3
    assert not server.called


def test_server_that_is_away_is_told(client, server):
    asked = client.get(START)
    service = urlsplit(parse_qs(urlsplit(asked.url).query)["service"][0])
    server.respond(503)

    assert client.get(f"{service.path}?{service.query}&ticket=ST-1").url == FAILED


@pytest.mark.parametrize(
    "address",
    [
        "/compte/universite/par/other/",
        "/compte/universite/cas/other/",
        "/compte/universite/cas/institution/",
        "/compte/universite/retour/valmont/",
        "/compte/universite/retour/other/",
    ],
)
def test_provider_nobody_named_is_not_there(client, address):
    assert client.get(address).status_code == 404


# -- Signing out -----------------------------------------------------------------------------------


def test_signing_out_there_ends_the_session_here(client, come_in, bao):
    come_in("btran")
    elsewhere = Browser()
    come_in("btran", browser=elsewhere, ticket="ST-2")

    answer = Browser().post(RETURN, {"logoutRequest": LOGOUT.format("ST-1")})

    assert answer.status_code == 204
    assert client.get("/gestion/").url.startswith("/compte/connexion/")
    assert elsewhere.get("/compte/").status_code == 200
    assert entries_about(bao).first().event == AccountEvent.SESSION_ENDED


@pytest.mark.parametrize(
    "request_", [LOGOUT.format("ST-9"), LOGOUT.format(""), "<!DOCTYPE x><x/>", "x" * 10_001, ""]
)
def test_request_that_names_no_session_ends_none(client, come_in, bao, request_):
    come_in("btran")

    answer = Browser().post(RETURN, {"logoutRequest": request_})

    assert answer.status_code == 204
    assert client.get("/compte/").status_code == 200


def test_signing_out_here_leads_to_signing_out_there(client, come_in, bao):
    """AUTH-06."""
    come_in("btran")

    out = client.post("/compte/deconnexion/")
    page = client.get(out.url).content.decode()
    onwards = client.get("/compte/universite/deconnexion/valmont/suite/")

    assert out.url == "/compte/universite/deconnexion/valmont/"
    assert "/compte/universite/deconnexion/valmont/suite/" in page
    assert onwards.url == f"{HERE}logout?service=http%3A%2F%2Ftestserver%2F"


# -- Several at once -------------------------------------------------------------------------------


def test_sign_in_page_shows_each_provider_by_its_label(client, settings):
    connect(settings, "https://cas2.univ.example/", audience=("staff",), name="other", label="Deux")
    settings.OIDC_LABEL = "Mon université"

    page = client.get("/compte/connexion/").content.decode()
    home = client.get("/").content.decode()

    offered = ["Mon université", "CAS Valmont", "Deux"]
    assert [f"Connexion avec {label}" in page for label in offered] == [True] * 3
    assert [f"Connexion avec {label}" in home for label in offered] == [True, True, False]
    assert "Je travaille à l" in page
    assert client.get("/compte/universite/").url == "/compte/connexion/"


def test_start_keeps_where_one_was_going_while_one_chooses(client):
    response = client.get("/compte/universite/", {"next": "/offre/"})

    assert response.url == "/compte/connexion/?next=%2Foffre%2F"
