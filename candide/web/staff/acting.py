"""What staff do to one application: check, set the status, decide, release."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from candide.admissions.applications.domain.asked import RequestedDocument, requested_documents
from candide.admissions.applications.domain.cancelling import restore
from candide.admissions.applications.domain.checking import check_documents
from candide.admissions.applications.domain.examining import (
    declare_status,
    extend_documents_due,
    status_warnings,
)
from candide.admissions.applications.enums import DossierStatus, ItemStatus
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.answering import extend_acceptance_due
from candide.admissions.decisions.domain.current import draft_decision, draft_mark
from candide.admissions.decisions.domain.entering import (
    delete_draft,
    enter_decision,
    entering_warnings,
)
from candide.admissions.decisions.domain.release import (
    release,
    release_blockers,
    release_warnings,
)
from candide.core.blockers import Refused
from candide.core.clock import localdate
from candide.core.views import for_object
from candide.web.shared.again import before_releasing
from candide.web.staff.application import show
from candide.web.staff.forms import (
    VERDICTS,
    AnswerDeadlineForm,
    CheckForm,
    DeadlineForm,
    DecisionForm,
    StatusForm,
    look_again,
)
from candide.web.staff.walking import Walk, back, list_of, steps_of

# What is said after a verdict.
SAID = {
    ItemStatus.APPROVED: gettext_lazy("“%(document)s” is approved."),
    ItemStatus.REFUSED: gettext_lazy("“%(document)s” is refused."),
    ItemStatus.SUBMITTED: gettext_lazy("“%(document)s” is to be checked again."),
}


@require_POST
@for_object(Application, "applications.check_documents")
def check_document(
    request: HttpRequest, application: Application, requirement: int
) -> HttpResponse:
    """Approve or refuse one document, then show the next to check, as the viewer would."""
    item = next((i for i in _documents(application) if i.requirement.pk == requirement), None)
    verdict = VERDICTS.get(request.POST.get("verdict", ""))
    if item is None or verdict is None:
        raise Http404
    form = CheckForm(request.POST, item=item)
    if not form.is_valid():
        return show(request, application, status=422, piece=requirement, check_form=form)
    values = form.cleaned_data
    try:
        check_documents(
            application,
            [item.requirement],
            verdict,
            comment=values["comment"],
            by=request.user,
            now=timezone.now(),
            only_here=values.get("only_here", False),
            seen={requirement: values["seen"]},
        )
    except Refused as refusal:
        return _check_again(request, application, requirement, form, refusal)
    messages.success(request, SAID[verdict] % {"document": item.requirement})
    documents = _documents(application)
    checked = next(i for i in documents if i.requirement.pk == requirement)
    following = steps_of(documents, checked).to_check or checked
    return back(request, application, piece=following.requirement.pk, place="#viewer")


def _documents(application: Application) -> list[RequestedDocument]:
    """What staff check: internal documents too."""
    return requested_documents(application, with_internal=True)


@require_POST
@for_object(Application, "applications.set_status")
def set_status(request: HttpRequest, application: Application) -> HttpResponse:
    """Set the status; what is unwise is asked about once more."""
    form = StatusForm(request.POST, application=application)
    if not form.is_valid():
        return show(request, application, status=422, status_form=form)
    values = form.cleaned_data
    status = DossierStatus(values["status"])
    request_again = [int(pk) for pk in values["request_again"]]
    warnings = status_warnings(
        application, status, today=localdate(timezone.now()), request_again=request_again
    )
    if warnings and "confirmed" not in request.POST:
        context = {
            "application": application,
            "warnings": warnings,
            "posted": _posted(request),
            "walk": Walk(list_of(request)),
            "navigation": "staff",
        }
        return render(request, "staff/application/status_confirm.html", context)
    try:
        declare_status(
            application,
            status,
            by=request.user,
            now=timezone.now(),
            on=values["on"],
            request_again=request_again,
            seen=values["seen"] or None,
        )
    except Refused as refusal:
        stored = Application.objects.get(pk=application.pk)
        form = look_again(form, stored.dossier_status)
        return show(request, application, status=409, status_form=form, blockers=refusal.blockers)
    messages.success(request, _("The status is set and the candidate is told by mail."))
    return back(request, application)


@require_POST
@for_object(Application, "decisions.enter")
def enter(request: HttpRequest, application: Application) -> HttpResponse:
    """Enter or change the draft of a decision. The candidate sees nothing of it."""
    form = DecisionForm(request.POST, application=application, draft=draft_decision(application))
    if not form.is_valid():
        return show(request, application, status=422, decision_form=form)
    try:
        enter_decision(
            application,
            form.draft(),
            by=request.user,
            now=timezone.now(),
            seen=form.cleaned_data["seen"],
        )
    except Refused as refusal:
        form = look_again(form, draft_mark(draft_decision(application)))
        return show(request, application, status=409, decision_form=form, blockers=refusal.blockers)
    for warning in entering_warnings(application):
        messages.warning(request, warning.message)
    messages.success(request, _("The decision is entered. The candidate sees it once released."))
    return back(request, application)


@for_object(Application, "decisions.release")
@before_releasing
def release_decision(request: HttpRequest, application: Application) -> HttpResponse:
    """Release the draft, after a page that says what follows."""
    blockers, status = release_blockers(application), 200
    if request.method == "POST":
        try:
            seen = request.POST.get("seen", "")
            release(application, by=request.user, now=timezone.now(), seen=seen)
        except Refused as refusal:
            blockers, status = refusal.blockers, 409
        else:
            messages.success(request, _("The decision is released and the candidate is told."))
            return back(request, application)
    decision = draft_decision(application)
    context = {
        "application": application,
        "decision": decision,
        "seen": draft_mark(decision),
        "blockers": blockers,
        "warnings": release_warnings(application, today=localdate(timezone.now())),
        "walk": Walk(list_of(request)),
        "navigation": "staff",
    }
    return render(request, "staff/application/release.html", context, status=status)


@require_POST
@for_object(Application, "decisions.enter")
def remove_draft(request: HttpRequest, application: Application) -> HttpResponse:
    """Delete the draft; history keeps what it was."""
    try:
        delete_draft(application, by=request.user, seen=request.POST.get("seen", ""))
    except Refused as refusal:
        return show(request, application, status=409, blockers=refusal.blockers)
    messages.success(request, _("The draft is deleted."))
    return back(request, application)


@require_POST
@for_object(Application, "applications.set_deadlines")
def extend(request: HttpRequest, application: Application) -> HttpResponse:
    """Give this dossier a later last day."""
    form = DeadlineForm(request.POST)
    return _extended(request, application, extend_documents_due, deadline_form=form)


@require_POST
@for_object(Application, "applications.set_deadlines")
def extend_answer(request: HttpRequest, application: Application) -> HttpResponse:
    """Give this offer its own last day to answer."""
    form = AnswerDeadlineForm(request.POST)
    return _extended(request, application, extend_acceptance_due, answer_deadline_form=form)


def _extended(
    request: HttpRequest,
    application: Application,
    act: Callable[..., None],
    **shown: DeadlineForm | AnswerDeadlineForm,
) -> HttpResponse:
    """What `act` answers to the day of the one form in `shown`, by the name the page has it."""
    (form,) = shown.values()
    if not form.is_valid():
        return show(request, application, status=422, **shown)
    try:
        act(application, form.cleaned_data["day"], by=request.user, now=timezone.now())
    except Refused as refusal:
        return show(request, application, status=409, blockers=refusal.blockers, **shown)
    messages.success(request, _("The individual deadline is saved."))
    return back(request, application)


@require_POST
@for_object(Application, "applications.restore")
def restore_application(request: HttpRequest, application: Application) -> HttpResponse:
    """Undo a cancellation."""
    try:
        restore(application, by=request.user, now=timezone.now())
    except Refused as refusal:
        return show(request, application, status=409, blockers=refusal.blockers)
    messages.success(request, _("The application is restored."))
    return back(request, application)


def _check_again(
    request: HttpRequest,
    application: Application,
    requirement: int,
    form: CheckForm,
    refusal: Refused,
) -> HttpResponse:
    """The document as it is now, with the verdict that was refused beside it."""
    use = application.submitted_documents.filter(requirement=requirement).first()
    form = look_again(form, use.version_id if use else None)
    return show(
        request,
        application,
        status=409,
        piece=requirement,
        check_form=form,
        blockers=refusal.blockers,
    )


def _posted(request: HttpRequest) -> list[tuple[str, Any]]:
    """What was posted, to be sent again once confirmed."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken"
    ]
