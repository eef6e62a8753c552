"""Composing roles: nobody gives what they do not hold, and somebody can always give."""

import pytest

from candide.core.blockers import Refused
from candide.foundation.history.domain.log import entries_about
from candide.foundation.history.enums import RowEvent
from candide.institution.access.domain.composing import (
    RoleDraft,
    change_role,
    create_role,
    delete_role,
    grants_of,
    people_with,
    role_mark,
    switch_role,
)
from candide.institution.access.enums import Capability
from candide.institution.access.models import Assignment, RoleProfile
from tests.factories.access import EVERYTHING, AssignmentFactory, RoleProfileFactory, ada
from tests.factories.accounts import UserFactory
from tests.factories.catalogue import ApplicationCentreFactory

pytestmark = pytest.mark.django_db
VIEW, CHECK = Capability.VIEW_APPLICATIONS, Capability.CHECK_DOCUMENTS
STAFF = Capability.MANAGE_STAFF


def draft(**fields):
    return RoleDraft(**{"code": "jury", "name": "Jury", "grants": {VIEW: False}, **fields})


def refusals(act, *args, **kwargs):
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    return refusal.value.codes


def admin_role():
    return RoleProfile.objects.get(grants__capability=STAFF)


def test_role_is_composed_and_the_history_says_of_what():
    by = ada()

    role = create_role(draft(grants={VIEW: False, CHECK: True}), by=by)

    (entry,) = entries_about(role)
    assert (role.is_active, grants_of(role)) == (True, {VIEW: False, CHECK: True})
    assert (entry.event, entry.by_id) == (RowEvent.CREATED, by.pk)
    assert entry.data["changes"] == {
        "code": [None, "jury"],
        "name": [None, "Jury"],
        "is_active": [None, True],
        "grant:view_applications": [None, "read"],
        "grant:check_documents": [None, "write"],
    }


def test_change_is_in_the_history_before_and_after():
    role = RoleProfileFactory(grants={VIEW: False, CHECK: True})
    by = ada()

    change_role(role, draft(grants={VIEW: True}), by=by, seen=role_mark(role))

    assert entries_about(role).first().data["changes"] == {
        "code": [role.code, "jury"],
        "name": [role.name, "Jury"],
        "grant:view_applications": ["read", "write"],
        "grant:check_documents": ["write", None],
    }


def test_saving_what_is_there_writes_no_history():
    role = create_role(draft(), by=ada())

    change_role(role, draft(), by=ada(), seen=role_mark(role))

    assert entries_about(role).count() == 1


def test_role_changed_meanwhile_is_not_written_over():
    role, by = RoleProfileFactory(grants={VIEW: False}), ada()
    seen = role_mark(role)
    change_role(role, draft(grants={VIEW: True}), by=by)

    assert refusals(change_role, role, draft(), by=by, seen=seen) == ["changed_meanwhile"]
    assert grants_of(role) == {VIEW: True}


def test_role_of_nothing_and_a_code_twice_are_refused():
    by = ada()
    create_role(draft(), by=by)

    assert refusals(create_role, draft(grants={}), by=by) == ["code_taken", "empty"]


@pytest.mark.parametrize(
    ("held", "where", "wanted", "codes"),
    [
        ({STAFF: True, VIEW: True}, "everywhere", {VIEW: True}, []),
        ({STAFF: True, VIEW: True}, "everywhere", {VIEW: False}, []),
        ({STAFF: True, VIEW: False}, "everywhere", {VIEW: True}, ["not_held"]),
        ({STAFF: True}, "everywhere", {VIEW: False}, ["not_held"]),
        ({STAFF: True, VIEW: True}, "centre", {VIEW: False}, ["not_held"]),
    ],
)
def test_only_what_one_holds_everywhere_is_put_into_a_role(held, where, wanted, codes):
    centre = ApplicationCentreFactory() if where == "centre" else None
    by = AssignmentFactory(role=RoleProfileFactory(grants=held), centre=centre).user

    if codes:
        assert refusals(create_role, draft(grants=wanted), by=by) == codes
    else:
        assert grants_of(create_role(draft(grants=wanted), by=by)) == wanted


def test_what_a_role_held_already_stays_and_may_be_taken_by_who_does_not_hold_it():
    role = RoleProfileFactory(grants={VIEW: False, CHECK: True})
    by = AssignmentFactory(role=RoleProfileFactory(grants={STAFF: True})).user

    change_role(role, draft(grants={CHECK: True}), by=by)
    assert refusals(change_role, role, draft(grants={VIEW: False}), by=by) == ["not_held"]

    assert grants_of(role) == {CHECK: True}


