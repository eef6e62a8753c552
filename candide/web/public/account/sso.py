"""The doors of the institution (« Je suis étudiant à … », « Je travaille à … »): it signs people
in, by OpenID Connect or by CAS. Who has no account yet makes one, or attaches the one they have
[ACC-03, ACC-13, HOME-04]."""

import time

import requests
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import complete_social_login
from allauth.socialaccount.internal.statekit import unstash_state
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import callback
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from candide.core.blockers import Refused
from candide.core.clock import localdate
from candide.core.views import permission_required
from candide.institution.accounts.adapter import forget_identity, pending_identity
from candide.institution.accounts.domain.creation import create_account, creation_blockers
from candide.institution.accounts.domain.providers import find_provider
from candide.institution.accounts.domain.sessions import end_sessions_from, ticket_digest
from candide.institution.accounts.domain.sso import Identity, link_identity, linking_blockers
from candide.institution.accounts.provider import AGAIN
from candide.institution.accounts.sessions import TICKET_KEY
from candide.integrations import cas, oidc
from candide.integrations.cas import ended_ticket, sign_out_url, validate
from candide.web.public.account.creation import new_account
from candide.web.public.account.entrance import (
    SENT_TO,
    address_of,
    doors,
    is_throttled,
    next_page,
    too_many,
)
from candide.web.public.account.forms import CreateAccountForm

LONGEST_REQUEST = 10_000


@require_safe
@login_not_required
@never_cache
def start(request: HttpRequest, name: str = "") -> HttpResponse:
    """Send the person to the sign-in page of the institution, or let them choose among several.
    Reached by a link, not a form: the content policy would forbid a form to end on another site."""
    offered = doors()
    known = {each.name: each for each in (*offered.candidates, *offered.staff)}
    if not name and len(offered.candidates) > 1:
        return redirect(address_of("account_login", next_page=next_page(request)))
    name = name or next((each.name for each in offered.candidates), "")
    if name not in known:
        raise Http404
    provider = get_adapter().get_provider(request, name)
    is_again = "again" in request.GET
    how = {AGAIN: True, "auth_params": {"prompt": "login", "max_age": "0"}} if is_again else {}
    try:
        return provider.redirect(
            request, process="login", next_url=next_page(request) or None, **how
        )
    except (requests.RequestException, OAuth2Error, KeyError, ValueError):
        return redirect("account_sso_failed")


@require_safe
@login_not_required
def oidc_return(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from an OpenID Connect provider: django-allauth speaks with it."""
    known = find_provider(provider_id)
    if known is None or known.is_cas:
        raise Http404
    return callback(request, provider_id)


@csrf_exempt  # a CAS server that ends a visit has no cookie of ours: the ticket is its secret
@require_http_methods(["GET", "POST"])
@login_not_required
@never_cache
def cas_return(request: HttpRequest, name: str) -> HttpResponse:
    """Back from a CAS server with a ticket, which is checked with it; or the server itself, which
    says that somebody signed out there (« single logout »)."""
    known = find_provider(name)
    if known is None or not known.is_cas:
        raise Http404
    if request.method == "POST":
        asked = request.POST.get("logoutRequest", "")
        ticket = ended_ticket(asked) if len(asked) <= LONGEST_REQUEST else ""
        if ticket:
            end_sessions_from(name, ticket=ticket)
        return HttpResponse(status=204)
    provider = get_adapter().get_provider(request, name)
    key, ticket = request.GET.get("state", ""), request.GET.get("ticket", "")
    state = unstash_state(request, state_id=key, provider_id=name)
    if state is None or not ticket:
        return redirect("account_sso_failed")
    try:
        person = validate(
            provider.server,
            ticket,
            provider.service(request, key),
            is_again=bool(state.get(AGAIN)),
        )
    except (cas.Refused, cas.Unavailable):
        return redirect("account_sso_failed")
    signed_in = provider.sociallogin_from_response(request, person)
    signed_in.state = state
    setattr(request, TICKET_KEY, ticket_digest(name, ticket))
    return complete_social_login(request, signed_in)


@csrf_exempt  # a provider has no cookie of ours: what it says is signed
@require_POST
@login_not_required
@never_cache
def oidc_ended(request: HttpRequest, name: str) -> HttpResponse:
    """An OpenID Connect provider says that somebody signed out there (« back-channel logout »)."""
    known = find_provider(name)
    if known is None or known.is_cas:
        raise Http404
    provider = get_adapter().get_provider(request, name)
    heard = oidc.ended_visit(
        request.POST.get("logout_token", ""),
        discovery=provider.server_url,
        client_id=provider.app.client_id,
        now=time.time(),
    )
    try:
        with heard as ended:
            end_sessions_from(name, ticket=ended.session, subject=ended.subject)
    except oidc.Refused as refusal:
        said = {"error": "invalid_request", "error_description": str(refusal)}
        return JsonResponse(said, status=400)
    return HttpResponse(status=200)


@require_safe
@login_not_required
def failed(request: HttpRequest) -> HttpResponse:
    """The sign-in of the institution was given up, or does not work."""
    return render(request, "public/account/sso_failed.html", {"doors": doors()})


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
    provider = find_provider(identity.provider)
    if provider is None or not provider.is_for_candidates:
        return render(request, "public/account/sso_stranger.html", {"identity": identity})
    blockers = creation_blockers(today=localdate(timezone.now()), identity=identity)
    form, status = None, 200 if request.method != "POST" else 409
    if not blockers:
        form = CreateAccountForm(
            request.POST or None, password_required=False, initial=_prefilled(identity)
        )
        status = _create(request, form, identity) if request.method == "POST" else 200
        if not status:
            return redirect(address_of("account_sent", next_page=going_to))
    context = {
        "form": form,
        "blockers": blockers,
        "identity": identity,
        "is_for_staff": provider.is_for_staff,
        "next": going_to,
    }
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
def signed_out(request: HttpRequest, name: str) -> HttpResponse:
    """Signed out here; the institution's own session goes on [AUTH-06]."""
    provider = find_provider(name)
    if provider is None:
        raise Http404
    return render(request, "public/account/sso_signed_out.html", {"provider": provider})


@require_safe
@login_not_required
@never_cache
def end(request: HttpRequest, name: str) -> HttpResponse:
    """End the session at the institution too, where it says how."""
    known = find_provider(name)
    if known is None:
        raise Http404
    back = f"{settings.BASE_URL}{reverse('public:home')}"
    provider = get_adapter().get_provider(request, name)
    if known.is_cas:
        return redirect(sign_out_url(provider.server, back))
    try:
        config = provider.get_oauth2_adapter(request).openid_config
        address = config.get("end_session_endpoint", "")
    except (requests.RequestException, ValueError):
        address = ""
    if not address:
        return redirect("public:home")
    query = urlencode({"client_id": provider.app.client_id, "post_logout_redirect_uri": back})
    return redirect(f"{address}{'&' if '?' in address else '?'}{query}")
