"""Two accounts of one person become one (architecture, 0)."""

from datetime import date

import pytest
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import authenticate
from django.db import transaction

from candide.admissions.applications.domain.applying import apply_to
from candide.admissions.applications.domain.merging import (
    mark_of,
    merge,
    merging_blockers,
    merging_warnings,
)
from candide.admissions.applications.models import Application, DocumentVersion
from candide.admissions.candidates.domain import editing
from candide.admissions.candidates.domain.comparing import compare
from candide.admissions.candidates.domain.finding import find_people
from candide.admissions.candidates.domain.indexing import index_people
from candide.admissions.candidates.enums import CandidateEvent, IneState, Section
from candide.admissions.candidates.models import (
    Candidate,
    IneClaim,
    InternalStudies,
    PossibleDuplicate,
)
from candide.core.blockers import Refused
from candide.foundation.history.domain.log import entries_about
from candide.institution.accounts.domain.identifiers import change_password, send_identifiers
from candide.institution.accounts.models import User
from candide.institution.mails.models import OutgoingMail
from tests.admissions.conftest import NOW
from tests.factories.access import AssignmentFactory
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.applications import (
    ApplicationFactory,
    DocumentVersionFactory,
    SubmittedDocumentFactory,
)
from tests.factories.candidates import (
    AddressFactory,
    BaccalaureateFactory,
    CandidateFactory,
    ExternalStudiesFactory,
    InternshipFactory,
)
from tests.factories.catalogue import IntakeFactory
from tests.factories.mails import OutgoingMailFactory
from tests.institution.accounts.mailbox import sent

INE, OTHER_INE = "1856816120S", "1234567890V"
pytestmark = pytest.mark.django_db


@pytest.fixture
def kept():
    """The older account, with a whole file."""
    candidate = CandidateFactory(
        complete=True,
        first_name="ALIX",
        born_on=date(2005, 5, 2),
        user__email="old@example.org",
        user__file_number="AAAAAAAA",
    )
    return candidate.user


@pytest.fixture
def gone():
    """The newer one, which says some things differently, and some the other does not."""
    candidate = CandidateFactory(
        complete=True,
        first_name="ALIXE",
        usual_name="DURAND",
        born_on=date(2005, 5, 2),
        mobile="+33639980001",
        user__email="new@example.org",
        user__file_number="BBBBBBBB",
        user__student_number="22001",
        user__is_continuing_education=True,
    )
    return candidate.user


@pytest.fixture
def by():
    return UserFactory(staff=True)


def codes(kept, gone):
    return [blocker.code for blocker in merging_blockers(kept, gone, now=NOW)]


def again(*users):
    """The accounts as they are now."""
    return [User.objects.select_related("candidate").get(pk=user.pk) for user in users]


def test_everything_moves_to_the_account_that_stays(kept, gone, by):
    """Applications, cancelled ones too, documents, lines of the file, mails."""
    application = ApplicationFactory(candidate=gone.candidate)
    cancelled = ApplicationFactory(candidate=gone.candidate, cancelled=True)
    own = ApplicationFactory(candidate=kept.candidate)
    version = DocumentVersionFactory(candidate=gone.candidate)
    SubmittedDocumentFactory(application=application, version=version)
    internship = InternshipFactory(candidate=gone.candidate)
    mail = OutgoingMailFactory(for_user_id=gone.pk)

    merge(kept, gone, take=(), by=by, now=NOW)

    file = Candidate.objects.get(user=kept)
    assert set(Application.objects.filter(candidate=file)) == {application, cancelled, own}
    assert DocumentVersion.objects.get().candidate == file
    assert set(file.internships.all()) == {internship}
    mail.refresh_from_db()
    assert mail.for_user_id == kept.pk


