"""One role for all the managers of a centre [1.6]."""

import pytest

from candide.core.blockers import Refused
from candide.institution.access.domain.giving_many import give_to_managers, managers_of, preview
from candide.institution.access.domain.roles import create_starter_roles
from candide.institution.access.enums import Capability
from candide.institution.access.models import Assignment
from candide.institution.access.scope import reach_of
from candide.institution.accounts.models import User
from tests.factories.access import AssignmentFactory, RoleProfileFactory, ada
from tests.factories.accounts import UserFactory
from tests.factories.catalogue import ApplicationCentreFactory, CommissionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre():
    return ApplicationCentreFactory()


@pytest.fixture
def roles():
    return create_starter_roles()


@pytest.fixture
def managers(centre, roles):
    """Bao and Eve work for the centre; others for another one, a commission, or no more."""
    AssignmentFactory(role=roles["manager"], centre=ApplicationCentreFactory())
    AssignmentFactory(role=roles["commission"], commission=CommissionFactory(centre=centre))
    AssignmentFactory(role=roles["manager"], centre=centre, is_active=False)
    AssignmentFactory(
        role=roles["manager"], centre=centre, user=UserFactory(staff=True, is_active=False)
    )
    return [
        AssignmentFactory(
            role=roles["manager"], centre=centre, user=UserFactory(staff=True, last_name=name)
        ).user
        for name in ("ANH", "EVE")
    ]


def test_managers_of_a_centre_get_a_role_for_the_whole_institution(centre, roles, managers):
    """B-012: it counts at once."""
    assert managers_of(centre) == managers

    given = give_to_managers(
        centre, roles["candidate_manager"], by=ada(), seen=[user.pk for user in managers]
    )

    assert given == 2
    for user in User.objects.filter(pk__in=[user.pk for user in managers]):
        assert reach_of(user, Capability.ADMINISTER_CANDIDATES, write=True).everywhere


def test_opposite_role_is_replaced(centre, roles, managers):
    AssignmentFactory(user=managers[0], role=roles["candidate_reader"])
    AssignmentFactory(user=managers[1], role=roles["candidate_manager"])
    by = ada()
    named = {"instead_of": roles["candidate_reader"], "by": by}

    rows = preview(centre, roles["candidate_manager"], **named)
    assert [(row.person, bool(row.taken), row.has_it) for row in rows] == [
        (managers[0], True, False),
        (managers[1], False, True),
    ]
    give_to_managers(centre, roles["candidate_manager"], **named, seen=[managers[0].pk])

    held = Assignment.objects.filter(centre=None, commission=None, user__in=managers)
    assert set(held.values_list("user", "role__code")) == {
        (managers[0].pk, "candidate_manager"),
        (managers[1].pk, "candidate_manager"),
    }


def test_who_is_shown_is_who_gets_it(centre, roles, managers):
    with pytest.raises(Refused) as refusal:
        give_to_managers(centre, roles["candidate_manager"], by=ada(), seen=[managers[0].pk])

    assert refusal.value.codes == ["changed"]


def test_nobody_gives_everywhere_what_they_hold_in_a_centre(centre, roles, managers):
    role = RoleProfileFactory(grants={Capability.MANAGE_STAFF: True})
    bao = AssignmentFactory(role=role, centre=centre).user

    rows = preview(centre, roles["candidate_manager"], instead_of=None, by=bao)

    assert all("out_of_reach" in {b.code for b in row.blockers} for row in rows)
