"""The description holds: whatever it allows, and what it does not, is answered as it says, never
with an error of the server. Values are drawn from the schema, a few for each address."""

import json
import re
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from candide.api import policies, tokens, urls
from candide.api.description import openapi
from tests.api.conftest import ended
from tests.api.test_scopes import application  # noqa: F401 -- a fixture
from tests.factories.tokens import TokenFactory, bearer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

TRIES = 4  # of each address; a thousand found nothing more
ODD = st.sampled_from(
    [
        *("", " ", "\x00", "\ud800", "é" * 300, "-1", "0", str(2**63), "1e400", "NaN", "null"),
        *(
            "true",
            "2027-02-30",
            "0001-01-01T00:00:00-23:59",
            "9999-12-31T23:59:59+23:59",
            "';--",
            "%",
            "{}",
        ),
    ]
)
ODD_JSON = st.one_of(
    ODD, st.none(), st.booleans(), st.integers(), st.floats(), st.lists(st.none(), max_size=2)
)


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """`schema`, where it is a reference what that stands for."""
    for together in ("allOf", "oneOf"):
        if together in schema:
            return resolved(schema[together][0])
    if "$ref" in schema:
        return openapi()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def values(schema: dict[str, Any]) -> st.SearchStrategy:
    """What `schema` allows."""
    schema = resolved(schema)
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    kind, form = schema.get("type"), schema.get("format")
    if kind == "integer":
        return st.integers(schema.get("minimum", -(2**31)), schema.get("maximum", 2**31))
    if kind == "boolean":
        return st.booleans()
    if kind == "array":
        return st.lists(values(schema["items"]), max_size=3)
    if kind == "object":
        fields = {name: values(each) for name, each in schema.get("properties", {}).items()}
        required = set(schema.get("required", ()))
        return st.fixed_dictionaries(
            {name: each for name, each in fields.items() if name in required},
            optional={name: each for name, each in fields.items() if name not in required},
        )
    if form == "date":
        return st.dates().map(str)
    if form == "date-time":
        return st.datetimes(timezones=st.timezones()).map(lambda moment: moment.isoformat())
    if form == "time":
        return st.times().map(str)
    return st.text(min_size=schema.get("minLength", 0), max_size=min(schema.get("maxLength", 9), 9))


@st.composite
def requests(draw: Any, operation: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """A request of `operation`: as described, or with something odd in it."""
    found: dict[str, Any] = {"path": {}, "query": {}, "header": {}}
    for parameter in operation.get("parameters", []):
        name, place = parameter["name"], parameter["in"]
        if place == "path" and draw(st.integers(0, 3)):
            found[place][name] = known[name]
        elif parameter.get("required") or not draw(st.integers(0, 2)):
            allowed = values(parameter["schema"])
            found[place][name] = draw(st.one_of(allowed, ODD) if place != "path" else allowed)
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if body:
        sent = draw(values(body["schema"]))
        for name in list(sent):
            if not draw(st.integers(0, 4)):
                sent[name] = draw(ODD_JSON)
        found["body"] = draw(ODD_JSON) if not draw(st.integers(0, 9)) else sent
    return found


def operations() -> list[tuple[str, str]]:
    return [
        (method, path)
        for path, methods in sorted(openapi()["paths"].items())
        for method in methods
        if method in {"get", "post"}
    ]


@pytest.fixture
def unlimited(monkeypatch: Any) -> None:
    for throttle in (policies.AddressThrottle, tokens.TokenThrottle):
        monkeypatch.setattr(throttle, "allow_request", lambda *_: True)


@pytest.mark.usefixtures("unlimited")
def test_whatever_is_asked_is_answered_as_described(application, client):  # noqa: F811 -- the fixture
    headers = bearer(TokenFactory())
    programme = application.intake.programme
    known = {
        "pk": application.pk,
        "id": application.pk,
        "requirement": application.requirement.pk,
        "slug": programme.slug,
        "code": programme.commission.centre.code,
    }

    def answered(method: str, path: str, wish: dict[str, Any]) -> Any:
        parts = {name: quote(str(value), safe="") for name, value in wish["path"].items()}
        query = urlencode(wish["query"], errors="surrogatepass")
        address = f"{path.format(**parts)}?{query}"
        key = str(wish["header"].get("Idempotency-Key", "")).encode("ascii", "ignore").decode()
        sent = {**headers, "Idempotency-Key": "".join(filter(str.isprintable, key))}
        if method == "get":
            return client.get(address, headers=sent)
        return client.post(address, json.dumps(wish["body"]), "application/json", headers=sent)

    def check(method: str, path: str) -> None:
        operation = openapi()["paths"][path][method]
        described = set(operation["responses"])

        @settings(max_examples=TRIES, derandomize=True, suppress_health_check=list(HealthCheck))
        @given(requests(operation, known))
        def holds(wish: dict[str, Any]) -> None:
            with transaction.atomic():
                response = ended(answered(method, path, wish))
                transaction.set_rollback(True)
            is_an_address = response.resolver_match is not None
            assert response.status_code < 500, (path, wish)
            assert str(response.status_code) in described or not is_an_address, (path, wish)

        holds()

    for method, path in operations():
        check(method, path)


def test_every_address_of_the_version_is_described():
    written = {
        re.sub(r"<\w+:(\w+)>", r"{\1}", f"/api/{pattern.pattern}")
        for pattern in urls.urlpatterns
        if str(pattern.pattern).startswith("v1/") and pattern.name != "schema"
    }

    assert {path.replace("{id}", "{pk}") for path in openapi()["paths"]} == written