@pytest.mark.parametrize(
    ("take", "expected"),
    [
        ((), ("ALIX", "old@example.org", "Bruxelles")),
        (("first_name",), ("ALIXE", "old@example.org", "Bruxelles")),
        (("email", "address"), ("ALIX", "new@example.org", "Namur")),
    ],
)
def test_one_value_of_each_field_is_chosen_and_the_other_stays_behind(
    kept, gone, by, take, expected
):
    """What only one says stays anyway; nothing is lost."""
    type(gone.candidate.address).objects.filter(candidate=gone.candidate).update(
        foreign_city="Namur"
    )
    values = {
        ("ALIX", "old@example.org", "Bruxelles"),
        ("ALIXE", "new@example.org", "Namur"),
    }

    merge(kept, gone, take=take, by=by, now=NOW)

    kept, gone = again(kept, gone)
    held = [
        (user.candidate.first_name, user.email, user.candidate.address.foreign_city)
        for user in (kept, gone)
    ]
    assert held[0] == expected
    assert {part for row in held for part in row} == {part for row in values for part in row}
    assert kept.candidate.usual_name == "DURAND"
    assert kept.candidate.mobile == "+33639980001"
    assert (kept.student_number, gone.student_number) == ("22001", "")
    assert kept.is_continuing_education
    assert (gone.merged_into, gone.is_active) == (kept, False)


def test_preview_says_what_the_merge_then_does(kept, gone, by):
    lines = {line.name: line for line in compare(kept, gone, take={"first_name"})}

    assert [name for name, line in lines.items() if line.is_choice] == [
        "email",
        "first_name",
        "address",
        "baccalaureate",
    ]
    merge(kept, gone, take={"first_name"}, by=by, now=NOW)

    kept, gone = again(kept, gone)
    after = {line.name: line.kept for line in compare(kept, gone)}
    assert after == {name: line.result for name, line in lines.items()}


def test_history_says_it_on_both_and_on_each_application(kept, gone, by):
    application = ApplicationFactory(candidate=gone.candidate)

    merge(kept, gone, take={"first_name"}, by=by, now=NOW)

    stays, goes = entries_about(kept).get(), entries_about(gone).get()
    assert (stays.event, stays.by_id) == (CandidateEvent.MERGED, by.pk)
    assert stays.data["applications"] == [application.pk]
    assert "first_name" in stays.data["fields"]
    assert (goes.event, goes.data["other"]) == (CandidateEvent.MERGED_AWAY, kept.pk)
    assert entries_about(application).get().event == CandidateEvent.MERGED


def test_both_addresses_are_told(kept, gone, by):
    merge(kept, gone, take=(), by=by, now=NOW)

    assert sent() == [
        ("accounts-merged", "old@example.org"),
        ("accounts-merged", "new@example.org"),
    ]
    assert "BBBBBBBB" in OutgoingMail.objects.first().text


def test_old_ways_to_sign_in_lead_to_the_account_that_stays(kept, gone, by, now):
    SocialAccount.objects.create(user=gone, provider="institution", uid="alix")
    gone.set_password("Ancien-Mot-42!")
    gone.save()

    merge(kept, gone, take=(), by=by, now=NOW)

    for login in ("BBBBBBBB", "new@example.org"):
        for password in (PASSWORD, "Ancien-Mot-42!"):
            assert authenticate(None, username=login, password=password) == kept
    assert authenticate(None, username="AAAAAAAA", password="Ancien-Mot-42!") is None
    assert SocialAccount.objects.get().user == kept
    send_identifiers("new@example.org", now=now)
    assert sent()[-1] == ("forgotten-identifiers", "old@example.org")

    change_password(kept, password="Nouveau-Mot-42!")
    assert authenticate(None, username="BBBBBBBB", password="Ancien-Mot-42!") is None
    assert authenticate(None, username="BBBBBBBB", password="Nouveau-Mot-42!") == kept


def test_password_of_the_other_is_taken_where_there_is_none(kept, gone, by):
    kept.set_unusable_password()
    kept.has_local_password = False
    kept.activated_at = None
    kept.save()

    merge(kept, gone, take={"email"}, by=by, now=NOW)

    (kept,) = again(kept)
    assert kept.activated_at is not None
    assert authenticate(None, username="AAAAAAAA", password=PASSWORD) == kept


