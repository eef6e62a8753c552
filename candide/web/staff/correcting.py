"""Asking a candidate for documents and answers again, or for further ones."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from candide.admissions.applications.domain.asked import (
    AskedQuestion,
    RequestedDocument,
    asked_questions,
    requested_documents,
)
from candide.admissions.applications.domain.correcting import (
    Wanted,
    ask_corrections,
    ask_further_document,
    cancel_correction,
    correcting_blockers,
    correcting_warnings,
    drop_further_document,
    move_correction,
)
from candide.admissions.applications.enums import CorrectionKind
from candide.admissions.applications.models import Application, Correction
from candide.core.blockers import Blocker, Refused
from candide.core.clock import localdate
from candide.core.views import for_object
from candide.institution.catalogue.domain.procedure import is_paperless
from candide.web.shared.forms import LongTextField
from candide.web.staff.application import show
from candide.web.staff.beside import CorrectionDayForm, FurtherDocumentForm
from candide.web.staff.walking import Walk, back, list_of

USUAL_DELAY = timedelta(days=7)


class CorrectionForm(forms.Form):
    """What is asked for, a choice for each document and question; why; until when."""

    labels = forms.CharField(
        label=gettext_lazy("Further documents"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("A line each; asked of this candidate alone."),
    )
    comment = LongTextField(
        label=gettext_lazy("Comment for the candidate"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Say what is wrong and what to do."),
    )
    due_on = forms.DateField(
        label=gettext_lazy("Last day"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=gettext_lazy("Until 23:59. What is chosen is open to the candidate until then."),
    )

    def __init__(
        self,
        *args: Any,
        documents: list[RequestedDocument],
        questions: list[AskedQuestion],
        is_paperless: bool,
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, initial={"due_on": today + USUAL_DELAY}, **kwargs)
        self.documents = documents if is_paperless else []
        self.questions = questions
        choices = [("", _("Not asked for")), *CorrectionKind.choices]
        for item in self.documents:
            self._add(f"document-{item.requirement.pk}", item.requirement.label, choices)
        for question in questions:
            self._add(f"question-{question.question.pk}", question.question.label, choices)
        if not is_paperless:
            del self.fields["labels"]

    def _add(self, name: str, label: Any, choices: Any) -> None:
        self.fields[name] = forms.ChoiceField(label=str(label), choices=choices, required=False)

    @property
    def document_fields(self) -> list[tuple[RequestedDocument, Any]]:
        return [(item, self[f"document-{item.requirement.pk}"]) for item in self.documents]

    @property
    def question_fields(self) -> list[tuple[AskedQuestion, Any]]:
        return [(item, self[f"question-{item.question.pk}"]) for item in self.questions]

    def wanted(self) -> Wanted:
        """What was chosen."""
        values = self.cleaned_data
        chosen: dict[str, dict[int, CorrectionKind]] = {"document": {}, "question": {}}
        for name, value in values.items():
            what, _dash, pk = name.partition("-")
            if what in chosen and value:
                chosen[what][int(pk)] = CorrectionKind(value)
        lines = [line.strip() for line in values.get("labels", "").splitlines()]
        return Wanted(chosen["document"], chosen["question"], [line for line in lines if line])


@for_object(Application, "applications.ask_corrections")
def correct(request: HttpRequest, application: Application) -> HttpResponse:
    """« Demander des compléments »: choose what, say why, until when."""
    now = timezone.now()
    form = CorrectionForm(
        request.POST or None,
        documents=requested_documents(application),
        questions=asked_questions(application),
        is_paperless=is_paperless(application.intake),
        today=localdate(now),
    )
    blockers, status, warnings = correcting_blockers(application), 200, []
    if request.method == "POST" and form.is_valid():
        wanted = form.wanted()
        warnings = correcting_warnings(application, wanted)
        if not warnings or "confirmed" in request.POST:
            values = form.cleaned_data
            try:
                ask_corrections(
                    application,
                    wanted,
                    comment=values["comment"],
                    due_on=values["due_on"],
                    by=request.user,
                    now=now,
                )
            except Refused as refusal:
                blockers, status = refusal.blockers, 409
            else:
                messages.success(request, _("The request is sent to the candidate by mail."))
                return back(request, application, place="#corrections")
    elif request.method == "POST":
        status = 422
    return _page(request, application, form, blockers, warnings, status)


def _page(
    request: HttpRequest,
    application: Application,
    form: CorrectionForm,
    blockers: Any,
    warnings: Any,
    status: int,
) -> HttpResponse:
    context = {
        "application": application,
        "form": form,
        "blockers": blockers,
        "warnings": warnings,
        "walk": Walk(list_of(request)),
        "navigation": "staff",
    }
    return render(request, "staff/application/correct.html", context, status=status)


@require_POST
@for_object(Correction, "applications.change_correction")
def move(request: HttpRequest, correction: Correction) -> HttpResponse:
    """Give another last day."""
    application = correction.application
    form = CorrectionDayForm(request.POST, prefix=f"day-{correction.pk}")
    if not form.is_valid():
        wanted = Blocker("day", _("Choose the last day."))
        return show(request, application, status=422, blockers=[wanted])
    try:
        move_correction(
            correction, form.cleaned_data["due_on"], by=request.user, now=timezone.now()
        )
    except Refused as refusal:
        return show(request, application, status=409, blockers=refusal.blockers)
    messages.success(request, _("The last day is changed and the candidate is told by mail."))
    return back(request, application, place="#corrections")


@require_POST
@for_object(Correction, "applications.change_correction")
def cancel(request: HttpRequest, correction: Correction) -> HttpResponse:
    """Ask no more."""
    application = correction.application
    try:
        cancel_correction(correction, by=request.user, now=timezone.now())
    except Refused as refusal:
        return show(request, application, status=409, blockers=refusal.blockers)
    messages.success(request, _("The request is cancelled and the candidate is told by mail."))
    return back(request, application, place="#corrections")


@require_POST
@for_object(Application, "applications.ask_corrections")
def further_document(request: HttpRequest, application: Application) -> HttpResponse:
    """Ask this application alone for a document, or add an internal one."""
    form = FurtherDocumentForm(request.POST)
    if not form.is_valid():
        return show(request, application, status=422, further_form=form)
    values = form.cleaned_data
    try:
        added = ask_further_document(
            application,
            values["label"],
            is_internal=values["is_internal"],
            by=request.user,
            now=timezone.now(),
        )
    except Refused as refusal:
        return show(request, application, status=409, further_form=form, blockers=refusal.blockers)
    messages.success(request, _("The document is added to this application."))
    return back(request, application, piece=added.requirement_id, place="#viewer")


@require_POST
@for_object(Application, "applications.ask_corrections")
def drop_document(request: HttpRequest, application: Application, requirement: int) -> HttpResponse:
    """Ask no more for a document of this application alone."""
    additional = get_object_or_404(
        application.additional_documents.select_related("application", "requirement"),
        requirement=requirement,
    )
    try:
        drop_further_document(additional, by=request.user)
    except Refused as refusal:
        return show(request, application, status=409, blockers=refusal.blockers)
    messages.success(request, _("The document is no longer asked for."))
    return back(request, application)
