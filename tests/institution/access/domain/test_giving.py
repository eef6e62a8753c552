"""Giving roles: in one's reach, what one holds, and never the last way to give them away."""

from datetime import date, timedelta

import pytest

from candide.core.blockers import Refused
from candide.foundation.history.domain.log import entries_about
from candide.institution.access.domain.giving import (
    Right,
    add_person,
    change_right,
    ending_blockers,
    give_role,
    give_roles,
    giving_blockers,
    giving_warnings,
    in_commissions,
    say_more,
    take_role,
)
from candide.institution.access.domain.people import (
    account_blockers,
    has_roles_elsewhere,
    people_within,
    switch_account,
)
from candide.institution.access.enums import AccessEvent, Capability
from candide.institution.access.models import Assignment
from candide.institution.accounts.domain.invitation import Colleague
from candide.institution.accounts.models import User
from candide.institution.catalogue.models import Institution
from tests.factories.access import AssignmentFactory, RoleProfileFactory, ada
from tests.factories.accounts import UserFactory
from tests.factories.catalogue import ApplicationCentreFactory, CommissionFactory, ProgrammeFactory
from tests.institution.accounts.mailbox import sent

pytestmark = pytest.mark.django_db
VIEW, CHECK = Capability.VIEW_APPLICATIONS, Capability.CHECK_DOCUMENTS
STAFF, INSTITUTION = Capability.MANAGE_STAFF, Capability.MANAGE_INSTITUTION
EVE = Colleague(email="eve@univ.example", first_name="Ève", last_name="Durand", language="fr")


def codes(blockers):
    return [blocker.code for blocker in blockers]


def refusals(act, *args, **kwargs):
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    return refusal.value.codes


@pytest.fixture
def commission():
    return CommissionFactory()


@pytest.fixture
def jury():
    return RoleProfileFactory(grants={VIEW: False, CHECK: True})


@pytest.fixture
def bao(commission):
    """Who gives rights in one centre, and holds there what a jury does."""
    role = RoleProfileFactory(grants={STAFF: True, VIEW: True, CHECK: True})
    return AssignmentFactory(role=role, centre=commission.centre).user


@pytest.fixture
def dana():
    return UserFactory(staff=True, first_name="Dana")


def last_changes(person):
    entry = entries_about(person).first()
    return entry.event, entry.by_id, entry.data["changes"]


# -- Giving ----------------------------------------------------------------------------------------


def test_role_is_given_and_the_history_says_so(bao, dana, jury, commission):
    given = give_role(dana, Right(role=jury, commission=commission, is_chair=True), by=bao)

    assert (given.role, given.commission, given.centre, given.is_chair, given.is_active) == (
        jury,
        commission,
        None,
        True,
        True,
    )
    assert last_changes(dana) == (
        AccessEvent.GIVEN,
        bao.pk,
        {
            "role": [None, jury.pk],
            "commission": [None, commission.pk],
            "is_chair": [None, True],
            "is_active": [None, True],
        },
    )


def test_manager_of_a_centre_gives_rights_there_only(bao, dana, jury, commission):
    other = CommissionFactory()
    places = [
        {"centre": commission.centre},
        {"commission": commission},
        {"centre": other.centre},
        {"commission": other},
        {},
    ]

    found = [codes(giving_blockers(dana, Right(role=jury, **each), by=bao)) for each in places]

    assert found == [[], [], *[["out_of_reach", "not_held"]] * 3]


@pytest.mark.parametrize(
    ("held", "given", "refused"),
    [
        ({VIEW: False}, {VIEW: False}, []),
        ({VIEW: False}, {VIEW: True}, ["not_held"]),
        ({VIEW: True}, {VIEW: True}, []),
        ({}, {VIEW: False}, ["not_held"]),
        ({VIEW: True}, {VIEW: True, STAFF: True}, []),
    ],
)
def test_nobody_gives_what_they_do_not_hold_there(dana, commission, held, given, refused):
    giver = RoleProfileFactory(grants={STAFF: True, **held})
    by = AssignmentFactory(role=giver, centre=commission.centre).user
    # What they hold elsewhere does not count here.
    AssignmentFactory(
        user=by, role=RoleProfileFactory(grants={VIEW: True}), centre=ApplicationCentreFactory()
    )
    right = Right(role=RoleProfileFactory(grants=given), centre=commission.centre)

    assert codes(giving_blockers(dana, right, by=by)) == refused


