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
NEXT_LENGTH = 300  # of an address pages hand on
TOKEN = "csrfmiddlewaretoken"  # noqa: S105 -- the name of a field


def signed_in_again(minutes_of: Callable[[Institution], int]) -> Callable[[View], View]:
    """For a view that is done only by who signed in at most so many minutes ago; 0: by anybody.
    Stands below what says who may."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if is_owed(request, minutes_of(Institution.current())):
                return sign_in_again(request)
            return view(request, *args, **kwargs)

        return wrapper

    return decorate


before_releasing = signed_in_again(lambda institution: institution.release_sign_in_minutes)
before_exporting = signed_in_again(lambda institution: institution.export_sign_in_minutes)


def is_owed(request: HttpRequest, minutes: int) -> bool:
    """Whether the person has to sign in again first, where `minutes` are asked for; 0: never."""
    return bool(minutes) and not is_fresh(request, minutes)


def is_fresh(request: HttpRequest, minutes: int) -> bool:
    """Whether the person proved who they are in the last minutes, in this visit."""
    records = get_authentication_records(request, request.user)  # type: ignore[arg-type]
    at = max([request.session.get(BEGAN_KEY, 0), *(record["at"] for record in records)])
    return time.time() - at < minutes * 60


def sign_in_again(request: HttpRequest) -> HttpResponse:
    """Lead to the page that asks for it, which leads back here."""
    path = request.get_full_path()
    kept: dict[str, Any] = {"path": path, "fields": None}
    if request.method == "POST":
        fields = {name: each for name, each in request.POST.lists() if name != TOKEN}
        if sum(len(text) for each in fields.values() for text in each) <= LONGEST:
            kept["fields"] = fields
    request.session[KEPT] = kept
    query = f"?{urlencode({'next': path})}" if len(path) <= NEXT_LENGTH else ""
    return redirect(f"{reverse('account_again')}{query}")


def take_kept(request: HttpRequest, wanted: str) -> tuple[str, list[tuple[str, str]] | None]:
    """Where the person was going, given back once, and the fields they had sent there: None where
    none were. `wanted` says which of several windows goes on; a long address is kept alone."""
    kept = request.session.pop(KEPT, None)
    if kept is None or wanted not in {"", kept["path"]}:
        return wanted, None
    if kept["fields"] is None:
        return kept["path"], None
    fields = [(name, text) for name, texts in kept["fields"].items() for text in texts]
    return kept["path"], fields
