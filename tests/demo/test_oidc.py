"""The provider of the demonstration keeps to the protocol, and runs in demonstrations only."""

import base64
from io import StringIO

import httpx
import jwt
import pytest
from django.core.management import CommandError, call_command

from candide.demo.oidc.provider import Client, ProtocolError, Provider, challenge_of, students
from candide.demo.oidc.server import running

BACK = "http://testserver/retour/"
CLIENT = Client("candide", "secret", frozenset([BACK]))
VERIFIER = "v" * 43
ASKED = {
    "client_id": "candide",
    "redirect_uri": BACK,
    "response_type": "code",
    "code_challenge": challenge_of(VERIFIER),
    "code_challenge_method": "S256",
    "nonce": "n",
    "state": "s",
}


class Clock:
    now = 1_800_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def provider(clock):
    return Provider("http://127.0.0.1:8001", CLIENT, clock=clock)


def exchange(provider, given, **others):
    form = {
        "grant_type": "authorization_code",
        "code": given,
        "redirect_uri": BACK,
        "code_verifier": VERIFIER,
    }
    return provider.exchange({**form, **others}, client_id="candide", secret="secret")


def test_students_are_those_of_the_student_system():
    names = [student["sign_in"] for student in students()]

    assert len(names) == len(set(names)) >= 8
    assert any(not student["ine"] for student in students())


@pytest.mark.parametrize(
    "wrong",
    [
        {"client_id": "other"},
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": f"{BACK}x"},
        {"response_type": "token"},
        {"code_challenge": ""},
        {"code_challenge_method": "plain"},
    ],
)
def test_requests_it_does_not_grant(provider, wrong):
    with pytest.raises(ProtocolError):
        provider.issue_code("clemartin", {**ASKED, **wrong})


def test_unknown_student_gets_no_code(provider):
    with pytest.raises(ProtocolError):
        provider.issue_code("nobody", ASKED)


def test_code_gives_signed_claims(provider, clock, monkeypatch):
    tokens = exchange(provider, provider.issue_code("clemartin", ASKED))
    key = jwt.PyJWK(provider.jwks()["keys"][0]).key

    claims = jwt.decode(
        tokens["id_token"],
        key,
        algorithms=["RS256"],
        audience="candide",
        options={"verify_exp": False, "verify_iat": False},
    )

    assert claims["iss"] == provider.issuer
    assert (claims["sub"], claims["nonce"]) == ("clemartin", "n")
    assert provider.userinfo(tokens["access_token"]) == {
        "sub": "clemartin",
        "preferred_username": "clemartin",
        "given_name": "Clémentine",
        "family_name": "MARTIN",
        "email": "clementine.martin@etu.exemple.fr",
        "supannEtuId": "22301457",
    }


def test_code_works_once(provider):
    code = provider.issue_code("clemartin", ASKED)
    exchange(provider, code)

    with pytest.raises(ProtocolError, match="invalid_grant"):
        exchange(provider, code)


@pytest.mark.parametrize(
    "wrong",
    [
        {"code_verifier": "other"},
        {"redirect_uri": "http://testserver/"},
        {"grant_type": "password"},
        {"code": "x"},
    ],
)
def test_code_is_for_who_asked(provider, wrong):
    code = provider.issue_code("clemartin", ASKED)

    with pytest.raises(ProtocolError, match="invalid_grant"):
        exchange(provider, code, **wrong)


@pytest.mark.parametrize(("name", "secret"), [("candide", "x"), ("x", "secret"), ("é", "é")])
def test_client_proves_itself(provider, name, secret):
    with pytest.raises(ProtocolError, match="invalid_client"):
        provider.exchange({}, client_id=name, secret=secret)


def test_codes_and_tokens_expire(provider, clock):
    late = provider.issue_code("clemartin", ASKED)
    token = exchange(provider, provider.issue_code("clemartin", ASKED))["access_token"]
    clock.now += 361

    with pytest.raises(ProtocolError, match="invalid_grant"):
        exchange(provider, late)
    with pytest.raises(ProtocolError, match="invalid_token"):
        provider.userinfo(token)


