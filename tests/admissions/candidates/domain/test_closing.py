"""Closing accounts of candidates, and who is changing their files."""

import pytest

from candide.admissions.candidates.domain import editing
from candide.admissions.candidates.domain.closing import switch, switching_blockers
from candide.admissions.candidates.domain.editing import (
    leases_on,
    release_every_lock,
    release_lock,
    release_section,
    section_of,
)
from candide.admissions.candidates.enums import CandidateEvent, Section
from candide.core.blockers import Refused
from candide.foundation.history.domain.log import entries_about
from candide.foundation.leases.models import Lease
from candide.institution.accounts.enums import AccountEvent
from tests.admissions.conftest import NOW
from tests.factories.access import EVERYTHING, AssignmentFactory, RoleProfileFactory
from tests.factories.accounts import UserFactory
from tests.factories.leases import LeaseFactory

pytestmark = pytest.mark.django_db


def events(user):
    return list(entries_about(user).order_by("pk").values_list("event", flat=True))


def test_account_is_closed_and_opened_again():
    user, by = UserFactory(), UserFactory(staff=True)

    switch(user, is_active=False, by=by)
    switch(user, is_active=False, by=by)
    user.refresh_from_db()
    assert not user.is_active

    switch(user, is_active=True, by=by)
    user.refresh_from_db()
    assert user.is_active
    assert events(user) == [AccountEvent.CLOSED, AccountEvent.REOPENED]


def test_merged_account_stays_closed():
    merged = UserFactory(is_active=False, merged_into=UserFactory())

    with pytest.raises(Refused) as refusal:
        switch(merged, is_active=True, by=UserFactory(staff=True))

    assert refusal.value.codes == ["merged"]


def test_last_who_gives_rights_is_not_closed():
    """Of a candidate who also works here, the account holds roles."""
    last = UserFactory()
    AssignmentFactory(user=last, role=RoleProfileFactory(grants=EVERYTHING))

    assert [blocker.code for blocker in switching_blockers(last)] == ["last_manager"]
    assert switching_blockers(UserFactory()) == []


# -- Locks -----------------------------------------------------------------------------------------


def test_staff_who_begin_keep_the_candidate_out_and_the_other_way_round():
    """B-163."""
    alix, bao = UserFactory(), UserFactory(staff=True)
    editing.begin(alix, section=Section.ADDRESS, by=alix, tab="a", now=NOW)

    assert list(leases_on(alix, now=NOW)) == [Section.ADDRESS]
    with pytest.raises(Refused):
        editing.begin(alix, section=Section.ADDRESS, by=bao, tab="b", now=NOW)
    assert release_section(alix, section=Section.ADDRESS, by=bao)
    editing.begin(alix, section=Section.ADDRESS, by=bao, tab="b", now=NOW)

    assert leases_on(alix, now=NOW)[Section.ADDRESS].owner_id == bao.pk
    entry = entries_about(alix).get()
    assert (entry.event, entry.by_id, entry.data) == (
        CandidateEvent.SECTION_RELEASED,
        bao.pk,
        {"section": "address"},
    )


def test_what_nobody_holds_is_not_released():
    alix = UserFactory()

    assert not release_section(alix, section=Section.WORK, by=alix)
    gone = LeaseFactory()
    Lease.objects.all().delete()
    assert not release_lock(gone, by=alix)
    assert events(alix) == []


@pytest.mark.parametrize(
    ("resource", "about"),
    [
        ("file:12/address", (12, Section.ADDRESS)),
        ("file:12/elsewhere", None),
        ("candidate:12/address", None),
        ("file:x/address", None),
    ],
)
def test_what_a_lock_is_about(resource, about):
    assert section_of(LeaseFactory(resource=resource)) == about


def test_every_lock_is_released_at_once():
    alix = UserFactory()
    editing.begin(alix, section=Section.ADDRESS, by=alix, tab="a", now=NOW)
    LeaseFactory()
    LeaseFactory(resource="file:999999/address")

    assert release_every_lock(by=UserFactory(staff=True)) == 3
    assert not Lease.objects.exists()
    assert events(alix) == [CandidateEvent.SECTION_RELEASED]
