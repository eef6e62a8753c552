"""What the page says of somebody's rights is what the rights are."""

from datetime import timedelta

import pytest
from django.utils import timezone

from candide.core.clock import localdate
from candide.institution.access.domain.checking import Place, openings, who_has_access
from candide.institution.access.enums import Capability
from candide.institution.access.scope import is_held
from candide.institution.accounts.models import User
from tests.factories.access import AssignmentFactory, RoleProfileFactory, ada
from tests.factories.accounts import UserFactory
from tests.factories.catalogue import CommissionFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db
VIEW, CHECK = Capability.VIEW_APPLICATIONS, Capability.CHECK_DOCUMENTS


@pytest.fixture
def commission():
    return CommissionFactory()


def places(commission):
    other, programme = CommissionFactory(), ProgrammeFactory(commission=commission)
    return [
        Place(),
        Place(centre=commission.centre),
        Place(commission=commission),
        Place(programme=programme),
        Place(programme=ProgrammeFactory(commission=commission)),
        Place(centre=other.centre),
        Place(commission=other),
    ]


@pytest.mark.parametrize("scope", ["everywhere", "centre", "commission", "programme"])
@pytest.mark.parametrize("stopped", ["", "role", "assignment", "account", "day"])
def test_what_is_said_is_what_is_held(commission, scope, stopped):
    there = places(commission)
    where = {"centre": commission.centre, "commission": commission, "programme": there[3].programme}
    role = RoleProfileFactory(grants={VIEW: False, CHECK: True}, is_active=stopped != "role")
    bao = AssignmentFactory(
        role=role,
        is_active=stopped != "assignment",
        ends_on=localdate(timezone.now()) - timedelta(days=stopped == "day"),
        user=UserFactory(staff=True, is_active=stopped != "account"),
        **({scope: where[scope]} if scope in where else {}),
    ).user

    for place in there:
        said = {(each.capability, each.can_write) for each in openings(bao, place)}
        at = place.programme.commission if place.programme else place.commission
        centre = at.centre if at else place.centre
        held = {
            (each, write)
            for each in Capability
            for write in (False, True)
            if is_held(
                User.objects.get(pk=bao.pk),
                each,
                write=write,
                centre_id=centre.pk if centre else None,
                commission_id=at.pk if at else None,
                programme_id=place.programme.pk if place.programme else None,
            )
        }
        # Writing lets read as well; what is said is the stronger of the two.
        assert said == {(each, write) for each, write in held if write or (each, True) not in held}


def test_both_roles_are_named_and_the_stronger_counts(commission):
    reads = AssignmentFactory(
        role=RoleProfileFactory(grants={CHECK: False}), centre=commission.centre
    )
    writes = AssignmentFactory(
        user=reads.user, role=RoleProfileFactory(grants={CHECK: True}), commission=commission
    )

    (opening,) = openings(reads.user, Place(commission=commission))

    assert (opening.can_write, opening.sources) == (True, [reads, writes])


def test_superuser_can_do_everything_by_no_role():
    found = openings(UserFactory(staff=True, is_superuser=True), Place())

    assert [each.capability for each in found] == list(Capability)
    assert [each.sources for each in found] == [[]] * len(Capability)


def test_who_has_access_to_a_centre_and_to_a_commission(commission):
    sibling = CommissionFactory(centre=commission.centre)
    rows = {
        "everywhere": ada().assignments.get(),
        "centre": AssignmentFactory(centre=commission.centre),
        "commission": AssignmentFactory(commission=commission),
        "sibling": AssignmentFactory(commission=sibling),
    }
    AssignmentFactory(centre=CommissionFactory().centre)
    AssignmentFactory(commission=commission, is_active=False)
    AssignmentFactory(commission=commission, role=RoleProfileFactory(is_active=False))
    AssignmentFactory(commission=commission, user=UserFactory(staff=True, is_active=False))

    def found(place):
        return set(who_has_access(place))

    assert found(Place()) == {rows["everywhere"]}
    assert found(Place(centre=commission.centre)) == set(rows.values())
    assert found(Place(commission=commission)) == set(rows.values()) - {rows["sibling"]}


def test_who_has_access_to_a_centre_or_commission_counts_those_of_their_programmes(commission):
    programme = ProgrammeFactory(commission=commission)
    head = AssignmentFactory(programme=programme)
    AssignmentFactory(programme=ProgrammeFactory())

    found = [
        list(who_has_access(place))
        for place in (
            Place(programme=programme),
            Place(commission=commission),
            Place(centre=commission.centre),
            Place(programme=ProgrammeFactory(commission=commission)),
        )
    ]

    assert found == [[head], [head], [head], []]
