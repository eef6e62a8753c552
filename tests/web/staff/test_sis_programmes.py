"""A programme is searched in the student system, and its code and label are taken over [B-046]."""

import pytest
from django.urls import reverse

from candide.foundation.history.domain.log import entries_about
from candide.institution.access.enums import Capability
from candide.institution.catalogue.domain.in_student_system import FIELDS
from candide.institution.catalogue.models import Institution
from candide.integrations.sis.demonstration import DemonstrationStudentSystem
from candide.integrations.sis.port import Unavailable
from tests.factories.catalogue import ProgrammeFactory
from tests.web.conftest import words
from tests.web.staff.conftest import member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
CHOSEN = "M1DEG03|1"


@pytest.fixture
def searching(client, programme):
    centre = programme.commission.centre
    client.force_login(member(Capability.MANAGE_CATALOGUE, centre=centre))
    address = reverse("staff:formations_sis", args=[programme.pk])
    return lambda **data: client.get(address, data)


@pytest.fixture
def take(client, searching, programme):
    address = reverse("staff:formations_sis", args=[programme.pk])

    def post(**data):
        seen = searching(q="droit public").context["seen"]
        return client.post(address, {"q": "droit", "chosen": CHOSEN, "seen": seen, **data})

    return post


def found(response):
    return [each.code for each in response.context["found"]]


def test_programmes_are_found_by_label_or_code(searching):
    by_label, by_code = searching(q="droit social"), searching(q="m1deg")

    assert all("Droit social" in each.label for each in by_label.context["found"])
    assert found(by_label)
    assert set(found(by_label)) < set(found(by_code))
    assert "Rien" in words(searching(q="astrologie")) or not found(searching(q="astrologie"))


def test_few_letters_are_not_searched(searching):
    assert "trois caractères" in words(searching(q="dr"))


def test_code_and_label_are_kept_beside_ours(take, programme):
    name, code = str(programme.name), programme.code

    assert take().status_code == 302

    programme.refresh_from_db()
    assert (programme.sis_code, programme.sis_version) == ("M1DEG03", "1")
    assert programme.sis_label.startswith("Master 1")
    assert (str(programme.name), programme.code) == (name, code)


def test_code_and_label_become_ours_where_that_is_asked(take, programme):
    take(with_code=1, with_name=1)

    programme.refresh_from_db()
    assert programme.code == "M1DEG03"
    assert str(programme.name) == programme.sis_label


def test_code_of_another_programme_is_refused(take, programme):
    ProgrammeFactory(code="M1DEG03")

    response = take(with_code=1)

    assert response.status_code == 409
    programme.refresh_from_db()
    assert programme.sis_code == ""


@pytest.mark.parametrize(("data", "status"), [({"chosen": "none"}, 422), ({"seen": "old"}, 409)])
def test_nothing_chosen_or_stale_is_refused(take, data, status):
    assert take(**data).status_code == status


def test_system_that_does_not_answer_says_so(searching, monkeypatch):
    def fail(self, searched):
        raise Unavailable

    monkeypatch.setattr(DemonstrationStudentSystem, "programmes", fail)

    assert "ne répond pas" in words(searching(q="droit"))


def test_programme_of_another_centre_is_not_found(searching, client):
    other = ProgrammeFactory()

    assert client.get(reverse("staff:formations_sis", args=[other.pk])).status_code == 404


def test_where_nothing_can_be_searched_the_code_is_typed(searching, settings):
    settings.STUDENT_SYSTEM = "files"

    assert "saisissez le code" in words(searching())


def test_diploma_comes_with_the_programme_and_both_are_dissociated(
    client, take, searching, programme
):
    take()
    programme.refresh_from_db()
    associated = (programme.sis_diploma, programme.sis_diploma_version)
    shown = words(searching())

    client.post(reverse("staff:formations_sis", args=[programme.pk]), {"do": "dissociate"})

    programme.refresh_from_db()
    assert associated == ("MDEG", "1")
    assert "MDEG-1" in shown
    assert [getattr(programme, name) for name in FIELDS] == [""] * len(FIELDS)
    changed = [set(entry.data["changes"]) for entry in entries_about(programme)]
    assert changed == [set(FIELDS)] * 2
    assert "Dissocier" not in words(searching())


def test_programme_in_service_keeps_its_code_where_it_is_required(client, take, programme):
    """A-010."""
    take()
    Institution.objects.update(is_sis_code_required=True)
    address = reverse("staff:formations_sis", args=[programme.pk])

    refused = client.post(address, {"do": "dissociate"})

    assert refused.status_code == 409
    programme.refresh_from_db()
    assert programme.sis_code == "M1DEG03"
    programme.is_active = False
    programme.save()
    assert client.post(address, {"do": "dissociate"}).status_code == 302
