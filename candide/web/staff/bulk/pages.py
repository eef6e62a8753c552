"""« Actions » : one action for many applications, from the selection to the report
[back-office 19, annex 2], and « Mes actions »."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from candide.admissions.bulk.domain.actions import ACTIONS, actions_of
from candide.admissions.bulk.domain.deciding import RELEASE
from candide.admissions.bulk.domain.running import (
    BULK,
    ask_action,
    look_at_first,
    select_applications,
)
from candide.admissions.bulk.domain.writing import WRITE
from candide.core.blockers import Blocker, Refused
from candide.core.text import whole_number
from candide.core.views import for_object, permission_required
from candide.foundation.runs.domain.asking import (
    confirm,
    confirming_blockers,
    resume,
    resuming_blockers,
    stop,
    stopping_blockers,
)
from candide.foundation.runs.domain.report import progress_of, refusals_of, warnings_of
from candide.foundation.runs.enums import ItemState, RunState
from candide.foundation.runs.models import Run
from candide.institution.catalogue.models import Institution
from candide.web.shared.again import is_owed, sign_in_again
from candide.web.staff.bulk.forms import form_of
from candide.web.staff.bulk.looks import SHOWN, look_of, words_of
from candide.web.staff.bulk.selecting import selected
from candide.web.staff.bulk.writing import write_page
from candide.web.staff.taken import note_run

PAGE = 50
ROWS_SHOWN = [RunState.EXAMINED, RunState.RUNNING, RunState.STOPPED, RunState.DONE]


@permission_required("runs.list")
def run_list(request: HttpRequest) -> HttpResponse:
    """« Mes actions », everybody's for administrators. What the grid posts begins a new one."""
    blockers: list[Blocker] = []
    if request.method == "POST":
        try:
            run = select_applications(selected(request), by=request.user, now=timezone.now())
        except Refused as refusal:
            blockers = refusal.blockers
        else:
            code = request.POST.get("action", "")
            if code in ACTIONS:
                return redirect("staff:run_action", run.pk, code)
            return redirect("staff:run", run.pk)
    visible = Run.objects.filter(kind__in=SHOWN).visible_to(request.user).select_related("asked_by")
    page = Paginator(visible.order_by("-created_at", "-pk"), PAGE).get_page(request.GET.get("page"))
    progress = progress_of(page.object_list)
    context = {
        "lines": [(run, words_of(run), progress[run.pk]) for run in page.object_list],
        "page": page,
        "blockers": blockers,
        "navigation": "staff",
    }
    return render(request, "staff/bulk/list.html", context, status=409 if blockers else 200)


@for_object(Run, "runs.view")
def run_page(request: HttpRequest, run: Run) -> HttpResponse:
    return show(request, run)


def show(
    request: HttpRequest, run: Run, *, status: int = 200, blockers: list[Blocker] | None = None
) -> HttpResponse:
    """The action as it is: to be chosen, looked at, confirmed, running, or its report. htmx asks
    for its progress alone, and for everything once that has ended."""
    if request.htmx and not run.is_at_work:
        return HttpResponse(headers={"HX-Refresh": "true"})
    context: dict[str, Any] = {
        "run": run,
        "action": words_of(run),
        "look": look_of(run),
        "progress": progress_of([run])[run.pk],
        "navigation": "staff",
    }
    if request.htmx:
        return render(request, "staff/bulk/progress.html", context)
    owns = request.user.has_perm("runs.confirm", run)
    context |= {
        "blockers": blockers or [],
        "actions": actions_of(request.user) if _is_chosen_here(run) and owns else [],
        "may_select_again": run.kind == BULK and owns and not run.is_at_work,
        "may_confirm": owns and not confirming_blockers(run),
        "may_stop": not stopping_blockers(run) and request.user.has_perm("runs.steer", run),
        "may_resume": not resuming_blockers(run) and request.user.has_perm("runs.steer", run),
        "warnings": warnings_of(run) if run.state == RunState.EXAMINED else [],
        "refusals": refusals_of(run) if run.state in ROWS_SHOWN else [],
        **(_rows(request, run, context["progress"].numbers) if run.state in ROWS_SHOWN else {}),
    }
    return render(request, "staff/bulk/run.html", context, status=status)


