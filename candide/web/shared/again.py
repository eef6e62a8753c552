"""Signing in again before what weighs heavily: a page that was left open must not release results.
What somebody had sent is kept, and sent once they did."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from candide.core.sessions import BEGAN_KEY
from candide.core.views import View
from candide.institution.catalogue.models import Institution

KEPT = "sent_before_signing_in_again"
LONGEST = 500_000
TOKEN = "csrfmiddlewaretoken"  # noqa: S105 -- the name of a field


def signed_in_again(minutes_of: Callable[[Institution], int]) -> Callable[[View], View]:
    """For a view that is done only by who signed in at most so many minutes ago; 0: by anybody.
    Stands below what says who may."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            minutes = minutes_of(Institution.current())
            if not minutes or is_fresh(request, minutes):
                return view(request, *args, **kwargs)
            return sign_in_again(request)

        return wrapper

    return decorate


def is_fresh(request: HttpRequest, minutes: int) -> bool:
    """Whether the person proved who they are in the last minutes, in this visit."""
    records = get_authentication_records(request, request.user)  # type: ignore[arg-type]
    at = max([request.session.get(BEGAN_KEY, 0), *(record["at"] for record in records)])
    return time.time() - at < minutes * 60


def sign_in_again(request: HttpRequest) -> HttpResponse:
    """Lead to the page that asks for it, which leads back here."""
    request.session.pop(KEPT, None)
    if request.method == "POST":
        fields = {name: each for name, each in request.POST.lists() if name != TOKEN}
        if sum(len(text) for each in fields.values() for text in each) <= LONGEST:
            request.session[KEPT] = {"path": request.get_full_path(), "fields": fields}
    address = reverse("account_again")
    return redirect(f"{address}?{urlencode({'next': request.get_full_path()})}")


def kept_for(request: HttpRequest, address: str) -> list[tuple[str, str]] | None:
    """The fields that were sent to `address` before; None where nothing was."""
    kept = request.session.get(KEPT)
    if kept is None or kept["path"] != address:
        return None
    return [(name, text) for name, texts in kept["fields"].items() for text in texts]
