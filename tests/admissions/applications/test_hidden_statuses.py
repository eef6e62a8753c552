"""Statuses the institution hides from commissions: what they hide, and from whom."""

import pytest

from candide.admissions.applications.models import Application
from candide.admissions.decisions.models import Decision
from candide.core.visibility import visible
from candide.institution.access.domain.roles import create_starter_roles
from candide.institution.access.models import Assignment
from candide.institution.catalogue.models import Institution
from tests.admissions.conftest import staff_member
from tests.factories.applications import ApplicationFactory
from tests.factories.decisions import DecisionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def hidden():
    institution = Institution.current()
    institution.statuses_hidden_from_commissions = ["awaited"]
    institution.save()


@pytest.fixture
def rows():
    """An application in each of two statuses, of one commission."""
    received = ApplicationFactory(transmitted=True)
    awaited = ApplicationFactory(intake=received.intake)
    return awaited, received


@pytest.fixture
def dana(rows):
    return staff_member("commission", commission=rows[0].intake.programme.commission)


def seen(user):
    return set(Application.objects.visible_to(user))


def test_member_of_a_commission_does_not_know_of_them(rows, dana, hidden):
    _awaited, received = rows

    assert seen(dana) == {received}


def test_nothing_is_hidden_where_the_institution_hides_nothing(rows, dana):
    assert seen(dana) == set(rows)


def test_what_hangs_on_them_is_hidden_too(rows, dana, hidden):
    decisions = [DecisionFactory(application=row) for row in rows]

    assert set(visible(Decision.objects.all(), dana)) == {decisions[1]}


def test_rights_from_a_centre_and_from_the_institution_see_all(rows, dana, hidden):
    centre = rows[0].intake.programme.commission.centre

    assert seen(staff_member("manager", centre=centre)) == set(rows)
    assert seen(staff_member("administrator")) == set(rows)
    Assignment.objects.create(user=dana, role=create_starter_roles()["manager"], centre=centre)
    assert seen(type(dana).objects.get(pk=dana.pk)) == set(rows)


def test_candidate_sees_the_own_application(rows, hidden):
    awaited, _received = rows

    assert seen(awaited.candidate.user) == {awaited}
