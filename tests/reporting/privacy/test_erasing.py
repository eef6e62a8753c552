"""When a person may be erased, what is said before, and what follows."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from candide.admissions.applications.models import Application
from candide.admissions.candidates.models import Candidate
from candide.admissions.handover.domain.replaying import put_aside
from candide.admissions.handover.enums import HandoverState
from candide.admissions.handover.models import DeliveryFile, PreEnrolment
from candide.core.blockers import Refused
from candide.foundation.downloads.models import Download
from candide.foundation.history.models import HistoryEntry
from candide.institution.access.domain.roles import create_starter_roles
from candide.institution.accounts.domain.email_change import ask_email_change
from candide.institution.accounts.models import User
from candide.institution.mails.models import OutgoingMail
from candide.reporting.privacy.domain.erasing import (
    erase,
    erasing_blockers,
    erasing_warnings,
    forget_farewells,
    own_erasing_blockers,
    preview,
)
from candide.reporting.privacy.domain.exporting import ask_for_own_data
from candide.reporting.privacy.models import ErasedApplication
from candide.reporting.privacy.tasks import forget
from tests.factories.access import AssignmentFactory
from tests.factories.accounts import MailedLinkFactory, UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.candidates import CandidateFactory
from tests.factories.catalogue import IntakeFactory
from tests.factories.decisions import DecisionFactory
from tests.factories.files import StoredFileFactory
from tests.factories.handover import DeliveryFactory, PreEnrolmentFactory
from tests.factories.letters import LetterFactory
from tests.factories.mails import OutgoingMailFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 3, 15, 10, 0, tzinfo=UTC)


def codes(blockers):
    return [blocker.code for blocker in blockers]


def gone(user, **options):
    erase(user, by=None, now=NOW, **{"with_mail": False, **options})


def test_who_works_here_or_was_merged_is_not_erased():
    staff = UserFactory(staff=True)
    both = UserFactory()
    AssignmentFactory(user=both, role=create_starter_roles()["manager"])
    merged = UserFactory(merged_into=UserFactory(), is_active=False)

    found = [codes(erasing_blockers(user)) for user in (staff, both, merged, UserFactory())]

    assert found == [["no_candidate"], ["has_roles"], ["merged"], []]


@pytest.mark.parametrize(
    ("state", "is_live"),
    [
        ({}, True),
        ({"complete": True}, True),
        ({"accepted": True}, True),
        ({"cancelled": True}, False),
        ({"withdrawn": True}, False),
        ({"archived_at": NOW}, False),
        ({"complete": True, "released_outcome": "unfavourable", "has_any_decision": True}, False),
    ],
)
def test_live_application_keeps_the_person_from_it_and_warns_administrators(state, is_live):
    """B-160."""
    application = ApplicationFactory(**state)
    user = application.candidate.user

    assert codes(own_erasing_blockers(user)) == ["live"] * is_live
    assert codes(erasing_blockers(user)) == []
    assert codes(erasing_warnings(user)) == ["live"] * is_live
    if is_live:
        with pytest.raises(Refused):
            gone(user, is_own=True)
    else:
        gone(user, is_own=True)
    assert User.objects.filter(pk=user.pk).exists() == is_live


def test_letters_that_can_no_longer_be_verified_are_warned_of():
    letter = LetterFactory(decision__application__cancelled=False)
    user = letter.decision.application.candidate.user

    assert "letters" in codes(erasing_warnings(user))


def test_preview_counts_what_goes_and_changes_nothing():
    candidate = CandidateFactory(complete=True)
    ApplicationFactory(candidate=candidate, cancelled=True)
    ApplicationFactory(candidate=candidate)
    OutgoingMailFactory(for_user_id=candidate.user_id)

    seen = preview(candidate.user)

    goes = dict(seen.goes)
    assert goes["Candidature"] == 2
    assert goes["Mail"] == 1
    assert seen.goes[0] == ("Candidature", 2)
    assert {each.pk for each in seen.applications} == {
        each.pk for each in Application.objects.all()
    }
    assert Candidate.objects.exists()


def test_withdrawal_the_student_system_was_not_told_of_comes_first():
    row = PreEnrolmentFactory(to_withdraw=True, application__withdrawn=True)
    user = row.application.candidate.user

    found = (codes(erasing_blockers(user)), codes(own_erasing_blockers(user)))
    with pytest.raises(Refused):
        gone(user)
    put_aside([row.pk], by=None, now=NOW)

    assert found == (["to_withdraw"], ["to_withdraw"])
    gone(user)
    assert not PreEnrolment.objects.exists()


def test_nobody_is_erased_while_the_student_system_is_told_of_them():
    row = PreEnrolmentFactory(claim=uuid4(), leased_until=NOW + timedelta(minutes=1))
    user = row.application.candidate.user

    with pytest.raises(Refused, match="being_told"):
        gone(user)

    erase(user, by=None, now=NOW + timedelta(minutes=1), with_mail=False)
    assert not PreEnrolment.objects.exists()


def test_what_the_student_system_keeps_is_shown_and_warned_of(django_assert_num_queries):
    row = PreEnrolmentFactory(accepted=True)
    user = row.application.candidate.user

    other = ApplicationFactory(candidate=row.application.candidate, cancelled=True)

    shown = preview(user)

    with django_assert_num_queries(0):
        assert dict(shown.handed_over) == {row.application: row, other: None}
    assert codes(erasing_warnings(user)) == ["live", "held"]
    assert codes(erasing_warnings(PreEnrolmentFactory().application.candidate.user)) == ["live"]


def test_files_for_the_student_system_are_warned_of_and_others_told_of_again():
    row, other = PreEnrolmentFactory(sent=True), PreEnrolmentFactory(sent=True)
    delivery = DeliveryFactory()
    delivery.pre_enrolments.add(row, other)
    for _number in range(2):
        DeliveryFile.objects.create(delivery=delivery, file=StoredFileFactory())
    user = row.application.candidate.user

    warnings = erasing_warnings(user)
    gone(user)

    assert codes(warnings) == ["live", "held", "files"]
    assert str(warnings[-1].message).startswith("1 ")
    other.refresh_from_db()
    assert (other.state, other.turn) == (HandoverState.TO_SEND, 2)
    assert not DeliveryFile.objects.exists()


def test_what_is_counted_stays_of_nobody_in_person():
    application = ApplicationFactory(accepted=True)

    gone(application.candidate.user)

    row = ErasedApplication.objects.get()
    assert (row.intake_id, row.dossier_status, row.released_outcome, row.answer) == (
        application.intake_id,
        application.dossier_status,
        application.released_outcome,
        "accepted",
    )
    assert {field.name for field in row._meta.concrete_fields} == {
        *("id", "intake", "dossier_status", "released_outcome", "answer", "is_cancelled"),
    }


def test_place_that_becomes_free_goes_to_the_next(monkeypatch):
    """As when somebody withdraws [15.3]; what is archived frees none."""
    freed = []
    monkeypatch.setattr(
        "candide.reporting.privacy.domain.erasing.fill_places",
        lambda intake, *, now, freed: freed_places(intake, freed),
    )

    def freed_places(intake, number):
        freed.append((intake.pk, number))

    intake = IntakeFactory()
    candidate = CandidateFactory()
    ApplicationFactory(candidate=candidate, intake=intake, accepted=True)
    ApplicationFactory(candidate=candidate, withdrawn=True)
    ApplicationFactory(candidate=candidate, accepted=True, archived_at=NOW)

    gone(candidate.user)

    assert freed == [(intake.pk, 1)]


def test_rank_of_those_behind_is_computed_anew():
    intake = IntakeFactory()
    first, second = (
        ApplicationFactory(
            intake=intake, complete=True, has_any_decision=True, released_outcome="reserve_list"
        )
        for _number in range(2)
    )
    for rank, each in enumerate((first, second), 1):
        DecisionFactory(application=each, released=True, type__outcome="reserve_list", rank=rank)

    gone(first.candidate.user)

    assert second.decisions.get().current_rank == 1


def test_person_is_told_and_that_mail_goes_too():
    user = CandidateFactory().user

    gone(user, with_mail=True)

    mail = OutgoingMail.objects.get()
    assert mail.to == user.email
    assert forget_farewells() == 0
    OutgoingMail.objects.update(status="sent", sent_at=NOW)
    kept = OutgoingMailFactory(kind="account-deleted", for_user_id=UserFactory().pk, sent=True)
    forget(NOW)
    assert list(OutgoingMail.objects.all()) == [kept]


def test_history_says_that_somebody_was_erased_and_by_whom():
    user, ada = CandidateFactory().user, UserFactory(staff=True)

    erase(user, by=ada, now=NOW, with_mail=False)

    entry = HistoryEntry.objects.get(event="account-erased")
    assert (entry.subject_id, entry.by_id) == (user.pk, ada.pk)
    assert entry.data == {"applications": 0, "own": False}


def test_mails_of_somebody_else_stay_whatever_address_was_asked_for():
    """An address is anybody's until its link was used."""
    bo, user = UserFactory(), CandidateFactory().user
    ask_email_change(user, email=bo.email, now=NOW)
    theirs = OutgoingMailFactory(for_user_id=bo.pk, to=bo.email)
    unsaid = OutgoingMailFactory(to=bo.email)
    about = OutgoingMailFactory(about_type="applications.application", about_id=0, to=user.email)
    OutgoingMailFactory(to=user.email)

    gone(user)

    left = OutgoingMail.objects.exclude(kind="address-already-used")
    assert set(left) == {theirs, unsaid, about}


def test_mails_to_an_address_the_person_proved_go_too():
    user = UserFactory()
    MailedLinkFactory(user=user, purpose="email", email="former@example.org", used_at=NOW)
    OutgoingMailFactory(to="former@example.org")

    gone(user)

    assert not OutgoingMail.objects.exists()


def test_export_that_is_still_being_made_goes_too():
    alix = CandidateFactory()
    ask_for_own_data(alix.user, now=NOW)

    gone(alix.user)

    assert not Download.objects.exists()
