"""Creating an account, activating it, and asking for the activation link again [ACC-01…21]."""

import hashlib
import time
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from candide.core.blockers import Refused
from candide.core.clock import localdate
from candide.institution.accounts.adapter import pending_identity
from candide.institution.accounts.domain.activation import (
    Activated,
    activate,
    activation_blockers,
    is_asked_for_by,
    resend_activation,
)
from candide.institution.accounts.domain.creation import (
    NewAccount,
    create_account,
    creation_blockers,
)
from candide.institution.accounts.domain.links import find_link
from candide.institution.accounts.enums import LinkPurpose
from candide.institution.catalogue.models import Institution
from candide.web.public.account.entrance import (
    SENT_TO,
    address_of,
    doors,
    is_throttled,
    mail_asked,
    next_page,
    too_many,
)
from candide.web.public.account.forms import CreateAccountForm

LOGIN_HINT = "login_hint"


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
@sensitive_post_parameters("password", "password_again")
def create(request: HttpRequest) -> HttpResponse:
    """« Créer un compte »."""
    if request.user.is_authenticated:
        return redirect(next_page(request) or "public:after_login")
    now = timezone.now()
    blockers = creation_blockers(today=localdate(now))
    if blockers:
        return _not_now(request, blockers)
    form = CreateAccountForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            email = form.cleaned_data["email"]
            if not is_throttled(request, "signup", key=email):
                create_account(new_account(request, form), now=now)
                request.session[SENT_TO] = email
                return redirect(address_of("account_sent", next_page=next_page(request)))
            form.add_error(None, too_many())
            status = 429
    context = {"form": form, "next": next_page(request), "doors": doors()}
    return render(request, "public/account/create.html", context, status=status)


def new_account(request: HttpRequest, form: CreateAccountForm) -> NewAccount:
    """What was typed, in the language of the page, with the notice that was there to read."""
    data = form.cleaned_data
    return NewAccount(
        last_name=data["last_name"],
        first_name=data["first_name"],
        email=data["email"],
        password=data["password"] or None,
        language=get_language() or "fr",
        next_page=next_page(request),
        notice_version=notice_version(),
    )


def notice_version() -> str:
    """Which privacy notice was there to read when the account was created [HOME-06]."""
    text = str(Institution.current().privacy_text)
    return hashlib.sha256(text.encode()).hexdigest() if text else ""


def _not_now(request: HttpRequest, blockers: list) -> HttpResponse:
    context = {
        "blockers": blockers,
        "next": next_page(request),
        "doors": doors(),
    }
    status = 409 if request.method == "POST" else 200
    return render(request, "public/account/closed.html", context, status=status)


@require_safe
@login_not_required
@never_cache
def sent(request: HttpRequest) -> HttpResponse:
    """The same page whether the address was known or not [ACC-04]."""
    context = {"email": request.session.get(SENT_TO, ""), "next": next_page(request)}
    return render(request, "public/account/sent.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def resend(request: HttpRequest) -> HttpResponse:
    """« Je n'ai pas reçu le lien d'activation » [ACC-19]."""
    return mail_asked(
        request,
        "activation_mail",
        resend_activation,
        page="public/account/resend.html",
        then="account_resent",
    )


@require_safe
@login_not_required
@never_cache
def resent(request: HttpRequest) -> HttpResponse:
    context = {"email": request.session.get(SENT_TO, "")}
    return render(request, "public/account/resent.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def activation(request: HttpRequest, secret: str) -> HttpResponse:
    """The page the mailed link opens: a button, so that a scanner of mails activates nothing
    [ACC-18]."""
    if is_throttled(request, "mailed_link"):
        return render(request, "public/account/throttled.html", status=429)
    now = timezone.now()
    identity, _going_to = pending_identity(request.session, now=time.time()) or (None, "")
    if request.method == "POST":
        try:
            done = activate(secret, now=now, identity=identity)
        except Refused as refusal:
            context = {"blockers": refusal.blockers}
            return render(request, "public/account/activation.html", context, status=409)
        return _lead_on(request, done)
    link = find_link(secret, LinkPurpose.ACTIVATION)
    shown: dict[str, Any] = {"blockers": activation_blockers(link, now=now)}
    if link and not shown["blockers"]:
        is_attached = is_asked_for_by(link, identity)
        shown["holder"] = link.user
        shown["identity"] = identity if is_attached else None
        shown["is_left_unattached"] = bool(link.identity) and not is_attached
    return render(request, "public/account/activation.html", shown)


def _lead_on(request: HttpRequest, done: Activated) -> HttpResponse:
    request.session[LOGIN_HINT] = done.user.file_number
    if done.password_secret:
        messages.success(request, _("Your account is active. Choose a password to sign in with."))
        return redirect("account_choose_password", done.password_secret)
    messages.success(request, _("Your account is active. Sign in to go on."))
    return redirect(address_of("account_login", next_page=done.next_page))