def test_reading_rights_is_not_giving_them(dana, jury, commission):
    role = RoleProfileFactory(grants={STAFF: False, VIEW: True, CHECK: True})
    by = AssignmentFactory(role=role, centre=commission.centre).user

    assert codes(giving_blockers(dana, Right(role=jury, centre=commission.centre), by=by)) == [
        "out_of_reach"
    ]


def test_what_makes_no_sense_is_refused(bao, dana, jury, commission):
    jury.is_active = dana.is_active = False
    jury.save()
    AssignmentFactory(user=dana, role=jury, centre=commission.centre)
    right = Right(role=jury, centre=commission.centre, is_chair=True)

    assert refusals(give_role, dana, right, by=bao) == [
        "role_stopped",
        "chairs_nothing",
        "closed",
        "has_it",
    ]


def test_account_of_a_candidate_gets_a_role_only_with_a_warning(jury):
    alix = UserFactory()

    assert codes(giving_warnings(alix, Right(role=jury))) == ["candidate"]

    AssignmentFactory(user=alix)
    assert codes(giving_warnings(alix, Right(role=jury))) == []
    assert codes(giving_warnings(None, Right(role=jury))) == []


def test_what_opens_nothing_in_a_centre_is_said(dana, commission):
    """B-006: nor in a commission or for a programme."""
    role = RoleProfileFactory(grants={INSTITUTION: True, VIEW: True})
    programme = ProgrammeFactory(commission=commission)

    assert codes(giving_warnings(dana, Right(role=role))) == []
    for place in (
        {"centre": commission.centre},
        {"commission": commission},
        {"programme": programme},
    ):
        (warning,) = giving_warnings(dana, Right(role=role, **place))
        named = [str(each.label) in warning.message for each in (INSTITUTION, VIEW)]
        assert (warning.code, named) == ("only_everywhere", [True, False])


# -- Adding ----------------------------------------------------------------------------------------


def test_somebody_without_an_account_is_invited_with_the_role(bao, jury, commission, now):
    Institution.current()

    eve = add_person(EVE, Right(role=jury, commission=commission), by=bao, now=now)

    assert sent() == [("staff-invitation", "eve@univ.example")]
    assert list(eve.assignments.values_list("role", "commission")) == [(jury.pk, commission.pk)]


def test_somebody_with_an_account_gets_the_role_and_no_mail(bao, dana, jury, commission, now):
    dana.email = EVE.email
    dana.save()

    added = add_person(EVE, Right(role=jury, commission=commission), by=bao, now=now)

    assert (added, sent()) == (dana, [])
    assert dana.assignments.count() == 1


def test_nobody_is_invited_for_a_role_that_is_refused(bao, jury, now):
    assert refusals(add_person, EVE, Right(role=jury), by=bao, now=now) == [
        "out_of_reach",
        "not_held",
    ]
    assert not User.objects.filter(email=EVE.email).exists()


# -- Changing and taking ---------------------------------------------------------------------------


def test_right_goes_out_of_service_and_back(bao, dana, jury, commission):
    given = give_role(dana, Right(role=jury, commission=commission), by=bao)

    change_right(given, is_active=False, by=bao)
    assert last_changes(dana)[2] == {"role": [jury.pk, jury.pk], "is_active": [True, False]}

    change_right(given, is_active=True, is_chair=True, by=bao)
    change_right(given, is_active=True, by=bao)
    given.refresh_from_db()
    assert (given.is_active, given.is_chair, entries_about(dana).count()) == (True, True, 3)


def test_right_is_put_back_only_by_who_could_give_it(bao, dana, commission):
    strong = RoleProfileFactory(grants={Capability.RELEASE_DECISIONS: True})
    given = AssignmentFactory(user=dana, role=strong, centre=commission.centre)

    change_right(given, is_active=False, by=bao)

    assert refusals(change_right, given, is_active=True, by=bao) == ["not_held"]


