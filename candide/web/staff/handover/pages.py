"""« Remontée » : who is handed over to the student system, what came of it, and doing it again."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from candide.admissions.handover.domain.queries import (
    chosen,
    found,
    number_of_documents,
    numbers_by_state,
)
from candide.admissions.handover.domain.replaying import (
    aside_blockers,
    put_aside,
    replay,
    replaying_blockers,
)
from candide.admissions.handover.enums import HandoverState
from candide.admissions.handover.models import PreEnrolment
from candide.admissions.handover.rules import steered_by
from candide.core.blockers import Refused
from candide.core.text import whole_number
from candide.core.views import for_object, permission_required
from candide.institution.catalogue.models import Campaign, Institution
from candide.integrations import sis
from candide.web.shared.addresses import changed, newest_page
from candide.web.shared.refusals import show_refusal

VERBS: dict[str, Any] = {"replay": replay, "aside": put_aside}


class HandoverFilters(forms.Form):
    """What narrows the list; what is not valid narrows nothing."""

    q = forms.CharField(
        label=gettext_lazy("Name, file number, code or programme"), required=False, max_length=100
    )
    campaign = forms.ModelChoiceField(
        Campaign.objects.order_by("-starts_on", "code"),
        label=gettext_lazy("Campaign"),
        required=False,
        empty_label=gettext_lazy("All those not archived"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_valid()

    def rows(self, user: Any) -> QuerySet[PreEnrolment]:
        campaign = self.cleaned_data.get("campaign")
        rows = PreEnrolment.objects.all().visible_to(user)
        if campaign is None:
            rows = rows.in_service()
        words = self.cleaned_data.get("q", "")
        return found(rows, words=words, campaign=campaign.pk if campaign else None)


@permission_required("handover.list")
def handover_list(request: HttpRequest) -> HttpResponse:
    """Everybody of a search, newest first: by state, with how many are in which."""
    filters = HandoverFilters(request.GET)
    rows = filters.rows(request.user)
    numbers = numbers_by_state(rows)
    state = _state(request.GET)
    shown = rows.filter(state=state) if state else rows
    page, older = newest_page(request.GET, shown.with_offer())
    system = sis.current()
    context = {
        "rows": page,
        "older": older,
        "filters": filters,
        "state": state,
        "number": numbers[state] if state else sum(numbers.values()),
        "everything": changed(request.GET, state="", before=""),
        "states": [
            (value, label, numbers[value], changed(request.GET, state=value, before=""))
            for value, label in HandoverState.choices
        ],
        "hidden": [(name, value) for name, value in request.GET.items() if name != "before"],
        "may_steer": request.user.has_perm("handover.steer_some"),
        "documents": number_of_documents(rows) if system.takes_documents else None,
        "institution": Institution.current(),
        "has_system": system.people_at_once > 0,
        "makes_files": system.makes_files,
        "navigation": "staff",
    }
    return render(request, "staff/handover/list.html", context)


def _state(asked: QueryDict) -> str:
    state = asked.get("state", "")
    return state if state in HandoverState.values else ""


@for_object(PreEnrolment, "handover.view")
def handover_page(request: HttpRequest, row: PreEnrolment) -> HttpResponse:
    """One pre-enrolment: where it is, why, what was tried, its documents."""
    may_steer = request.user.has_perm("handover.steer", row)
    application = row.application
    reads = request.user.has_perm("applications.examine", application)
    context = {
        "row": row,
        "deliveries": list(row.deliveries.order_by("pk")),
        "documents": row.documents.select_related("version__requirement").order_by("kind"),
        "may_replay": may_steer and not replaying_blockers(row),
        "may_put_aside": may_steer and not aside_blockers(row, now=timezone.now()),
        "reads_application": reads,
        "navigation": "staff",
    }
    return render(request, "staff/handover/row.html", context)


@require_POST
@permission_required("handover.steer_some")
def act(request: HttpRequest) -> HttpResponse:
    """Hand over again, or put aside: those chosen, or all that a search finds; after a last
    question with their number."""
    verb = request.POST.get("verb", "")
    pks = _pks(request)
    if verb not in VERBS or not pks:
        messages.info(request, _("Nothing was chosen."))
        return redirect(_back(request))
    if "confirmed" not in request.POST:
        return _ask(request, verb, pks)
    try:
        number = VERBS[verb](pks, by=request.user, now=timezone.now())
    except Refused as refusal:
        show_refusal(request, refusal)
        return redirect(_back(request))
    _say(request, verb, number)
    return redirect(_back(request))


def _pks(request: HttpRequest) -> list[int]:
    """The keys that were sent, or those of everything found, as far as the person may."""
    steered = steered_by(PreEnrolment.objects.all(), request.user)
    if request.POST.get("which") != "found":
        keys = [key for key in map(whole_number, request.POST.getlist("ids")) if key is not None]
        return chosen(steered, keys)
    rows = HandoverFilters(request.POST).rows(request.user)
    state = _state(request.POST)
    rows = rows.filter(state=state) if state else rows
    pks = steered_by(rows, request.user).order_by("pk").values_list("pk", flat=True)
    return list(pks)


def _ask(request: HttpRequest, verb: str, pks: list[int]) -> HttpResponse:
    context = {
        "verb": verb,
        "number": len(pks),
        "which": request.POST.get("which", ""),
        "ids": [] if request.POST.get("which") == "found" else pks,
        "hidden": [
            (name, request.POST[name])
            for name in ("q", "campaign", "state", "back")
            if request.POST.get(name)
        ],
        "back": _back(request),
        "navigation": "staff",
    }
    return render(request, "staff/handover/act.html", context)


def _back(request: HttpRequest) -> str:
    """The page of one, else the list as it was searched."""
    row = whole_number(request.POST.get("back"))
    if row is not None:
        return reverse("staff:handover_row", args=[row])
    asked = QueryDict(mutable=True)
    for name in ("q", "campaign", "state"):
        if request.POST.get(name):
            asked[name] = request.POST[name]
    return f"{reverse('staff:handover')}{changed(asked)}"


def _say(request: HttpRequest, verb: str, number: int) -> None:
    if not number:
        messages.info(request, _("Nothing of what was chosen could be changed."))
        return
    words = {
        "replay": ngettext(
            "%(number)d pre-enrolment is handed over again.",
            "%(number)d pre-enrolments are handed over again.",
            number,
        ),
        "aside": ngettext(
            "%(number)d pre-enrolment is put aside.",
            "%(number)d pre-enrolments are put aside.",
            number,
        ),
    }
    messages.success(request, words[verb] % {"number": number})
