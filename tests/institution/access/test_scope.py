"""Rights count at once: what stops, stops with the next request."""

import pytest

from candide.institution.access.enums import Capability
from candide.institution.access.scope import is_staff_member, reach_of
from candide.institution.accounts.models import User
from tests.factories.access import AssignmentFactory, RoleProfileFactory
from tests.factories.catalogue import ApplicationCentreFactory, CommissionFactory

pytestmark = pytest.mark.django_db
VIEW, CHECK = Capability.VIEW_APPLICATIONS, Capability.CHECK_DOCUMENTS


def again(user):
    """The same person at the next request."""
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize("stopped", ["role", "assignment", "account"])
def test_what_is_out_of_service_opens_nothing(stopped):
    assignment = AssignmentFactory(role=RoleProfileFactory(grants={VIEW: True}))
    row = {"role": assignment.role, "assignment": assignment, "account": assignment.user}[stopped]
    assert reach_of(again(assignment.user), VIEW).everywhere

    row.is_active = False
    row.save()

    bao = again(assignment.user)
    assert (bool(reach_of(bao, VIEW)), is_staff_member(bao)) == (False, False)


def test_rights_in_a_centre_and_in_a_commission_both_count():
    centre, commission = ApplicationCentreFactory(), CommissionFactory()
    role = RoleProfileFactory(grants={VIEW: False, CHECK: True})
    bao = AssignmentFactory(role=role, centre=centre).user
    AssignmentFactory(role=role, user=bao, commission=commission)

    reach = reach_of(bao, VIEW)

    assert (reach.everywhere, reach.centres, reach.commissions) == (
        False,
        {centre.pk},
        {commission.pk},
    )


def test_reading_is_not_writing():
    bao = AssignmentFactory(role=RoleProfileFactory(grants={VIEW: False, CHECK: True})).user

    found = [bool(reach_of(bao, each, write=write)) for each in (VIEW, CHECK) for write in (0, 1)]

    assert found == [True, False, True, True]
