"""What stands around every page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import ResolverMatch
from django.utils import timezone, translation

from candide.institution.access.domain.demanding import must_have_second_factor
from candide.institution.accounts.domain.second_factor import has_second_factor
from candide.institution.accounts.domain.waiting_line import take_turn
from candide.institution.accounts.sessions import LET_IN
from candide.institution.catalogue.domain.languages import in_service
from candide.institution.catalogue.domain.service import mode_of
from candide.institution.catalogue.enums import ServiceMode
from candide.institution.catalogue.models import Institution
from candide.institution.pages.domain.wording import one_reading
from candide.web.shared import errors

# What pages are drawn with, how people sign in to read, and how an administrator comes in.
OPEN_IN_MAINTENANCE = {
    "healthz",
    "readyz",
    "metrics",
    "shared:theme",
    "shared:logo",
    "set_language",
    "account_login",
    "account_logout",
    "account_sso_through",
    "account_cas_return",
    "account_oidc_ended",
    "openid_connect_callback",
    "mfa_authenticate",
    "public:after_login",
}

SAID = {ServiceMode.READ_ONLY: errors.read_only, ServiceMode.MAINTENANCE: errors.maintenance}
# Where candidates work. What everybody may read stays open to those who wait.
BEHIND_THE_LINE = "candidate"

GetResponse = Callable[[HttpRequest], HttpResponse]


class Middleware:
    """What Django asks of each of them; without more, everything passes."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)


class OneReadingMiddleware(Middleware):
    """The institution, and its words for statuses, are read once for each page."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with Institution.one_reading(), one_reading():
            return self.get_response(request)


class LanguageMiddleware(Middleware):
    """A language that is out of service is spoken to nobody: its readers get the default one."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = in_service(request.LANGUAGE_CODE)
        if language != request.LANGUAGE_CODE:
            translation.activate(language)
            request.LANGUAGE_CODE = language
        return self.get_response(request)


class MaintenanceMiddleware(Middleware):
    """When the service is read only, whoever sends something but administrators meets a page that
    says so; in maintenance staff meet it too at every address of theirs [HOME-10]. Candidates and
    visitors read on (ADR 22). The session stays, so that whoever kept a page open goes on from it
    afterwards."""

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        match = request.resolver_match
        if match and match.view_name in OPEN_IN_MAINTENANCE:
            return None
        mode = mode_of(Institution.current(), now=timezone.now())
        if mode == ServiceMode.OPEN or request.user.has_perm("catalogue.manage_institution"):
            return None
        if match and "api" in match.app_names:
            return errors.closed_to_programs(request)
        stays_out = mode == ServiceMode.MAINTENANCE and _is_for_staff(match)
        if request.method in errors.READING and not stays_out:
            return None
        return SAID[mode](request)


def _is_for_staff(match: ResolverMatch | None) -> bool:
    return match is not None and "staff" in match.namespaces


class SecondFactorMiddleware(Middleware):
    """Whoever must have a second factor and has none chooses one before they work."""

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        match = request.resolver_match
        if not _is_for_staff(match) or not request.user.is_authenticated:
            return None
        if not must_have_second_factor(request.user) or has_second_factor(request.user):
            return None
        return redirect("mfa_index")


class NoDeadEndMiddleware(Middleware):
    """An address that only takes a form, opened as a page (after signing in again, from the
    history), says so instead of staying blank."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and request.method == "GET" and not response.content:
            page = errors.only_a_form(request)
            page["Allow"] = response["Allow"]
            return page
        return response


class WaitingLineMiddleware(Middleware):
    """At a peak, candidates who arrive meet a page on which they wait for their turn. Whoever was
    let in is known by the session: nothing is asked for them any more."""

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or match.namespace != BEHIND_THE_LINE:
            return None
        most = Institution.current().most_candidates
        if most is None:
            return None
        user = request.user
        if not user.is_authenticated or not user.is_candidate or request.session.get(LET_IN):
            return None
        if user.has_perm("staff.enter"):
            return None
        turn = take_turn(user, most=most, now=timezone.now())
        if turn.is_in:
            request.session[LET_IN] = True
            return None
        return errors.in_line(request, turn)
