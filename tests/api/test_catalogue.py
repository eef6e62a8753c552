"""The offer by program: for everybody, filtered, page after page, and as calendars [A-115]."""

import pytest
from icalendar import Calendar

from candide.api.policies import AddressThrottle
from candide.institution.catalogue.models import Institution
from tests.factories.catalogue import (
    CommissionFactory,
    IntakeFactory,
    ProgrammeFactory,
    ProgrammeKindFactory,
)
from tests.factories.reference import DiplomaTypeFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

API = "/api/v1"


def test_a_programme_is_told_with_its_openings(client):
    programme = ProgrammeFactory(
        code="DRT",
        slug="droit",
        name="Droit",
        url="https://droit.example/",
        diploma_type=DiplomaTypeFactory(code="MA", name="Master"),
        kind=ProgrammeKindFactory(code="pro", name="Professionnel"),
        commission=CommissionFactory(code="com", name="Commission", email="com@example.org"),
    )
    intake = IntakeFactory(programme=programme, open=True, capacity=25)
    centre = programme.commission.centre

    response = client.get(f"{API}/programmes/droit/")

    assert response.json() == {
        "code": "DRT",
        "slug": "droit",
        "name": {"fr": "Droit"},
        "page": "http://testserver/offre/droit/",
        "website": "https://droit.example/",
        "centre": {"code": centre.code, "name": {"fr": str(centre.name)}},
        "commission": {
            "code": "com",
            "name": {"fr": "Commission"},
            "email": "com@example.org",
            "phone": "",
            "url": "",
            "address": ["1 rue des Épreuves", "45000 Orléans"],
        },
        "diploma_type": {"code": "MA", "name": "Master"},
        "kind": {"code": "pro", "name": {"fr": "Professionnel"}},
        "openings": [
            {
                "id": intake.pk,
                "programme": "DRT",
                "campaign": {"code": "2027", "name": {"fr": "Campagne 2027"}},
                "period": "open",
                "opens_on": "2027-03-01",
                "closes_on": "2027-04-14",
                "documents_due_on": "2027-04-29",
                "screening_on": None,
                "jury_on": None,
                "results_on": None,
                "acceptance_due_on": None,
                "acceptance_days": None,
                "capacity": 25,
                "procedure": "online",
            }
        ],
    }


def test_lists_go_on_where_they_were(client):
    wished = [IntakeFactory().pk for _ in range(3)]

    first = client.get(f"{API}/openings/?page_size=2").json()
    IntakeFactory()
    second = client.get(first["next"]).json()

    assert [row["id"] for row in first["results"]] == wished[:2]
    assert [row["id"] for row in second["results"]][:1] == wished[2:]
    assert first["previous"] is None


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ("period=now", "period"),
        ("page_size=0", "page_size"),
        ("q=%00", "q"),
        ("center=dsp", "center"),
        ("cursor=nothing", "cursor"),
        ("cursor=cD14", "cursor"),  # p=x
        ("cursor=cD05OTk5OTk5OTk5OTk5OTk5OTk5OTk%3D", "cursor"),  # beyond any key
    ],
)
def test_what_makes_no_sense_is_named(asked, field, client):
    response = client.get(f"{API}/openings/?{asked}")

    assert response.status_code == 400
    assert response.json()["code"] == "invalid"
    assert list(response.json()["fields"]) == [field]


def test_what_went_wrong_is_told_as_a_problem(client):
    response = client.get(f"{API}/openings/?page_size=0", headers={"Accept-Language": "fr"})

    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "code": "invalid",
        "detail": "Assurez-vous que cette valeur est supérieure ou égale à\xa01.",
        "fields": {"page_size": ["Assurez-vous que cette valeur est supérieure ou égale à\xa01."]},
    }


def test_the_capacity_is_told_where_it_is_published(client):
    IntakeFactory(capacity=25, is_capacity_published=False)

    (row,) = client.get(f"{API}/openings/").json()["results"]

    assert row["capacity"] is None


@pytest.mark.parametrize("address", ["programmes", "openings", "centres"])
def test_a_list_costs_the_same_however_long(address, client, django_assert_num_queries):
    IntakeFactory()
    wished = {"programmes": 3, "openings": 2, "centres": 2}[address]
    with django_assert_num_queries(wished):
        one = client.get(f"{API}/{address}/").json()
    IntakeFactory(), IntakeFactory()

    with django_assert_num_queries(wished):
        three = client.get(f"{API}/{address}/").json()

    assert (len(one["results"]), len(three["results"])) == (1, 3)


def test_pages_of_other_sites_may_read_it_and_keep_it(client):
    IntakeFactory()

    response = client.get(f"{API}/openings/")
    again = client.get(f"{API}/openings/", headers={"If-None-Match": response["ETag"]})

    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cache-Control"] == "public, max-age=300"
    assert again.status_code == 304


def test_calendars_are_of_everything_of_a_centre_and_of_a_programme(client):
    wished, other = IntakeFactory(), IntakeFactory()
    centre, programme = wished.programme.commission.centre.code, wished.programme.slug

    found = {
        address: {
            int(str(event["uid"]).partition("-")[0])
            for event in Calendar.from_ical(client.get(f"{API}/{address}").content).walk("VEVENT")
        }
        for address in (
            "calendar.ics",
            f"centres/{centre}/calendar.ics",
            f"programmes/{programme}/calendar.ics",
        )
    }

    assert list(found.values()) == [{wished.pk, other.pk}, {wished.pk}, {wished.pk}]


@pytest.mark.parametrize("address", ["programmes/rien/", "centres/rien/calendar.ics"])
def test_what_is_not_offered_is_not_there(address, client):
    response = client.get(f"{API}/{address}")

    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_who_asks_too_often_is_told_how_long_to_wait(client, monkeypatch):
    monkeypatch.setattr(AddressThrottle, "get_rate", lambda self: "2/min")

    answers = [client.get(f"{API}/centres/") for _ in range(3)]

    assert [response.status_code for response in answers] == [200, 200, 429]
    assert answers[-1].json()["code"] == "throttled"
    assert answers[-1]["Retry-After"] == "60"


def test_programs_read_on_in_maintenance_and_write_nothing(client):
    """ADR 22."""
    institution = Institution.current()
    institution.is_in_maintenance = True
    institution.save()

    response = client.post(f"{API}/openings/")

    assert (response.status_code, response.json()["code"]) == (503, "closed")
    assert response["Content-Type"] == "application/problem+json"
    assert client.get("/api/").status_code == 200
    assert client.get(f"{API}/openings/").status_code == 200


def test_reading_goes_on_when_nothing_is_recorded(client):
    institution = Institution.current()
    institution.is_read_only = True
    institution.save()

    assert client.get(f"{API}/openings/").status_code == 200
    assert client.post(f"{API}/openings/").status_code == 503


def test_the_description_is_for_programs_and_for_people(client):
    schema = client.get(f"{API}/openapi.json").json()
    page = client.get("/api/").content.decode()

    assert schema["openapi"].startswith("3.")
    assert all(path in page for path in schema["paths"])
    assert all(f'id="shape-{name}"' in page for name in schema["components"]["schemas"])