def test_raising_a_capability_from_reading_to_writing_is_giving_it():
    role = RoleProfileFactory(grants={CHECK: False})
    by = AssignmentFactory(role=RoleProfileFactory(grants={STAFF: True, CHECK: False})).user

    assert refusals(change_role, role, draft(grants={CHECK: True}), by=by) == ["not_held"]


def test_how_many_people_lose_what_a_role_opens():
    role = RoleProfileFactory(grants={VIEW: False})
    bao = AssignmentFactory(role=role).user
    AssignmentFactory(role=role, user=bao, centre=ApplicationCentreFactory())
    AssignmentFactory(role=role, is_active=False)
    AssignmentFactory(role=role, user=UserFactory(staff=True, out_of_service=True))

    assert people_with(role) == 1


def test_role_goes_out_of_service_and_back():
    role, by = RoleProfileFactory(grants={VIEW: False}), ada()

    switch_role(role, is_active=False, by=by)
    switch_role(role, is_active=False, by=by)
    switch_role(role, is_active=True, by=by)

    role.refresh_from_db()
    assert role.is_active
    assert [entry.data["changes"] for entry in entries_about(role)] == [
        {"is_active": [False, True]},
        {"is_active": [True, False]},
    ]


def test_role_is_not_put_back_by_somebody_who_could_not_give_it():
    role = RoleProfileFactory(grants={CHECK: True}, is_active=False)
    by = AssignmentFactory(role=RoleProfileFactory(grants={STAFF: True})).user

    assert refusals(switch_role, role, is_active=True, by=by) == ["not_held"]


def test_role_somebody_has_is_not_deleted_even_out_of_service():
    assignment = AssignmentFactory(is_active=False)

    assert refusals(delete_role, assignment.role, by=ada()) == ["in_use"]


def test_role_nobody_has_is_deleted_and_the_history_keeps_it():
    role, by = RoleProfileFactory(grants={VIEW: False}), ada()
    pk = role.pk

    delete_role(role, by=by)

    role.pk = pk
    (entry,) = entries_about(role)
    assert not RoleProfile.objects.filter(pk=pk).exists()
    assert (entry.event, entry.data["changes"]["grant:view_applications"]) == (
        RowEvent.DELETED,
        ["read", None],
    )


# -- The last way to give rights -------------------------------------------------------------------


def without_staff():
    return draft(grants={each: True for each in EVERYTHING if each != STAFF})


def test_last_role_that_gives_rights_keeps_that_and_stays_in_service():
    by = ada()
    role = admin_role()

    assert refusals(change_role, role, without_staff(), by=by) == ["last_manager"]
    assert refusals(switch_role, role, is_active=False, by=by) == ["last_manager"]
    assert refusals(delete_role, role, by=by) == ["in_use", "last_manager"]
    read_only = draft(grants={**EVERYTHING, STAFF: False})
    assert refusals(change_role, role, read_only, by=by) == ["last_manager"]


@pytest.mark.parametrize(
    "other",
    [
        {"role": {"is_active": False}},
        {"role": {"grants": {STAFF: False}}},
        {"is_active": False},
        {"centre": True},
        {"user": {"is_active": False}},
        {"user": {"activated_at": None}},
    ],
    ids=lambda other: "-".join(f"{key} {value}" for key, value in other.items()),
)
def test_who_could_not_do_it_in_their_place_does_not_count(other):
    by = ada()
    role = admin_role()
    fields = dict(other)
    fields["role"] = RoleProfileFactory(**{"grants": {STAFF: True}, **fields.pop("role", {})})
    fields["user"] = UserFactory(staff=True, **fields.pop("user", {}))
    if "centre" in fields:
        fields["centre"] = ApplicationCentreFactory()
    AssignmentFactory(**fields)

    assert refusals(switch_role, role, is_active=False, by=by) == ["last_manager"]


@pytest.mark.parametrize("other", ["role", "superuser"])
def test_another_who_can_do_it_lets_the_role_go(other):
    by = ada()
    role = admin_role()
    if other == "role":
        AssignmentFactory(role=RoleProfileFactory(grants={STAFF: True}))
    else:
        UserFactory(staff=True, is_superuser=True)

    switch_role(role, is_active=False, by=by)

    role.refresh_from_db()
    assert not role.is_active


def test_second_assignment_of_the_same_role_does_not_keep_it():
    by = ada()
    AssignmentFactory(role=admin_role())

    assert Assignment.objects.count() == 2
    assert refusals(switch_role, admin_role(), is_active=False, by=by) == ["last_manager"]


def test_role_that_is_not_saved_has_no_capability():
    assert grants_of(RoleProfile()) == {}
