from datetime import date

import pytest

from candide.institution.requirements.domain.answers import answer_in_words, in_language
from candide.institution.requirements.enums import QuestionKind
from candide.institution.requirements.models import Question

CHOICES = [{"code": "fi", "label": {"fr": "Formation initiale", "en": "Initial"}}]


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        (QuestionKind.YES_NO, True, "Oui"),
        (QuestionKind.YES_NO, False, "Non"),
        (QuestionKind.DATE, date(2027, 5, 1).isoformat(), "1er mai 2027"),
        (QuestionKind.NUMBER, "3.5", "3,5"),
        (QuestionKind.CHOICE, "fi", "Formation initiale"),
        (QuestionKind.CHOICE, "gone", "gone"),
        (QuestionKind.SHORT_TEXT, "Pour la mer", "Pour la mer"),
        (QuestionKind.CHOICE, "", ""),
        (QuestionKind.YES_NO, None, ""),
    ],
)
def test_answer_is_told_in_words(kind, value, words):
    question = Question(kind=kind, choices=CHOICES)

    assert answer_in_words(question, value) == words


@pytest.mark.parametrize(
    ("label", "words"),
    [({"fr": "Oui", "en": "Yes"}, "Yes"), ({"fr": "Oui"}, "Oui"), ({"de": "Ja"}, "Ja"), ("A", "A")],
)
def test_label_falls_back_to_a_language_it_has(label, words):
    assert in_language(label, "en") == words