def test_account_without_file_takes_the_file_as_it_is(gone, by):
    empty = UserFactory(file_number="CCCCCCCC")
    application = ApplicationFactory(candidate=gone.candidate)

    merge(empty, gone, take=(), by=by, now=NOW)

    application.refresh_from_db()
    assert application.candidate.user == empty
    assert not Candidate.objects.filter(user=gone).exists()


def test_account_without_file_is_merged_away(kept, by):
    empty = UserFactory(file_number="CCCCCCCC")
    key = kept.candidate.pk

    merge(kept, empty, take=(), by=by, now=NOW)

    assert again(empty)[0].merged_into == kept
    assert Candidate.objects.get().pk == key


def test_blocks_only_the_other_has_move(by):
    kept = CandidateFactory().user
    gone = CandidateFactory().user
    AddressFactory(candidate=gone.candidate, foreign_city="Liège")
    bac = BaccalaureateFactory(candidate=gone.candidate)

    assert "Liège" in {line.name: line.result for line in compare(kept, gone)}["address"]
    merge(kept, gone, take=(), by=by, now=NOW)

    file = Candidate.objects.get(user=kept)
    assert file.address.foreign_city == "Liège"
    bac.refresh_from_db()
    assert bac.candidate == file


def test_lines_that_say_the_same_stay_behind(kept, gone, by):
    same = {"organisation": "Mairie", "year": 2025}
    InternshipFactory(candidate=kept.candidate, **same)
    behind = InternshipFactory(candidate=gone.candidate, **same)
    study = ExternalStudiesFactory(candidate=gone.candidate)
    for user, code in ((kept, "L1"), (gone, "L1"), (gone, "L2")):
        InternalStudies.objects.create(
            candidate=user.candidate, year="2025", code=code, label="Licence"
        )

    merge(kept, gone, take=(), by=by, now=NOW)

    behind.refresh_from_db()
    study.refresh_from_db()
    assert behind.candidate.user == gone
    assert study.candidate.user == kept
    here = InternalStudies.objects.filter(candidate__user=kept).order_by("code")
    assert list(here.values_list("code", flat=True)) == ["L1", "L2"]


# -- INE -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mine", "theirs", "take", "stays"),
    [
        (INE, "", (), INE),
        ("", INE, (), INE),
        (INE, INE, (), INE),
        (INE, OTHER_INE, (), INE),
        (INE, OTHER_INE, ("ine",), OTHER_INE),
    ],
)
def test_ine_that_stays_is_held_by_the_file_that_stays(kept, gone, by, mine, theirs, take, stays):
    held = IneState.CLAIMED if mine == theirs else IneState.CONFIRMED
    for user, ine, state in ((kept, mine, held), (gone, theirs, IneState.CONFIRMED)):
        Candidate.objects.filter(user=user).update(
            ine=ine, ine_state=state if ine else IneState.NONE
        )
    if mine == theirs:
        IneClaim.objects.create(
            candidate=kept.candidate, holder=gone.candidate, ine=INE, made_at=NOW
        )

    merge(kept, gone, take=take, by=by, now=NOW)

    kept, gone = again(kept, gone)
    assert (kept.candidate.ine, kept.candidate.ine_state) == (stays, IneState.CONFIRMED)
    assert gone.candidate.ine_state != IneState.CONFIRMED
    assert not IneClaim.objects.filter(settled_at=None).exists()


def test_ine_that_is_given_up_goes_to_who_claimed_it(kept, gone, by):
    Candidate.objects.filter(user=kept).update(ine=INE, ine_state=IneState.CONFIRMED)
    Candidate.objects.filter(user=gone).update(ine=OTHER_INE, ine_state=IneState.CONFIRMED)
    third = CandidateFactory(ine=OTHER_INE, ine_state=IneState.CLAIMED)
    IneClaim.objects.create(candidate=third, holder=gone.candidate, ine=OTHER_INE, made_at=NOW)

    merge(kept, gone, take=(), by=by, now=NOW)

    third.refresh_from_db()
    assert third.ine_state == IneState.CONFIRMED


# -- What stands in the way ------------------------------------------------------------------------


def test_nothing_stands_in_the_way(kept, gone):
    assert codes(kept, gone) == []
    assert merging_warnings(kept, gone) == []


