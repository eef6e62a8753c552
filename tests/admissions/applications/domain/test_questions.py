"""Questions [QST]."""

from datetime import timedelta

import pytest

from candide.admissions.applications.domain.asked import asked_questions, possible_questions
from candide.admissions.applications.domain.questions import (
    declare_question_not_concerned,
    link_known_answers,
    save_answer,
    value_blockers,
)
from candide.admissions.applications.enums import ItemStatus
from candide.admissions.applications.models import Answer
from candide.core.blockers import Refused
from candide.institution.requirements.enums import QuestionKind
from candide.institution.requirements.models import Question
from tests.admissions.conftest import NOW, again
from tests.factories.applications import AnswerFactory, ApplicationFactory
from tests.factories.catalogue import IntakeFactory
from tests.factories.requirements import QuestionFactory

CHOICES = [{"code": "a", "label": "A"}, {"code": "b", "label": "B"}]


def answers(application):
    return {i.question.code: i.value for i in asked_questions(again(application))}


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (QuestionKind.YES_NO, True, []),
        (QuestionKind.YES_NO, False, []),
        (QuestionKind.YES_NO, "Oui", ["not_yes_no"]),
        (QuestionKind.CHOICE, "a", []),
        (QuestionKind.CHOICE, "c", ["not_a_choice"]),
        (QuestionKind.SHORT_TEXT, "x" * 20, []),
        (QuestionKind.SHORT_TEXT, "x" * 21, ["too_long"]),
        (QuestionKind.LONG_TEXT, 12, ["not_text"]),
        (QuestionKind.NUMBER, "12.5", []),
        (QuestionKind.NUMBER, "douze", ["not_a_number"]),
        (QuestionKind.NUMBER, "NaN", ["not_a_number"]),
        (QuestionKind.NUMBER, "1" * 30, ["not_a_number"]),
        (QuestionKind.DATE, "2027-02-28", []),
        (QuestionKind.DATE, "2027-02-30", ["not_a_date"]),
        (QuestionKind.DATE, "", []),
        (QuestionKind.CHOICE, None, []),
    ],
)
def test_value_blockers(kind, value, expected):
    question = QuestionFactory.build(kind=kind, choices=CHOICES, max_length=20)

    assert [b.code for b in value_blockers(question, value)] == expected


def test_save_answer_shared_answers_every_open_application(application, alix):
    shared = QuestionFactory(code="shared", common=True, kind=QuestionKind.SHORT_TEXT)
    other = ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True))
    sent = ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True), transmitted=True)

    save_answer(application, shared, "Oui", by=alix.user, now=NOW)

    assert [answers(one)["shared"] for one in (application, other, sent)] == ["Oui", "Oui", None]


def test_save_answer_unique_stays_in_its_application(application, alix):
    alone = QuestionFactory(code="alone", common=True, unique=True, kind=QuestionKind.SHORT_TEXT)
    other = ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True))

    save_answer(application, alone, "Oui", by=alix.user, now=NOW)

    assert (answers(application)["alone"], answers(other)["alone"]) == ("Oui", None)


def test_save_answer_shared_is_given_to_that_question_only_elsewhere(application, alix):
    question, _another = QuestionFactory(common=True), QuestionFactory(common=True)
    other = ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True))

    save_answer(application, question, "Oui", by=alix.user, now=NOW)

    assert [answer.question for answer in other.answers.all()] == [question]


def test_save_answer_empty_takes_it_back(application, alix):
    question = QuestionFactory(common=True, kind=QuestionKind.SHORT_TEXT)
    save_answer(application, question, "Oui", by=alix.user, now=NOW)

    save_answer(application, question, "", by=alix.user, now=NOW)
    save_answer(application, question, "", by=alix.user, now=NOW)

    assert not Answer.objects.exists()


def test_save_answer_refused_tells_why(application, alix):
    question = QuestionFactory(common=True, kind=QuestionKind.YES_NO)
    elsewhere = QuestionFactory()
    late = NOW + timedelta(days=300)

    for asked, value, now, more, expected in (
        (question, "x", NOW, {}, ["not_yes_no"]),
        (question, True, NOW, {"seen": 7}, ["changed"]),
        (question, True, late, {}, ["too_late"]),
        (elsewhere, True, NOW, {}, ["not_asked"]),
    ):
        with pytest.raises(Refused) as refusal:
            save_answer(application, asked, value, by=alix.user, now=now, **more)
        assert refusal.value.codes == expected


