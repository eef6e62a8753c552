"""Error pages: what happened, what became of the data, where to go."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from candide.core.middleware import current_request_id


def _page(request: HttpRequest, status: int, template: str) -> HttpResponse:
    context = {"request_id": current_request_id.get()}
    return render(request, f"shared/errors/{template}.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 400, "400")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 403, "403")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 404, "404")


def only_a_form(request: HttpRequest) -> HttpResponse:
    """For an address that takes a POST and shows nothing."""
    return _page(request, 405, "405")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(request, 403, "csrf")


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without the database, which may be what failed."""
    return render(
        None, "shared/errors/500.html", {"request_id": current_request_id.get()}, status=500
    )
