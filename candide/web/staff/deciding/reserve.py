"""« Liste complémentaire » of an intake: who waits, who was called, what places there are; calling
the next ones, giving the list another order [back-office 15]."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.automatic import types_to_give
from candide.admissions.decisions.domain.calling import (
    MOST,
    Asked,
    call_next,
    calling_blockers,
    calling_warnings,
    next_on_list,
    usual_kind,
)
from candide.admissions.decisions.domain.current import draft_mark
from candide.admissions.decisions.domain.listing import drafts_of
from candide.admissions.decisions.domain.outcomes import RANKED_OUTCOMES
from candide.admissions.decisions.domain.ranking import places_of
from candide.admissions.decisions.domain.reordering import Move, reorder
from candide.admissions.decisions.domain.reserve_report import (
    IS_DECLINED,
    automatic,
    calls,
    calls_shown,
    events,
    waiting,
)
from candide.admissions.decisions.models import DecisionType
from candide.core.blockers import Blocker, Refused
from candide.core.text import whole_number
from candide.core.views import permission_required
from candide.institution.access.enums import Capability
from candide.institution.catalogue.models import Intake
from candide.web.shared.again import before_releasing
from candide.web.staff.deciding.intakes import by_row, holds_there, intake_within

PAGE = 50
WAITING, CALLED, DECLINED = "waiting", "called", "declined"


class CallForm(forms.Form):
    """How many to call, with which decision; `beyond` the capacity or not."""

    number = forms.IntegerField(
        label=gettext_lazy("How many"), min_value=1, max_value=MOST, initial=1
    )
    kind = forms.ModelChoiceField(
        DecisionType.objects.none(), label=gettext_lazy("Decision given"), empty_label=None
    )
    beyond = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, intake: Intake) -> None:
        super().__init__(data, initial={"kind": usual_kind(intake)})
        rows = types_to_give(intake).order_by("pk")
        self.fields["kind"].queryset = rows

    def asked(self) -> Asked:
        chosen = self.cleaned_data
        return Asked(chosen["number"], chosen["kind"], is_beyond=chosen["beyond"])


@permission_required("applications.list")
def reserve_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Who waits, who was called, who declined."""
    return _show(request, intake_within(request.user, pk))


