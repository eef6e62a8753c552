"""Documents and answers that staff give in the candidate's place."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from candide.admissions.applications.domain.asked import (
    AskedQuestion,
    RequestedDocument,
    asked_questions,
    requested_documents,
)
from candide.admissions.applications.domain.documents import (
    declare_not_concerned,
    give_document,
    giving_blockers,
    remove_document,
)
from candide.admissions.applications.domain.questions import (
    declare_question_not_concerned,
    save_answer,
)
from candide.admissions.applications.models import Application
from candide.core.blockers import Blocker, Refused, refuse_if
from candide.core.clock import localdate
from candide.core.text import whole_number
from candide.core.views import for_object
from candide.foundation.files.domain.storing import store
from candide.web.shared.downloads import serve
from candide.web.shared.limits import limits_of
from candide.web.shared.questions import QuestionForm
from candide.web.staff.acting_for import (
    PERMISSION,
    acting_page_of,
    show_acting,
    take_checklist,
    waived,
)
from candide.web.staff.walking import Walk, list_of


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
    return _confirmed(
        request,
        application,
        what=item.requirement.label,
        seen=item.seen,
        title=_("Delete what was given"),
        act=lambda **how: remove_document(application, item.requirement, **how),
        done=_("What was given is deleted."),
    )


@for_object(Application, PERMISSION)
def not_concerned(request: HttpRequest, application: Application, requirement: int) -> HttpResponse:
    """« Non concerné par cette pièce », as the candidate told."""
    item = _document(application, requirement)
    return _confirmed(
        request,
        application,
        what=item.requirement.label,
        seen=item.seen,
        title=_("The candidate is not concerned"),
        act=lambda **how: declare_not_concerned(application, item.requirement, **how),
        done=_("The candidate is declared not concerned."),
    )


@require_POST
@for_object(Application, PERMISSION)
def answer_question(request: HttpRequest, application: Application, question: int) -> HttpResponse:
    """Save one answer."""
    item = _question(application, question)
    form, now = QuestionForm(request.POST, item=item), timezone.now()
    if form.is_valid():
        try:
            take_checklist(request, application, now=now)
            save_answer(
                application,
                item.question,
                form.value(),
                by=request.user,
                now=now,
                seen=form.cleaned_data["seen"],
                **waived(request.user, application),
            )
        except Refused as refusal:
            for blocker in refusal.blockers:
                form.add_error("answer", blocker.message)
    if request.htmx:
        return _saved(request, application, form)
    if form.errors:
        return show_acting(request, application, status=422, question_forms={question: form})
    messages.success(request, _("The answer is saved in the candidate’s place."))
    return _back(request, application, f"#question-{question}")


def _saved(request: HttpRequest, application: Application, form: QuestionForm) -> HttpResponse:
    """What an autosave gets back: errors at their field, and the version now stored."""
    item = _question(application, form.item.question.pk)
    context = {"form": form, "seen": form if form.errors else QuestionForm(item=item)}
    status = 422 if form.errors else 200
    return render(request, "staff/application/acting_saved.html", context, status=status)


@for_object(Application, PERMISSION)
def question_not_concerned(
    request: HttpRequest, application: Application, question: int
) -> HttpResponse:
    """« Non concerné par cette question », as the candidate told."""
    item = _question(application, question)
    return _confirmed(
        request,
        application,
        what=item.question.label,
        seen=item.seen,
        title=_("The candidate is not concerned"),
        act=lambda **how: declare_question_not_concerned(application, item.question, **how),
        done=_("The candidate is declared not concerned."),
    )


@for_object(Application, "applications.examine")
def requirement_template(
    request: HttpRequest, application: Application, requirement: int
) -> HttpResponse:
    """The template to fill in that stands beside a requirement."""
    template = _document(application, requirement).requirement.template_file
    if template is None:
        raise Http404
    return serve(request, template, as_attachment=True, filename=template.name)


def _confirmed(
    request: HttpRequest,
    application: Application,
    *,
    what: Any,
    seen: int | None,
    title: str,
    act: Callable[..., Any],
    done: str,
) -> HttpResponse:
    """Show the page that asks; once confirmed, act."""
    context = {
        "application": application,
        "title": title,
        "what": what,
        "seen": "" if seen is None else seen,
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
        act(by=request.user, now=now, seen=shown, **waived(request.user, application))
    except Refused as refusal:
        return render(request, template, {**context, "blockers": refusal.blockers}, status=409)
    messages.success(request, done)
    return _back(request, application)


def _back(request: HttpRequest, application: Application, place: str = "") -> HttpResponse:
    url = reverse("staff:acting", args=[application.pk])
    return redirect(f"{url}{Walk(list_of(request)).kept}{place}")


def _document(application: Application, requirement: int) -> RequestedDocument:
    for item in requested_documents(application, with_internal=True):
        if item.requirement.pk == requirement:
            return item
    raise Http404


def _question(application: Application, question: int) -> AskedQuestion:
    for item in asked_questions(application):
        if item.question.pk == question:
            return item
    raise Http404
