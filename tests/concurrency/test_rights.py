"""Two people change rights at once: one way to give them stays."""

from functools import partial

import pytest

from candide.institution.access.domain.composing import switch_role
from candide.institution.access.enums import Capability
from candide.institution.access.models import RoleProfile
from tests.concurrency.at_once import ROUNDS, at_once, codes
from tests.factories.access import AssignmentFactory, RoleProfileFactory

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
