"""Answering questions (« questions complémentaires ») [QST]."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from candide.admissions.applications.domain.asked import (
    AskedQuestion,
    asked_questions,
    asked_questions_of,
    possible_questions,
)
from candide.admissions.applications.domain.corrections import follow_change
from candide.admissions.applications.domain.editing import item_blockers, lock_candidate
from candide.admissions.applications.enums import ApplicationEvent, ItemStatus
from candide.admissions.applications.models import Answer, Application
from candide.core.blockers import Blocker, Refused, refuse_if
from candide.core.clock import localdate
from candide.foundation.history.domain.log import log
from candide.institution.requirements.enums import QuestionKind
from candide.institution.requirements.models import Question

LONGEST_NUMBER = 20


@transaction.atomic
def save_answer(
    application: Application,
    question: Question,
    value: Any,
    *,
    by: Any,
    now: datetime,
    enforce_deadline: bool = True,
    enforce_status: bool = True,
    seen: int | None = None,
) -> None:
    """Save `value` (a JSON value: bool, str, ISO date, code of a choice) as the answer. Empty
    takes the answer back [QST-03]. A shared question is answered in every application open to it.
    `seen` is the version of the answer the person was looking at [QST-06]."""
    item = _writable(
        application,
        question,
        now=now,
        enforce_deadline=enforce_deadline,
        enforce_status=enforce_status,
        seen=seen,
    )
    refuse_if(value_blockers(question, value))
    empty = value in (None, "")
    for open_item in _open_items(item, now=now):
        if empty:
            if open_item.answer is not None:
                open_item.answer.delete()
        else:
            _write(open_item, value=value, status=ItemStatus.SUBMITTED, by=by, now=now)
        log(
            open_item.application,
            ApplicationEvent.QUESTION_ANSWERED,
            by=by,
            question=question.pk,
            emptied=empty,
        )
        follow_change(open_item.application, by=by, now=now, question=question, is_given=not empty)


@transaction.atomic
def declare_question_not_concerned(
    application: Application,
    question: Question,
    *,
    by: Any,
    now: datetime,
    enforce_deadline: bool = True,
    enforce_status: bool = True,
    seen: int | None = None,
) -> None:
    """« Non concerné par cette question », where it is conditional and unanswered [QST-05]; what
    another application answered stays. `seen` as in `save_answer`."""
    item = _writable(
        application,
        question,
        now=now,
        enforce_deadline=enforce_deadline,
        enforce_status=enforce_status,
        seen=seen,
    )
    if not question.is_conditional:
        raise Refused([Blocker("not_conditional", _("This question is asked of everybody."))])
    if item.is_answered:
        raise Refused(
            [Blocker("answered", _("You answered this question: empty your answer first."))]
        )
    for open_item in _open_items(item, now=now):
        if open_item.is_answered:
            continue
        _write(open_item, value=None, status=ItemStatus.NOT_APPLICABLE, by=by, now=now)
        log(open_item.application, ApplicationEvent.NOT_CONCERNED, by=by, question=question.pk)
        follow_change(open_item.application, by=by, now=now, question=question)


def value_blockers(question: Question, value: Any) -> list[Blocker]:
    """Why `value` cannot be the answer; the empty value always can."""
    if value in (None, ""):
        return []
    return list(_CHECKS[QuestionKind(question.kind)](question, value))


def answered_values(question: Question) -> set[str]:
    """What the question was answered with so far: a choice among them may not be taken away."""
    values = Answer.objects.filter(question=question).values_list("value", flat=True).distinct()
    return {value for value in values if isinstance(value, str)}


def link_known_answers(application: Application) -> None:
    """Copy to a new application the latest answers to shared questions [QST-01], those included
    that another answer copied has asked."""
    questions = [
        item.question
        for item in possible_questions(application)
        if item.answer is None and item.question.is_shared
    ]
    latest: dict[int, Answer] = {}
    for answer in Answer.objects.filter(
        application__candidate_id=application.candidate_id, question__in=questions
    ).order_by("answered_at", "pk"):
        latest[answer.question_id] = answer
    Answer.objects.bulk_create(
        Answer(
            application=application,
            question_id=answer.question_id,
            value=answer.value,
            status=answer.status,
            answered_at=answer.answered_at,
            answered_by_id=answer.answered_by_id,
        )
        for answer in latest.values()
    )


def _writable(
    application: Application,
    question: Question,
    *,
    now: datetime,
    enforce_deadline: bool,
    enforce_status: bool,
    seen: int | None,
) -> AskedQuestion:
    lock_candidate(application.candidate_id)
    application = Application.objects.with_offer().get(pk=application.pk)
    items = {item.question.pk: item for item in asked_questions(application)}
    item = items.get(question.pk)
    if item is None:
        raise Refused([Blocker("not_asked", _("This question is no longer asked."))])
    if seen is not None and seen != item.seen:
        raise Refused(
            [Blocker("changed", _("This answer was changed meanwhile in another window."))]
        )
    refuse_if(
        item_blockers(
            item,
            today=localdate(now),
            enforce_deadline=enforce_deadline,
            enforce_status=enforce_status,
        )
    )
    return item


def _open_items(item: AskedQuestion, *, now: datetime) -> list[AskedQuestion]:
    if not item.question.is_shared:
        return [item]
    others = list(
        Application.objects.editable()
        .with_offer()
        .filter(candidate_id=item.application.candidate_id)
        .exclude(pk=item.application.pk)
        .order_by("pk")
    )
    found = [item]
    for questions in asked_questions_of(others).values() if others else ():
        for other in questions:
            if other.question.pk == item.question.pk and not item_blockers(
                other, today=localdate(now), enforce_deadline=False
            ):
                found.append(other)
    return found


def _write(item: AskedQuestion, *, value: Any, status: ItemStatus, by: Any, now: datetime) -> None:
    answer = item.answer or Answer(application=item.application, question=item.question)
    answer.value, answer.status = value, status
    answer.answered_at, answer.answered_by = now, by
    answer.version += 1
    answer.save()


def _yes_no(question: Question, value: Any) -> Iterator[Blocker]:
    if not isinstance(value, bool):
        yield Blocker("not_yes_no", _("Answer yes or no."))


def _choice(question: Question, value: Any) -> Iterator[Blocker]:
    if value not in [choice["code"] for choice in question.choices]:
        yield Blocker("not_a_choice", _("Choose one of the answers of the list."))


def _text(question: Question, value: Any) -> Iterator[Blocker]:
    if not isinstance(value, str):
        yield Blocker("not_text", _("Answer with a text."))
    elif len(value) > question.max_length:
        yield Blocker(
            "too_long",
            _("The answer has %(count)d characters; %(limit)d are allowed.")
            % {"count": len(value), "limit": question.max_length},
        )


def _number(question: Question, value: Any) -> Iterator[Blocker]:
    try:
        if len(str(value)) > LONGEST_NUMBER or not Decimal(str(value)).is_finite():
            raise InvalidOperation
    except InvalidOperation:
        yield Blocker("not_a_number", _("Answer with a number, as 12 or 3,5."))


def _date(question: Question, value: Any) -> Iterator[Blocker]:
    try:
        date.fromisoformat(str(value))
    except ValueError:
        yield Blocker("not_a_date", _("Answer with a date, as 31/12/2026."))


_CHECKS = {
    QuestionKind.YES_NO: _yes_no,
    QuestionKind.CHOICE: _choice,
    QuestionKind.SHORT_TEXT: _text,
    QuestionKind.LONG_TEXT: _text,
    QuestionKind.NUMBER: _number,
    QuestionKind.DATE: _date,
}
