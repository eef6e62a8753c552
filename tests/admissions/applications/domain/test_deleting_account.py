"""Deleting the account of somebody who never applied [27.4]."""

import pytest

from candide.admissions.applications.domain.deleting_account import (
    deletable,
    delete_account,
    delete_accounts,
    deleting_blockers,
)
from candide.admissions.candidates.enums import IneState
from candide.admissions.candidates.models import Candidate, IneClaim
from candide.core.blockers import Refused
from candide.foundation.history.models import HistoryEntry
from candide.institution.accounts.enums import AccountEvent
from candide.institution.accounts.models import IssuedFileNumber, User
from tests.admissions.conftest import NOW
from tests.factories.access import AssignmentFactory
from tests.factories.accounts import IssuedFileNumberFactory, UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.candidates import CandidateFactory, InternshipFactory
from tests.factories.mails import OutgoingMailFactory
from tests.institution.accounts.mailbox import sent

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("with_mail", "mails"), [(True, ["account-deleted"]), (False, [])])
def test_account_goes_with_the_file_that_was_begun(with_mail, mails):
    """B-159: what was mailed goes too; the number is never given again."""
    user = CandidateFactory(complete=True).user
    InternshipFactory(candidate=user.candidate)
    IssuedFileNumberFactory(number=user.file_number)
    OutgoingMailFactory(for_user_id=user.pk)
    by = UserFactory(staff=True)
    key, number = user.pk, user.file_number

    delete_account(user, by=by, now=NOW, with_mail=with_mail)

    assert not User.objects.filter(pk=key).exists()
    assert not Candidate.objects.exists()
    assert [kind for kind, _to in sent()] == mails
    assert IssuedFileNumber.objects.filter(number=number).exists()
    entry = HistoryEntry.objects.get(event=AccountEvent.DELETED)
    assert (entry.subject_id, entry.by_id, entry.data) == (key, by.pk, {"mail": with_mail})


def test_account_without_file_is_deleted():
    user = UserFactory()

    delete_account(user, by=UserFactory(staff=True), now=NOW, with_mail=False)

    assert not User.objects.filter(pk=user.pk).exists()


def test_ine_of_a_deleted_file_goes_to_who_claimed_it():
    holder = CandidateFactory(ine="1856816120S", ine_state=IneState.CONFIRMED)
    heir = CandidateFactory(ine="1856816120S", ine_state=IneState.CLAIMED)
    IneClaim.objects.create(candidate=heir, holder=holder, ine=heir.ine, made_at=NOW)

    delete_account(holder.user, by=UserFactory(staff=True), now=NOW, with_mail=False)

    heir.refresh_from_db()
    assert heir.ine_state == IneState.CONFIRMED


def test_ine_passed_on_inside_a_batch_goes_on_to_who_stays():
    """B was first to claim what A holds, and goes with A."""
    a = CandidateFactory(ine="1856816120S", ine_state=IneState.CONFIRMED)
    b, c = (CandidateFactory(ine=a.ine, ine_state=IneState.CLAIMED) for _ in range(2))
    for claimant in (b, c):
        IneClaim.objects.create(candidate=claimant, holder=a, ine=a.ine, made_at=NOW)

    delete_accounts([a.user_id, b.user_id], now=NOW)

    c.refresh_from_db()
    assert c.ine_state == IneState.CONFIRMED


@pytest.mark.parametrize(
    ("made", "codes"),
    [
        ("applied", ["has_applications"]),
        ("cancelled", ["has_applications"]),
        ("works", ["has_roles"]),
        ("superuser", ["has_roles", "last_manager"]),
        ("merged", ["merged"]),
        ("kept", ["merged"]),
    ],
)
def test_what_keeps_an_account(made, codes):
    user = CandidateFactory().user
    if made in {"applied", "cancelled"}:
        ApplicationFactory(candidate=user.candidate, cancelled=made == "cancelled")
    elif made == "works":
        AssignmentFactory(user=user)
    elif made == "superuser":
        user.is_superuser = True
        user.save()
    elif made == "merged":
        user.merged_into, user.is_active = UserFactory(), False
        user.save()
    else:
        UserFactory(merged_into=user, is_active=False)

    assert [blocker.code for blocker in deleting_blockers(user)] == codes
    # What is asked of many at once says the same, but of those merged.
    assert deletable(User.objects.filter(pk=user.pk)).exists() == (codes == ["merged"])
    with pytest.raises(Refused):
        delete_account(user, by=UserFactory(staff=True), now=NOW, with_mail=True)
    assert User.objects.filter(pk=user.pk).exists()
