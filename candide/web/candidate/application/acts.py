"""What cannot be undone, each on a page of its own: transmit, cancel, confirm, withdraw."""

from collections.abc import Callable, Sequence
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
from candide.web.candidate.application.page import page_of, show, show_page


@dataclass(frozen=True)
class Act:
    """One thing a candidate does: why it may be impossible, doing it, and what is said then."""

    template: str
    blockers: Callable[..., list[Blocker]]
    act: Callable[..., Any]
    done: Any


TRANSMIT = Act(
    "candidate/application/transmit.html",
    transmission_blockers,
    transmit,
    _("Your application is transmitted. Your receipt is below and on its way by mail."),
)
CANCEL = Act(
    "candidate/application/cancel.html",
    lambda application, today: cancelling_blockers(application),
    cancel,
    _("Your application is cancelled. A mail confirms it."),
)
ACCEPT = Act(
    "candidate/application/accept.html",
    accepting_blockers,
    accept,
    _("Your application is confirmed: the place is yours. A mail confirms it."),
)
WITHDRAW = Act(
    "candidate/application/withdraw.html",
    withdrawing_blockers,
    withdraw,
    _("You have withdrawn. A mail confirms it."),
)


@for_object(Application, "applications.change_own", reading="as_shown")
def transmit_dossier(request: HttpRequest, application: Application) -> HttpResponse:
    """« Transmettre ma candidature ». What is still missing is said on the application's page."""
    if request.method == "POST":
        return _perform(request, application, TRANSMIT)
    page = page_of(request, application)
    if page.transmission:
        return show_page(request, page, blockers=page.transmission)
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
    """GET asks, POST does. What was already done by a first click is said, not refused."""
    now = timezone.now()
    status = 200
    blockers = act.blockers(application, today=localdate(now))
    if request.method == "POST":
        try:
            act.act(application, by=request.user, now=now)
        except Refused as refusal:
            blockers, status = refusal.blockers, 409
        else:
            messages.success(request, act.done)
            return redirect("candidate:application", application.pk)
    if blockers and act is TRANSMIT:
        return show(request, application, status=status, blockers=blockers)
    documents = requested_documents(application)
    return _ask(request, application, act, documents, blockers=blockers, status=status)


def _ask(
    request: HttpRequest,
    application: Application,
    act: Act,
    documents: list[RequestedDocument],
    *,
    blockers: Sequence[Blocker] = (),
    status: int = 200,
) -> HttpResponse:
    """The page that says what follows, with the button that does it."""
    context = {
        "application": application,
        "blockers": blockers,
        "documents": documents,
        "navigation": "candidate",
    }
    return render(request, act.template, context, status=status)
