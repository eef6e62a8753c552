"""What the account pages share: where somebody was going, and how often they may try."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from allauth.core import ratelimit
from django import forms
from django.contrib.auth.hashers import check_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _

from candide.institution.accounts.domain.providers import SignInProvider, providers
from candide.institution.catalogue.models import Institution
from candide.web.public.account.forms import EmailForm
from candide.web.shared.again import NEXT_LENGTH

SENT_TO = "mail_sent_to"


def next_page(request: HttpRequest) -> str:
    """Where the person was going: a page of ours, else nothing."""
    address = request.POST.get("next") or request.GET.get("next") or ""
    return address if is_own_page(address) else ""


def is_own_page(address: str) -> bool:
    return (
        len(address) <= NEXT_LENGTH
        and address.startswith("/")
        and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    )


def address_of(name: str, *args: str, next_page: str = "") -> str:
    """The page called `name`, which will lead on to `next_page`."""
    address = reverse(name, args=args)
    return f"{address}?{urlencode({'next': next_page})}" if next_page else address


def is_throttled(request: HttpRequest, action: str, *, key: str | None = None) -> bool:
    """Whether this was tried too often, by the limits of `ACCOUNT_RATE_LIMITS` [AUTH-02]."""
    return not ratelimit.consume(request, action=action, key=key)


def too_many() -> str:
    return _("Too many attempts. Wait a while, then try again.")


@dataclass(frozen=True)
class Doors:
    """The sign-ins of the institution: of its students, where it wants that door shown, and of
    those who work there."""

    candidates: list[SignInProvider]
    staff: list[SignInProvider]


def doors() -> Doors:
    offered = providers()
    wanted = bool(offered) and Institution.current().has_sso_door
    return Doors(
        candidates=[each for each in offered if each.is_for_candidates and wanted],
        staff=[each for each in offered if each.is_for_staff],
    )


def password_is_wrong(request: HttpRequest, form: forms.Form) -> int:
    """Check the current password a form asks for; when it is not right, say so in the form and
    return the status of the answer, else 0."""
    if "current" not in form.fields:
        return 0
    user: Any = request.user
    if is_throttled(request, "password_asked"):
        form.add_error("current", too_many())
        return 429
    if not check_password(form.cleaned_data["current"], user.password):
        form.add_error("current", _("This is not your current password."))
        return 422
    return 0


def mail_asked(
    request: HttpRequest, action: str, send: Callable[..., object], *, page: str, then: str
) -> HttpResponse:
    """A page that asks for an address and sends a mail there, at most as often as `action` may be
    done; `then` names the page that says so."""
    form = EmailForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            email = form.cleaned_data["email"]
            if not is_throttled(request, action, key=email):
                send(email, now=timezone.now())
                request.session[SENT_TO] = email
                return redirect(then)
            form.add_error(None, too_many())
            status = 429
    return render(request, page, {"form": form}, status=status)
