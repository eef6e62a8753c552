"""Answers to questions, in words."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from candide.core.deadlines import long_date
from candide.institution.requirements.enums import QuestionKind
from candide.institution.requirements.models import Question


def answer_in_words(question: Question, value: Any) -> str:
    """A stored answer as people read it, in the active language; empty for none."""
    if value in (None, ""):
        return ""
    if question.kind == QuestionKind.YES_NO:
        return _("Yes") if value else _("No")
    if question.kind == QuestionKind.DATE:
        return long_date(date.fromisoformat(value))
    if question.kind == QuestionKind.NUMBER:
        return number_format(Decimal(value))
    if question.kind == QuestionKind.CHOICE:
        labels = {choice["code"]: choice["label"] for choice in question.choices}
        return in_language(labels.get(value, value), get_language() or "fr")
    return str(value)


def in_language(label: Any, language: str) -> str:
    """A label kept as {language: text}, or as a plain text."""
    if isinstance(label, dict):
        return label.get(language) or label.get("fr") or next(iter(label.values()), "")
    return str(label)