@require_POST
@permission_required("decisions.enter")
def reserve_order(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter drafts that put the lines filled in at the places typed."""
    intake = intake_within(request.user, pk, Capability.ENTER_DECISIONS)
    try:
        number = reorder(intake, _moves(request), by=request.user, now=timezone.now())
    except Refused as refusal:
        return _show(request, intake, status=409, blockers=by_row(refusal.blockers))
    message = ngettext(
        "%(number)d rank is entered. The list changes once it is released.",
        "%(number)d ranks are entered. The list changes once they are released.",
        number,
    )
    messages.success(request, message % {"number": number})
    return redirect("staff:reserve_list", intake.pk)


@permission_required("decisions.release")
@before_releasing
def reserve_call(request: HttpRequest, pk: int) -> HttpResponse:
    """Who would be called, by name; posted, they are, by mail and at once."""
    intake = intake_within(request.user, pk, Capability.RELEASE_DECISIONS)
    posted = request.method == "POST"
    form = CallForm(request.POST if posted else request.GET, intake=intake)
    if not form.is_valid():
        return _show(request, intake, status=422, call_form=form)
    asked = form.asked()
    blockers, status = calling_blockers(intake, asked), 200
    if posted:
        try:
            called = call_next(
                intake, asked, by=request.user, now=timezone.now(), seen=_seen(request)
            )
        except Refused as refusal:
            blockers, status = refusal.blockers, 409
        else:
            message = ngettext(
                "%(number)d candidate is called and told by mail.",
                "%(number)d candidates are called and told by mail.",
                len(called),
            )
            messages.success(request, message % {"number": len(called)})
            return redirect("staff:reserve_list", intake.pk)
    following = next_on_list(intake, asked)
    beyond = urlencode({"number": asked.number, "kind": asked.kind.pk, "beyond": "on"})
    context = {
        "intake": intake,
        "asked": asked,
        "following": _with_candidates(following),
        "seen": ",".join(str(application.pk) for application in following),
        "blockers": blockers,
        "warnings": calling_warnings(intake, asked),
        "stops_short": not asked.is_beyond and len(following) < asked.number,
        "beyond_url": f"{request.path}?{beyond}",
        "navigation": "staff",
    }
    return render(request, "staff/deciding/call.html", context, status=status)


def _with_candidates(applications: list[Application]) -> list[Application]:
    """With the names of their candidates, in the same order; one query."""
    found = Application.objects.with_offer().in_bulk([each.pk for each in applications])
    return [found[each.pk] for each in applications]


def _seen(request: HttpRequest) -> list[int]:
    keys = map(whole_number, request.POST.get("seen", "").split(","))
    return [key for key in keys if key is not None]


def _moves(request: HttpRequest) -> list[Move]:
    """The lines whose place was typed; what is no number is no place."""
    moves = []
    for name, value in request.POST.items():
        key = whole_number(name.removeprefix("place-")) if name.startswith("place-") else None
        if key is not None and value.strip():
            place = whole_number(value.strip()) or 0
            moves.append(Move(key, place, request.POST.get(f"seen-{key}", "")))
    return moves


def _show(
    request: HttpRequest,
    intake: Intake,
    *,
    status: int = 200,
    blockers: list[Blocker] | None = None,
    call_form: CallForm | None = None,
) -> HttpResponse:
    places = places_of(intake)
    shown = request.GET.get("show", WAITING)
    shown = shown if shown in {CALLED, DECLINED} else WAITING
    tabs, numbers = _tabs(request, intake)
    paginator = Paginator(tabs[shown], PAGE)
    paginator.count = numbers[shown]
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "intake": intake,
        "places": places,
        "automatic": automatic(intake, places),
        "events": events(intake),
        "shown": shown,
        "page": page,
        "waiting": _waiting(request, page) if shown == WAITING else [],
        "calls": calls_shown(list(page.object_list)) if shown != WAITING else [],
        "numbers": numbers,
        "blockers": blockers or [],
        "call_form": call_form or CallForm(None, intake=intake),
        "may_enter": holds_there(request.user, intake, Capability.ENTER_DECISIONS),
        "may_release": holds_there(request.user, intake, Capability.RELEASE_DECISIONS),
        "navigation": "staff",
    }
    return render(request, "staff/deciding/reserve.html", context, status=status)


def _tabs(request: HttpRequest, intake: Intake) -> tuple[dict[str, QuerySet], dict[str, int]]:
    """The rows of each tab and how many there are; two queries."""
    rows = waiting(intake).with_offer().visible_to(request.user)
    called = calls(intake).visible_to(request.user)
    is_declined = Count("pk", filter=IS_DECLINED)
    numbers = called.order_by().aggregate(**{CALLED: Count("pk"), DECLINED: is_declined})
    tabs = {WAITING: rows, CALLED: called, DECLINED: called.filter(IS_DECLINED)}
    return tabs, {WAITING: rows.count(), **numbers}


def _waiting(request: HttpRequest, page: Any) -> list[dict[str, Any]]:
    """The lines of those who wait, with their draft and the place that was typed, if any."""
    rows = list(page.object_list)
    drafts = drafts_of([row.pk for row in rows])
    return [
        {
            "application": row,
            "draft": drafts.get(row.pk),
            "mark": draft_mark(drafts.get(row.pk)),
            "leaves": row.pk in drafts and drafts[row.pk].type.outcome not in RANKED_OUTCOMES,
            "typed": request.POST.get(f"place-{row.pk}", ""),
        }
        for row in rows
    ]
