"""Every address for every scope: without a token, with one that is for something else, with one of
another centre, and with one that is for it."""

from typing import Any

import pytest
from django.urls import reverse

from candide.admissions.applications.domain.documents import give_document
from candide.admissions.decisions.domain.entering import Draft, enter_decision
from candide.admissions.decisions.models import DecisionType
from candide.foundation.files.domain.storing import store_generated
from candide.institution.tokens.enums import Scope
from tests.admissions.conftest import NOW, again
from tests.api.conftest import ended
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import ApplicationCentreFactory
from tests.factories.decisions import DecisionTypeFactory
from tests.factories.handover import PreEnrolmentFactory
from tests.factories.requirements import DocumentRequirementFactory
from tests.factories.samples import pdf
from tests.factories.tokens import TokenFactory, bearer
from tests.web.addresses import addresses
from tests.web.api_addresses import OPEN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

ANY = None
LIST, OBJECT = "list", "object"
# Of each address: the scope it takes; of another centre a list holds nothing, an object is a 404.
TABLE: dict[str, tuple[Scope | None, str]] = {
    "api:token": (ANY, LIST),
    "api:applications": (Scope.READ_APPLICATIONS, LIST),
    "api:application": (Scope.READ_APPLICATIONS, OBJECT),
    "api:documents": (Scope.READ_DOCUMENTS, OBJECT),
    "api:file": (Scope.READ_DOCUMENTS, OBJECT),
    "api:decisions": (Scope.READ_DECISIONS, LIST),
    "api:decision_choices": (Scope.READ_DECISIONS, LIST),
    "api:statistics": (Scope.READ_STATISTICS, LIST),
    "api:pre_enrolments": (Scope.READ_HANDOVER, LIST),
    "api:set_status": (Scope.SET_STATUS, OBJECT),
    "api:enter_decision": (Scope.ENTER_DECISIONS, OBJECT),
}
WRITES = {"api:set_status": {"status": "complete"}, "api:enter_decision": {"type": "FA"}}


@pytest.fixture
def application() -> Any:
    """Alix's, with a document, a draft and a pre-enrolment."""
    made = ApplicationFactory(candidate__complete=True, transmitted=True)
    centre = made.intake.programme.commission.centre
    requirement = DocumentRequirementFactory(common=True, centre=centre)
    application = again(made)
    application.dossier_status = "awaited"
    application.save(update_fields=["dossier_status"])
    by = application.candidate.user
    file = store_generated(pdf(), name="notes.pdf", media_type="application/pdf", pages=1, by=by)
    give_document(application, requirement, file, by=by, now=NOW)
    favourable = DecisionTypeFactory(code="FA", centre=centre)
    enter_decision(application, Draft(type=favourable), by=None, now=NOW)
    PreEnrolmentFactory(application=application)
    application.requirement = requirement
    return application


def address(name: str, application: Any) -> str:
    keys = {"pk": application.pk}
    if name == "api:file":
        keys["requirement"] = application.requirement.pk
    return reverse(name, kwargs=keys if TABLE[name][1] == OBJECT else {})


def asked(client: Any, name: str, application: Any, token: Any) -> Any:
    url, headers = address(name, application), bearer(token) if token else {}
    if name not in WRITES:
        return ended(client.get(url, headers=headers))
    return client.post(
        url, WRITES[name], "application/json", headers={**headers, "Idempotency-Key": "k"}
    )


def test_every_address_is_open_or_in_the_table():
    ours = {name for name in addresses() if name.startswith("api:")}

    assert ours == set(OPEN) | set(TABLE)


def test_each_address_takes_its_scope_in_its_centre(application, client):
    here = [application.intake.programme.commission.centre]
    there = [ApplicationCentreFactory()]
    of_one = {
        scope: TokenFactory(scopes=[scope], is_everywhere=False, centres=here) for scope in Scope
    }
    differing = []
    for name, (scope, _kind) in TABLE.items():
        fits = list(Scope) if scope is None else [scope]
        got = {each: asked(client, name, application, token) for each, token in of_one.items()}
        wrong = {
            each: response.status_code
            for each, response in got.items()
            if response.status_code != (200 if each in fits else 403)
        }
        nobody = asked(client, name, application, None)
        if wrong or nobody.status_code != 401:
            differing.append((name, wrong, nobody.status_code))
    assert differing == []
    elsewhere = TokenFactory(is_everywhere=False, centres=there)
    for name, (_scope, kind) in TABLE.items():
        response = asked(client, name, application, elsewhere)
        assert response.status_code == (404 if kind == OBJECT else 200), name


@pytest.mark.parametrize("name", ["api:applications", "api:decisions", "api:pre_enrolments"])
def test_lists_hold_what_the_token_reaches(name, application, client):
    PreEnrolmentFactory(application__candidate__complete=True)
    here = [application.intake.programme.commission.centre]
    token = TokenFactory(is_everywhere=False, centres=here)

    rows = asked(client, name, application, token).json()["results"]

    assert [row.get("application", row["id"]) for row in rows] == [application.pk]


def test_types_of_decision_of_other_centres_are_not_there(application, client):
    DecisionTypeFactory(code="NAT")
    DecisionTypeFactory(code="AUT", centre=ApplicationCentreFactory())
    here = [application.intake.programme.commission.centre]
    token = TokenFactory(is_everywhere=False, centres=here)

    found = asked(client, "api:decision_choices", application, token).json()

    assert {kind["code"] for kind in found["types"]} == {"FA", "NAT"}
    assert DecisionType.objects.count() == 3


@pytest.mark.parametrize(
    "header", ["Bearer secret", "Bearer", "Basic c2VjcmV0", "Bearer \xe9", "secret"]
)
def test_what_is_no_token_opens_nothing(header, client):
    response = client.get("/api/v1/applications/", headers={"Authorization": header})

    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Bearer realm="candide"'


def test_being_signed_in_counts_for_nothing(application, client):
    client.force_login(application.candidate.user)

    assert client.get("/api/v1/applications/").status_code == 401


def test_a_token_that_ended_opens_nothing(client):
    token = TokenFactory(expires_on=NOW.date().replace(year=2026))

    assert client.get("/api/v1/token/", headers=bearer(token)).status_code == 401
