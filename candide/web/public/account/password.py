"""Forgotten identifiers, choosing and changing the password [ACC-22…25]."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from candide.core.blockers import Refused
from candide.core.views import permission_required
from candide.institution.accounts.domain.identifiers import (
    change_password,
    reset_blockers,
    reset_password,
    send_identifiers,
)
from candide.institution.accounts.domain.links import find_link
from candide.institution.accounts.enums import LinkPurpose
from candide.web.public.account.creation import LOGIN_HINT
from candide.web.public.account.entrance import (
    SENT_TO,
    address_of,
    is_throttled,
    mail_asked,
    password_is_wrong,
)
from candide.web.public.account.forms import ChangePasswordForm, ChoosePasswordForm


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def forgotten(request: HttpRequest) -> HttpResponse:
    """« J'ai oublié mes identifiants »."""
    return mail_asked(
        request,
        "identifiers_mail",
        send_identifiers,
        page="public/account/forgotten.html",
        then="account_identifiers_sent",
    )


@require_safe
@login_not_required
@never_cache
def identifiers_sent(request: HttpRequest) -> HttpResponse:
    """The same page whether the address was known or not."""
    context = {"email": request.session.get(SENT_TO, "")}
    return render(request, "public/account/identifiers_sent.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
@sensitive_post_parameters("password", "password_again")
def choose(request: HttpRequest, secret: str) -> HttpResponse:
    """The page the mailed link opens: a new password, or why the link no longer works."""
    if is_throttled(request, "mailed_link"):
        return render(request, "public/account/throttled.html", status=429)
    now = timezone.now()
    link = find_link(secret, LinkPurpose.PASSWORD)
    blockers = reset_blockers(link, now=now)
    if link is None or blockers:
        return _link_is_worth_nothing(request, blockers)
    form = ChoosePasswordForm(request.POST or None, user=link.user)
    if request.method == "POST" and form.is_valid():
        try:
            user = reset_password(secret, password=form.cleaned_data["password"], now=now)
        except Refused as refusal:
            return _link_is_worth_nothing(request, refusal.blockers)
        messages.success(request, _("Your new password is saved. Sign in with it."))
        request.session[LOGIN_HINT] = user.file_number or user.email
        return redirect(address_of("account_login", next_page=link.next_page))
    context = {"form": form, "holder": link.user}
    status = 422 if form.errors else 200
    return render(request, "public/account/choose_password.html", context, status=status)


def _link_is_worth_nothing(request: HttpRequest, blockers: list) -> HttpResponse:
    status = 409 if request.method == "POST" else 200
    context = {"blockers": blockers}
    return render(request, "public/account/choose_password.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("current", "password", "password_again")
@permission_required("accounts.change_own")
def change(request: HttpRequest) -> HttpResponse:
    """« Modifier mon mot de passe »; the other sessions of the account end."""
    form = ChangePasswordForm(request.POST or None, user=request.user)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            status = password_is_wrong(request, form)
            if not status:
                user = change_password(request.user, password=form.cleaned_data["password"])
                update_session_auth_hash(request, user)
                messages.success(request, _("Your password is changed."))
                return redirect("account_overview")
    return render(request, "public/account/change_password.html", {"form": form}, status=status)
