"""What programs of the institution read."""

import hashlib
from datetime import timedelta

import pytest

from candide.admissions.applications.enums import ApplicationEvent
from candide.foundation.history.domain.log import log
from candide.foundation.history.models import HistoryEntry
from candide.institution.tokens.enums import Scope
from candide.reporting.privacy.models import Reading
from tests.api.conftest import ended
from tests.api.test_scopes import application  # noqa: F401 -- a fixture
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import CampaignFactory, IntakeFactory
from tests.factories.decisions import DecisionFactory
from tests.factories.handover import PreEnrolmentFactory
from tests.factories.mails import NOW
from tests.factories.tokens import TokenFactory, bearer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

API = "/api/v1"


@pytest.fixture
def get(client):
    headers = bearer(TokenFactory())
    return lambda address: client.get(f"{API}/{address}", headers=headers).json()


def test_a_token_says_what_it_is_for(client):
    token = TokenFactory(name="Scolarité", scopes=[Scope.READ_APPLICATIONS])

    assert client.get(f"{API}/token/", headers=bearer(token)).json() == {
        "name": "Scolarité",
        "scopes": ["applications.read"],
        "is_everywhere": True,
        "centres": [],
        "expires_on": "2027-12-31",
    }


def test_who_applies_takes_a_scope_of_its_own(application, client):  # noqa: F811 -- the fixture
    address = f"{API}/applications/{application.pk}/"
    without = TokenFactory(scopes=[Scope.READ_APPLICATIONS])
    number = application.candidate.user.file_number

    bare = client.get(address, headers=bearer(without)).json()
    full = client.get(address, headers=bearer(TokenFactory())).json()

    assert bare["candidate"] == {"file_number": number}
    answer = client.get(address, headers=bearer(without))
    assert answer["Cache-Control"] == "private, no-store"
    assert full["candidate"]["birth_name"] == application.candidate.birth_name
    assert full["candidate"]["email"] == application.candidate.user.email
    assert application.candidate.birth_name not in str(bare)
    assert {k: v for k, v in bare.items() if k != "candidate"} == {
        k: v for k, v in full.items() if k != "candidate"
    }


def test_an_application_is_told_on_all_its_axes(get):
    intake = IntakeFactory(open=True)
    made = ApplicationFactory(accepted=True, intake=intake)

    found = get(f"applications/{made.pk}/")

    assert found["opening"] == {
        "id": intake.pk,
        "programme": intake.programme.code,
        "campaign": "2027",
        "commission": intake.programme.commission.code,
        "centre": intake.programme.commission.centre.code,
    }
    assert {name: found[name] for name in ("dossier_status", "outcome", "answer", "route")} == {
        "dossier_status": "complete",
        "outcome": "favourable",
        "answer": "accepted",
        "route": "controlled",
    }
    assert found["transmitted_at"] == "2027-03-11T10:00:00+01:00"


@pytest.mark.parametrize(
    "asked",
    [
        "campaign=2028",
        "centre=dsp",
        "programme=DRT",
        "status=complete",
        "outcome=favourable",
        "answer=accepted",
        "file_number=EC000042",
        "transmitted_since=2027-03-11T00:00:00Z",
        "status_changed_since=2027-03-12",
    ],
)
def test_applications_are_filtered(asked, get):
    campaign = CampaignFactory(code="2028")
    intake = IntakeFactory(
        campaign=campaign,
        programme__code="DRT",
        programme__commission__centre__code="dsp",
    )
    wished = ApplicationFactory(
        intake=intake, accepted=True, candidate__user__file_number="EC000042"
    )
    ApplicationFactory()

    if "12" in asked.partition("=")[2] and "T" not in asked:
        asked += "T00:00:00Z"
    rows = get(f"applications/?{asked}")["results"]

    assert [row["id"] for row in rows] == [wished.pk]


def test_cancelled_applications_are_asked_for(get):
    cancelled, live = ApplicationFactory(cancelled=True), ApplicationFactory()

    found = [get(f"applications/{asked}")["results"] for asked in ("", "?is_cancelled=true")]

    assert [[row["id"] for row in rows] for rows in found] == [[live.pk], [cancelled.pk]]


def test_what_happened_to_is_asked_for_cancelled_or_not(get):
    cancelled, live, untouched = (
        ApplicationFactory(cancelled=True),
        *ApplicationFactory.create_batch(2),
    )
    for each in (cancelled, live):
        log(each, ApplicationEvent.STATUS_SET)
    log(untouched, ApplicationEvent.APPLIED)
    HistoryEntry.objects.filter(subject_id=untouched.pk).update(at=NOW - timedelta(hours=2))
    since = f"changed_since={NOW - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"

    found = [
        [row["id"] for row in get(f"applications/?{since}{more}")["results"]]
        for more in ("", "&is_cancelled=true", "&is_cancelled=false")
    ]

    assert found == [[cancelled.pk, live.pk], [cancelled.pk], [live.pk]]