def test_role_is_taken_and_the_history_keeps_it(bao, dana, jury, commission):
    given = give_role(dana, Right(role=jury, centre=commission.centre), by=bao)

    take_role(given, by=bao)

    assert not Assignment.objects.filter(user=dana).exists()
    assert last_changes(dana)[0] == AccessEvent.TAKEN
    assert last_changes(dana)[2]["role"] == [jury.pk, None]


def test_what_is_elsewhere_is_neither_changed_nor_taken(bao, dana, jury):
    given = AssignmentFactory(user=dana, role=jury, centre=ApplicationCentreFactory())

    assert refusals(change_right, given, is_active=False, by=bao) == ["out_of_reach"]
    assert refusals(take_role, given, by=bao) == ["out_of_reach"]


def test_last_way_to_give_rights_is_not_taken_stopped_or_closed():
    by = ada()
    way = Assignment.objects.get()

    assert refusals(take_role, way, by=by) == ["last_manager"]
    assert refusals(change_right, way, is_active=False, by=by) == ["last_manager"]
    assert refusals(switch_account, by, is_active=False, by=by) == ["last_manager"]

    AssignmentFactory(role=RoleProfileFactory(grants={STAFF: True}))
    take_role(way, by=by)
    assert Assignment.objects.count() == 1


# -- Accounts and who is known ---------------------------------------------------------------------


def test_account_is_closed_and_opened_by_who_gives_all_its_rights(bao, dana, jury, commission):
    give_role(dana, Right(role=jury, commission=commission), by=bao)

    switch_account(dana, is_active=False, by=bao)
    switch_account(dana, is_active=False, by=bao)
    dana.refresh_from_db()
    assert not dana.is_active

    switch_account(dana, is_active=True, by=bao)
    dana.refresh_from_db()
    assert dana.is_active


def test_account_of_somebody_who_works_elsewhere_too_is_not_closed(bao, dana, jury, commission):
    give_role(dana, Right(role=jury, commission=commission), by=bao)
    AssignmentFactory(user=dana, centre=ApplicationCentreFactory(), is_active=False)

    assert refusals(switch_account, dana, is_active=False, by=bao) == ["out_of_reach"]


def test_account_is_not_opened_to_roles_one_could_not_give(bao, dana, commission):
    strong = RoleProfileFactory(grants={Capability.RELEASE_DECISIONS: True})
    AssignmentFactory(user=dana, role=strong, centre=commission.centre)
    switch_account(dana, is_active=False, by=bao)

    assert refusals(switch_account, dana, is_active=True, by=bao) == ["not_held"]
    switch_account(dana, is_active=True, by=ada())


def test_account_of_a_candidate_or_without_role_is_not_for_a_centre(bao):
    assert codes(account_blockers(UserFactory(), by=ada())) == ["candidate"]
    assert codes(account_blockers(UserFactory(staff=True), by=bao)) == ["out_of_reach"]
    assert codes(account_blockers(UserFactory(staff=True), by=ada())) == []


def test_whom_somebody_may_know_of(bao, dana, jury, commission):
    chris = AssignmentFactory(role=jury, centre=ApplicationCentreFactory()).user
    AssignmentFactory(user=dana, role=jury, commission=commission)
    AssignmentFactory(user=dana, role=jury, centre=ApplicationCentreFactory())
    nobody, alix = UserFactory(staff=True), UserFactory()
    admin = ada()

    assert set(people_within(bao)) == {bao, dana}
    assert set(people_within(admin)) == {bao, dana, chris, nobody, admin}
    assert set(people_within(alix)) == set()
    shown = people_within(bao).get(pk=dana.pk).shown_assignments
    assert [each.commission for each in shown] == [commission]
    assert [has_roles_elsewhere(dana, user=each) for each in (bao, admin)] == [True, False]


# -- A programme, several commissions, a last day --------------------------------------------------

TODAY = date(2027, 3, 15)


