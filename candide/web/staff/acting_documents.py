"""Documents and answers that staff give in the candidate's place."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from candide.admissions.applications.domain.asked import AskedQuestion, RequestedDocument
from candide.admissions.applications.domain.documents import (
    declare_not_concerned,
    give_document,
    giving_blockers,
    remove_document,
)
from candide.admissions.applications.domain.questions import declare_question_not_concerned
from candide.admissions.applications.models import Application
from candide.core.blockers import Blocker, Refused, refuse_if
from candide.core.clock import localdate
from candide.core.text import whole_number
from candide.core.views import for_object
from candide.foundation.files.domain.storing import store
from candide.web.shared.checklist import document_of, template_of
from candide.web.shared.limits import limits_of
from candide.web.shared.questions import QuestionForm, question_of
from candide.web.staff.acting_for import (
    PERMISSION,
    acting_page_of,
    show_acting,
    take_checklist,
    waived,
)
from candide.web.staff.walking import Walk, list_of

Item = RequestedDocument | AskedQuestion


@require_POST
@for_object(Application, PERMISSION)
def upload_document(
    request: HttpRequest, application: Application, requirement: int
) -> HttpResponse:
    """Store what was sent, then give it. Refusals come back beside the document."""
    item, now = _document(application, requirement), timezone.now()
    free = waived(request.user, application)
    try:
        refuse_if(giving_blockers(item, today=localdate(now), **free))
        take_checklist(request, application, now=now)
        files = request.FILES.getlist("files")
        file = store(files, by=request.user, limits=limits_of(item.requirement))
        give_document(
            application,
            item.requirement,
            file,
            by=request.user,
            now=now,
            seen=whole_number(request.POST.get("seen")),
            **free,
        )
    except Refused as refusal:
        return _answer(request, application, requirement, refused=refusal.blockers)
    label = {"document": item.requirement.label}
    messages.success(request, _("“%(document)s” is given in the candidate’s place.") % label)
    return _answer(request, application, requirement)


def _answer(
    request: HttpRequest,
    application: Application,
    requirement: int,
    *,
    refused: list[Blocker] | None = None,
) -> HttpResponse:
    """The one document anew to the script that sent it, else the page."""
    shown = {f"document:{requirement}": refused} if refused else {}
    status = 409 if refused else 200
    if not request.htmx:
        if refused:
            return show_acting(request, application, status=status, refused=shown)
        return _back(request, application, f"#document-{requirement}")
    page = acting_page_of(request, application, refused=shown)
    row = next(row for row in page.documents if row.item.requirement.pk == requirement)
    context = {"page": page, "row": row}
    return render(request, "staff/application/acting_document.html", context, status=status)


@for_object(Application, PERMISSION)
def remove(request: HttpRequest, application: Application, requirement: int) -> HttpResponse:
    """Take a document back, or the statement of not being concerned."""
    item = _document(application, requirement)
    title, done = _("Delete what was given"), _("What was given is deleted.")
    return _confirmed(request, item, item.requirement, act=remove_document, title=title, done=done)


@for_object(Application, PERMISSION)
def not_concerned(request: HttpRequest, application: Application, requirement: int) -> HttpResponse:
    """« Non concerné par cette pièce », as the candidate told."""
    item = _document(application, requirement)
    return _declared(request, item, item.requirement, act=declare_not_concerned)


@require_POST
@for_object(Application, PERMISSION)
def answer_question(request: HttpRequest, application: Application, question: int) -> HttpResponse:
    """Save one answer."""
    item = question_of(application, question)
    form, now = QuestionForm(request.POST, item=item), timezone.now()
    form.save_answer(
        application,
        take=lambda: take_checklist(request, application, now=now),
        by=request.user,
        now=now,
        **waived(request.user, application),
    )
    if request.htmx:
        return _saved(request, application, form)
    if form.errors:
        return show_acting(request, application, status=422, question_forms={question: form})
    messages.success(request, _("The answer is saved in the candidate’s place."))
    return _back(request, application, f"#question-{question}")


def _saved(request: HttpRequest, application: Application, form: QuestionForm) -> HttpResponse:
    """What an autosave gets back: errors at their field, and the version now stored."""
    item = question_of(application, form.item.question.pk)
    context = {"form": form, "seen": form if form.errors else QuestionForm(item=item)}
    status = 422 if form.errors else 200
    return render(request, "staff/application/acting_saved.html", context, status=status)


@for_object(Application, PERMISSION)
def question_not_concerned(
    request: HttpRequest, application: Application, question: int
) -> HttpResponse:
    """« Non concerné par cette question », as the candidate told."""
    item = question_of(application, question)
    return _declared(request, item, item.question, act=declare_question_not_concerned)


@for_object(Application, "applications.examine")
def requirement_template(
    request: HttpRequest, application: Application, requirement: int
) -> HttpResponse:
    """The template to fill in that stands beside a requirement."""
    return template_of(request, _document(application, requirement))


def _declared(
    request: HttpRequest, item: Item, asked: Any, *, act: Callable[..., Any]
) -> HttpResponse:
    """« Non concerné », once confirmed."""
    title = _("The candidate is not concerned")
    done = _("The candidate is declared not concerned.")
    return _confirmed(request, item, asked, act=act, title=title, done=done)


def _confirmed(
    request: HttpRequest,
    item: Item,
    asked: Any,
    *,
    act: Callable[..., Any],
    title: str,
    done: str,
) -> HttpResponse:
    """Show the page that asks; once confirmed, act on what is asked."""
    application = item.application
    context = {
        "application": application,
        "title": title,
        "what": asked.label,
        "seen": "" if item.seen is None else item.seen,
        "walk": Walk(list_of(request)),
        "navigation": "staff",
    }
    template = "staff/application/acting_confirm.html"
    if request.method != "POST":
        return render(request, template, context)
    now = timezone.now()
    try:
        take_checklist(request, application, now=now)
        shown = whole_number(request.POST.get("seen"))
        free = waived(request.user, application)
        act(application, asked, by=request.user, now=now, seen=shown, **free)
    except Refused as refusal:
        return render(request, template, {**context, "blockers": refusal.blockers}, status=409)
    messages.success(request, done)
    return _back(request, application)


def _back(request: HttpRequest, application: Application, place: str = "") -> HttpResponse:
    url = reverse("staff:acting", args=[application.pk])
    return redirect(f"{url}{Walk(list_of(request)).kept}{place}")


def _document(application: Application, requirement: int) -> RequestedDocument:
    return document_of(application, requirement, with_internal=True)
