"""What programs write: by the verbs of the pages, once for a key, logged as done by the token."""

import pytest

from candide.admissions.applications.models import Application
from candide.foundation.history.domain.log import entries_about
from candide.institution.catalogue.models import Institution
from candide.institution.mails.models import OutgoingMail
from candide.web.staff.history import sentences
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import ApplicationCentreFactory
from tests.factories.decisions import DecisionReasonFactory, DecisionTypeFactory
from tests.factories.tokens import TokenFactory, bearer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def application():
    return ApplicationFactory(candidate__complete=True, transmitted=True)


@pytest.fixture
def token():
    return TokenFactory(name="Scolarité")


@pytest.fixture
def send(client, application, token):
    def sent(address, body, key="k1"):
        headers = {**bearer(token), **({"Idempotency-Key": key} if key is not None else {})}
        url = f"/api/v1/applications/{application.pk}/{address}/"
        return client.post(url, body, "application/json", headers=headers)

    return sent


def stored(application):
    return Application.objects.get(pk=application.pk)


def test_the_status_is_set_as_on_the_page(send, application, token):
    response = send("status", {"status": "complete", "seen": "received"})

    assert response.json() == {
        "application": application.pk,
        "dossier_status": "complete",
        "version": stored(application).version,
    }
    assert stored(application).complete_on.isoformat() == "2027-03-15"
    assert [mail.kind for mail in OutgoingMail.objects.all()] == ["status-complete"]
    told = sentences(entries_about(application))
    assert {(each.who, each.what) for each in told} == {
        ("Scolarité (par l’API)", "Statut du dossier saisi"),
        ("Scolarité (par l’API)", "Dossier figé"),
    }
    assert {entry.data["token"] for entry in entries_about(application)} == {token.pk}


def test_the_same_again_is_done_once(send, application):
    first = send("status", {"status": "complete"})
    again = send("status", {"status": "complete"})

    assert (first.json(), first.get("Idempotent-Replayed")) == (again.json(), None)
    assert again["Idempotent-Replayed"] == "true"
    assert OutgoingMail.objects.count() == 1


@pytest.mark.parametrize(
    ("address", "body"),
    [("status", {"status": "incomplete"}), ("decision", {"type": "FA"})],
)
def test_a_key_is_for_one_writing(address, body, send):
    DecisionTypeFactory(code="FA")
    send("status", {"status": "complete"})

    response = send(address, body)

    assert (response.status_code, response.json()["code"]) == (422, "refused")
    assert response.json()["blockers"][0]["code"] == "key_reused"


def test_what_speaks_against_it_is_all_told_and_may_be_tried_again(send, application):
    refused = send("status", {"status": "complete", "seen": "awaited", "on": "2027-03-16"})
    tried = send("status", {"status": "complete"})

    assert refused.status_code == 409
    assert [each["code"] for each in refused.json()["blockers"]] == ["changed", "in_the_future"]
    assert tried.status_code == 200


@pytest.mark.parametrize("key", [None, "", " ", "x" * 101, "é"])
def test_a_writing_needs_a_key(key, send, application):
    response = send("status", {"status": "complete"}, key)

    assert (response.status_code, list(response.json()["fields"])) == (400, ["Idempotency-Key"])
    assert stored(application).dossier_status == "received"


def test_a_decision_is_entered_as_a_draft(send, application, client, token):
    DecisionTypeFactory(code="LC", outcome="reserve_list")

    entered = send("decision", {"type": "LC", "rank": 3, "comment": "Bon dossier", "seen": ""})
    changed = send("decision", {"type": "LC", "rank": 4, "seen": entered.json()["seen"]}, "k2")
    late = send("decision", {"type": "LC", "rank": 5, "seen": entered.json()["seen"]}, "k3")

    draft = application.decisions.get()
    assert (draft.rank, draft.released_at, draft.created_by) == (4, None, None)
    assert changed.json()["decision"] == entered.json()["decision"] == draft.pk
    assert (late.status_code, late.json()["blockers"][0]["code"]) == (409, "changed")
    assert OutgoingMail.objects.count() == 0
    (row,) = client.get("/api/v1/decisions/", headers=bearer(token)).json()["results"]
    assert row["seen"] == changed.json()["seen"]


def test_a_reason_is_named_by_its_code(send, application):
    DecisionTypeFactory(code="DE", outcome="unfavourable")
    reason = DecisionReasonFactory(code="places")

    missing = send("decision", {"type": "DE", "reason": None})
    given = send("decision", {"type": "DE", "reason": "places"}, "k2")

    assert missing.json()["blockers"][0]["code"] == "reason_missing"
    assert given.status_code == 200
    assert application.decisions.get().reason == reason


@pytest.mark.parametrize(
    ("address", "body", "field"),
    [
        ("status", {}, "status"),
        ("status", {"status": "lost"}, "status"),
        ("status", {"status": "complete", "at": "2027-03-01"}, "at"),
        ("status", ["complete"], "non_field_errors"),
        ("decision", {"type": "NONE"}, "type"),
        ("decision", {"type": "AUT"}, "type"),
        ("decision", {"type": "FA", "rank": 2**40}, "rank"),
        ("decision", {"type": "FA", "comment": "a\u0000b"}, "comment"),
    ],
)
def test_what_makes_no_sense_is_named(address, body, field, send, token, application):
    DecisionTypeFactory(code="FA")
    DecisionTypeFactory(code="AUT", centre=ApplicationCentreFactory())
    token.is_everywhere = False
    token.save()
    token.centres.set([application.intake.programme.commission.centre])

    response = send(address, body)

    assert (response.status_code, list(response.json()["fields"])) == (400, [field])


def test_what_is_not_json_is_told_so(client, application, token):
    url = f"/api/v1/applications/{application.pk}/status/"
    headers = {**bearer(token), "Idempotency-Key": "k"}

    form = client.post(url, {"status": "complete"}, headers=headers)
    torn = client.post(url, "{", "application/json", headers=headers)

    assert (form.status_code, torn.status_code) == (415, 400)
    assert torn.json()["code"] == "parse_error"


def test_nothing_is_written_when_nothing_is_recorded(send, application):
    institution = Institution.current()
    institution.is_read_only = True
    institution.save()

    assert send("status", {"status": "complete"}).status_code == 503
    assert stored(application).dossier_status == "received"