def test_both_in_the_same_programme_waits_for_a_cancellation(kept, gone, by):
    application = ApplicationFactory(candidate=kept.candidate)
    twin = ApplicationFactory(candidate=gone.candidate, intake=application.intake)

    with pytest.raises(Refused) as refusal:
        merge(kept, gone, take=(), by=by, now=NOW)
    assert refusal.value.codes == ["same_intake"]
    assert again(gone)[0].merged_into is None

    Application.objects.filter(pk=twin.pk).update(cancelled_at=NOW)
    merge(kept, gone, take=(), by=by, now=NOW)
    assert Application.objects.filter(candidate__user=kept).count() == 2


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("same", ["same"]),
        ("merged", ["merged"]),
        ("closed", ["closed"]),
        ("staff", ["no_candidate"]),
        ("roles", ["has_roles"]),
        ("edited", ["edited"]),
    ],
)
def test_accounts_that_are_not_merged(kept, gone, change, expected):
    if change == "same":
        gone = kept
    elif change == "merged":
        gone.merged_into, gone.is_active = UserFactory(), False
        gone.save()
    elif change == "closed":
        kept.is_active = False
        kept.save()
    elif change == "staff":
        gone = UserFactory(staff=True)
    elif change == "roles":
        AssignmentFactory(user=gone)
    else:
        editing.begin(gone, section=Section.ADDRESS, by=gone, tab="a", now=NOW)

    assert codes(kept, gone) == expected


def test_what_speaks_for_two_people_is_said(kept, gone):
    Candidate.objects.filter(user=kept).update(ine=INE, ine_state=IneState.CONFIRMED)
    Candidate.objects.filter(user=gone).update(
        ine=OTHER_INE, ine_state=IneState.CONFIRMED, born_on=date(2004, 1, 1)
    )

    assert [b.code for b in merging_warnings(kept, gone)] == ["other_birth_date", "other_ine"]
    assert merging_warnings(kept, UserFactory()) == []


def test_what_changed_since_the_preview_is_looked_at_again(kept, gone, by):
    seen = mark_of(kept, gone)
    ApplicationFactory(candidate=gone.candidate)

    with pytest.raises(Refused) as refusal:
        merge(kept, gone, take=(), by=by, now=NOW, seen=seen)

    assert refusal.value.codes == ["changed"]
    merge(kept, gone, take=(), by=by, now=NOW, seen=mark_of(kept, gone))


def test_who_was_merged_is_found_once_and_no_pair_is_left(kept, gone, by):
    index_people([kept.pk, gone.pk], now=NOW)
    assert PossibleDuplicate.objects.filter(settled_at=None).count() == 1

    merge(kept, gone, take=(), by=by, now=NOW)

    assert not PossibleDuplicate.objects.filter(settled_at=None).exists()
    assert find_people("durand", among=User.objects.all()).people == [kept]


def test_accounts_merged_before_follow(kept, gone, by):
    first = UserFactory(merged_into=gone, is_active=False, file_number="DDDDDDDD")

    merge(kept, gone, take=(), by=by, now=NOW)

    assert again(first)[0].merged_into == kept
    assert authenticate(None, username="DDDDDDDD", password=PASSWORD) == kept


def test_nothing_is_merged_when_something_fails(kept, gone, by, monkeypatch):
    """All or nothing."""
    ApplicationFactory(candidate=gone.candidate)
    monkeypatch.setattr(
        "candide.admissions.applications.domain.merging.index_people",
        lambda *args, **named: 1 / 0,
    )

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        merge(kept, gone, take={"email"}, by=by, now=NOW)

    assert Application.objects.get().candidate.user == gone
    assert [user.email for user in again(kept, gone)] == ["old@example.org", "new@example.org"]


def test_account_that_is_merged_meanwhile_applies_no_more(kept, gone, by):
    intake = IntakeFactory(open=True)
    merge(kept, User.objects.get(pk=gone.pk), take=(), by=by, now=NOW)

    with pytest.raises(Refused) as refusal:
        apply_to(intake, user=gone, by=gone, now=NOW)

    assert "not_activated" in refusal.value.codes
    assert not intake.applications.exists()
