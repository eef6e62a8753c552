"""The optional second factor of staff."""

import base64
from collections.abc import Callable

from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import clear_totp_secret, get_totp_secret
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from candide.core.blockers import Refused
from candide.core.views import permission_required
from candide.institution.accounts.domain.second_factor import (
    has_second_factor,
    renew_recovery_codes,
    switch_off,
    switch_on,
    unused_recovery_codes,
)
from candide.web.public.account.entrance import password_is_wrong
from candide.web.public.account.forms import CurrentPasswordForm, SecondFactorForm

CODES_KEY = "show_recovery_codes"


@require_safe
@never_cache
@permission_required("accounts.use_second_factor")
def overview(request: HttpRequest) -> HttpResponse:
    """Whether it is on. Recovery codes are shown once, right after they were drawn."""
    codes = unused_recovery_codes(request.user)
    context = {
        "is_on": has_second_factor(request.user),
        "number_of_codes": len(codes),
        "codes": codes if request.session.pop(CODES_KEY, False) else [],
    }
    return render(request, "public/account/second_factor.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("current")
@permission_required("accounts.use_second_factor")
def on(request: HttpRequest) -> HttpResponse:
    """Show the secret to the telephone, and check that it knows it."""
    if has_second_factor(request.user):
        return redirect("mfa_index")
    secret = get_totp_secret()
    form = SecondFactorForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            status = password_is_wrong(request, form) or _switch_on(request, form, secret)
            if not status:
                return redirect("mfa_index")
    adapter = get_adapter()
    drawing = adapter.build_totp_svg(adapter.build_totp_url(request.user, secret))
    image = base64.b64encode(drawing.encode()).decode()
    groups = [secret[start : start + 4] for start in range(0, len(secret), 4)]
    context = {"form": form, "image": image, "secret": " ".join(groups)}
    return render(request, "public/account/second_factor_on.html", context, status=status)


def _switch_on(request: HttpRequest, form: SecondFactorForm, secret: str) -> int:
    code = form.cleaned_data["code"]
    try:
        switch_on(request.user, secret=secret, code=code, now=timezone.now())
    except Refused as refusal:
        form.add_error("code", [blocker.message for blocker in refusal.blockers])
        return 422
    clear_totp_secret(request)
    request.session[CODES_KEY] = True
    messages.success(request, _("From now on, signing in also asks for a code."))
    return 0


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("current")
@permission_required("accounts.use_second_factor")
def off(request: HttpRequest) -> HttpResponse:
    def act() -> None:
        switch_off(request.user)
        messages.success(request, _("Signing in no longer asks for a code."))

    return _after_password(request, act, "public/account/second_factor_off.html")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("current")
@permission_required("accounts.use_second_factor")
def new_codes(request: HttpRequest) -> HttpResponse:
    def act() -> None:
        renew_recovery_codes(request.user)
        request.session[CODES_KEY] = True

    return _after_password(request, act, "public/account/recovery_codes.html")


def _after_password(request: HttpRequest, act: Callable[[], None], template: str) -> HttpResponse:
    """Do it once the password was given again."""
    form = CurrentPasswordForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            status = password_is_wrong(request, form)
            if not status:
                act()
                return redirect("mfa_index")
    return render(request, template, {"form": form}, status=status)
