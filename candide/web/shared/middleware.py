"""What stands around every page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from candide.institution.catalogue.models import Institution
from candide.institution.pages.domain.wording import one_reading
from candide.web.shared import errors

GetResponse = Callable[[HttpRequest], HttpResponse]


class OneReadingMiddleware:
    """The institution, and its words for statuses, are read once for each page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with Institution.one_reading(), one_reading():
            return self.get_response(request)


class NoDeadEndMiddleware:
    """An address that only takes a form, opened as a page (after signing in again, from the
    history), says so instead of staying blank."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and request.method == "GET" and not response.content:
            page = errors.only_a_form(request)
            page["Allow"] = response["Allow"]
            return page
        return response
