"""Asking one candidate for documents and answers again [back-office 16, beyond 15]."""

from datetime import timedelta

import pytest

from candide.admissions.applications.domain.asked import (
    asked_questions,
    requested_documents,
)
from candide.admissions.applications.domain.checking import check_documents
from candide.admissions.applications.domain.correcting import (
    Wanted,
    ask_corrections,
    ask_further_document,
    cancel_correction,
    correcting_blockers,
    correcting_warnings,
    drop_further_document,
    further_document_blockers,
    move_correction,
    wanted_blockers,
)
from candide.admissions.applications.domain.corrections import corrections_of
from candide.admissions.applications.domain.documents import (
    declare_not_concerned,
    give_document,
    remove_document,
)
from candide.admissions.applications.domain.editing import item_blockers
from candide.admissions.applications.domain.questions import (
    declare_question_not_concerned,
    save_answer,
)
from candide.admissions.applications.domain.snapshot import latest_snapshot
from candide.admissions.applications.domain.todo import next_deadline, things_to_do
from candide.admissions.applications.domain.transmission import transmit
from candide.admissions.applications.enums import (
    ApplicationEvent,
    CorrectionKind,
    CorrectionOutcome,
    DossierStatus,
    ItemStatus,
)
from candide.admissions.applications.models import Application, Correction, DocumentVersion
from candide.core.blockers import Refused
from candide.core.clock import localdate
from candide.foundation.history.domain.log import entries_about
from candide.institution.catalogue.models import Institution, Intake
from candide.institution.mails.models import OutgoingMail
from candide.institution.requirements.models import DocumentRequirement
from tests.admissions.conftest import NOW, again
from tests.factories.files import StoredFileFactory
from tests.factories.requirements import DocumentRequirementFactory, QuestionFactory

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
TODAY = localdate(NOW)
DUE = TODAY + 5 * DAY
ILLEGIBLE, OUTDATED = CorrectionKind.ILLEGIBLE, CorrectionKind.OUTDATED


@pytest.fixture
def diploma(db):
    return DocumentRequirementFactory(common=True, is_unique=True, label="Diplôme", position=1)


@pytest.fixture
def marks(db):
    return DocumentRequirementFactory(common=True, is_unique=True, label="Relevé", position=2)


@pytest.fixture
def question(db):
    return QuestionFactory(common=True, is_unique=True)


@pytest.fixture
def received(application, diploma, marks, question):
    """Transmitted with two documents and an answer, after which its deadline passed."""
    alix = application.candidate.user
    for requirement in (diploma, marks):
        give_document(application, requirement, StoredFileFactory(), by=alix, now=NOW - 9 * DAY)
    save_answer(application, question, "Oui", by=alix, now=NOW - 9 * DAY)
    transmit(application, by=alix, now=NOW - 9 * DAY)
    OutgoingMail.objects.all().delete()
    Intake.objects.update(
        opens_on=TODAY - 30 * DAY, closes_on=TODAY - 20 * DAY, documents_due_on=TODAY - DAY
    )
    return again(application)


def ask(application, bao, *, documents=(), questions=(), labels=(), due_on=DUE, comment="Flou"):
    wanted = Wanted(
        {one.pk: ILLEGIBLE for one in documents}, {one.pk: OUTDATED for one in questions}, labels
    )
    return ask_corrections(
        again(application), wanted, comment=comment, due_on=due_on, by=bao, now=NOW
    )


def item(application, requirement, **kwargs):
    found = requested_documents(again(application), **kwargs)
    return next(one for one in found if one.requirement == requirement)


def codes(blockers):
    return [blocker.code for blocker in blockers]


def kinds():
    return sorted(OutgoingMail.objects.values_list("kind", flat=True))


def test_request_opens_what_it_names_and_nothing_else_after_the_deadline(
    received, bao, diploma, marks, question
):
    ask(received, bao, documents=[diploma])

    assert item_blockers(item(received, diploma), today=TODAY) == []
    assert codes(item_blockers(item(received, marks), today=TODAY)) == [
        "already_transmitted",
        "too_late",
    ]
    (asked,) = asked_questions(again(received))
    assert codes(item_blockers(asked, today=TODAY)) == ["already_transmitted", "too_late"]


@pytest.mark.parametrize(("day", "is_open"), [(DUE, True), (DUE + DAY, False)])
def test_what_it_names_shuts_after_its_last_day(received, bao, diploma, day, is_open):
    ask(received, bao, documents=[diploma])

    assert (item_blockers(item(received, diploma), today=day) == []) is is_open


