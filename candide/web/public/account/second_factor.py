"""The second factor of staff: the code of a telephone and recovery codes. Passkeys: passkeys.py."""

import base64
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import clear_totp_secret, get_totp_secret
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from candide.core.blockers import Refused
from candide.core.views import View, permission_required
from candide.institution.access.domain.demanding import must_have_second_factor
from candide.institution.accounts.domain.second_factor import (
    has_code,
    has_second_factor,
    passkey_host,
    passkeys_of,
    renew_recovery_codes,
    switch_off,
    switch_on,
    unused_recovery_codes,
)
from candide.web.public.account.entrance import password_is_wrong
from candide.web.public.account.forms import CurrentPasswordForm, SecondFactorForm
from candide.web.shared.again import is_fresh, sign_in_again

CODES_KEY = "show_recovery_codes"
FRESH_MINUTES = 10
FROM_NOW_ON = gettext_lazy("From now on, signing in also asks for a second factor.")


def asked_again(view: View) -> View:
    """Who has a password types it in the form; who comes through the institution alone has signed
    in a moment ago, or does so again."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.has_usable_password() or is_fresh(request, FRESH_MINUTES):
            return view(request, *args, **kwargs)
        return sign_in_again(request)

    return wrapper


def without_password(request: HttpRequest, form: forms.Form) -> forms.Form:
    """The form, without the question for a password nobody knows."""
    if not request.user.has_usable_password():
        del form.fields["current"]
    return form


@require_safe
@never_cache
@permission_required("accounts.use_second_factor")
def overview(request: HttpRequest) -> HttpResponse:
    """What there is of it. Recovery codes are shown once, right after they were drawn."""
    codes = unused_recovery_codes(request.user)
    context = {
        "is_on": has_second_factor(request.user),
        "has_code": has_code(request.user),
        "passkeys": passkeys_of(request.user),
        "passkeys_are_possible": bool(passkey_host()),
        "number_of_codes": len(codes),
        "codes": codes if request.session.pop(CODES_KEY, False) else [],
        "is_demanded": must_have_second_factor(request.user),
    }
    return render(request, "public/account/second_factor.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("current")
@permission_required("accounts.use_second_factor")
@asked_again
def on(request: HttpRequest) -> HttpResponse:
    """Show the secret to the telephone, and check that it knows it."""
    if has_code(request.user):
        return redirect("mfa_index")
    secret = get_totp_secret()
    form = without_password(request, SecondFactorForm(request.POST or None))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            status = password_is_wrong(request, form) or _switch_on(request, form, secret)
            if not status:
                return redirect("mfa_index")
    is_demanded = must_have_second_factor(request.user) and not has_second_factor(request.user)
    adapter = get_adapter()
    drawing = adapter.build_totp_svg(adapter.build_totp_url(request.user, secret))
    image = base64.b64encode(drawing.encode()).decode()
    groups = [secret[start : start + 4] for start in range(0, len(secret), 4)]
    context = {
        "form": form,
        "image": image,
        "secret": " ".join(groups),
        "is_demanded": is_demanded,
    }
    return render(request, "public/account/second_factor_on.html", context, status=status)


def _switch_on(request: HttpRequest, form: SecondFactorForm, secret: str) -> int:
    code = form.cleaned_data["code"]
    try:
        is_first = switch_on(request.user, secret=secret, code=code, now=timezone.now())
    except Refused as refusal:
        form.add_error("code", [blocker.message for blocker in refusal.blockers])
        return 422
    clear_totp_secret(request)
    request.session[CODES_KEY] = is_first
    added = _("Your telephone makes codes for signing in.")
    messages.success(request, FROM_NOW_ON if is_first else added)
    return 0


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("current")
@permission_required("accounts.use_second_factor")
@asked_again
def off(request: HttpRequest) -> HttpResponse:
    def act() -> None:
        switch_off(request.user, is_demanded=must_have_second_factor(request.user))
        messages.success(request, _("The codes of your telephone are of no use any more."))

    return after_password(request, act, "public/account/second_factor_off.html")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("current")
@permission_required("accounts.use_second_factor")
@asked_again
def new_codes(request: HttpRequest) -> HttpResponse:
    def act() -> None:
        renew_recovery_codes(request.user)
        request.session[CODES_KEY] = True

    return after_password(request, act, "public/account/recovery_codes.html")


def after_password(
    request: HttpRequest, act: Callable[[], None], template: str, **context: Any
) -> HttpResponse:
    """Do it once the password was given again."""
    is_posted = request.method == "POST"
    form = without_password(request, CurrentPasswordForm(request.POST if is_posted else None))
    status, blockers = 200, []
    if is_posted:
        status = 422
        if form.is_valid():
            status = password_is_wrong(request, form)
            if not status:
                try:
                    act()
                except Refused as refusal:
                    status, blockers = 409, refusal.blockers
                else:
                    return redirect("mfa_index")
    context |= {"form": form, "blockers": blockers}
    return render(request, template, context, status=status)
