"""The door « Je suis étudiant à … »: the institution signs people in with OpenID Connect. Who has
no account yet makes one, or attaches the one they have [ACC-03, ACC-13, HOME-04]."""

import time

import requests
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from candide.core.blockers import Refused
from candide.core.clock import localdate
from candide.core.views import permission_required
from candide.institution.accounts.adapter import forget_identity, pending_identity
from candide.institution.accounts.domain.creation import create_account, creation_blockers
from candide.institution.accounts.domain.sso import (
    PROVIDER,
    Identity,
    link_identity,
    linking_blockers,
)
from candide.web.public.account.creation import new_account
from candide.web.public.account.entrance import (
    SENT_TO,
    address_of,
    has_sso_door,
    is_throttled,
    next_page,
    too_many,
)
from candide.web.public.account.forms import CreateAccountForm


@require_safe
@login_not_required
@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """Send the person to the sign-in page of the institution. Reached by a link, not a form: the
    content policy would forbid a form to end on another site."""
    if not has_sso_door():
        raise Http404
    provider = get_adapter().get_provider(request, PROVIDER)
    try:
        return provider.redirect(request, process="login", next_url=next_page(request) or None)
    except (requests.RequestException, OAuth2Error, KeyError, ValueError):
        return redirect("account_sso_failed")


@require_safe
@login_not_required
def failed(request: HttpRequest) -> HttpResponse:
    """The sign-in of the institution was given up, or does not work."""
    return render(request, "public/account/sso_failed.html", {"has_sso_door": has_sso_door()})


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
@sensitive_post_parameters("password", "password_again")
def arrival(request: HttpRequest) -> HttpResponse:
    """Signed in by the institution, without an account here: create it, or attach another."""
    pending = pending_identity(request.session, now=time.time())
    if pending is None:
        return redirect("account_login")
    identity, going_to = pending
    if request.user.is_authenticated:
        return redirect("account_sso_link")
    blockers = creation_blockers(today=localdate(timezone.now()), identity=identity)
    form, status = None, 200 if request.method != "POST" else 409
    if not blockers:
        form = CreateAccountForm(
            request.POST or None, password_required=False, initial=_prefilled(identity)
        )
        status = _create(request, form, identity) if request.method == "POST" else 200
        if not status:
            return redirect(address_of("account_sent", next_page=going_to))
    context = {"form": form, "blockers": blockers, "identity": identity, "next": going_to}
    return render(request, "public/account/sso_arrival.html", context, status=status)


def _prefilled(identity: Identity) -> dict[str, str]:
    return {
        "last_name": identity.last_name,
        "first_name": identity.first_name,
        "email": identity.email,
        "email_again": identity.email,
    }


def _create(request: HttpRequest, form: CreateAccountForm, identity: Identity) -> int:
    """Create the account; the status of the answer when it is not done, else 0."""
    if not form.is_valid():
        return 422
    if is_throttled(request, "signup", key=form.cleaned_data["email"]):
        form.add_error(None, too_many())
        return 429
    try:
        create_account(new_account(request, form), now=timezone.now(), identity=identity)
    except Refused as refusal:
        form.add_error(None, [blocker.message for blocker in refusal.blockers])
        return 409
    request.session[SENT_TO] = form.cleaned_data["email"]
    return 0


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@permission_required("accounts.change_own")
def link(request: HttpRequest) -> HttpResponse:
    """Attach the institution's sign-in to the account one is signed in to: both are proved."""
    pending = pending_identity(request.session, now=time.time())
    if pending is None:
        return redirect("account_overview")
    identity, going_to = pending
    blockers = linking_blockers(request.user, identity)
    if request.method == "POST":
        try:
            link_identity(request.user, identity, now=timezone.now())
        except Refused as refusal:
            blockers = refusal.blockers
        else:
            forget_identity(request.session)
            messages.success(request, _("You can now sign in through the institution."))
            return redirect(going_to or "account_overview")
    context = {"identity": identity, "blockers": blockers}
    status = 409 if request.method == "POST" else 200
    return render(request, "public/account/sso_link.html", context, status=status)


@require_safe
@login_not_required
def signed_out(request: HttpRequest) -> HttpResponse:
    """Signed out here; the institution's own session goes on [AUTH-06]."""
    return render(request, "public/account/sso_signed_out.html")


@require_safe
@login_not_required
@never_cache
def end(request: HttpRequest) -> HttpResponse:
    """End the session at the institution too, where it says how."""
    if not has_sso_door():
        raise Http404
    adapter = get_adapter().get_provider(request, PROVIDER).get_oauth2_adapter(request)
    try:
        address = adapter.openid_config.get("end_session_endpoint", "")
    except (requests.RequestException, ValueError):
        address = ""
    if not address:
        return redirect("public:home")
    back = f"{settings.BASE_URL}{reverse('public:home')}"
    query = urlencode({"client_id": settings.OIDC_CLIENT_ID, "post_logout_redirect_uri": back})
    return redirect(f"{address}{'&' if '?' in address else '?'}{query}")
