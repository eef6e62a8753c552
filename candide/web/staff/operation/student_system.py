"""« Système de scolarité »: how it is with the student system, and a test of each call."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from candide.admissions.candidates.models import MissedFetch
from candide.admissions.handover.domain.queries import numbers_by_state
from candide.admissions.handover.domain.trying import CALLS, Tried, ask_again, try_call
from candide.admissions.handover.enums import WAITING
from candide.admissions.handover.models import PreEnrolment
from candide.core.blockers import Blocker, Refused
from candide.core.views import permission_required
from candide.integrations import sis


@require_safe
@permission_required("jobs.view")
def system_page(request: HttpRequest) -> HttpResponse:
    return _show(request)


@require_POST
@permission_required("jobs.run")
def system_try(request: HttpRequest, code: str) -> HttpResponse:
    """Try one call, in the request: an administrator waits for it, for seconds at most."""
    call = CALLS.get(code)
    if call is None:
        raise Http404
    words = request.POST.get("words", "")[:80]
    try:
        tried = try_call(call, words, by=request.user)
    except Refused as refusal:
        return _show(request, blockers=refusal.blockers, typed=(code, words), status=422)
    return _show(request, tried=tried, typed=(code, words))


@require_POST
@permission_required("jobs.run")
def system_resume(request: HttpRequest) -> HttpResponse:
    ask_again(by=request.user)
    messages.success(request, _("The student system is asked again."))
    return redirect("staff:student_system")


def _show(
    request: HttpRequest,
    *,
    tried: Tried | None = None,
    typed: tuple[str, str] = ("", ""),
    blockers: list[Blocker] | None = None,
    status: int = 200,
) -> HttpResponse:
    system = sis.current()
    by_state = numbers_by_state(PreEnrolment.objects.in_service())
    context = {
        "name": settings.STUDENT_SYSTEM,
        "address": system.wire.settings.url if system.wire is not None else "",
        "health": _health(system),
        "missed": MissedFetch.objects.count(),
        "waiting": sum(by_state.get(state, 0) for state in WAITING),
        "calls": [
            (call, call.is_there(system), typed[1] if typed[0] == call.code else "")
            for call in CALLS.values()
        ],
        "tried": tried,
        "blockers": blockers or [],
        "may_run": request.user.has_perm("jobs.run"),
        "navigation": "staff",
    }
    return render(request, "staff/operation/student_system.html", context, status=status)


def _health(system: Any) -> dict[str, Any] | None:
    """What is known of a system one speaks to over the network."""
    if system.wire is None:
        return None
    state = system.wire.breaker.state()
    return {
        "is_open": state.is_open_at(timezone.now().timestamp()),
        "until": _moment(state.until),
        "failures": state.failures,
        "failed_at": _moment(state.failed_at),
        "reason": state.reason,
        "well_at": _moment(state.well_at),
    }


def _moment(seconds: float) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
