"""« Confirmez votre identité »: signing in again, by password, by passkey or through the
institution, before what weighs heavily."""

from typing import Any

from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.mfa.webauthn.internal.auth import begin_authentication
from allauth.mfa.webauthn.internal.flows import reauthenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from candide.core.views import permission_required
from candide.institution.accounts.domain.providers import find_provider
from candide.institution.accounts.domain.second_factor import passkey_host, passkeys_of
from candide.web.public.account.entrance import address_of, next_page, password_is_wrong
from candide.web.public.account.forms import CurrentPasswordForm, PasskeyForm
from candide.web.shared.again import take_kept


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("current")
@permission_required("accounts.change_own")
def again(request: HttpRequest) -> HttpResponse:
    """Ask for the password or a passkey, or lead to the sign-in pages the account is attached
    to."""
    user = request.user
    has_passkeys = bool(passkey_host() and passkeys_of(user))
    is_posted = request.method == "POST"
    with_passkey = is_posted and has_passkeys and "credential" in request.POST
    typed = request.POST if is_posted and not with_passkey else None
    form = CurrentPasswordForm(typed) if user.has_usable_password() else None
    passkey = PasskeyForm(request.POST if with_passkey else None, user=user)
    status = 200
    if is_posted:
        by_passkey = with_passkey and _used_passkey(request, passkey)
        status = 0 if by_passkey else _password_status(request, form)
        if not status:
            return redirect(address_of("account_again_go_on", next_page=next_page(request)))
    attached = [find_provider(name) for name in _attached(request)]
    context = {
        "form": form,
        "passkey": passkey,
        "options": begin_authentication(user) if has_passkeys else None,
        "offered": [each for each in attached if each is not None],
        "next": address_of("account_again_go_on", next_page=next_page(request)),
        "wanted": next_page(request),
    }
    return render(request, "public/account/again.html", context, status=status)


def _used_passkey(request: HttpRequest, form: PasskeyForm) -> bool:
    if not form.is_valid():
        return False
    reauthenticate(request, form.cleaned_data["credential"])
    return True


def _password_status(request: HttpRequest, form: Any) -> int:
    """Sign in again by the password; the status of the answer when that is not done, else 0."""
    if form is None or not form.is_valid():
        return 422
    status = password_is_wrong(request, form)
    if not status:
        reauthenticate_by_password(request)
    return status


def _attached(request: HttpRequest) -> list[str]:
    found = request.user.socialaccount_set.order_by("pk")
    return list(found.values_list("provider", flat=True))


@require_safe
@never_cache
@permission_required("accounts.change_own")
def go_on(request: HttpRequest) -> HttpResponse:
    """Signed in again: on to the page, or, where something had been sent, one more click that sends
    it. What was kept is given back once."""
    wanted, fields = take_kept(request, next_page(request))
    if fields is None:
        return redirect(wanted or "public:after_login")
    context = {"address": wanted, "fields": fields}
    return render(request, "public/account/again_go_on.html", context)
