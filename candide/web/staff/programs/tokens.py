"""« Jetons d’accès »: what other systems come in with."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from candide.core.blockers import Refused
from candide.core.clock import localdate
from candide.core.views import for_object, permission_required
from candide.foundation.history.domain.log import entries_about
from candide.institution.tokens.domain.making import make_token, revoke_token
from candide.institution.tokens.enums import TokenEvent
from candide.institution.tokens.models import Token
from candide.institution.tokens.rules import MANAGE
from candide.web.shared.again import before_exporting
from candide.web.staff.programs.forms import TokenForm
from candide.web.staff.settings.history import row_sentences

SHOWN = 200
SHOWN_HISTORY = 20


@permission_required(MANAGE)
def token_list(request: HttpRequest) -> HttpResponse:
    """Those that open something, then the others."""
    today = localdate(timezone.now())
    rows = (
        Token.objects.all()
        .visible_to(request.user)
        .select_related("last_use")
        .prefetch_related("centres")
        .order_by(F("revoked_at").desc(nulls_first=True), "name", "pk")
    )
    lines = [(token, state_of(token, today=today), used_at(token)) for token in rows[:SHOWN]]
    return _page(request, "staff/programs/tokens.html", {"lines": lines})


@permission_required(MANAGE)
@before_exporting
def token_new(request: HttpRequest) -> HttpResponse:
    """Make a token, by which as much leaves as by an export. Its secret is on the page that
    answers, and nowhere else."""
    form, blockers, status = TokenForm(request.POST or None), [], 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                token, secret = make_token(form.wish(), by=request.user, now=timezone.now())
            except Refused as refusal:
                blockers, status = refusal.blockers, 409
            else:
                context = {"token": token, "secret": secret}
                made = _page(request, "staff/programs/token_made.html", context)
                made["Cache-Control"] = "no-store"
                return made
    context = {
        "form": form,
        "blockers": blockers,
        "title": _("New token"),
        "list_title": _("Access tokens"),
        "list_url": reverse("staff:tokens"),
        "verb": _("Make the token"),
        "icon": "key-round",
    }
    return _page(request, "staff/programs/new.html", context, status=status)


@for_object(Token, MANAGE)
def token_page(request: HttpRequest, token: Token) -> HttpResponse:
    """What a token opens and who made it; revoking it."""
    blockers, status = [], 200
    if request.method == "POST":
        try:
            revoke_token(token, by=request.user, now=timezone.now())
        except Refused as refusal:
            blockers, status = refusal.blockers, 409
        else:
            messages.success(request, _("The token is revoked: it opens nothing any more."))
            return redirect("staff:tokens")
    context = {
        "token": token,
        "state": state_of(token, today=localdate(timezone.now())),
        "used_at": used_at(token),
        "centres": token.centres.order_by("code"),
        "blockers": blockers,
        "history": row_sentences(
            entries_about(token)[:SHOWN_HISTORY], token, events=dict(TokenEvent.choices)
        ),
    }
    return _page(request, "staff/programs/token.html", context, status=status)


def state_of(token: Token, *, today: Any) -> dict[str, str]:
    """Whether it opens anything: its words, its tone and its icon."""
    if token.revoked_at is not None:
        return {"label": _("Revoked"), "tone": "neutral", "icon": "ban"}
    if today > token.expires_on:
        return {"label": _("Expired"), "tone": "warning", "icon": "clock-alert"}
    return {"label": _("Valid"), "tone": "success", "icon": "circle-check"}


def used_at(token: Token) -> datetime | None:
    """When a program last came in with it; it may never have."""
    last = getattr(token, "last_use", None)
    return last.at if last else None


def _page(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    return render(request, template, context | {"navigation": "staff"}, status=status)
