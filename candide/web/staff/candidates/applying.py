"""Creating an application for a candidate, from the candidate's page or from the catalogue: an
ordinary one, or a proposal [14.2]."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candide.admissions.applications.domain.applying import apply_to
from candide.admissions.applications.domain.applying_for import (
    applying_for_blockers,
    applying_for_warnings,
)
from candide.admissions.applications.models import Application
from candide.admissions.applications.rules import intakes_to_apply_for
from candide.admissions.candidates.domain.finding import find_people, present
from candide.admissions.decisions.domain.proposing import propose, proposing_blockers
from candide.core.blockers import Blocker, Refused
from candide.core.clock import localdate
from candide.core.text import fold
from candide.core.views import for_object, permission_required
from candide.institution.accounts.models import User
from candide.institution.catalogue.models import Intake

ACT_FOR = "candidates.act_for"
SHOWN = 50
CLASSIC, PROPOSAL = "classic", "proposal"
KINDS = {
    CLASSIC: gettext_lazy("Ordinary application: the candidate completes the dossier"),
    PROPOSAL: gettext_lazy("Proposal: complete at once, with a draft of the favourable decision"),
}


@for_object(User, ACT_FOR)
def choose_programme(request: HttpRequest, account: User) -> HttpResponse:
    """The programmes one may apply to for somebody, found by words."""
    searched = request.GET.get("q", "").strip()[:100]
    intakes = intakes_to_apply_for(request.user).with_offer()
    for word in fold(searched).split():
        intakes = intakes.filter(programme__search_text__contains=word)
    found = list(intakes.order_by("programme__search_text", "pk")[: SHOWN + 1])
    context = {
        "account": account,
        "searched": searched,
        "intakes": found[:SHOWN],
        "has_more": len(found) > SHOWN,
        "today": localdate(timezone.now()),
        "navigation": "staff",
    }
    return render(request, "staff/candidates/choose_programme.html", context)


@permission_required(ACT_FOR)
def choose_candidate(request: HttpRequest, pk: int) -> HttpResponse:
    """From a programme of the catalogue: for whom?"""
    intake = get_object_or_404(intakes_to_apply_for(request.user).with_offer(), pk=pk)
    text = request.GET.get("q", "").strip()[:200]
    visible = User.objects.all().visible_to(request.user)
    found = find_people(text, among=present(visible, Application.objects.all()))
    context = {"intake": intake, "searched": text, "found": found, "navigation": "staff"}
    return render(request, "staff/candidates/choose_candidate.html", context)


@for_object(User, ACT_FOR)
def confirm(request: HttpRequest, account: User, intake: int) -> HttpResponse:
    """What will happen, what is unwise about it, and the button. A warning that came up since the
    page was shown is shown first."""
    chosen = get_object_or_404(intakes_to_apply_for(request.user).with_offer(), pk=intake)
    now = timezone.now()
    today = localdate(now)
    warnings = applying_for_warnings(user=account, intake=chosen, today=today)
    mark = ",".join(warning.code for warning in warnings)
    kind = request.POST.get("kind", "")
    blockers: list[Blocker] = []
    if kind in KINDS and request.POST.get("seen", "") == mark:
        create = propose if kind == PROPOSAL else _apply
        try:
            application = create(chosen, user=account, by=request.user, now=now)
        except Refused as refusal:
            blockers = refusal.blockers
        else:
            return _done(request, account, application)
    context = {
        "account": account,
        "intake": chosen,
        "kinds": _kinds(account, chosen, today),
        "chosen_kind": kind,
        "warnings": warnings,
        "mark": mark,
        "blockers": blockers,
        "navigation": "staff",
    }
    return render(
        request, "staff/candidates/apply.html", context, status=_status(request, blockers)
    )


def _status(request: HttpRequest, blockers: list[Blocker]) -> int:
    if request.method != "POST":
        return 200
    return 409 if blockers else 422


def _apply(intake: Intake, *, user: User, by: Any, now: Any) -> Application:
    return apply_to(intake, user=user, by=by, now=now, enforce_dates=False)


def _kinds(account: User, intake: Intake, today: Any) -> list[dict[str, Any]]:
    blockers = {
        CLASSIC: applying_for_blockers(user=account, intake=intake, today=today),
        PROPOSAL: proposing_blockers(user=account, intake=intake, today=today),
    }
    return [
        {"kind": kind, "label": label, "blockers": blockers[kind]} for kind, label in KINDS.items()
    ]


def _done(request: HttpRequest, account: User, application: Application) -> HttpResponse:
    messages.success(request, _("The application is created, and the candidate is told by mail."))
    if Application.objects.all().visible_to(request.user).filter(pk=application.pk).exists():
        return redirect("staff:application", application.pk)
    return redirect("staff:candidate", account.pk)
