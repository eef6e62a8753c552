"""Signing in and out [AUTH]. django-allauth throttles, asks for the second factor and opens the
session."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import (
    get_authentication_records,
    perform_password_login,
)
from allauth.account.models import Login
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from candide.core.sessions import ENDED_PARAMETER
from candide.foundation.leases.domain.leasing import release_all
from candide.institution.accounts.backend import one_way_to_write
from candide.institution.accounts.domain.providers import find_provider
from candide.web.public.account.creation import LOGIN_HINT
from candide.web.public.account.entrance import doors, next_page
from candide.web.public.account.forms import EmailForm, SignInForm


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """« Connexion », with the file number or the e-mail address."""
    if request.user.is_authenticated:
        return redirect(next_page(request) or "public:after_login")
    form = SignInForm(request.POST or None, initial={"login": request.session.get(LOGIN_HINT)})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            login = one_way_to_write(form.cleaned_data["login"])
            credentials = {"username": login, "password": form.cleaned_data["password"]}
            try:
                user = get_adapter().authenticate(request, **credentials)
            except ValidationError as error:
                form.add_error(None, error)
                status = 429
            else:
                if user is not None:
                    request.session.pop(LOGIN_HINT, None)
                    going_to = next_page(request) or reverse("public:after_login")
                    attempt = Login(user=user, redirect_url=going_to)
                    return perform_password_login(request, {"username": login}, attempt)
                form.add_error(None, _("The identifier or the password is not correct."))
    context = {
        "form": form,
        "next": next_page(request),
        "doors": doors(),
        "has_ended": ENDED_PARAMETER in request.GET,
    }
    return render(request, "public/account/sign_in.html", context, status=status)


@require_safe
@login_not_required
@never_cache
def not_active(request: HttpRequest) -> HttpResponse:
    """Whoever just proved who they are has not activated their account [AUTH-01, AUTH-04]."""
    return render(request, "public/account/not_active.html", {"form": EmailForm()})


@require_safe
@login_not_required
@never_cache
def closed(request: HttpRequest) -> HttpResponse:
    """Whoever just proved who they are has an account that was put out of service."""
    return render(request, "public/account/out_of_service.html")


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def sign_out(request: HttpRequest) -> HttpResponse:
    """Close the session here; what the person was editing is free at once [LOCK-05]. Who came
    through the institution's sign-in is still signed in there, and told how to end that too
    [AUTH-06]."""
    if request.method != "POST":
        return render(request, "public/account/sign_out.html")
    records = get_authentication_records(request, request.user)
    through = [record["provider"] for record in records if record["method"] == "socialaccount"]
    release_all(by=request.user)
    logout(request)
    if through and find_provider(through[-1]):
        return redirect("account_sso_signed_out", through[-1])
    return redirect("public:home")
