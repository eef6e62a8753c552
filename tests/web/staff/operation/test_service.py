"""« Service »: open, read only, in maintenance; and what others then meet."""

import pytest
from django.test import Client

from candide.institution.catalogue.models import Institution
from tests.factories.candidates import CandidateFactory
from tests.web.conftest import words_inside
from tests.web.staff.conftest import staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

PAGE = "/gestion/parametrage/service/"
PLAN = {
    "closing-mode": "maintenance",
    "closing-starts_at": "2027-03-16T22:00",
    "closing-ends_at": "2027-03-16T23:30",
    "closing-message_0": "Nouvelle version",
    "closing-message_1": "New version",
}


@pytest.fixture
def ada(client):
    Institution.current()
    user = staff("administrator")
    client.force_login(user)
    return user


@pytest.fixture
def alix():
    client = Client()
    client.force_login(CandidateFactory(complete=True).user)
    return client


def test_candidates_read_and_send_nothing_while_it_is_read_only(client, ada, alix):
    """B-023: candidates can read in read-only mode, administrators go on."""
    client.post(f"{PAGE}etat/", {"mode": "read_only"})

    space = alix.get("/espace/")
    assert space.status_code == 200
    assert "Rien ne peut être modifié pour le moment" in words_inside(space)
    sent = alix.post("/espace/dossier/adresse/modifier/", {"address_1": "x"})
    assert (sent.status_code, sent["Retry-After"]) == (503, "600")
    assert "n’a pas été enregistré" in words_inside(sent)
    assert alix.post("/compte/deconnexion/").status_code == 302
    mine = words_inside(client.get(PAGE))
    assert "En lecture seule" in mine
    assert "seuls les administrateurs, dont vous êtes" in mine
    assert "Rien ne peut être modifié" not in mine

    client.post(f"{PAGE}etat/", {"mode": "open"})

    assert alix.get("/espace/").status_code == 302


def test_maintenance_is_planned_announced_met_and_over(client, ada, alix, frozen):
    """B-023: the message in both languages, a planned hour, administrators still admitted."""
    assert client.post(f"{PAGE}fermeture/", PLAN).url == PAGE
    announced = words_inside(alix.get("/espace/"))
    assert "Du 16/03/2027 à 22h00 au 16/03/2027 à 23h30 tout se consulte" in announced
    closed = words_inside(client.get("/gestion/"))
    assert "Le service est fermé du 16/03/2027 à 22h00 au 16/03/2027 à 23h30" in closed

    frozen.move_to("2027-03-16T22:30+01:00")
    assert "Nouvelle version" in words_inside(Client().get("/"))
    met = Client().post("/compte/creer/")
    assert met.status_code == 503
    assert "Nouvelle version" in words_inside(met)
    assert "Le retour est prévu le 16/03/2027 à 23h30" in words_inside(met)
    english = Client().post("/compte/creer/", headers={"Accept-Language": "en"})
    assert "New version" in words_inside(english)
    answers = []
    for user in (ada, staff("registrar")):
        then = Client()
        then.force_login(user)
        answers.append(then.get("/gestion/").status_code)
    assert answers == [200, 503]

    frozen.move_to("2027-03-16T23:30+01:00")
    assert "Nouvelle version" not in words_inside(Client().get("/"))


def test_plan_is_taken_back(client, ada):
    client.post(f"{PAGE}fermeture/", PLAN)
    client.post(f"{PAGE}fermeture/", {"cancel": "1"})

    assert Institution.objects.get().closes_at is None


@pytest.mark.parametrize(
    "change", [{"closing-ends_at": "2027-03-16T21:00"}, {"closing-starts_at": ""}]
)
def test_plan_that_cannot_be_is_said_beside_its_field(client, ada, change):
    refused = client.post(f"{PAGE}fermeture/", PLAN | change)

    assert refused.status_code == 422
    assert refused.context["closing_form"].errors


def test_message_to_everybody_is_read_on_the_next_page(client, ada, alix):
    """B-165: to people who are there now."""
    said = {"said-message_0": "Une coupure à 12 h", "said-until": "2027-03-15T12:00"}
    assert client.post(f"{PAGE}message/", said).url == PAGE

    for person in (client, alix, Client()):
        assert "Une coupure à 12 h" in words_inside(person.get("/offre/"))
    assert "Une coupure à 12 h" in words_inside(client.get(PAGE))

    client.post(f"{PAGE}message/", {"cancel": "1"})
    assert "Une coupure" not in words_inside(Client().get("/offre/"))


@pytest.mark.parametrize(
    "said",
    [
        {"said-until": "2027-03-15T12:00"},
        {"said-message_0": "x", "said-until": "2027-03-15T09:00"},
        {"said-message_0": "x", "said-until": "?"},
    ],
)
def test_message_that_cannot_be_is_said_beside_its_field(client, ada, said):
    assert client.post(f"{PAGE}message/", said).status_code == 422


def test_unknown_mode_changes_nothing(client, ada):
    client.post(f"{PAGE}etat/", {"mode": "x"})

    assert not Institution.objects.get().is_in_maintenance