# -- On the network -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def address():
    with running(CLIENT) as provider:
        yield provider.issuer


def test_page_says_that_it_is_a_demonstration(address):
    page = httpx.get(f"{address}/authorize", params=ASKED)

    assert page.status_code == 200
    assert "Démonstration" in page.text
    assert "CLÉMENTINE" in page.text
    assert page.headers["content-security-policy"] == "default-src 'none'; style-src 'self'"


def test_page_speaks_english_to_who_does(address):
    page = httpx.get(f"{address}/authorize", params=ASKED, headers={"Accept-Language": "en"})

    assert "Who do you want to be?" in page.text


def test_what_is_asked_cannot_become_markup(address):
    page = httpx.get(f"{address}/authorize", params={**ASKED, "state": '"><script>x</script>'})

    assert "<script" not in page.text


def test_choice_leads_back_with_the_state(address):
    chosen = httpx.post(f"{address}/authorize", data={**ASKED, "sign_in": "clemartin"})
    given_up = httpx.post(f"{address}/authorize", data={**ASKED, "sign_in": ""})

    assert chosen.headers["location"].startswith(f"{BACK}?code=")
    assert chosen.headers["location"].endswith("&state=s")
    assert given_up.headers["location"] == f"{BACK}?error=access_denied&state=s"


@pytest.mark.parametrize("method", ["post", "basic"])
def test_both_ways_to_prove_the_client(address, method):
    chosen = httpx.post(f"{address}/authorize", data={**ASKED, "sign_in": "clemartin"})
    code = httpx.URL(chosen.headers["location"]).params["code"]
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": BACK,
        "code_verifier": VERIFIER,
    }
    if method == "post":
        answer = httpx.post(
            f"{address}/token", data={**form, "client_id": "candide", "client_secret": "secret"}
        )
    else:
        answer = httpx.post(f"{address}/token", data=form, auth=("candide", "secret"))

    info = httpx.get(
        f"{address}/userinfo",
        headers={"Authorization": f"Bearer {answer.json()['access_token']}"},
    )
    assert info.json()["sub"] == "clemartin"


@pytest.mark.parametrize(
    ("method", "path", "options", "status"),
    [
        ("GET", "/", {}, 404),
        ("POST", "/userinfo", {}, 404),
        ("GET", "/authorize", {}, 400),
        ("GET", "/userinfo", {}, 400),
        ("POST", "/token", {"data": {"code": "x" * 20_000}}, 400),
        ("POST", "/token", {"headers": {"Authorization": "Basic !!!"}}, 400),
        (
            "POST",
            "/token",
            {"headers": {"Authorization": "Basic " + base64.b64encode(b"\xff").decode()}},
            400,
        ),
        ("GET", "/logout", {"params": {"post_logout_redirect_uri": "https://evil.example"}}, 400),
        ("GET", "/logout", {"params": {"post_logout_redirect_uri": "http://testserver/x"}}, 302),
        ("GET", "/jwks", {}, 200),
        ("GET", "/style.css", {}, 200),
        ("GET", "/.well-known/openid-configuration", {}, 200),
    ],
)
def test_answers(address, method, path, options, status):
    assert httpx.request(method, f"{address}{path}", **options).status_code == status


# -- The command --------------------------------------------------------------------------------


def test_command_refuses_to_run_outside_a_demonstration(settings):
    settings.DEMO = False
    settings.OIDC_ISSUER = "http://127.0.0.1:8001"

    with pytest.raises(CommandError, match="only with CANDIDE_DEMO"):
        call_command("oidc-demo", stdout=StringIO())


def test_command_needs_an_address(settings):
    settings.DEMO = True
    settings.OIDC_ISSUER = ""

    with pytest.raises(CommandError, match="CANDIDE_OIDC_ISSUER"):
        call_command("oidc-demo", stdout=StringIO())