def test_what_a_program_reads_is_noted(application, client):  # noqa: F811 -- the fixture
    token, address = TokenFactory(), f"{API}/applications/{application.pk}/"
    PreEnrolmentFactory(application=DecisionFactory(released=True).application)
    document = application.requirement.pk

    for read in (
        *(address, f"{address}documents/", f"{address}documents/{document}/file/"),
        *(f"{API}/applications/", f"{API}/decisions/", f"{API}/pre-enrolments/"),
        *(f"{API}/statistics/", f"{API}/token/", f"{API}/programmes/"),
    ):
        assert ended(client.get(read, headers=bearer(token))).status_code == 200

    told = Reading.objects.order_by("pk").values_list("token_id", "opened", "number", "document_id")
    assert list(told) == [
        (token.pk, "dossier", None, None),
        (token.pk, "document", None, document),
        (token.pk, "list", 2, None),
        (token.pk, "decisions", 2, None),
        (token.pk, "enrolments", 2, None),
    ]
    assert set(Reading.objects.filter(number=None).values_list("application_id", "account_id")) == {
        (application.pk, application.candidate.user_id)
    }


def test_what_a_program_is_refused_is_not_noted(application, client):  # noqa: F811 -- the fixture
    elsewhere = IntakeFactory().programme.commission.centre
    chris = TokenFactory(is_everywhere=False, centres=[elsewhere])

    for read in (f"applications/{application.pk}/", "applications/"):
        client.get(f"{API}/{read}", headers=bearer(chris))

    assert not Reading.objects.exists()


def test_documents_are_told_and_their_files_given(application, client, get):  # noqa: F811 -- the fixture
    (document,) = get(f"applications/{application.pk}/documents/")
    headers = bearer(TokenFactory())
    address = f"{API}/applications/{application.pk}/documents/{document['requirement']}/file/"

    response = ended(client.get(address, headers=headers))

    assert (document["status"], document["file"]["name"]) == ("submitted", "notes.pdf")
    assert hashlib.sha256(response.content_read).hexdigest() == document["file"]["sha256"]
    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "private, no-store"


def test_a_document_nobody_gave_has_no_file(application, get):  # noqa: F811 -- the fixture
    found = get(f"applications/{application.pk}/documents/999999/file/")

    assert found["code"] == "not_found"


def test_decisions_are_filtered_and_drafts_carry_their_mark(get):
    released = DecisionFactory(released=True)
    draft = DecisionFactory(application=released.application)

    everything = get(f"decisions/?application={released.application_id}")["results"]
    drafts = get("decisions/?is_released=false")["results"]
    recent = get("decisions/?released_since=2027-03-13T00:00:00Z")["results"]

    assert [row["id"] for row in everything] == [released.pk, draft.pk]
    assert [(row["id"], bool(row["seen"])) for row in drafts] == [(draft.pk, True)]
    assert [(row["id"], row["seen"]) for row in recent] == [(released.pk, "")]
    assert everything[0]["type"]["outcome"] == "favourable"


def test_statistics_are_those_staff_see(get):
    made = ApplicationFactory(intake=IntakeFactory(open=True, capacity=3))

    centres = get("statistics/")
    programmes = get("statistics/?level=programmes&campaign=2027")

    (line,) = centres["lines"]
    assert (centres["campaign"], centres["level"]) == ("2027", "centres")
    assert (line["code"], line["numbers"]["applied"], line["places"], line["places_left"]) == (
        made.intake.programme.commission.centre.code,
        1,
        3,
        3,
    )
    assert [line["code"] for line in programmes["lines"]] == [made.intake.programme.code]
    assert get("statistics/?campaign=1900")["code"] == "not_found"


def test_the_hand_over_is_told_by_its_state(get):
    refused, waiting = PreEnrolmentFactory(refused=True), PreEnrolmentFactory()

    found = get("pre-enrolments/?state=refused")["results"]
    of_one = get(f"pre-enrolments/?application={waiting.application_id}")["results"]
    recent = get("pre-enrolments/?changed_since=2030-01-01T00:00:00Z")["results"]

    assert [(row["id"], row["reason"]) for row in found] == [(refused.pk, refused.reason)]
    assert [row["id"] for row in of_one] == [waiting.pk]
    assert recent == []


@pytest.mark.parametrize(
    ("address", "queries"), [("applications", 10), ("decisions", 10), ("pre-enrolments", 10)]
)
def test_a_list_costs_the_same_however_long(address, queries, client, django_assert_num_queries):
    headers = bearer(TokenFactory())

    def rows():
        return client.get(f"{API}/{address}/", headers=headers).json()["results"]

    decision = DecisionFactory()
    PreEnrolmentFactory(application=decision.application)
    rows()  # notes the first use
    Reading.objects.all().delete()
    with django_assert_num_queries(queries):
        assert len(rows()) == 1
    for _ in range(2):
        PreEnrolmentFactory(application=DecisionFactory().application)
    Reading.objects.all().delete()

    with django_assert_num_queries(queries):
        assert len(rows()) == 3