def _is_chosen_here(run: Run) -> bool:
    return run.kind == BULK and not run.is_confirmed


def _rows(request: HttpRequest, run: Run, numbers: dict[str, int]) -> dict[str, Any]:
    """A page of the rows, of one state if the address names one, and the tabs of all states."""
    wanted = request.GET.get("state", "")
    wanted = wanted if wanted in ItemState.values else ""
    items = run.items.filter(state=wanted) if wanted else run.items.all()
    page = Paginator(items.order_by("position"), PAGE).get_page(request.GET.get("page"))
    return {
        "rows": look_of(run).rows_of(page.object_list, request.user),
        "page": page,
        "state": wanted,
        "states": [(s.value, s.label, numbers[s]) for s in ItemState if numbers[s]],
        "total": sum(numbers.values()),
    }


@for_object(Run, "runs.confirm")
def run_action(request: HttpRequest, run: Run, code: str) -> HttpResponse:
    """What the action is told; posted, every row is looked at."""
    action = ACTIONS.get(code)
    if action is None or not request.user.has_perm(action.permission):
        raise Http404
    if code == WRITE.code:
        return write_page(request, run)
    data = request.POST if request.method == "POST" else None
    form = form_of(code)(data, user=request.user)
    blockers: list[Blocker] = []
    status = 200
    if data is not None:
        status = 422
        if form.is_valid():
            try:
                ask_action(run, action, form.values(), now=timezone.now())
            except Refused as refusal:
                blockers, status = refusal.blockers, 409
            else:
                look_at_first(run, clock=timezone.now)
                return redirect("staff:run", run.pk)
    context = {
        "run": run,
        "action": action,
        "form": form,
        "blockers": blockers,
        "number": run.items.count(),
        "navigation": "staff",
    }
    return render(request, "staff/bulk/form.html", context, status=status)


@require_POST
@for_object(Run, "runs.confirm")
def run_confirm(request: HttpRequest, run: Run) -> HttpResponse:
    """Begin, if it is what the preview showed."""
    releases = run.values.get("action") == RELEASE.code
    if releases and is_owed(request, Institution.current().release_sign_in_minutes):
        return sign_in_again(request)
    seen = whole_number(request.POST.get("seen"))
    said = _("The action has begun. You may leave this page and come back.")
    return _steered(request, run, said, confirm, now=timezone.now(), seen=seen)


@require_POST
@for_object(Run, "runs.steer")
def run_stop(request: HttpRequest, run: Run) -> HttpResponse:
    """Do no further row."""
    said = _("The action is stopped. What was done stays done.")
    return _steered(request, run, said, stop, now=timezone.now())


@require_POST
@for_object(Run, "runs.steer")
def run_resume(request: HttpRequest, run: Run) -> HttpResponse:
    """Go on with what is left."""
    return _steered(request, run, _("The action goes on with what is left."), resume)


def _steered(
    request: HttpRequest, run: Run, said: str, steer: Callable[..., object], **told: Any
) -> HttpResponse:
    """The action after `steer`, or as it is by now with why that was refused."""
    try:
        steer(run, by=request.user, **told)
    except Refused as refusal:
        return show(request, Run.objects.get(pk=run.pk), status=409, blockers=refusal.blockers)
    messages.success(request, said)
    return redirect("staff:run", run.pk)


@for_object(Run, "runs.view")
def run_report(request: HttpRequest, run: Run) -> HttpResponse:
    """The preview or the report as a table, with the names in the reader's reach."""
    look = look_of(run)
    if not look.is_of_lines:
        note_run(run, by=request.user)
    disposition = f'attachment; filename="action-{run.pk}.csv"'
    return HttpResponse(
        look.csv_report(run, request.user),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": disposition, "Cache-Control": "private, no-store"},
    )
