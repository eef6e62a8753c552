"""Answering questions, saved as one goes [QST]."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from candide.admissions.applications.domain.questions import declare_question_not_concerned
from candide.admissions.applications.models import Application
from candide.core.blockers import Refused
from candide.core.text import whole_number
from candide.core.views import for_object
from candide.web.candidate.application.leases import take_checklist
from candide.web.candidate.application.page import page_of, show
from candide.web.shared.questions import QuestionForm, question_of


@require_POST
@for_object(Application, "applications.change_own")
def answer_question(request: HttpRequest, application: Application, question: int) -> HttpResponse:
    """Save one answer. Asked by the autosave of the page, only the state comes back."""
    item = question_of(application, question)
    form, now = QuestionForm(request.POST, item=item), timezone.now()
    form.save_answer(
        application,
        take=lambda: take_checklist(request, application, now=now),
        by=request.user,
        now=now,
    )
    if request.htmx:
        return _saved_state(request, application, form)
    if form.errors:
        return show(request, application, status=422, question_forms={question: form})
    messages.success(request, _("Your answer is saved."))
    url = redirect("candidate:application", application.pk).url
    return redirect(f"{url}#question-{question}")


@for_object(Application, "applications.change_own")
def question_not_concerned(
    request: HttpRequest, application: Application, question: int
) -> HttpResponse:
    """« Non concerné par cette question » [QST-05]."""
    item = question_of(application, question)
    context = {"application": application, "item": item, "navigation": "candidate"}
    template = "candidate/application/question_not_concerned.html"
    if request.method != "POST":
        return render(request, template, context)
    now = timezone.now()
    try:
        take_checklist(request, application, now=now)
        declare_question_not_concerned(
            application, item.question, by=request.user, now=now, seen=_seen(request)
        )
    except Refused as refusal:
        return render(request, template, {**context, "blockers": refusal.blockers}, status=409)
    messages.success(request, _("You declared not to be concerned by this question."))
    return redirect("candidate:application", application.pk)


def _seen(request: HttpRequest) -> int:
    """The version of the answer the page showed; 0 for none."""
    return whole_number(request.POST.get("seen")) or 0


def _saved_state(
    request: HttpRequest, application: Application, form: QuestionForm
) -> HttpResponse:
    """What an autosave gets back: errors at their field, the version now stored, the questions
    this answer asks for or spares, and what still keeps the dossier from being transmitted."""
    question = form.item.question.pk
    page = page_of(request, application)
    context = {
        "form": form,
        "seen": form if form.errors else QuestionForm(item=question_of(application, question)),
        "page": page,
        "application": page.application,
        "below": [] if form.errors else page.questions_below(question),
    }
    status = 422 if form.errors else 200
    return render(request, "candidate/application/answer_saved.html", context, status=status)
