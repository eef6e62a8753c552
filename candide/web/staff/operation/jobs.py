"""« Traitements automatiques »: what runs by itself, when, and how it went [30]."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from candide.core.blockers import Blocker, Refused
from candide.core.deadlines import zone_name
from candide.core.views import permission_required
from candide.foundation.history.domain.log import entries_about
from candide.foundation.jobs.domain.schedule import (
    ALIVE,
    LONGEST,
    SHORTEST,
    Plan,
    agree,
    change_plan,
    look_at_schedules,
    may_start,
    next_due,
    plan_of,
    run_now,
    run_now_blockers,
    switch,
    take_back,
)
from candide.foundation.jobs.domain.watching import has_worker, troubles
from candide.foundation.jobs.enums import JobEvent, RunStatus
from candide.foundation.jobs.models import JobRun, JobSchedule
from candide.foundation.jobs.registry import Job, find_job, jobs
from candide.institution.accounts.models import User
from candide.web.staff.operation.words import count_words, error_words, length_words, plan_words
from candide.web.staff.settings.forms import HOUR
from candide.web.staff.settings.history import Change, Entry

VIEW, RUN = "jobs.view", "jobs.run"
PAGE = 50
SHOWN_HISTORY = 30


class PlanForm(forms.Form):
    """When a job runs."""

    HOURLY, OFTEN, MONTHLY = "hour", "minutes", "month"
    how = forms.ChoiceField(
        label=gettext_lazy("How often"),
        choices=[
            (HOURLY, gettext_lazy("Once a day, at an hour")),
            (OFTEN, gettext_lazy("Every so many minutes")),
            (MONTHLY, gettext_lazy("On one day of the month, at an hour")),
        ],
    )
    hour = forms.TimeField(label=gettext_lazy("Hour"), widget=HOUR, required=False)
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes between two runs"), required=False, min_value=1
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Days"),
        choices=list(WEEKDAYS.items()),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None ticked: every day."),
    )
    day = forms.IntegerField(
        label=gettext_lazy("Day of the month"),
        required=False,
        min_value=1,
        max_value=31,
        help_text=gettext_lazy("Where a month is shorter, its last day."),
    )
    month = forms.TypedChoiceField(
        label=gettext_lazy("Month"),
        choices=[("", gettext_lazy("Every month")), *MONTHS.items()],
        coerce=int,
        empty_value=None,
        required=False,
    )

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        how = self.OFTEN if plan.minutes else self.MONTHLY if plan.day else self.HOURLY
        initial = {"how": how, "hour": plan.hour, "minutes": plan.minutes}
        initial |= {"day": plan.day, "month": plan.month}
        super().__init__(*args, initial={**initial, "weekdays": plan.weekdays}, **kwargs)
        self.fields["minutes"].help_text = _("From %(least)d to %(most)d.") % {
            "least": SHORTEST,
            "most": LONGEST,
        }

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("how") == self.MONTHLY and not self.cleaned_data.get("day"):
            self.add_error("day", _("Give the day of the month."))
        return self.cleaned_data

    def plan(self) -> Plan:
        """What was typed; of the ways to say it the one that was chosen."""
        data = self.cleaned_data
        weekdays = tuple(data["weekdays"])
        if data["how"] == self.OFTEN:
            return Plan(minutes=data["minutes"], weekdays=weekdays)
        if data["how"] == self.MONTHLY:
            return Plan(hour=data["hour"], day=data["day"], month=data["month"])
        return Plan(hour=data["hour"], weekdays=weekdays)


@dataclass(frozen=True)
class Line:
    """A job as the pages show it."""

    job: Job
    schedule: JobSchedule
    plan: str
    next: datetime | None
    last: JobRun | None
    troubles: list[str]


def _lines(found: list[Job], *, now: datetime) -> list[Line]:
    known = look_at_schedules(now=now)
    lasts = _last_runs([job.code for job in found])
    wrong = troubles(now=now, known=known)
    lines = []
    for job in found:
        schedule = known[job.code]
        plan = plan_of(job, schedule)
        lines.append(
            Line(
                job,
                schedule,
                plan_words(plan),
                next_due(plan, now=now) if may_start(job, schedule) else None,
                lasts.get(job.code),
                [str(one.kind.label) for one in wrong if one.job == job],
            )
        )
    return lines


def _last_runs(codes: list[str]) -> dict[str, JobRun]:
    """The last run of each."""
    newest = JobRun.objects.filter(job__in=codes).order_by().values("job")
    runs = JobRun.objects.filter(pk__in=newest.annotate(last=Max("pk")).values("last"))
    return {run.job: run for run in runs.order_by("pk")}


@permission_required(VIEW)
def job_list(request: HttpRequest) -> HttpResponse:
    """Every job, when it runs next and how its last run went."""
    now = timezone.now()
    context = {
        "lines": [_dressed(line) for line in _lines(jobs(), now=now)],
        "has_worker": has_worker(now=now),
        "navigation": "staff",
    }
    return render(request, "staff/operation/jobs.html", context)


def _dressed(line: Line) -> dict[str, Any]:
    return {"line": line, "last": _shown_run(line.last) if line.last else None}


def _shown_run(run: JobRun) -> dict[str, Any]:
    return {
        "run": run,
        "length": length_words(run.started_at, run.finished_at),
        "counts": count_words(run.counts),
        "error": error_words(run.error),
    }


@permission_required(VIEW)
def job_page(request: HttpRequest, code: str) -> HttpResponse:
    """One job: its plan, what may be done with it, its runs."""
    return _show(request, _job(code))


def _show(
    request: HttpRequest,
    job: Job,
    *,
    form: PlanForm | None = None,
    blockers: list[Blocker] | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    (line,) = _lines([job], now=now)
    runs = JobRun.objects.filter(job=job.code).order_by("-due_at", "-pk")
    page = Paginator(runs, PAGE).get_page(request.GET.get("page"))
    shown = [_shown_run(run) for run in page.object_list]
    asked_by = User.objects.in_bulk({run.asked_by_id for run in page.object_list} - {None})
    for each in shown:
        each["by"] = asked_by.get(each["run"].asked_by_id)
    alive = {run.status: run for run in runs.filter(status__in=ALIVE)}
    context = {
        "line": line,
        "form": form or PlanForm(plan=plan_of(job, line.schedule)),
        "blockers": blockers or [],
        "may_run": request.user.has_perm(RUN),
        "agreed_by": _who(line.schedule.agreed_by_id),
        "run_blockers": run_now_blockers(job, line.schedule, states=alive.keys()),
        "running": alive.get(RunStatus.RUNNING),
        "is_at_work": bool(alive),
        "asked": RunStatus.ASKED in alive,
        "has_worker": has_worker(now=now),
        "runs": shown,
        "page": page,
        "history": _history(line.schedule),
        "zone_name": zone_name(),
        "navigation": "staff",
    }
    if request.htmx:
        if context["is_at_work"]:
            return render(request, "staff/operation/job_progress.html", context)
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "staff/operation/job.html", context, status=status)


def _who(pk: int | None) -> User | None:
    """Whose account it is; it may be gone."""
    return None if pk is None else User.objects.filter(pk=pk).first()


def _history(schedule: JobSchedule) -> list[Entry]:
    """What staff did to the schedule, in words."""
    entries = list(entries_about(schedule)[:SHOWN_HISTORY])
    people = User.objects.in_bulk({entry.by_id for entry in entries if entry.by_id})
    labels = dict(JobEvent.choices)
    return [
        Entry(
            entry.at,
            str(people[entry.by_id]) if entry.by_id in people else _("the system"),
            str(labels.get(entry.event, entry.event)),
            [_planned(entry.data)] if "before" in entry.data else [],
        )
        for entry in entries
    ]


def _planned(data: dict[str, Any]) -> Change:
    before, after = (plan_words(Plan.of_data(data[key])) for key in ("before", "after"))
    return Change(_("Schedule"), before, after)


def _job(code: str) -> Job:
    try:
        return find_job(code)
    except KeyError:
        raise Http404 from None


# -- What may be done ------------------------------------------------------------------------------


@require_POST
@permission_required(RUN)
def job_plan(request: HttpRequest, code: str) -> HttpResponse:
    """Have it run at other times."""
    job, now = _job(code), timezone.now()
    form = PlanForm(request.POST, plan=plan_of(job, look_at_schedules(now=now)[job.code]))
    if not form.is_valid():
        return _show(request, job, form=form, status=422)
    try:
        change_plan(job.code, plan=form.plan(), by=request.user, now=now)
    except Refused as refusal:
        for blocker in refusal.blockers:
            form.add_error(blocker.about.removeprefix("field:"), blocker.message)
        return _show(request, job, form=form, status=422)
    messages.success(request, _("Saved. It counts from the next time on."))
    return redirect("staff:job", job.code)


def _switch(code: str, *, on: bool) -> Callable[..., Any]:
    return lambda **by: switch(code, on=on, **by)


ACTS: dict[str, tuple[Callable[[str], Callable[..., Any]], Any]] = {
    "activer": (
        lambda code: _switch(code, on=True),
        gettext_lazy("The job is switched on: it runs when it is next due."),
    ),
    "arreter": (
        lambda code: _switch(code, on=False),
        gettext_lazy("The job is switched off: it no longer starts by itself."),
    ),
    "accord": (
        lambda code: lambda **by: agree(code, **by),
        gettext_lazy("Agreed: the job runs when it is next due."),
    ),
    "lancer": (
        lambda code: lambda **by: run_now(code, **by),
        gettext_lazy("Asked for: a worker begins it within half a minute."),
    ),
    "annuler": (
        lambda code: lambda **by: take_back(code, **by),
        gettext_lazy("Taken back: the job is not run now."),
    ),
}


@require_POST
@permission_required(RUN)
def job_act(request: HttpRequest, code: str, act: str) -> HttpResponse:
    """Switch on or off, agree, run now, take that back."""
    job = _job(code)
    if act not in ACTS:
        raise Http404
    do, said = ACTS[act]
    try:
        do(job.code)(by=request.user, now=timezone.now())
    except Refused as refusal:
        return _show(request, job, blockers=refusal.blockers, status=409)
    messages.success(request, said)
    return redirect("staff:job", job.code)
