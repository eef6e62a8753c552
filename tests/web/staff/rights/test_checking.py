"""« Vérifier les droits » on the page."""

from typing import Any

import pytest

from candide.institution.access.enums import Capability
from candide.institution.catalogue.models import Institution
from tests.factories.access import AssignmentFactory, RoleProfileFactory, ada
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.web.conftest import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

CHECK_PAGE = "/gestion/parametrage/droits/verifier/"
VIEW, STAFF = Capability.VIEW_APPLICATIONS, Capability.MANAGE_STAFF


@pytest.fixture
def application() -> Any:
    Institution.current()
    return ApplicationFactory()


@pytest.fixture
def dana(application: Any) -> Any:
    user = UserFactory(staff=True, first_name="Dana", last_name="KELLER", email="dana@univ.example")
    role = RoleProfileFactory(name="Jury", grants={VIEW: False})
    commission = application.intake.programme.commission
    AssignmentFactory(user=user, role=role, commission=commission)
    return user


@pytest.fixture
def bao(client: Any, frozen: Any, application: Any) -> Any:
    """Who reads rights in the centre."""
    centre = application.intake.programme.commission.centre
    role = RoleProfileFactory(name="Droits", grants={STAFF: False})
    user = AssignmentFactory(role=role, centre=centre).user
    client.force_login(user)
    return user


def test_what_somebody_can_do_on_an_application_and_by_which_role(client, bao, dana, application):
    asked = {"email": "Dana@univ.example", "application": application.pk}

    text = words(client.get(CHECK_PAGE, asked))

    assert "Ce que peut faire Dana KELLER" in text
    assert f"Candidature n° {application.pk}" in text
    assert "Voir les candidatures Lecture Jury –" in text


def test_somebody_who_can_do_nothing_there(client, bao, dana, application):
    centre = application.intake.programme.commission.centre

    text = words(client.get(CHECK_PAGE, {"email": dana.email, "place": f"centre-{centre.pk}"}))

    assert "Rien : aucun profil en service" in text


def test_who_has_access_names_all_and_links_those_one_knows(client, bao, dana, application):
    admin = ada(first_name="Ada", last_name="LEROUX")
    commission = application.intake.programme.commission

    page = client.get(CHECK_PAGE, {"place": f"commission-{commission.pk}"})

    html = page.content.decode()
    assert [name in words(page) for name in ("Ada LEROUX", "Dana KELLER")] == [True, True]
    assert f"/personnes/{dana.pk}/" in html
    assert f"/personnes/{admin.pk}/" not in html


def test_what_is_elsewhere_does_not_exist(client, bao, dana):
    chris = AssignmentFactory().user
    foreign = ApplicationFactory()

    response = client.get(CHECK_PAGE, {"email": chris.email, "application": foreign.pk})

    assert sorted(response.context["form"].errors) == ["application", "email"]
    assert 'value="institution"' not in response.content.decode()


def test_place_is_needed(client, bao, dana):
    response = client.get(CHECK_PAGE, {"email": dana.email})

    assert list(response.context["form"].errors) == ["place"]


@pytest.mark.parametrize("number", [1, 3])
def test_list_takes_a_constant_number_of_queries(
    client, bao, application, number, django_assert_num_queries
):
    commission = application.intake.programme.commission
    for _number in range(number):
        AssignmentFactory(commission=commission)

    with django_assert_num_queries(12):
        client.get(CHECK_PAGE, {"place": f"commission-{commission.pk}"})
