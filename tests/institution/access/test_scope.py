"""Rights count at once: what stops, stops with the next request."""

from datetime import timedelta

import pytest

from candide.admissions.applications.models import Application
from candide.core.visibility import visible
from candide.institution.access.enums import Capability
from candide.institution.access.scope import is_staff_member, narrowed_to, reach_of
from candide.institution.accounts.models import User
from candide.institution.catalogue.models import Commission, Institution, Programme
from tests.factories.access import AssignmentFactory, RoleProfileFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import (
    ApplicationCentreFactory,
    CommissionFactory,
    IntakeFactory,
    ProgrammeFactory,
)

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


# -- A programme -----------------------------------------------------------------------------------

EVERYTHING = {capability: True for capability in Capability}


@pytest.fixture
def application():
    return ApplicationFactory()


@pytest.fixture
def head(application):
    """Who may do everything for one programme (« responsable de formation »)."""
    role = RoleProfileFactory(grants=EVERYTHING)
    return AssignmentFactory(role=role, programme=application.intake.programme).user


def test_rights_to_a_programme_reach_its_applications_and_no_sibling(application, head):
    programme = application.intake.programme
    sibling = ApplicationFactory(
        intake=IntakeFactory(programme=ProgrammeFactory(commission=programme.commission))
    )

    seen = Application.objects.all().visible_to(head)
    may = [head.has_perm("decisions.release", each) for each in (application, sibling)]

    assert (list(seen), may) == ([application], [True, False])


def test_rights_to_a_programme_change_it_and_neither_its_commission_nor_its_centre(
    application, head
):
    programme = application.intake.programme
    commission = programme.commission

    may = [
        head.has_perm("catalogue.manage_programmes", programme),
        head.has_perm("catalogue.manage_programmes", application.intake),
        head.has_perm("requirements.link", programme),
        head.has_perm("catalogue.make_programmes", programme),
        head.has_perm("catalogue.make_programmes"),
        head.has_perm("catalogue.manage_commissions", commission),
        head.has_perm("catalogue.manage_centres", commission.centre),
    ]

    assert may == [True, True, True, False, False, False, False]
    assert list(visible(Programme.objects.all(), head)) == [programme]
    assert list(visible(Commission.objects.all(), head)) == []


def test_who_works_in_a_whole_commission_makes_its_programmes(application):
    programme = application.intake.programme
    role = RoleProfileFactory(grants={Capability.MANAGE_CATALOGUE: True})
    member = AssignmentFactory(role=role, commission=programme.commission).user

    may = [
        member.has_perm("catalogue.make_programmes", each)
        for each in (None, programme, ProgrammeFactory())
    ]

    assert may == [True, True, False]


def test_role_is_over_the_day_after_its_last(frozen):
    assignment = AssignmentFactory(
        role=RoleProfileFactory(grants={VIEW: True}), ends_on="2027-03-15"
    )
    on_the_day = bool(reach_of(again(assignment.user), VIEW))
    frozen.shift(timedelta(days=1))

    assert (on_the_day, bool(reach_of(again(assignment.user), VIEW))) == (True, False)


@pytest.mark.parametrize(("sets_status", "number"), [("there", 1), ("everywhere", 1), ("", 0)])
def test_statuses_hidden_from_commissions_are_seen_by_who_sets_them(
    application, sets_status, number
):
    institution = Institution.current()
    institution.statuses_hidden_from_commissions = ["awaited"]
    institution.save()
    there = {"programme": application.intake.programme}
    chosen = AssignmentFactory(role=RoleProfileFactory(grants={VIEW: True}), **there).user
    if sets_status:
        setting = RoleProfileFactory(grants={Capability.SET_DOSSIER_STATUS: True})
        place = there if sets_status == "there" else {}
        AssignmentFactory(role=setting, user=chosen, **place)

    assert Application.objects.all().visible_to(chosen).count() == number


def test_no_row_of_commissions_is_reached_by_a_programme(head):
    reach = reach_of(head, VIEW)

    assert Commission.objects.filter(narrowed_to(reach, "")).count() == 0
