"""The end of a session: after a time without activity, and what then happens to whoever goes on."""

import time
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme

SEEN_KEY = "seen_at"
BEGAN_KEY = "signed_in_at"  # when the person signed in in this visit
EVERY_SECONDS = 60
AUTOMATIC_HEADER = "X-Candide-Automatic"
ENDED_PARAMETER = "ended"


class IdleSessionMiddleware:
    """A session ends `SESSION_COOKIE_AGE` after the last request somebody made. Requests a page
    makes by itself say so with the header X-Candide-Automatic and prolong nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if AUTOMATIC_HEADER not in request.headers and SESSION_KEY in request.session:
            now = int(time.time())
            if BEGAN_KEY not in request.session:  # the first page after signing in
                request.session[BEGAN_KEY] = now
            if now - request.session.get(SEEN_KEY, 0) >= EVERY_SECONDS:
                request.session[SEEN_KEY] = now  # saved with a new end
        return self.get_response(request)


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Leads to the sign-in page and back to a page that can be read: what was sent by POST leads
    back to the page it was sent from. The sign-in page is told when a session had ended."""

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable
    ) -> HttpResponseRedirect:
        response = super().handle_no_permission(request, view_func)
        address, _, _ = response["Location"].partition("?")
        query = QueryDict(mutable=True)
        query[self.get_redirect_field_name(view_func)] = _way_back(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.session.is_empty():
            query[ENDED_PARAMETER] = "1"
        response["Location"] = f"{address}?{query.urlencode(safe='/')}"
        return response


def _way_back(request: HttpRequest) -> str:
    shown = request.headers.get("HX-Current-URL") or (
        request.headers.get("Referer") if request.method not in {"GET", "HEAD"} else None
    )
    if shown and url_has_allowed_host_and_scheme(shown, {request.get_host()}):
        parts = urlsplit(shown)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return request.get_full_path() if request.method in {"GET", "HEAD"} else "/"
