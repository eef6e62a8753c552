"""On which answer a question may depend (« posée seulement si »)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from candide.institution.requirements.enums import QuestionKind
from candide.institution.requirements.models import Question


@dataclass(frozen=True)
class Condition:
    """That `question` is answered with `value`; `label` says a choice in words, by language."""

    question: Question
    value: Any
    label: Any = None


def possible_conditions(question: Question, *, among: QuerySet[Question]) -> list[Condition]:
    """Every answer to one of `among` that may have `question` asked: those with countable answers,
    and none that depends on `question` itself. Two queries."""
    below = _below(question)
    kinds = [QuestionKind.YES_NO, QuestionKind.CHOICE]
    rows = among.filter(kind__in=kinds).exclude(pk__in=below).order_by("code")
    return [condition for one in rows for condition in _answers(one)]


def _answers(question: Question) -> Iterable[Condition]:
    if question.kind == QuestionKind.YES_NO:
        return [Condition(question, True), Condition(question, False)]
    return [Condition(question, each["code"], each["label"]) for each in question.choices]


def _below(question: Question) -> set[int]:
    """`question` and all that depend on it, through however many others."""
    if question.pk is None:
        return set()
    above: dict[int, list[int]] = {}
    links = Question.objects.exclude(depends_on=None).values_list("pk", "depends_on_id")
    for pk, depends_on in links:
        above.setdefault(depends_on, []).append(pk)
    found, waiting = {question.pk}, [question.pk]
    while waiting:
        new = [pk for pk in above.get(waiting.pop(), ()) if pk not in found]
        found.update(new)
        waiting += new
    return found
