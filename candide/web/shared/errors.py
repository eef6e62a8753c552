"""Error pages: what happened, what became of the data, where to go."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker
from candide.core.clock import localdate
from candide.core.middleware import current_request_id
from candide.core.problems import PROBLEM, problem
from candide.institution.accounts.domain.waiting_line import Turn
from candide.institution.catalogue.domain.service import planned_closing
from candide.institution.catalogue.models import Institution
from candide.institution.pages.domain.notices import notice_for
from candide.institution.pages.domain.rich_text import rich_text
from candide.institution.pages.models import Notice

COME_BACK_SECONDS = 600
READING = {"GET", "HEAD", "OPTIONS"}
TURN_SECONDS = 20
PROGRAMS = "/api/v1/"  # who asks there reads no pages


def _page(request: HttpRequest, status: int, template: str) -> HttpResponse:
    context = {"request_id": current_request_id.get()}
    return render(request, template, context, status=status)


def _problem(status: int, code: str, detail: str) -> JsonResponse:
    return JsonResponse(problem(status, code, detail), status=status, content_type=PROBLEM)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 400, "shared/errors/400.html")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 403, "shared/errors/403.html")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if request.path.startswith(PROGRAMS):
        return _problem(404, "not_found", _("There is no such address."))
    return _page(request, 404, "shared/errors/404.html")


def only_a_form(request: HttpRequest) -> HttpResponse:
    """For an address that takes a POST and shows nothing."""
    return _page(request, 405, "shared/errors/405.html")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(request, 403, "shared/errors/csrf.html")


def file_unavailable(request: HttpRequest, blockers: list[Blocker]) -> HttpResponse:
    """A file the antivirus has not cleared, or a page that cannot be drawn."""
    context = {"blockers": blockers, "request_id": current_request_id.get()}
    return render(request, "shared/errors/file.html", context, status=409)


def maintenance(request: HttpRequest) -> HttpResponse:
    """« Maintenance », with the institution's own words for it [HOME-02, HOME-10]."""
    now = timezone.now()
    notice = notice_for(Notice.Place.MAINTENANCE, today=localdate(now))
    institution = Institution.current()
    planned = planned_closing(institution, now=now)
    if planned is not None and planned.starts_at <= now:
        notice = str(institution.closing_message).strip() or notice
    context = {
        "notice": rich_text(notice),
        "institution": institution,
        "planned": planned if planned is not None and planned.starts_at <= now else None,
        "was_sent": request.method == "POST",
        "request_id": current_request_id.get(),
    }
    page = render(request, "shared/errors/maintenance.html", context, status=503)
    page["Retry-After"] = str(COME_BACK_SECONDS)
    return page


def read_only(request: HttpRequest) -> HttpResponse:
    """Nothing is recorded while the service is read only; what there is can be read."""
    page = _page(request, 503, "shared/errors/read_only.html")
    page["Retry-After"] = str(COME_BACK_SECONDS)
    return page


def in_line(request: HttpRequest, turn: Turn) -> HttpResponse:
    """Too many are at work: the page comes back by itself, without any script, and keeps the
    place."""
    context = {
        "turn": turn,
        "seconds": TURN_SECONDS,
        "was_sent": request.method == "POST",
        "request_id": current_request_id.get(),
    }
    page = render(request, "shared/errors/in_line.html", context, status=503)
    if request.method == "GET":
        page["Refresh"] = str(TURN_SECONDS)
    page["Retry-After"] = str(TURN_SECONDS)
    page["Cache-Control"] = "private, no-store"
    return page


def closed_to_programs(request: HttpRequest) -> HttpResponse | None:
    """The same for who asks by program: they read on, and write nothing."""
    if request.method in READING:
        return None
    answer = _problem(503, "closed", _("The service is closed for a while."))
    answer["Retry-After"] = str(COME_BACK_SECONDS)
    return answer


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without the database, which may be what failed."""
    if request.path.startswith(PROGRAMS):
        detail = _("Unexpected error. Support finds it in the log by “%(request)s”.")
        return _problem(500, "error", detail % {"request": current_request_id.get()})
    return render(
        None, "shared/errors/500.html", {"request_id": current_request_id.get()}, status=500
    )
