"""What cannot be undone, done in the candidate's place, each on a page of its own: transmit,
cancel, confirm, withdraw. And a lease taken back from whoever holds it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from candide.admissions.applications.domain.cancelling import cancel
from candide.admissions.applications.domain.checklists import free_checklist
from candide.admissions.applications.domain.transmission import transmit
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.answering import accept, withdraw
from candide.core.blockers import Refused
from candide.core.clock import localdate
from candide.core.views import for_object
from candide.web.staff.acting_for import BLOCKERS, PERMISSION, waived
from candide.web.staff.walking import Walk, back, list_of


@dataclass(frozen=True)
class Act:
    """One thing done in the candidate's place, what follows from it, and what is said then."""

    name: str
    do: Callable[..., Any]
    title: Any
    follows: Any
    done: Any
    has_deadline: bool = True


TRANSMIT = Act(
    "transmit",
    transmit,
    gettext_lazy("Transmit the dossier"),
    gettext_lazy(
        "The dossier is received and frozen as it is now. The candidate gets the receipt by mail."
    ),
    gettext_lazy("The dossier is transmitted and the candidate has the receipt."),
)
ACCEPT = Act(
    "accept",
    accept,
    gettext_lazy("Confirm the application"),
    gettext_lazy("The place is kept for the candidate, who is told by mail."),
    gettext_lazy("The application is confirmed and the candidate is told by mail."),
)
WITHDRAW = Act(
    "withdraw",
    withdraw,
    gettext_lazy("Withdraw the candidate"),
    gettext_lazy(
        "The place goes to somebody else, even if it was confirmed. The candidate and the "
        "commission are told by mail, and the next of the reserve list may be called."
    ),
    gettext_lazy("The candidate is withdrawn and told by mail."),
)
CANCEL = Act(
    "cancel",
    cancel,
    gettext_lazy("Cancel the application"),
    gettext_lazy("It will not be examined. The candidate and the commission are told by mail."),
    gettext_lazy("The application is cancelled and the candidate is told by mail."),
    has_deadline=False,
)


@for_object(Application, PERMISSION)
def transmit_for(request: HttpRequest, application: Application) -> HttpResponse:
    """« Transmettre » in the candidate's place."""
    return _perform(request, application, TRANSMIT)


@for_object(Application, PERMISSION)
def accept_for(request: HttpRequest, application: Application) -> HttpResponse:
    """« Confirmer » in the candidate's place."""
    return _perform(request, application, ACCEPT)


@for_object(Application, PERMISSION)
def withdraw_for(request: HttpRequest, application: Application) -> HttpResponse:
    """« Se désister » in the candidate's place."""
    return _perform(request, application, WITHDRAW)


@for_object(Application, PERMISSION)
def cancel_for(request: HttpRequest, application: Application) -> HttpResponse:
    """« Annuler » in the candidate's place."""
    return _perform(request, application, CANCEL)


def _perform(request: HttpRequest, application: Application, act: Act) -> HttpResponse:
    """GET asks, and says which days are waived; POST does."""
    now, status = timezone.now(), 200
    deadline = {"enforce_deadline": waived(request.user, application)["enforce_deadline"]}
    ask = BLOCKERS[act.name]
    blockers = ask(application, today=localdate(now), **deadline)
    if request.method == "POST":
        try:
            act.do(application, by=request.user, now=now, **(deadline if act.has_deadline else {}))
        except Refused as refusal:
            blockers, status = refusal.blockers, 409
        else:
            messages.success(request, act.done)
            return back(request, application)
    bound = ask(application, today=localdate(now), enforce_deadline=True)
    context = {
        "application": application,
        "act": act,
        "blockers": blockers,
        "warnings": [one for one in bound if one not in blockers],
        "walk": Walk(list_of(request)),
        "navigation": "staff",
    }
    return render(request, "staff/application/act_for.html", context, status=status)


@require_POST
@for_object(Application, PERMISSION)
def release_lease(request: HttpRequest, application: Application) -> HttpResponse:
    """Take the checklist from whoever holds it."""
    if free_checklist(application, by=request.user):
        messages.success(
            request, _("The lock is released. Whoever held it is told at the next save.")
        )
    url = reverse("staff:acting", args=[application.pk])
    return redirect(f"{url}{Walk(list_of(request)).kept}")
