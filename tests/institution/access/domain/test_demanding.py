"""Of whom the institution demands a second factor."""

import pytest

from candide.institution.access.domain.demanding import must_have_second_factor
from candide.institution.access.enums import Capability
from candide.institution.catalogue.models import Institution
from tests.factories.access import AssignmentFactory, RoleProfileFactory
from tests.factories.accounts import UserFactory
from tests.factories.catalogue import ApplicationCentreFactory

pytestmark = pytest.mark.django_db


def holder(capability, *, can_write=True, **place):
    role = RoleProfileFactory(grants={capability: can_write})
    return AssignmentFactory(role=role, user=UserFactory(staff=True), **place).user


@pytest.mark.parametrize(
    ("demand", "of_administrators", "of_others"),
    [("nobody", False, False), ("administrators", True, False), ("staff", True, True)],
)
def test_second_factor_is_demanded_of_whom_the_institution_says(
    demand, of_administrators, of_others
):
    Institution.objects.update_or_create(pk=1, defaults={"second_factor_for": demand})
    administrators = [
        UserFactory(staff=True, is_superuser=True),
        holder(Capability.MANAGE_INSTITUTION),
        holder(Capability.MANAGE_STAFF),
    ]
    others = [
        holder(Capability.VIEW_APPLICATIONS),
        holder(Capability.MANAGE_INSTITUTION, can_write=False),
        holder(Capability.MANAGE_STAFF, centre=ApplicationCentreFactory()),
    ]

    found = [must_have_second_factor(user) for user in administrators + others]

    assert found == [of_administrators] * 3 + [of_others] * 3
    assert not must_have_second_factor(UserFactory())