def test_asked_questions_follow_the_answer_they_depend_on(application, alix):
    first = QuestionFactory(code="first", common=True, kind=QuestionKind.YES_NO)
    QuestionFactory(code="then", common=True, depends_on=first, depends_on_value=True)

    assert set(answers(application)) == {"first"}
    save_answer(application, first, True, by=alix.user, now=NOW)
    assert set(answers(application)) == {"first", "then"}
    save_answer(application, first, False, by=alix.user, now=NOW)
    assert set(answers(application)) == {"first"}


def test_asked_questions_leave_out_what_depends_on_one_not_asked(application, alix):
    first = QuestionFactory(code="first", common=True, kind=QuestionKind.YES_NO)
    asked = {"common": True, "kind": QuestionKind.YES_NO, "depends_on_value": True}
    then = QuestionFactory(code="then", depends_on=first, **asked)
    QuestionFactory(code="last", depends_on=then, **asked)
    QuestionFactory(code="never", depends_on=QuestionFactory(), **asked)
    save_answer(application, first, True, by=alix.user, now=NOW)
    save_answer(application, then, True, by=alix.user, now=NOW)

    assert set(answers(application)) == {"first", "then", "last"}
    save_answer(application, first, False, by=alix.user, now=NOW)
    assert set(answers(application)) == {"first"}
    assert [item.question.code for item in possible_questions(again(application))] == [
        "first",
        "last",
        "then",
    ]


def test_asked_questions_in_a_circle_are_never_asked(application, alix):
    first = QuestionFactory(code="first", common=True, kind=QuestionKind.YES_NO)
    then = QuestionFactory(
        code="then",
        common=True,
        kind=QuestionKind.YES_NO,
        depends_on=first,
        depends_on_value=True,
    )
    save_answer(application, first, True, by=alix.user, now=NOW)
    save_answer(application, then, True, by=alix.user, now=NOW)

    Question.objects.filter(pk=first.pk).update(depends_on=then, depends_on_value=True)

    assert answers(application) == {}


def test_question_not_concerned_only_where_conditional(application, alix):
    conditional = QuestionFactory(common=True, conditional=True)
    plain = QuestionFactory(common=True)

    declare_question_not_concerned(application, conditional, by=alix.user, now=NOW)
    with pytest.raises(Refused) as refusal:
        declare_question_not_concerned(application, plain, by=alix.user, now=NOW)

    assert refusal.value.codes == ["not_conditional"]
    assert Answer.objects.get().status == ItemStatus.NOT_APPLICABLE


def test_question_not_concerned_keeps_what_was_answered(application, alix):
    """QST-05: only while unanswered, from a second window too."""
    question = QuestionFactory(common=True, conditional=True, kind=QuestionKind.SHORT_TEXT)
    save_answer(application, question, "Oui", by=alix.user, now=NOW)

    with pytest.raises(Refused) as refusal:
        declare_question_not_concerned(application, question, by=alix.user, now=NOW)

    assert refusal.value.codes == ["answered"]
    assert Answer.objects.get().value == "Oui"


def test_question_not_concerned_keeps_what_another_application_answered(application, alix):
    question = QuestionFactory(
        code="shared", common=True, conditional=True, kind=QuestionKind.SHORT_TEXT
    )
    other = ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True))
    AnswerFactory(application=other, question=question, value="Oui")

    declare_question_not_concerned(application, question, by=alix.user, now=NOW)

    assert (answers(application), answers(other)) == ({"shared": None}, {"shared": "Oui"})


def test_question_not_concerned_stale_page_is_refused(application, alix):
    """QST-06."""
    question = QuestionFactory(common=True, conditional=True, kind=QuestionKind.SHORT_TEXT)
    declare_question_not_concerned(application, question, by=alix.user, now=NOW, seen=0)

    with pytest.raises(Refused) as refusal:
        declare_question_not_concerned(application, question, by=alix.user, now=NOW, seen=0)

    assert refusal.value.codes == ["changed"]


def test_link_known_answers_copies_shared_ones(application, alix):
    shared = QuestionFactory(code="shared", common=True, kind=QuestionKind.SHORT_TEXT)
    then = QuestionFactory(code="then", common=True, depends_on=shared, depends_on_value="Oui")
    save_answer(application, shared, "Oui", by=alix.user, now=NOW)
    save_answer(application, then, "Un tiers temps", by=alix.user, now=NOW)
    new = ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True))

    link_known_answers(again(new))

    assert answers(new) == {"shared": "Oui", "then": "Un tiers temps"}
