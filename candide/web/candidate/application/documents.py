"""Giving, replacing, taking back documents, and reading them [PJ]."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from candide.admissions.applications.domain.asked import RequestedDocument
from candide.admissions.applications.domain.documents import (
    declare_not_concerned,
    declining_blockers,
    file_service_blockers,
    give_document,
    giving_blockers,
    remove_document,
    removing_blockers,
)
from candide.admissions.applications.domain.transmission import transmission_blockers
from candide.admissions.applications.models import Application
from candide.core.blockers import Blocker, Refused, refuse_if
from candide.core.clock import localdate
from candide.core.text import whole_number
from candide.core.views import for_object
from candide.foundation.files.domain.storing import store
from candide.web.candidate.application.leases import take_checklist
from candide.web.candidate.application.page import (
    ApplicationPage,
    DocumentRow,
    page_of,
    show,
    show_page,
)
from candide.web.shared.checklist import document_of, template_of
from candide.web.shared.downloads import serve, serve_original
from candide.web.shared.errors import file_unavailable
from candide.web.shared.limits import limits_of


@require_POST
@for_object(Application, "applications.change_own")
def upload_document(
    request: HttpRequest, application: Application, requirement: int
) -> HttpResponse:
    """Store what was sent, then give it. Refusals come back beside the document."""
    item = document_of(application, requirement)
    now = timezone.now()
    try:
        refuse_if(giving_blockers(item, today=localdate(now)))
        take_checklist(request, application, now=now)
        file = store(
            request.FILES.getlist("files"),
            by=request.user,
            limits=limits_of(item.requirement),
        )
        give_document(
            application,
            item.requirement,
            file,
            by=request.user,
            now=now,
            seen=_seen(request),
        )
    except Refused as refusal:
        return _refused(request, application, requirement, refusal)
    messages.success(request, _("“%(document)s” was received.") % _label(item))
    for sentence in file.changes_told:
        messages.info(request, sentence)
    return _back(request, application, requirement)


def _refused(
    request: HttpRequest, application: Application, requirement: int, refusal: Refused
) -> HttpResponse:
    """Why the file was not accepted, beside the document; at the head of the page if the document
    is no longer asked for since the file began to be sent."""
    page = page_of(request, application, refused={f"document:{requirement}": refusal.blockers})
    is_asked = _row(page, requirement) is not None
    if request.htmx and is_asked:
        return _document(request, page, requirement, status=409)
    if request.htmx:
        context = {
            "page": page,
            "application": page.application,
            "pk": requirement,
            "refused": refusal.blockers,
        }
        return render(request, "candidate/application/document_gone.html", context, status=409)
    return show_page(request, page, blockers=[] if is_asked else refusal.blockers, status=409)


def _document(
    request: HttpRequest, page: ApplicationPage, requirement: int, *, status: int
) -> HttpResponse:
    """The one document, as the page that sent it replaces it."""
    context = {
        "page": page,
        "application": page.application,
        "row": _row(page, requirement),
    }
    template = "candidate/application/document_given.html"
    return render(request, template, context, status=status)


def _row(page: ApplicationPage, requirement: int) -> DocumentRow | None:
    """The document `requirement` on the page, while it is asked for."""
    rows = (row for row in page.documents if row.item.requirement.pk == requirement)
    return next(rows, None)


@for_object(Application, "applications.change_own")
def remove(request: HttpRequest, application: Application, requirement: int) -> HttpResponse:
    """Take a document back, after a page that names it [PJ-15, PJ-16]."""
    item = document_of(application, requirement)
    if item.submitted is None:
        return _back(request, application, requirement)
    return _confirmed(
        request,
        item,
        template="candidate/application/document_remove.html",
        blockers=removing_blockers,
        act=remove_document,
        done=_("“%(document)s” was deleted."),
    )


@for_object(Application, "applications.change_own")
def not_concerned(request: HttpRequest, application: Application, requirement: int) -> HttpResponse:
    """« Non concerné par cette pièce »: a sworn statement, on a page of its own [PJ-18]."""
    return _confirmed(
        request,
        document_of(application, requirement),
        template="candidate/application/not_concerned.html",
        blockers=declining_blockers,
        act=declare_not_concerned,
        done=_("You declared not to be concerned by “%(document)s”."),
    )


@for_object(Application, "applications.view_own")
def document_file(request: HttpRequest, application: Application, requirement: int) -> HttpResponse:
    """What was given, as a file to look at or to keep."""
    item = document_of(application, requirement)
    if item.file is None:
        raise Http404
    if closed := file_service_blockers():
        return file_unavailable(request, closed)
    return serve(
        request,
        item.file,
        as_attachment="download" in request.GET,
        filename=item.file.name,
    )


@for_object(Application, "applications.view_own")
def document_original(
    request: HttpRequest, application: Application, requirement: int, position: int
) -> HttpResponse:
    """« Fichier d'origine »: what was uploaded, where the document is not that file itself."""
    item = document_of(application, requirement)
    if item.file is None:
        raise Http404
    original = get_object_or_404(item.file.originals, position=position)
    if closed := file_service_blockers():
        return file_unavailable(request, closed)
    return serve_original(request, original)


@for_object(Application, "applications.view_own")
def requirement_template(
    request: HttpRequest, application: Application, requirement: int
) -> HttpResponse:
    """The template to fill in that staff put beside a requirement [PJ-04]."""
    return template_of(request, document_of(application, requirement))


def _confirmed(
    request: HttpRequest,
    item: RequestedDocument,
    *,
    template: str,
    blockers: Callable[..., list[Blocker]],
    act: Any,
    done: str,
) -> HttpResponse:
    """Show the page that asks, or why nothing of it changes any more; once confirmed, act."""
    application, requirement = item.application, item.requirement
    now = timezone.now()
    if found := blockers(item, today=localdate(now)):
        status = 409 if request.method == "POST" else 200
        return show(request, application, blockers=found, status=status)
    context = {
        "application": application,
        "item": item,
        "navigation": "candidate",
        "seen": item.seen or "",
    }
    if request.method != "POST":
        return render(request, template, context)
    try:
        take_checklist(request, application, now=now)
        act(application, requirement, by=request.user, now=now, seen=_seen(request))
    except Refused as refusal:
        return render(request, template, {**context, "blockers": refusal.blockers}, status=409)
    messages.success(request, done % _label(item))
    return _back(request, application, requirement.pk)


def _seen(request: HttpRequest) -> int | None:
    """The version the page showed, as its hidden field tells [PJ-13]."""
    return whole_number(request.POST.get("seen"))


def _label(item: RequestedDocument) -> dict[str, Any]:
    return {"document": item.requirement.label}


def _back(request: HttpRequest, application: Application, requirement: int) -> HttpResponse:
    """Back to the document in the checklist. When nothing blocks the transmission any more, say
    that it remains to be done [PJ-21]."""
    application = Application.objects.with_offer().get(pk=application.pk)
    if not transmission_blockers(application, today=localdate(timezone.now())):
        messages.warning(
            request,
            _("Everything is there: do not forget to transmit before the deadline."),
        )
    if request.htmx:
        return _document(request, page_of(request, application), requirement, status=200)
    url = redirect("candidate:application", application.pk).url
    return redirect(f"{url}#document-{requirement}")