def test_request_leaves_the_status_and_what_was_received(received, bao, diploma):
    snapshot = latest_snapshot(received)

    correction = ask(received, bao, documents=[diploma])

    after = again(received)
    assert after.dossier_status == DossierStatus.RECEIVED
    assert latest_snapshot(after) == snapshot
    assert after.correction_due_on == DUE
    assert item(received, diploma).is_requested_again
    (entry,) = entries_about(received).filter(event=ApplicationEvent.CORRECTION_ASKED)
    assert (entry.by_id, entry.data) == (
        bao.pk,
        {
            "correction": correction.pk,
            "requirements": [diploma.pk],
            "questions": [],
            "to": DUE.isoformat(),
        },
    )


def test_mail_says_what_to_give_why_and_until_when(received, bao, diploma, question):
    ask(received, bao, documents=[diploma], questions=[question], labels=["Permis de séjour"])

    (mail,) = OutgoingMail.objects.all()
    assert mail.kind == "correction-asked"
    for words in ("Diplôme : illisible", "Permis de séjour : manquante", "20 mars 2027", "Flou"):
        assert words in mail.text


def test_all_given_closes_the_request_and_freezes_the_dossier_anew(
    received, bao, diploma, question
):
    alix = received.candidate.user
    correction = ask(received, bao, documents=[diploma], questions=[question])
    before = latest_snapshot(received).number
    OutgoingMail.objects.all().delete()

    version = give_document(received, diploma, StoredFileFactory(), by=alix, now=NOW)
    assert Correction.objects.get().is_open
    assert latest_snapshot(received).number == before
    save_answer(again(received), question, "Non", by=alix, now=NOW)

    correction.refresh_from_db()
    after = again(received)
    assert (correction.outcome, correction.closed_at) == (CorrectionOutcome.ANSWERED, NOW)
    assert (after.correction_due_on, after.dossier_status) == (None, DossierStatus.RECEIVED)
    snapshot = latest_snapshot(after)
    assert snapshot.number == before + 1
    assert version in snapshot.documents.all()
    assert kinds() == ["correction-answered"]
    assert codes(item_blockers(item(received, diploma), today=TODAY)) == [
        "already_transmitted",
        "too_late",
    ]


def test_what_was_given_may_be_replaced_or_taken_back_while_it_runs(received, bao, diploma, marks):
    alix = received.candidate.user
    ask(received, bao, documents=[diploma, marks])
    give_document(received, diploma, StoredFileFactory(), by=alix, now=NOW)

    remove_document(again(received), diploma, by=alix, now=NOW)

    correction = Correction.objects.get()
    assert correction.is_open
    assert [one.given_at for one in correction.items.all()] == [None, None]
    give_document(again(received), diploma, StoredFileFactory(), by=alix, now=NOW)
    give_document(again(received), marks, StoredFileFactory(), by=alix, now=NOW)
    assert not Correction.objects.get().is_open


def test_not_being_concerned_is_an_answer_too(application, received, bao):
    alix = received.candidate.user
    document = DocumentRequirementFactory(common=True, is_unique=True, conditional=True)
    question = QuestionFactory(common=True, is_unique=True, conditional=True)
    ask(received, bao, documents=[document], questions=[question])

    declare_not_concerned(again(received), document, by=alix, now=NOW)
    declare_question_not_concerned(again(received), question, by=alix, now=NOW)

    assert Correction.objects.get().outcome == CorrectionOutcome.ANSWERED


def test_staff_who_approve_what_was_asked_again_settle_it(received, bao, diploma):
    ask(received, bao, documents=[diploma])

    check_documents(again(received), [diploma], ItemStatus.APPROVED, comment="", by=bao, now=NOW)

    assert Correction.objects.get().outcome == CorrectionOutcome.ANSWERED
    assert not item(received, diploma).is_requested_again


def test_incomplete_dossier_is_received_again_once_nothing_lacks(received, bao, diploma):
    Application.objects.update(dossier_status=DossierStatus.INCOMPLETE)
    ask(received, bao, documents=[diploma])
    OutgoingMail.objects.all().delete()

    give_document(
        again(received), diploma, StoredFileFactory(), by=received.candidate.user, now=NOW
    )

    assert again(received).dossier_status == DossierStatus.RECEIVED
    assert "dossier-received" in kinds()


