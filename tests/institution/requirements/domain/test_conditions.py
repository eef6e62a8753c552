import pytest

from candide.institution.requirements.domain.conditions import possible_conditions
from candide.institution.requirements.models import Question
from tests.factories.requirements import QuestionFactory

pytestmark = pytest.mark.django_db


def test_countable_answers_of_others_are_conditions_and_no_circle_is():
    asked = QuestionFactory(code="asked", yes_no=True)
    below = QuestionFactory(code="below", yes_no=True, depends_on=asked, depends_on_value=True)
    QuestionFactory(code="deeper", yes_no=True, depends_on=below, depends_on_value=True)
    QuestionFactory(code="choice", choice=True)
    QuestionFactory(code="text")
    QuestionFactory(code="yes-no", yes_no=True)

    found = possible_conditions(asked, among=Question.objects.all())

    assert [(each.question.code, each.value) for each in found] == [
        ("choice", "a"),
        ("choice", "b"),
        ("yes-no", True),
        ("yes-no", False),
    ]


def test_new_question_may_depend_on_any():
    QuestionFactory(code="yes-no", yes_no=True)

    found = possible_conditions(Question(), among=Question.objects.all())

    assert [each.value for each in found] == [True, False]
