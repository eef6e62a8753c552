"""Where somebody works: what is in reach and in service, remembered, preferred."""

import pytest

from candide.institution.access.domain.working import (
    ALL,
    place_code,
    place_of,
    places_of,
    remembered_place,
    work_in,
)
from candide.institution.access.enums import Capability
from candide.institution.accounts.models import User
from tests.factories.access import AssignmentFactory, RoleProfileFactory, ada
from tests.factories.catalogue import ApplicationCentreFactory, CommissionFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db


def again(user):
    return User.objects.get(pk=user.pk)


@pytest.fixture
def centre():
    return ApplicationCentreFactory(name="UFR Sciences")


@pytest.fixture
def commissions(centre):
    return [CommissionFactory(centre=centre, name=name) for name in ("Biologie", "Chimie")]


def working(**place):
    role = RoleProfileFactory(grants={Capability.VIEW_APPLICATIONS: False})
    return AssignmentFactory(role=role, **place).user


def offered(user):
    return [(str(centre), [str(each) for each in inside]) for centre, inside in places_of(user)]


def test_places_are_centres_with_their_commissions_in_reach(centre, commissions):
    CommissionFactory(centre__name="UFR Droit", name="Droit")
    programme = ProgrammeFactory(commission=commissions[1])

    found = [
        offered(user)
        for user in (
            ada(),
            working(centre=centre),
            working(commission=commissions[0]),
            working(programme=programme),
        )
    ]

    sciences = ("UFR Sciences", ["Biologie", "Chimie"])
    assert found == [
        [("UFR Droit", ["Droit"]), sciences],
        [sciences],
        [("UFR Sciences", ["Biologie"])],
        [("UFR Sciences", ["Chimie"])],
    ]


@pytest.mark.parametrize("closed", ["commission", "centre"])
def test_what_is_out_of_service_is_no_place(centre, commissions, closed):
    bao = working(centre=centre)
    codes = [f"centre-{centre.pk}", f"commission-{commissions[0].pk}"]
    open_before = [place_of(bao, code) is not None for code in codes]
    row = {"commission": commissions[0], "centre": centre}[closed]
    row.is_active = False
    row.save()

    assert open_before == [True, True]
    assert [place_of(bao, code) is not None for code in codes] == [closed == "commission", False]


def test_places_elsewhere_and_nonsense_name_nothing(centre, commissions):
    bao = working(commission=commissions[0])
    foreign = CommissionFactory()
    codes = [f"commission-{foreign.pk}", f"centre-{foreign.centre_id}", "centre-x", "jury-1", ALL]

    assert [place_of(bao, code) for code in codes] == [None] * 5


def test_last_place_is_remembered_and_a_preferred_one_stays(centre, commissions):
    bao = working(centre=centre)
    sciences, biology = place_of(bao, f"centre-{centre.pk}"), places_of(bao)[0][1][0]
    said = [(remembered_place(again(bao)), again(bao).prefers_place)]
    for place, is_preferred in (
        (biology, False),
        (sciences, True),
        (biology, False),
        (sciences, False),
        (None, False),
    ):
        work_in(bao, place, is_preferred=is_preferred)
        said.append((remembered_place(again(bao)), again(bao).prefers_place))

    assert said == [
        (ALL, False),
        (biology.code, False),
        (sciences.code, True),
        (sciences.code, True),  # for now only: it is still what is preferred
        (sciences.code, False),  # chosen anew without preferring it
        (ALL, False),
    ]
    assert place_code(None) == ALL
    assert (biology.query, str(biology)) == (f"commission={commissions[0].pk}", "Biologie")