def test_incomplete_dossier_that_lacks_more_stays_so(received, bao, diploma):
    DocumentRequirementFactory(common=True, label="Manque encore")
    Application.objects.update(dossier_status=DossierStatus.INCOMPLETE)
    ask(received, bao, documents=[diploma])

    give_document(
        again(received), diploma, StoredFileFactory(), by=received.candidate.user, now=NOW
    )

    assert again(received).dossier_status == DossierStatus.INCOMPLETE
    assert not Correction.objects.get().is_open


def test_cancelled_request_shuts_what_was_not_given(received, bao, diploma):
    correction = ask(received, bao, documents=[diploma])
    OutgoingMail.objects.all().delete()

    cancel_correction(correction, by=bao, now=NOW)

    assert Correction.objects.get().outcome == CorrectionOutcome.CANCELLED
    assert not item(received, diploma).is_requested_again
    assert again(received).correction_due_on is None
    assert codes(item_blockers(item(received, diploma), today=TODAY))[0] == "already_transmitted"
    assert kinds() == ["correction-cancelled"]
    with pytest.raises(Refused) as refusal:
        cancel_correction(correction, by=bao, now=NOW)
    assert refusal.value.codes == ["closed"]


def test_last_day_is_moved_told_and_written_down(received, bao, diploma):
    correction = ask(received, bao, documents=[diploma])
    OutgoingMail.objects.all().delete()

    move_correction(correction, DUE, by=bao, now=NOW)
    assert kinds() == []
    move_correction(correction, DUE + DAY, by=bao, now=NOW)

    assert kinds() == ["correction-asked"]
    assert again(received).correction_due_on == DUE + DAY
    (entry,) = entries_about(received).filter(event=ApplicationEvent.CORRECTION_MOVED)
    assert (entry.data["before_day"], entry.data["to"]) == (
        DUE.isoformat(),
        (DUE + DAY).isoformat(),
    )
    with pytest.raises(Refused) as refusal:
        move_correction(correction, TODAY - DAY, by=bao, now=NOW)
    assert refusal.value.codes == ["in_the_past"]


def test_first_of_several_last_days_is_shown(received, bao, diploma, marks):
    ask(received, bao, documents=[diploma], due_on=DUE)
    earlier = ask(received, bao, documents=[marks], due_on=DUE - DAY)

    assert again(received).correction_due_on == DUE - DAY
    cancel_correction(earlier, by=bao, now=NOW)
    assert again(received).correction_due_on == DUE
    assert [one.due_on for one in corrections_of(received)] == [DUE - DAY, DUE]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"dossier_status": DossierStatus.AWAITED}, "awaited"),
        ({"cancelled_at": NOW}, "cancelled"),
        ({"archived_at": NOW}, "archived"),
        ({"released_outcome": "unfavourable", "has_any_decision": True}, "over"),
    ],
)
def test_when_nothing_can_be_asked_for(received, bao, diploma, changed, code):
    Application.objects.update(**changed)

    assert code in codes(correcting_blockers(again(received)))
    with pytest.raises(Refused):
        ask(received, bao, documents=[diploma])


def test_what_cannot_be_asked_for(received, bao, diploma):
    application = again(received)
    gone = DocumentRequirementFactory()
    here = {diploma.pk: ILLEGIBLE}

    def refused(wanted, due_on=DUE):
        return codes(wanted_blockers(application, wanted, due_on=due_on, today=TODAY))

    assert refused(Wanted()) == ["nothing"]
    assert refused(Wanted({gone.pk: ILLEGIBLE})) == ["not_asked"]
    assert refused(Wanted(here), due_on=TODAY - DAY) == ["in_the_past"]
    assert refused(Wanted(labels=[" "])) == ["empty"]
    DocumentVersion.objects.filter(requirement=diploma).update(is_from_sis=True)
    assert refused(Wanted(here)) == ["from_sis"]


def test_documents_of_a_paper_dossier_are_not_asked_for_here(received, bao, diploma, question):
    Intake.objects.update(is_paperless=False)

    with pytest.raises(Refused) as refusal:
        ask(received, bao, documents=[diploma])

    assert refusal.value.codes == ["paper"]
    assert codes(further_document_blockers(again(received), "Permis", is_internal=False)) == [
        "paper",
        "handed_over",
    ]
    ask(received, bao, questions=[question])
    assert again(received).correction_due_on == DUE


def test_what_is_asked_for_already_is_said(received, bao, diploma):
    ask(received, bao, documents=[diploma])

    with pytest.raises(Refused) as refusal:
        ask(received, bao, documents=[diploma])

    assert refusal.value.codes == ["asked_already"]


