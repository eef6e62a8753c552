"""« Annuaire » on the pages: somebody is found there and gets a role."""

import pytest

from candide.institution.access.enums import Capability
from candide.institution.accounts.models import User
from candide.integrations.directory.none import NoDirectory
from candide.integrations.directory.port import Unavailable
from tests.factories.access import AssignmentFactory, RoleProfileFactory
from tests.factories.accounts import UserFactory
from tests.web.conftest import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "admin")]
PEOPLE = "/gestion/parametrage/personnes/"
DIRECTORY, NEW = f"{PEOPLE}annuaire/", f"{PEOPLE}nouveau/"


@pytest.fixture(autouse=True)
def connected(settings):
    settings.DIRECTORY = "demonstration"


def test_somebody_is_found_and_given_a_role(client):
    role = RoleProfileFactory(name="Jury", grants={Capability.VIEW_APPLICATIONS: False})

    found = client.get(DIRECTORY, {"q": "elise"})
    form = client.get(NEW, {"uid": "enguyen"})
    values = {"uid": "enguyen", "first_name": "Élise", "last_name": "NGUYEN", "language": "fr"}
    client.post(NEW, values | {"role": role.pk, "place": "institution", "email": "x@y.example"})

    assert "Élise NGUYEN (enguyen) elise.nguyen@univ-valmont.example" in words(found)
    assert 'value="elise.nguyen@univ-valmont.example"' in form.content.decode()
    added = User.objects.get(directory_id="enguyen")
    assert (added.email, added.assignments.get().role) == (
        "elise.nguyen@univ-valmont.example",
        role,
    )


def test_who_works_here_already_is_opened(client):
    elise = UserFactory(staff=True, email="elise.nguyen@univ-valmont.example")
    AssignmentFactory(user=elise)

    assert f"{PEOPLE}{elise.pk}/" in client.get(DIRECTORY, {"q": "elise"}).content.decode()


@pytest.mark.parametrize(
    ("searched", "said"),
    [("e", "au moins 2 caractères"), ("zorglub", "Personne ne correspond")],
)
def test_what_finds_nobody_is_said(client, searched, said):
    assert said in words(client.get(DIRECTORY, {"q": searched}))


def test_directory_that_does_not_answer_is_said_and_people_are_added_all_the_same(
    client, monkeypatch
):
    class Silent(NoDirectory):
        is_connected = True

        def search(self, text):
            raise Unavailable

    monkeypatch.setattr("candide.integrations.directory.current", Silent)

    searched = client.get(DIRECTORY, {"q": "elise"})
    form = client.get(NEW, {"uid": "enguyen"})

    assert searched.status_code == 503
    assert "L'annuaire ne répond pas" in words(searched)
    assert form.status_code == 200


def test_nobody_of_that_login_is_not_found(client):
    assert client.get(NEW, {"uid": "zorglub"}).status_code == 404


def test_without_a_directory_people_are_added_by_address(client, settings):
    settings.DIRECTORY = "none"

    assert "Aucun annuaire n'est raccordé" in words(client.get(DIRECTORY))
    assert "annuaire" not in client.get(PEOPLE).content.decode()