def test_role_is_given_for_a_programme(bao, dana, jury, commission):
    programme = ProgrammeFactory(commission=commission)

    given = give_role(dana, Right(role=jury, programme=programme), by=bao)

    assert (given.programme, given.commission, given.centre) == (programme, None, None)
    assert last_changes(dana)[2]["programme"] == [None, programme.pk]
    assert people_within(bao).filter(pk=dana.pk).exists()


def test_programme_elsewhere_is_out_of_reach(bao, dana, jury):
    right = Right(role=jury, programme=ProgrammeFactory())

    # Neither may Bao give rights there, nor what is not held there.
    assert codes(giving_blockers(dana, right, by=bao)) == ["out_of_reach", "not_held"]


def test_head_of_a_programme_gives_rights_to_it_and_no_further(dana, jury, commission):
    programme = ProgrammeFactory(commission=commission)
    role = RoleProfileFactory(grants={STAFF: True, VIEW: True, CHECK: True})
    head = AssignmentFactory(role=role, programme=programme).user

    found = [
        codes(giving_blockers(dana, Right(role=jury, **place), by=head))
        for place in ({"programme": programme}, {"commission": commission})
    ]

    assert found == [[], ["out_of_reach", "not_held"]]


def test_role_is_given_in_some_commissions_of_a_centre_or_in_all(bao, dana, jury, commission):
    other = CommissionFactory(centre=commission.centre)
    right = Right(role=jury, centre=commission.centre)

    whole = in_commissions(right, [])
    given = give_roles(dana, in_commissions(right, [commission, other]), by=bao, today=TODAY)

    assert whole == [right]
    assert [(each.centre, each.commission) for each in given] == [(None, commission), (None, other)]


def test_several_are_given_together_or_none(bao, dana, jury, commission):
    elsewhere = CommissionFactory()
    rights = in_commissions(Right(role=jury, centre=commission.centre), [commission, elsewhere])

    assert refusals(give_roles, dana, rights, by=bao, today=TODAY) == ["out_of_reach", "not_held"]
    assert not dana.assignments.exists()


def test_last_day_is_today_or_later(bao, dana, jury, commission):
    right = Right(role=jury, commission=commission, ends_on=TODAY - timedelta(days=1))

    assert refusals(give_roles, dana, [right], by=bao, today=TODAY) == ["over"]


def test_last_day_and_comment_are_changed_and_the_history_keeps_the_day_alone(
    bao, dana, jury, commission
):
    given = give_role(dana, Right(role=jury, commission=commission), by=bao)

    say_more(given, ends_on=TODAY, comment="Remplace Mme Roy", by=bao, today=TODAY)

    given.refresh_from_db()
    assert (given.ends_on, given.comment) == (TODAY, "Remplace Mme Roy")
    assert last_changes(dana) == (
        AccessEvent.CHANGED,
        bao.pk,
        {"role": [jury.pk, jury.pk], "ends_on": [None, "2027-03-15"]},
    )


@pytest.mark.parametrize(
    ("held", "wanted", "found"),
    [
        (None, TODAY - timedelta(days=1), ["over"]),
        (TODAY, None, ["not_held"]),
        (TODAY, TODAY + timedelta(days=1), ["not_held"]),
        (TODAY + timedelta(days=1), TODAY, []),
        (TODAY, TODAY, []),
    ],
)
def test_who_does_not_hold_it_shortens_a_role_and_does_not_prolong_it(
    bao, dana, commission, held, wanted, found
):
    role = RoleProfileFactory(grants={Capability.RELEASE_DECISIONS: True})
    given = AssignmentFactory(user=dana, role=role, commission=commission, ends_on=held)

    assert codes(ending_blockers(given, wanted, by=bao, today=TODAY)) == found


def test_last_way_to_give_rights_neither_ends_nor_counts_on_one_that_does():
    last = ada()
    assignment = last.assignments.get()
    AssignmentFactory(role=assignment.role, ends_on=TODAY)

    refused = refusals(say_more, assignment, ends_on=TODAY, comment="", by=last, today=TODAY)

    assert refused == ["last_manager"]
