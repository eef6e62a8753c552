"""Forms of the application page: an answer as the person types it, turned into a value."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.http import Http404
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from candide.admissions.applications.domain.asked import AskedQuestion, asked_questions
from candide.admissions.applications.domain.questions import save_answer
from candide.admissions.applications.models import Application
from candide.core.blockers import Refused
from candide.institution.requirements.domain.answers import in_language
from candide.institution.requirements.enums import QuestionKind
from candide.institution.requirements.models import Question
from candide.web.shared.forms import LongTextField

YES, NO = "yes", "no"


def _yes_no(question: Question) -> forms.Field:
    choices = [(YES, _("Yes")), (NO, _("No"))]
    return forms.ChoiceField(choices=choices, widget=forms.RadioSelect)


def _choice(question: Question) -> forms.Field:
    language = get_language() or "fr"
    choices = [
        (choice["code"], in_language(choice["label"], language)) for choice in question.choices
    ]
    return forms.ChoiceField(choices=[("", "—"), *choices])


def _short_text(question: Question) -> forms.Field:
    return forms.CharField(max_length=question.max_length)


def _long_text(question: Question) -> forms.Field:
    return LongTextField(max_length=question.max_length, widget=forms.Textarea(attrs={"rows": 5}))


def _number(question: Question) -> forms.Field:
    return forms.DecimalField(
        max_digits=18, localize=True, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )


def _date(question: Question) -> forms.Field:
    return forms.DateField(help_text=_("As dd/mm/yyyy."))


FIELDS = {
    QuestionKind.YES_NO: _yes_no,
    QuestionKind.CHOICE: _choice,
    QuestionKind.SHORT_TEXT: _short_text,
    QuestionKind.LONG_TEXT: _long_text,
    QuestionKind.NUMBER: _number,
    QuestionKind.DATE: _date,
}


def question_of(application: Application, question: int) -> AskedQuestion:
    """The question `question` asked of `application`, or 404."""
    for item in asked_questions(application):
        if item.question.pk == question:
            return item
    raise Http404


class QuestionForm(forms.Form):
    """One question and its answer. `seen` is the version of the answer that was shown."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, item: AskedQuestion, **kwargs: Any) -> None:
        self.item = item
        question = item.question
        initial = {
            "answer": to_field(question, item.value),
            "seen": item.seen,
        }
        super().__init__(*args, initial=initial, prefix=f"question-{question.pk}", **kwargs)
        field = FIELDS[QuestionKind(question.kind)](question)
        field.label = str(question.label)
        field.help_text = str(question.help_text) or field.help_text
        field.required = False
        self.fields["answer"] = field

    def value(self) -> Any:
        """The answer as a JSON value; the empty text for none."""
        return from_field(self.item.question, self.cleaned_data["answer"])

    def save_answer(
        self,
        application: Application,
        *,
        take: Callable[[], None],
        by: Any,
        now: datetime,
        **how: Any,
    ) -> None:
        """Save what was typed, if it is an answer, once `take` has taken the checklist; what
        refuses it stands at its field. `how` is what does not bind the person."""
        if not self.is_valid():
            return
        seen = self.cleaned_data["seen"]
        try:
            take()
            question, value = self.item.question, self.value()
            save_answer(application, question, value, by=by, now=now, seen=seen, **how)
        except Refused as refusal:
            for blocker in refusal.blockers:
                self.add_error("answer", blocker.message)


def to_field(question: Question, value: Any) -> Any:
    """A stored value as the field shows it."""
    if question.kind == QuestionKind.YES_NO:
        return {True: YES, False: NO}.get(value, "")
    if question.kind == QuestionKind.DATE and value:
        return date.fromisoformat(value)
    if question.kind == QuestionKind.NUMBER and value:
        return Decimal(value)
    return value


def from_field(question: Question, value: Any) -> Any:
    """What a field was given as a JSON value."""
    if value in (None, ""):
        return ""
    if question.kind == QuestionKind.YES_NO:
        return value == YES
    if question.kind == QuestionKind.DATE:
        return value.isoformat()
    if question.kind == QuestionKind.NUMBER:
        return str(value)
    return value
