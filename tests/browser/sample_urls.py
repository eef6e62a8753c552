"""The product's addresses, and pages only a fault or a decision shows."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from candide.config.urls import urlpatterns as of_the_product
from candide.core.blockers import Blocker
from candide.web.shared import errors

_ERRORS = {
    "400": errors.bad_request,
    "403": errors.forbidden,
    "csrf": errors.csrf_failure,
    "500": errors.server_error,
}


@login_not_required
def sample(request: HttpRequest, name: str) -> HttpResponse:
    return _ERRORS[name](request)


@login_not_required
def confirm(request: HttpRequest) -> HttpResponse:
    return render(request, "tests/confirm.html", {"blockers": [], "form": None})


@login_not_required
def confirm_refused(request: HttpRequest) -> HttpResponse:
    blockers = [Blocker("too_late", "La date limite est passée.")]
    return render(request, "tests/confirm.html", {"blockers": blockers, "form": None}, status=409)


urlpatterns = [
    path("erreur/confirm/", confirm),
    path("erreur/confirm-refused/", confirm_refused),
    path("erreur/<slug:name>/", sample),
    *of_the_product,
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
