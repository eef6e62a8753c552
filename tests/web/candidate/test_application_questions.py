"""Answering the questions of « Ma candidature » [QST]."""

import re

import pytest

from candide.admissions.applications.enums import ItemStatus
from candide.admissions.applications.models import Answer
from candide.institution.requirements.enums import QuestionKind
from tests.factories.applications import AnswerFactory
from tests.factories.requirements import QuestionFactory
from tests.web.candidate.conftest import url
from tests.web.conftest import words

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frozen")]


ANSWERS = [
    (QuestionKind.YES_NO, "yes", True),
    (QuestionKind.CHOICE, "b", "b"),
    (QuestionKind.SHORT_TEXT, "Anglais", "Anglais"),
    (QuestionKind.LONG_TEXT, "Deux\r\nlignes", "Deux\nlignes"),
    (QuestionKind.NUMBER, "3,5", "3.5"),
    (QuestionKind.DATE, "31/12/2026", "2026-12-31"),
]


@pytest.mark.parametrize(("kind", "typed", "stored"), ANSWERS)
def test_answer_is_stored_as_a_value_and_shown_again(signed_in, application, kind, typed, stored):
    question = QuestionFactory(
        common=True,
        kind=kind,
        choices=[{"code": "a", "label": "A"}, {"code": "b", "label": {"fr": "Bé", "en": "Bee"}}],
    )
    name = f"question-{question.pk}"

    response = signed_in.post(
        url("question_answer", application, question.pk), {f"{name}-answer": typed}
    )

    assert response.status_code == 302
    assert Answer.objects.get().value == stored
    assert signed_in.get(url("application", application)).status_code == 200


@pytest.mark.parametrize(
    ("kind", "typed"),
    [(QuestionKind.NUMBER, "douze"), (QuestionKind.DATE, "31/02/2026"), (QuestionKind.CHOICE, "z")],
)
def test_answer_that_is_none_keeps_what_was_typed(signed_in, application, kind, typed):
    question = QuestionFactory(common=True, kind=kind, choices=[{"code": "a", "label": "A"}])

    response = signed_in.post(
        url("question_answer", application, question.pk),
        {f"question-{question.pk}-answer": typed},
    )

    assert response.status_code == 422
    assert not Answer.objects.exists()
    if kind != QuestionKind.CHOICE:
        assert f'value="{typed}"' in response.content.decode()


def test_autosave_answers_with_the_state_only(signed_in, application):
    question = QuestionFactory(common=True, kind=QuestionKind.SHORT_TEXT)
    address = url("question_answer", application, question.pk)
    name = f"question-{question.pk}"

    saved = signed_in.post(
        address, {f"{name}-answer": "Oui", f"{name}-seen": "0"}, headers={"HX-Request": "true"}
    )
    stale = signed_in.post(
        address, {f"{name}-answer": "Non", f"{name}-seen": "0"}, headers={"HX-Request": "true"}
    )

    assert saved.status_code == 200
    assert b"<html" not in saved.content
    assert f'name="{name}-seen" value="1"' in saved.content.decode()
    assert stale.status_code == 422
    assert Answer.objects.get().value == "Oui"


def test_autosave_brings_the_questions_that_depend_on_the_answer(signed_in, application):
    asked = {"common": True, "kind": QuestionKind.YES_NO, "depends_on_value": True}
    first = QuestionFactory(common=True, kind=QuestionKind.YES_NO, label="Un aménagement ?")
    then = QuestionFactory(label="Un tiers temps ?", depends_on=first, **asked)
    last = QuestionFactory(label="Depuis longtemps ?", depends_on=then, **asked)
    apart = QuestionFactory(common=True, label="Votre projet ?")

    def answer(question, value):
        response = signed_in.post(
            url("question_answer", application, question.pk),
            {f"question-{question.pk}-answer": value},
            headers={"HX-Request": "true"},
        )
        return re.findall(
            r'<li [^>]*id="question-(\d+)"( hx-swap-oob="true")?( hidden)?',
            response.content.decode(),
        )

    page = signed_in.get(url("application", application))

    out_of_band, hidden = ' hx-swap-oob="true"', " hidden"
    assert "Un tiers temps ?" not in words(page)
    assert f'id="question-{then.pk}" hidden' in page.content.decode()
    assert set(answer(first, "yes")) == {
        (str(then.pk), out_of_band, ""),
        (str(last.pk), out_of_band, hidden),
    }
    assert answer(then, "yes") == [(str(last.pk), out_of_band, "")]
    assert {row[2] for row in answer(first, "no")} == {hidden}
    assert answer(apart, "Devenir juriste") == []


def test_question_not_concerned(signed_in, application):
    question = QuestionFactory(common=True, conditional=True)
    address = url("question_not_concerned", application, question.pk)

    assert "Je certifie sur l'honneur" in words(signed_in.get(address))
    signed_in.post(address)

    assert Answer.objects.get().status == ItemStatus.NOT_APPLICABLE
    assert signed_in.get(url("application", application)).status_code == 200
    other = QuestionFactory(common=True)
    assert signed_in.post(url("question_not_concerned", application, other.pk)).status_code == 409
    assert signed_in.post(url("question_answer", application, 999_999)).status_code == 404


def test_question_not_concerned_from_a_stale_page_keeps_the_answer(signed_in, application):
    question = QuestionFactory(common=True, conditional=True, kind=QuestionKind.SHORT_TEXT)
    address = url("question_not_concerned", application, question.pk)
    shown = re.search(r'name="seen" value="(\d+)"', signed_in.get(address).content.decode())
    AnswerFactory(application=application, question=question, value="Oui", version=1)

    response = signed_in.post(address, {"seen": shown.group(1)})

    assert response.status_code == 409
    assert "entre-temps" in words(response)
    assert Answer.objects.get().value == "Oui"


def test_question_not_concerned_can_be_taken_back(signed_in, application):
    """QST-05: « Concerné par cette question »."""
    question = QuestionFactory(common=True, conditional=True, label="Un handicap ?")
    signed_in.post(url("question_not_concerned", application, question.pk), {"seen": 0})
    page = words(signed_in.get(url("application", application)))

    answered = signed_in.post(
        url("question_answer", application, question.pk), {f"question-{question.pk}-seen": 1}
    )

    assert "Je suis concerné par cette question : Un handicap ?" in page
    assert answered.status_code == 302
    assert not Answer.objects.exists()
