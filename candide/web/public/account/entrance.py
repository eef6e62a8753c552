"""What the account pages share: where somebody was going, and how often they may try."""

from typing import Any

from allauth.core import ratelimit
from django import forms
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _

from candide.institution.catalogue.models import Institution

NEXT_LENGTH = 300


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


def has_sso_door() -> bool:
    """« Je suis étudiant à … » is shown when it leads somewhere and the institution wants it."""
    return bool(settings.OIDC_ISSUER) and Institution.current().has_sso_door


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
