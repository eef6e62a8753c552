"""What cannot be undone, each on a page of its own: transmit, cancel, confirm, withdraw."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from candide.admissions.applications.domain.asked import RequestedDocument, requested_documents
from candide.admissions.applications.domain.cancelling import cancel, cancelling_blockers
from candide.admissions.applications.domain.transmission import transmission_blockers, transmit
from candide.admissions.applications.enums import EDITABLE_STATUSES, CandidateAnswer
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.answering import (
    accept,
    accepting_blockers,
    withdraw,
    withdrawing_blockers,
)
from candide.core.blockers import Blocker, Refused
from candide.core.clock import localdate
from candide.core.views import for_object
from candide.web.candidate.application.page import ApplicationPage, page_of, show_page


@dataclass(frozen=True)
class Act:
    """One thing a candidate does: why it may be impossible, doing it, what is said then; whether
    they did it before, and what is said of that."""

    template: str
    blockers: Callable[..., list[Blocker]]
    act: Callable[..., Any]
    done: Any
    is_done: Callable[[Application], bool]
    again: Any


TRANSMIT = Act(
    "candidate/application/transmit.html",
    transmission_blockers,
    transmit,
    _("Your application is transmitted. Your receipt is below and on its way by mail."),
    lambda each: bool(each.transmitted_at) and each.dossier_status not in EDITABLE_STATUSES,
    _("Your application was transmitted already."),
)
CANCEL = Act(
    "candidate/application/cancel.html",
    lambda application, today: cancelling_blockers(application),
    cancel,
    _("Your application is cancelled. A mail confirms it."),
    lambda each: each.cancelled_at is not None,
    _("Your application was cancelled already."),
)
ACCEPT = Act(
    "candidate/application/accept.html",
    accepting_blockers,
    accept,
    _("Your application is confirmed: the place is yours. A mail confirms it."),
    lambda each: each.answer == CandidateAnswer.ACCEPTED,
    _("You have confirmed already: the place is yours."),
)
WITHDRAW = Act(
    "candidate/application/withdraw.html",
    withdrawing_blockers,
    withdraw,
    _("You have withdrawn. A mail confirms it."),
    lambda each: (
        each.answer == CandidateAnswer.WITHDRAWN and each.answered_by_id == each.candidate.user_id
    ),
    _("You had withdrawn already."),
)


@for_object(Application, "applications.change_own", reading="as_shown")
def transmit_dossier(request: HttpRequest, application: Application) -> HttpResponse:
    """« Transmettre ma candidature ». What is still missing is said on the application's page."""
    if request.method == "POST":
        return _perform(request, application, TRANSMIT)
    page = page_of(request, application)
    if page.transmission:
        return _impossible(request, page, TRANSMIT, page.transmission)
    return _ask(request, application, TRANSMIT, [row.item for row in page.documents])


@for_object(Application, "applications.change_own")
def cancel_application(request: HttpRequest, application: Application) -> HttpResponse:
    """« Annuler la candidature »."""
    return _perform(request, application, CANCEL)


@for_object(Application, "applications.change_own")
def accept_offer(request: HttpRequest, application: Application) -> HttpResponse:
    """« Confirmer ma candidature »."""
    return _perform(request, application, ACCEPT)


@for_object(Application, "applications.change_own")
def withdraw_application(request: HttpRequest, application: Application) -> HttpResponse:
    """« Me désister »."""
    return _perform(request, application, WITHDRAW)


def _perform(request: HttpRequest, application: Application, act: Act) -> HttpResponse:
    """GET asks, POST does."""
    now = timezone.now()
    if request.method != "POST":
        blockers = act.blockers(application, today=localdate(now))
        if blockers:
            return _impossible(request, page_of(request, application), act, blockers)
        return _ask(request, application, act, requested_documents(application))
    try:
        act.act(application, by=request.user, now=now)
    except Refused as refusal:
        page = page_of(request, application)
        return _impossible(request, page, act, refusal.blockers, status=409)
    messages.success(request, act.done)
    return redirect("candidate:application", application.pk)


def _impossible(
    request: HttpRequest,
    page: ApplicationPage,
    act: Act,
    blockers: list[Blocker],
    *,
    status: int = 200,
) -> HttpResponse:
    """Why not, on the application's page. What a first click or another tab did is said, not
    refused."""
    if page.application.archived_at is None and act.is_done(page.application):
        messages.info(request, act.again)
        return redirect("candidate:application", page.application.pk)
    return show_page(request, page, status=status, blockers=blockers)


def _ask(
    request: HttpRequest, application: Application, act: Act, documents: list[RequestedDocument]
) -> HttpResponse:
    """The page that says what follows, with the button that does it."""
    context = {"application": application, "documents": documents, "navigation": "candidate"}
    return render(request, act.template, context)
