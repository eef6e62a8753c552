"""What a new version lets people do reaches roles there are, once somebody said which."""

from importlib import import_module

import pytest
from django.apps import apps

from candide.core.blockers import Refused
from candide.foundation.history.domain.log import entries_about
from candide.institution.access.domain.composing import grants_of
from candide.institution.access.domain.roles import create_starter_roles
from candide.institution.access.domain.upgrading import (
    new_capabilities,
    news,
    settle,
    settling_blockers,
)
from candide.institution.access.enums import Capability
from candide.institution.access.models import SettledCapability
from tests.factories.access import AssignmentFactory, RoleProfileFactory
from tests.factories.catalogue import ApplicationCentreFactory

pytestmark = pytest.mark.django_db
NEW, STAFF = Capability.SET_REGIME, Capability.MANAGE_STAFF


@pytest.fixture
def roles():
    """An installation that was made before there was NEW."""
    found = create_starter_roles()
    SettledCapability.objects.get(capability=NEW).delete()
    for role in found.values():
        role.grants.filter(capability=NEW).delete()
    return found


@pytest.fixture
def administrator(roles):
    return AssignmentFactory(role=roles["administrator"]).user


def test_new_installation_has_decided_of_everything():
    create_starter_roles()

    assert new_capabilities() == []
    assert news() == []


def test_starter_roles_made_again_settle_nothing(roles):
    create_starter_roles()

    assert new_capabilities() == [NEW]


def test_new_capability_is_offered_to_every_role_as_starter_roles_have_it(roles):
    RoleProfileFactory(code="own", name="Zut")
    RoleProfileFactory(is_active=False)

    (found,) = news()

    assert (found.meaning.capability, found.since) == (NEW, "0.1.0")
    assert {offer.role.code: offer.suggested for offer in found.offers} == {
        "administrator": True,
        "registrar": True,
        "manager": True,
        "commission": None,
        "candidate_manager": None,
        "candidate_reader": None,
        "own": None,
    }


def test_who_gives_rights_everywhere_gives_what_nobody_holds_yet(roles, administrator, now):
    settle(
        {NEW: {roles["administrator"]: True, roles["commission"]: False}}, by=administrator, now=now
    )

    held = {code: grants_of(role).get(NEW) for code, role in roles.items()}
    assert (held["administrator"], held["commission"], held["manager"]) == (True, False, None)
    assert new_capabilities() == []
    entry = entries_about(roles["commission"]).first()
    assert entry.data["changes"] == {f"grant:{NEW}": [None, "read"]}


def test_it_can_be_decided_that_no_role_gets_it(roles, administrator, now):
    settle({NEW: {}}, by=administrator, now=now)

    assert (new_capabilities(), grants_of(roles["administrator"]).get(NEW)) == ([], None)


def test_what_is_settled_is_not_given_this_way(roles, administrator, now):
    with pytest.raises(Refused) as refusal:
        settle({Capability.SET_FEES: {roles["commission"]: True}}, by=administrator, now=now)

    assert refusal.value.codes == ["settled"]


def test_who_gives_rights_in_a_centre_decides_nothing(roles):
    role = RoleProfileFactory(grants={STAFF: True})
    bao = AssignmentFactory(role=role, centre=ApplicationCentreFactory()).user

    assert [each.code for each in settling_blockers({NEW: {}}, by=bao)] == ["out_of_reach"]


def test_migration_settles_what_some_role_holds():
    RoleProfileFactory(grants={Capability.SET_FEES: False, STAFF: True})
    RoleProfileFactory(grants={STAFF: True})
    migration = import_module("candide.institution.access.migrations.0011_settled_capabilities")

    migration.settle_what_is_held(apps, None)

    settled = set(SettledCapability.objects.values_list("capability", flat=True))
    assert settled == {Capability.SET_FEES, STAFF}
