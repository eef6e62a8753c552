"""« Registre des traitements »: read by administrators, and taken away."""

import pytest

from candide.institution.catalogue.models import Institution
from tests.web.conftest import words_inside
from tests.web.staff.conftest import staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

PAGE = "/gestion/parametrage/registre/"


@pytest.fixture
def ada(client):
    institution = Institution.current()
    institution.name, institution.contact_email = "Université de Valmont", "dpo@valmont.test"
    institution.save()
    client.force_login(staff("administrator"))
    return client


def test_register_is_read(ada):
    said = words_inside(ada.get(PAGE))

    assert "Journal des consultations" in said
    assert "Université de Valmont" in said


@pytest.mark.parametrize(("wanted", "kind"), [("csv", "text/csv"), ("html", "text/html")])
def test_register_is_taken_away(ada, wanted, kind):
    answer = ada.get(PAGE, {"format": wanted})

    assert answer["Content-Type"] == f"{kind}; charset=utf-8"
    assert answer["Content-Disposition"].endswith(f'registre-des-traitements.{wanted}"')
    text = answer.content.decode()
    assert "Comptes et authentification" in text
    assert ("15 mars 2027" in text, "dpo@valmont.test" in text) == ((wanted == "html",) * 2)


def test_managers_do_not_read_it(client, application):
    client.force_login(staff("manager", centre=application.intake.programme.commission.centre))

    assert client.get(PAGE).status_code == 403
