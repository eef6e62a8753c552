"""What reopens when staff declare a dossier incomplete, and what stays [VIEW-12]; refusals that
only somebody out of step meets."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from candide.admissions.applications.domain import applying
from candide.admissions.applications.domain.applying import apply_to
from candide.admissions.applications.domain.asked import asked_questions, requested_documents
from candide.admissions.applications.domain.checking import check_documents
from candide.admissions.applications.domain.documents import (
    link_held_documents,
    remove_document,
)
from candide.admissions.applications.domain.dossier import _text
from candide.admissions.applications.domain.editing import item_blockers
from candide.admissions.applications.domain.questions import save_answer
from candide.admissions.applications.domain.receipt import draw_receipt
from candide.admissions.applications.domain.todo import things_to_do
from candide.admissions.applications.enums import ItemStatus
from candide.core.blockers import Refused
from candide.institution.catalogue.models import Institution
from tests.admissions.conftest import NOW
from tests.factories.accounts import UserFactory
from tests.factories.applications import (
    TRANSMITTED_AT,
    AnswerFactory,
    ApplicationFactory,
    SubmittedDocumentFactory,
)
from tests.factories.catalogue import IntakeFactory
from tests.factories.requirements import DocumentRequirementFactory, QuestionFactory

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def codes(blockers):
    return [blocker.code for blocker in blockers]


@pytest.mark.parametrize(
    ("answered_at", "expected"),
    [
        (None, []),
        (TRANSMITTED_AT - HOUR, ["kept_as_given"]),
        (TRANSMITTED_AT + HOUR, []),
    ],
)
def test_question_of_an_incomplete_dossier_is_open_where_nothing_was_transmitted(
    answered_at, expected
):
    application = ApplicationFactory(incomplete=True, intake=IntakeFactory(open=True))
    question = QuestionFactory(common=True)
    if answered_at:
        AnswerFactory(application=application, question=question, answered_at=answered_at)
    (item,) = asked_questions(application)

    assert codes(item_blockers(item, today=NOW.date())) == expected


def test_document_of_another_centre_stays_where_it_was_given():
    application = ApplicationFactory()
    elsewhere = DocumentRequirementFactory(common_to_centre=True)
    assert requested_documents(application) == []

    SubmittedDocumentFactory(application=application, version__requirement=elsewhere)

    assert [item.requirement for item in requested_documents(application)] == [elsewhere]


def from_student_system(application, file):
    requirement = DocumentRequirementFactory(common=True)
    SubmittedDocumentFactory(
        application=application,
        version__requirement=requirement,
        version__is_from_sis=True,
        version__status=ItemStatus.SUBMITTED,
        version__file=file,
    )
    return requirement


def test_document_of_the_student_system_is_not_taken_back(stored_file):
    application = ApplicationFactory(intake=IntakeFactory(open=True))
    requirement = from_student_system(application, stored_file())

    with pytest.raises(Refused) as refusal:
        remove_document(application, requirement, by=application.candidate.user, now=NOW)

    assert refusal.value.codes == ["from_sis"]


def test_nothing_is_vouched_for_where_the_student_system_gives_no_documents():
    Institution.current()
    Institution.objects.update(has_student_documents=False)

    assert link_held_documents(ApplicationFactory(), now=NOW) == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [("Licence", "Licence"), ({"en": "Bachelor"}, "Bachelor"), ({"fr": "Licence"}, "Licence")],
)
def test_kept_text_is_read_in_the_language_there_is(value, expected):
    assert _text(value, "en") == expected


def test_receipt_that_is_not_due_is_not_drawn():
    draw_receipt(0, now=NOW)


def test_incomplete_paper_dossier_without_a_document_to_post_asks_for_the_answers_first():
    intake = IntakeFactory(open=True, is_paperless=False)
    application = ApplicationFactory(incomplete=True, intake=intake)
    QuestionFactory(common=True)

    tasks = things_to_do(
        application.candidate.user,
        [application],
        today=NOW.date(),
        institution=Institution.current(),
        is_file_complete=True,
    )

    assert [task.code for task in tasks] == ["reply"]


def test_race_that_the_database_decides_is_told_as_already_applied(monkeypatch):
    def lost(*_args, **_kwargs):
        raise IntegrityError('duplicate key violates "application_once"')

    monkeypatch.setattr(applying, "_apply", lost)

    with pytest.raises(Refused) as refusal:
        apply_to(IntakeFactory(open=True), user=UserFactory(), by=None, now=NOW)

    assert refusal.value.codes == ["already_applied"]


def test_other_faults_of_the_database_are_not_taken_for_a_race(monkeypatch):
    def broken(*_args, **_kwargs):
        raise IntegrityError("something else")

    monkeypatch.setattr(applying, "_apply", broken)

    with pytest.raises(IntegrityError):
        apply_to(IntakeFactory(open=True), user=UserFactory(), by=None, now=NOW)


def test_who_has_no_file_is_refused():
    user = UserFactory()

    with pytest.raises(Refused) as refusal:
        apply_to(IntakeFactory(open=True), user=user, by=user, now=NOW)

    assert "identity_missing" in refusal.value.codes


def test_document_of_the_student_system_is_not_checked(stored_file):
    application = ApplicationFactory(transmitted=True, intake=IntakeFactory(open=True))
    from_student_system(application, stored_file())
    (item,) = requested_documents(application)

    with pytest.raises(Refused) as refusal:
        check_documents(
            application,
            [item.requirement],
            ItemStatus.APPROVED,
            comment="",
            by=UserFactory(staff=True),
            now=NOW,
        )

    assert refusal.value.codes == ["from_sis"]


def test_shared_document_replaced_elsewhere_is_not_taken_back_there():
    application, other = two_applications()
    requirement = DocumentRequirementFactory(common=True, conditional=True)
    for one in (application, other):
        SubmittedDocumentFactory(application=one, version__requirement=requirement)

    remove_document(application, requirement, by=application.candidate.user, now=NOW)

    assert not application.submitted_documents.exists()
    assert other.submitted_documents.exists()


def test_answer_to_a_shared_question_is_given_to_that_one_only_elsewhere():
    application, other = two_applications()
    question, _another = QuestionFactory(common=True), QuestionFactory(common=True)

    save_answer(application, question, "Oui", by=application.candidate.user, now=NOW)

    assert [answer.question for answer in other.answers.all()] == [question]


def two_applications(**fields):
    """Of one person: an open one, and another with `fields`."""
    application = ApplicationFactory(intake=IntakeFactory(open=True))
    other = ApplicationFactory(
        candidate=application.candidate, intake=IntakeFactory(open=True), **fields
    )
    return application, other
