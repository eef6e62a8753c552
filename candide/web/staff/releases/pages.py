"""« Publications »: many decisions prepared, looked at, agreed to, released together."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from candide.admissions.releases.domain.beginning import begin_release, preparing_again_blockers
from candide.admissions.releases.domain.planning import (
    agreeing_blockers,
    giving_up_blockers,
    needs_agreement,
    planning_blockers,
    releasing_blockers,
    unplanning_blockers,
)
from candide.admissions.releases.domain.reporting import (
    csv_report,
    decisions_in,
    drafted_in,
    drafts_by_intake,
    lines_of,
    numbers_of,
    warnings_in,
    with_applications,
)
from candide.admissions.releases.enums import ReleaseState, RowState
from candide.admissions.releases.models import Release, ReleaseRow
from candide.core.blockers import Blocker, Refused
from candide.core.clock import end_of, localdate
from candide.core.text import whole_number
from candide.core.views import for_object, permission_required
from candide.foundation.runs.domain.asking import resuming_blockers, stopping_blockers
from candide.foundation.runs.domain.report import progress_of
from candide.reporting.privacy.enums import Opened
from candide.web.shared.downloads import serve
from candide.web.staff.bulk.selecting import selected
from candide.web.staff.releases.forms import DayForm, HourForm
from candide.web.staff.releases.prevented import sentences_of
from candide.web.staff.taken import note_taken

PAGE = 50


@permission_required("releases.list")
def release_list(request: HttpRequest) -> HttpResponse:
    """What was and will be released, and the drafts that wait; posted, another one is prepared:
    of intakes chosen here, or of what the grid selected."""
    today = localdate(timezone.now())
    form = DayForm(request.POST if "day" in request.POST else None, initial={"day": today})
    blockers: list[Blocker] = []
    status = 200
    if request.method == "POST":
        status = 422
        if not form.is_bound or form.is_valid():
            try:
                release = begin_release(
                    _chosen(request),
                    day=form.cleaned_data["day"] if form.is_bound else today,
                    by=request.user,
                    now=timezone.now(),
                )
            except Refused as refusal:
                blockers, status = refusal.blockers, 409
            else:
                return redirect("staff:release_page", release.pk)
    visible = Release.objects.all().visible_to(request.user).with_people()
    page = Paginator(visible.order_by("-created_at", "-pk"), PAGE).get_page(request.GET.get("page"))
    numbers = numbers_of(page.object_list)
    context = {
        "lines": [(release, numbers[release.pk]) for release in page.object_list],
        "page": page,
        "form": form,
        "blockers": blockers,
        "waiting": drafts_by_intake(request.user),
        "navigation": "staff",
    }
    return render(request, "staff/releases/list.html", context, status=status)


def _chosen(request: HttpRequest) -> list[int]:
    if "intake" not in request.POST:
        return selected(request)
    keys = [whole_number(key) for key in request.POST.getlist("intake")]
    return drafted_in(request.user, [key for key in keys if key is not None])


@for_object(Release, "releases.view")
def release_page(request: HttpRequest, release: Release) -> HttpResponse:
    return show(request, release)


def show(
    request: HttpRequest,
    release: Release,
    *,
    status: int = 200,
    blockers: list[Blocker] | None = None,
    **forms: Any,
) -> HttpResponse:
    """The release as it is, and what may be done with it. htmx asks for the progress alone, and for
    everything once that has ended."""
    is_busy = is_at_work(release)
    if request.htmx and not is_busy:
        return HttpResponse(headers={"HX-Refresh": "true"})
    progress = progress_of([release.run])[release.run.pk] if release.run else None
    context: dict[str, Any] = {
        "release": release,
        "progress": progress,
        "is_busy": is_busy,
        "is_being_prepared": release.run is not None and release.run.is_at_work,
        "navigation": "staff",
    }
    if request.htmx:
        return render(request, "staff/releases/progress.html", context)
    now, numbers = timezone.now(), numbers_of([release])[release.pk]
    context |= {
        "blockers": blockers or [],
        "prevented": sentences_of(release),
        "decisions": decisions_in(release),
        "warnings": warnings_in(release),
        "needs_agreement": needs_agreement(release),
        "may": _may(request.user, release, now, numbers),
        "day_form": DayForm(initial={"day": max(release.day, localdate(now))}),
        "hour_form": HourForm(),
        **_rows(request, release, numbers),
        **forms,
    }
    return render(request, "staff/releases/release.html", context, status=status)


def is_at_work(release: Release) -> bool:
    """Whether the worker is about to change what the page shows."""
    is_prepared = release.run is not None and release.run.is_at_work
    is_due = release.state == ReleaseState.PLANNED and release.planned_for <= timezone.now()
    return is_prepared or is_due


def _may(user: Any, release: Release, now: Any, numbers: dict[str, int]) -> dict[str, bool]:
    """What the page offers."""
    steers = user.has_perm("releases.steer", release)
    run, today = release.run, localdate(now)
    latest = end_of(release.day)
    return {
        "release": steers and not releasing_blockers(release, today=today),
        "plan": steers and not planning_blockers(release, latest, now=now),
        "unplan": steers and not unplanning_blockers(release),
        "agree": user.has_perm("releases.agree", release) and not agreeing_blockers(release),
        "prepare_again": steers and not preparing_again_blockers(release),
        "give_up": steers and not giving_up_blockers(release),
        "stop": steers and run is not None and not stopping_blockers(run),
        "resume": steers
        and run is not None
        and release.state == ReleaseState.OPEN
        and not resuming_blockers(run),
        "continue": steers
        and release.state == ReleaseState.DONE
        and numbers["released"] < sum(numbers.values()),
    }


def _rows(request: HttpRequest, release: Release, numbers: dict[str, int]) -> dict[str, Any]:
    """A page of the rows, of one state if the address names one, and the tabs of all states."""
    wanted = request.GET.get("state", "")
    wanted = wanted if wanted in RowState.values else ""
    rows = with_applications(release.rows.all())
    rows = rows.filter(state=wanted) if wanted else rows
    paginator = Paginator(rows.order_by("position"), PAGE)
    paginator.count = numbers[wanted] if wanted else sum(numbers.values())  # counted already
    page = paginator.get_page(request.GET.get("page"))
    return {
        "lines": lines_of(release, page.object_list),
        "page": page,
        "state": wanted,
        "states": [(s.value, s.label, numbers[s]) for s in RowState if numbers[s]],
        "numbers": numbers,
        "total": sum(numbers.values()),
    }


def _row(release: Release, position: int) -> ReleaseRow:
    rows = release.rows.select_related(
        "letter", "application__candidate__user", "application__intake__programme"
    )
    return get_object_or_404(rows, position=position)


@for_object(Release, "releases.view")
def release_row(request: HttpRequest, release: Release, position: int) -> HttpResponse:
    """The mail and the letter of one decision as they will leave, with its neighbours."""
    row = _row(release, position)
    positions = release.rows.exclude(fingerprint="").order_by("position")
    context = {
        "release": release,
        "row": row,
        "line": lines_of(release, [row])[0],
        "previous": positions.filter(position__lt=position).last(),
        "following": positions.filter(position__gt=position).first(),
        "navigation": "staff",
    }
    return render(request, "staff/releases/row.html", context)


@for_object(Release, "releases.view")
def release_letter(request: HttpRequest, release: Release, position: int) -> HttpResponseBase:
    """The letter of one decision as it will be given."""
    row = _row(release, position)
    if row.letter is None:
        raise Http404
    return serve(request, row.letter, as_attachment="download" in request.GET)


@for_object(Release, "releases.view")
def release_report(request: HttpRequest, release: Release) -> HttpResponse:
    """The release as a table."""
    named = release.rows.values_list("application_id", flat=True)
    note_taken(named, Opened.REPORT, by=request.user)
    disposition = f'attachment; filename="publication-{release.pk}.csv"'
    return HttpResponse(
        csv_report(release),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": disposition, "Cache-Control": "private, no-store"},
    )