def test_approved_document_asked_again_is_warned_of(received, bao, diploma):
    check_documents(received, [diploma], ItemStatus.APPROVED, comment="", by=bao, now=NOW)

    warnings = correcting_warnings(again(received), Wanted({diploma.pk: ILLEGIBLE}))

    assert codes(warnings) == ["approved"]
    assert correcting_warnings(again(received), Wanted()) == []


def test_candidate_finds_it_among_the_things_to_do(received, bao, diploma):
    ask(received, bao, documents=[diploma])
    institution = Institution.current()

    def tasks(today):
        found = things_to_do(
            received.candidate.user,
            [again(received)],
            today=today,
            institution=institution,
            is_file_complete=True,
        )
        return [(task.code, task.due_on) for task in found]

    assert tasks(DUE) == [("correct", DUE)]
    assert tasks(DUE + DAY) == []
    assert next_deadline(again(received)) == DUE


# -- Documents of one application -----------------------------------------------------------------


def test_further_document_is_asked_of_one_application_alone(application, bao):
    added = ask_further_document(application, " Permis ", is_internal=False, by=bao, now=NOW)

    requirement = added.requirement
    assert (str(requirement.label), requirement.is_individual) == ("Permis", True)
    assert item_blockers(item(application, requirement), today=TODAY) == []
    give_document(
        again(application), requirement, StoredFileFactory(), by=application.candidate.user, now=NOW
    )
    assert item(application, requirement).status == ItemStatus.SUBMITTED


def test_internal_document_is_for_staff_alone(received, bao):
    added = ask_further_document(received, "Avis du jury", is_internal=True, by=bao, now=NOW)
    requirement = added.requirement
    before = latest_snapshot(received)

    assert requirement not in [one.requirement for one in requested_documents(again(received))]
    assert item(received, requirement, with_internal=True).is_internal
    give_document(again(received), requirement, StoredFileFactory(), by=bao, now=NOW)

    assert requirement not in [one.requirement for one in requested_documents(again(received))]
    assert latest_snapshot(received) == before
    check_documents(
        again(received), [requirement], ItemStatus.APPROVED, comment="", by=bao, now=NOW
    )
    assert item(received, requirement, with_internal=True).status == ItemStatus.APPROVED
    remove_document(again(received), requirement, by=bao, now=NOW)
    assert item(received, requirement, with_internal=True).status == ItemStatus.MISSING


def test_codes_of_further_documents_never_meet(application, bao):
    one = ask_further_document(application, "Un", is_internal=True, by=bao, now=NOW)
    two = ask_further_document(again(application), "Deux", is_internal=True, by=bao, now=NOW)

    assert one.requirement.code != two.requirement.code


def test_further_document_is_dropped_with_what_was_given(application, bao):
    added = ask_further_document(application, "Permis", is_internal=False, by=bao, now=NOW)
    give_document(again(application), added.requirement, StoredFileFactory(), by=bao, now=NOW)

    drop_further_document(added, by=bao)

    assert requested_documents(again(application)) == []
    assert not again(application).has_additional_documents
    assert list(DocumentVersion.objects.filter(requirement=added.requirement)) == []
    assert next(entry.event for entry in entries_about(application)) == (
        ApplicationEvent.FURTHER_DOCUMENT_DROPPED
    )


def test_further_document_a_request_names_is_not_dropped(received, bao):
    ask(received, bao, labels=["Permis"])

    with pytest.raises(Refused) as refusal:
        drop_further_document(received.additional_documents.get(), by=bao)

    assert refusal.value.codes == ["asked"]


def test_further_document_without_a_file_is_dropped_too(application, bao):
    added = ask_further_document(application, "Permis", is_internal=True, by=bao, now=NOW)

    drop_further_document(added, by=bao)

    assert not again(application).has_additional_documents
    assert DocumentRequirement.objects.filter(is_individual=True).count() == 1


@pytest.mark.parametrize(
    ("changed", "label", "is_internal", "expected"),
    [
        ({}, "", True, ["empty"]),
        ({"cancelled_at": NOW}, "Permis", True, ["cancelled"]),
        ({"dossier_status": DossierStatus.RECEIVED}, "Permis", False, ["handed_over"]),
        ({"dossier_status": DossierStatus.RECEIVED}, "Permis", True, []),
        ({}, "Permis", False, []),
    ],
)
def test_when_a_further_document_can_be_added(application, changed, label, is_internal, expected):
    Application.objects.filter(pk=application.pk).update(version=1, **changed)

    found = further_document_blockers(again(application), label, is_internal=is_internal)

    assert codes(found) == expected
