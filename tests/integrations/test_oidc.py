"""What a provider says of visits that are over, believed only where everything about it is right:
asked of the provider of the demonstration, which publishes its keys over HTTP."""

import base64
import json
import time
from dataclasses import replace

import jwt
import pytest
import respx
from django.core.cache import cache

from candide.demo.oidc.provider import LOGOUT, Client, Provider
from candide.demo.oidc.server import running
from candide.integrations import oidc
from candide.integrations.oidc import EndedVisit, Refused, ended_visit

CLIENT = Client("candide", "secret", frozenset(["http://testserver/"]))
WELL_KNOWN = "/.well-known/openid-configuration"


@pytest.fixture(scope="module")
def provider():
    with running(CLIENT) as provider:
        yield provider


@pytest.fixture(autouse=True)
def forgotten():
    cache.clear()


def heard(provider, token, **others):
    asked = {"discovery": provider.issuer + WELL_KNOWN, "client_id": "candide", "now": time.time()}
    with ended_visit(token, **asked | others) as ended:
        return ended


def refusal(provider, token, **others):
    with pytest.raises(Refused) as refused:
        heard(provider, token, **others)
    return str(refused.value)


@pytest.mark.parametrize(
    ("said", "ended"),
    [
        ({"sid": "v1"}, EndedVisit(session="v1")),
        ({"sub": "clemartin"}, EndedVisit(subject="clemartin")),
        ({"sub": "a", "sid": "v1"}, EndedVisit(subject="a", session="v1")),
        ({"sub": "a", "aud": ["other", "candide"]}, EndedVisit(subject="a")),
    ],
)
def test_token_names_a_visit_or_a_person(provider, said, ended):
    assert heard(provider, provider.logout_token(**said)) == ended


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"aud": "other"}, "InvalidAudienceError"),
        ({"iss": "https://evil.example"}, "InvalidIssuerError"),
        ({"iat": None}, "MissingRequiredClaimError"),
        ({"iat": "now"}, "no times"),
        ({"iat": time.time() - 3600}, "not of now"),
        ({"iat": time.time() + 3600}, "not of now"),
        ({"exp": time.time() - 300}, "not of now"),
        ({"exp": "never"}, "no times"),
        ({"jti": None}, "MissingRequiredClaimError"),
        ({"events": {}}, "no logout"),
        ({"events": {LOGOUT: True}}, "no logout"),
        ({"events": [LOGOUT]}, "no logout"),
        ({"nonce": "n"}, "nonce"),
        ({"sub": ""}, "neither sub nor sid"),
        ({"sid": 7}, "neither sub nor sid"),
    ],
)
def test_token_that_is_not_right_is_refused(provider, said, why):
    assert refusal(provider, provider.logout_token(**{"sub": "clemartin", **said})) == why


@pytest.mark.parametrize("header", [{}, {"alg": []}, {"alg": "none"}])
def test_token_that_says_no_algorithm_is_refused(provider, header):
    parts = (json.dumps(header), "{}", "")
    token = b".".join(base64.urlsafe_b64encode(part.encode()).rstrip(b"=") for part in parts)

    assert refusal(provider, token.decode()) == "algorithm"


def test_token_is_heard_again_where_ending_the_visits_failed(provider):
    token = provider.logout_token(sub="clemartin")
    asked = {"discovery": provider.issuer + WELL_KNOWN, "client_id": "candide", "now": time.time()}

    with pytest.raises(RuntimeError), ended_visit(token, **asked):
        raise RuntimeError("the database went away")

    assert heard(provider, token) == EndedVisit(subject="clemartin")


def test_token_is_heard_once(provider):
    token = provider.logout_token(sub="clemartin")
    heard(provider, token)

    assert refusal(provider, token) == "heard before"


def test_what_one_signs_in_with_ends_nothing(provider):
    token = provider.logout_token(sub="clemartin", events=None, nonce="n")

    assert refusal(provider, token) == "no logout"


def test_key_of_somebody_else_is_refused(provider):
    evil = Provider(provider.issuer, CLIENT)

    assert refusal(provider, evil.logout_token(sub="a")) == "InvalidSignatureError"


@pytest.mark.parametrize("token", ["", "x", "x.y.z", "x" * 20_000])
def test_what_is_no_token_is_refused(provider, token):
    assert refusal(provider, token)


def test_unsigned_and_shared_secrets_are_refused(provider):
    claims = jwt.decode(provider.logout_token(sub="a"), options={"verify_signature": False})
    head = base64.urlsafe_b64encode(json.dumps({"alg": "none"}).encode()).decode().rstrip("=")
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")

    assert refusal(provider, f"{head}.{body}.") == "algorithm"
    assert refusal(provider, jwt.encode(claims, "secret" * 8, algorithm="HS256")) == "algorithm"


def test_name_of_no_key_has_the_provider_asked_once(provider, monkeypatch):
    asked = []
    monkeypatch.setattr(
        oidc, "fetch", lambda url, **how: asked.append(url) or oidc_fetch(url, **how)
    )
    token = provider.logout_token(sub="a")
    _head, rest = token.split(".", 1)
    head = base64.urlsafe_b64encode(json.dumps({"alg": "RS256", "kid": "new"}).encode()).decode()

    reasons = [refusal(provider, f"{head.rstrip('=')}.{rest}") for _attempt in range(3)]

    assert reasons == ["unknown key"] * 3
    assert asked == [provider.issuer + WELL_KNOWN, f"{provider.issuer}/jwks"]


def test_new_key_is_asked_for(provider):
    heard(provider, provider.logout_token(sub="a"))
    old, provider._key = provider._key, Provider("x", CLIENT)._key
    try:
        cache.clear()
        assert heard(provider, provider.logout_token(sub="a"))
    finally:
        provider._key = old


oidc_fetch = oidc.fetch


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ([(503, "")], "the provider does not answer"),
        ([(200, "x" * 300_000)], "the provider does not answer"),
        ([(200, "no JSON")], "the provider does not publish keys"),
        ([(200, "[]")], "the provider does not publish keys"),
        ([(200, '{"issuer": "x", "jwks_uri": "https://id.example/k"}'), (404, "")], "answer"),
        (
            [
                (200, '{"issuer": "x", "jwks_uri": "https://id.example/k"}'),
                (200, '{"keys": [{"kid": "demonstration", "use": "enc"}]}'),
            ],
            "unknown key",
        ),
    ],
    ids=["silent", "too long", "no JSON", "a list", "no keys", "for secrets"],
)
def test_provider_that_says_nothing_of_use(provider, answers, why):
    token = provider.logout_token(sub="a")
    with respx.mock(assert_all_called=False) as mock:
        for url, (status, text) in zip(
            ["https://id.example/d", "https://id.example/k"], answers, strict=False
        ):
            mock.get(url).respond(status, text=text)

        assert why in refusal(provider, token, discovery="https://id.example/d")


def test_only_key_needs_no_name(provider):
    token = jwt.encode(
        jwt.decode(provider.logout_token(sub="a"), options={"verify_signature": False}),
        provider._key,
        algorithm="RS256",
    )

    assert heard(provider, token) == EndedVisit(subject="a")


def test_client_is_told_where_it_wants_to_be(provider):
    assert provider.tell_ended(sub="a") == 0
    told = Provider(provider.issuer, replace(CLIENT, logout_uri="https://candide.example/fin/"))
    with respx.mock() as mock:
        sent = mock.post("https://candide.example/fin/").respond(200)

        assert told.tell_ended(sub="a") == 200

    assert b"logout_token=" in sent.calls.last.request.content
