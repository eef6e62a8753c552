"""Two people change rights at once: one way to give them stays."""

from functools import partial

import pytest

from candide.institution.access.domain.composing import switch_role
from candide.institution.access.domain.giving import Right, give_role, take_role
from candide.institution.access.domain.people import switch_account
from candide.institution.access.enums import Capability
from candide.institution.access.models import Assignment, RoleProfile
from tests.concurrency.at_once import ROUNDS, at_once, codes
from tests.factories.access import AssignmentFactory, RoleProfileFactory
from tests.factories.accounts import UserFactory

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def managers():
    """Two people who may give rights everywhere, by a role each."""
    return [
        AssignmentFactory(role=RoleProfileFactory(grants={Capability.MANAGE_STAFF: True}))
        for _ in range(2)
    ]


def test_each_puts_the_role_of_the_other_out_of_service(managers):
    for _ in ROUNDS:
        RoleProfile.objects.update(is_active=True)
        ada, eve = managers

        outcomes = at_once(
            partial(switch_role, ada.role, is_active=False, by=eve.user),
            partial(switch_role, eve.role, is_active=False, by=ada.user),
        )

        assert codes(outcomes) == [[], ["last_manager"]]
        assert RoleProfile.objects.filter(is_active=True).count() == 1


def test_each_takes_the_role_of_the_other(managers):
    ada, eve = managers

    outcomes = at_once(
        partial(take_role, ada, by=eve.user),
        partial(switch_account, eve.user, is_active=False, by=ada.user),
    )

    done, refused = codes(outcomes)
    assert done == []
    # Who comes second may have lost the role already, and so every reach.
    assert refused in (["last_manager"], ["out_of_reach", "last_manager"])


def test_same_role_given_twice_is_given_once(managers):
    ada, _eve = managers
    role = RoleProfileFactory(grants={Capability.MANAGE_STAFF: False})
    dana = UserFactory(staff=True)

    outcomes = at_once(*[partial(give_role, dana, Right(role=role), by=ada.user)] * 2)

    assert codes(outcomes) == [[], ["has_it"]]
    assert Assignment.objects.filter(user=dana).count() == 1
