"""Decisions entered by list: a page of the applications to an intake as a table one fills in, line
after line [back-office 14.6]."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.current import draft_mark
from candide.admissions.decisions.domain.entering import Draft
from candide.admissions.decisions.domain.listing import (
    Entry,
    drafts_of,
    enter_rows,
    next_free_rank,
)
from candide.admissions.decisions.domain.queries import released_decisions_of
from candide.admissions.decisions.models import Decision, DecisionReason, DecisionType
from candide.core.blockers import Blocker
from candide.core.text import fold, whole_number
from candide.core.views import permission_required
from candide.institution.access.enums import Capability
from candide.institution.catalogue.models import Intake
from candide.web.shared.forms import LongTextField
from candide.web.staff.deciding.intakes import (
    IS_UNDECIDED,
    IS_WAITING,
    applications_of,
    holds_there,
    intake_within,
)

PAGE = 50
ENTERED = ("type", "reason", "rank", "comment")
SHOWN = {
    "": (gettext_lazy("All"), Q()),
    "undecided": (gettext_lazy("To decide"), IS_UNDECIDED),
    "drafted": (gettext_lazy("Entered, not released"), Q(has_draft_decision=True)),
    "waiting": (gettext_lazy("On the reserve list"), IS_WAITING),
}
NAMES = ("candidate__birth_name", "candidate__first_name", "pk")


@dataclass(frozen=True)
class Choices:
    """The types and reasons used in a centre, read once for the whole page."""

    types: dict[str, DecisionType]
    reasons: dict[str, DecisionReason]

    @classmethod
    def of(cls, intake: Intake, drafts: Sequence[Decision]) -> "Choices":
        """Those in service there, and those of the drafts that stand."""
        here = Q(Q(centre=None) | Q(centre=intake.programme.commission.centre), is_active=True)
        found = []
        for model, name in ((DecisionType, "type_id"), (DecisionReason, "reason_id")):
            used = Q(pk__in={getattr(draft, name) for draft in drafts} - {None})
            rows = model.objects.filter(here | used).order_by("pk")
            found.append({str(row.pk): row for row in rows})
        return cls(*found)


class RowForm(forms.Form):
    """The decision of one application. `seen` is the mark of the draft that was looked at; what
    was filled in is told from what stood there when the page was read."""

    type = forms.ChoiceField(label=gettext_lazy("Decision"), required=False)
    reason = forms.ChoiceField(label=gettext_lazy("Reason"), required=False)
    rank = forms.IntegerField(
        label=gettext_lazy("Rank"),
        required=False,
        min_value=1,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 4}),
    )
    comment = LongTextField(
        label=gettext_lazy("Comment"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 1}),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Any, *, application: Application, draft: Decision | None, choices: Choices
    ) -> None:
        initial: dict[str, Any] = {"seen": draft_mark(draft)}
        if draft:
            initial |= {"type": str(draft.type_id), "rank": draft.rank, "comment": draft.comment}
            initial["reason"] = str(draft.reason_id or "")
        super().__init__(data, initial=initial, prefix=str(application.pk))
        self.choices = choices
        for name, rows in (("type", choices.types), ("reason", choices.reasons)):
            self.fields[name].choices = [
                ("", "–"),
                *((key, row.label) for key, row in rows.items()),
            ]
        for name in ENTERED:
            one = self.fields[name]
            one.show_hidden_initial = True
            label = f"{one.label}, {application.candidate.display_name}"
            one.widget.attrs |= {"aria-label": label, "data-column": name}

    @property
    def is_filled_in(self) -> bool:
        return bool(set(ENTERED) & set(self.changed_data))

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        if self.is_filled_in and not chosen.get("type") and "type" not in self.errors:
            message = _("Choose a decision. A draft is deleted on the page of the application.")
            self.add_error("type", message)
        return chosen

    def draft(self, intake: Intake, before: Decision | None) -> Draft:
        """What was entered; the interview and the appeal stay as the draft has them."""
        shown = before or intake
        chosen = self.cleaned_data
        return Draft(
            type=self.choices.types[chosen["type"]],
            reason=self.choices.reasons.get(chosen["reason"]),
            rank=chosen["rank"],
            comment=chosen["comment"],
            shortlist_on=shown.shortlist_on,
            shortlist_time=shown.shortlist_time,
            shortlist_place=shown.shortlist_place,
            is_appeal=bool(before and before.is_appeal),
        )


@dataclass
class Line:
    """A line of the table."""

    application: Application
    draft: Decision | None
    released: Decision | None
    form: RowForm
    blockers: list[Blocker] = field(default_factory=list)

    @property
    def reasons(self) -> list[Blocker]:
        """Why it was not entered, each with the name it is about and the way to the line."""
        name = self.application.candidate.display_name
        about = f"row:{self.application.pk}"
        typed = [message for messages in self.form.errors.values() for message in messages]
        said = [*(blocker.message for blocker in self.blockers), *typed]
        return [
            Blocker("refused", _("%(name)s: %(reason)s") % {"name": name, "reason": one}, about)
            for one in said
        ]

    @property
    def meanwhile(self) -> Decision | None:
        """The draft somebody else entered since the line was read."""
        return self.draft if "changed" in {each.code for each in self.blockers} else None


@permission_required("decisions.enter")
def decision_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The table; posted, the lines that were filled in are entered, each for itself: one that is
    refused says why and keeps what was typed, the others are there."""
    intake = intake_within(request.user, pk, Capability.ENTER_DECISIONS)
    page = _page(request, intake)
    posted = request.method == "POST"
    lines = _lines(intake, page.object_list, request.POST if posted else None)
    status = 200
    if posted:
        number = _entered(request, intake, lines)
        if not any(line.form.errors or line.blockers for line in lines):
            if not number:
                messages.info(request, _("Nothing was changed."))
            return redirect(_address(request, page, following="next" in request.POST))
        status = 409
        lines = _looked_at_again(intake, lines, request)
    context = {
        "intake": intake,
        "lines": lines,
        "page": page,
        "blockers": [blocker for line in lines for blocker in line.reasons],
        "tabs": _tabs(request, intake),
        "shown": _shown(request),
        "q": request.GET.get("q", ""),
        "next_rank": next_free_rank(intake),
        "kept": _query(request),
        "may_release": holds_there(request.user, intake, Capability.RELEASE_DECISIONS),
        "navigation": "staff",
    }
    return render(request, "staff/deciding/rows.html", context, status=status)


def _page(request: HttpRequest, intake: Intake) -> Page:
    """A page of the lines asked for. Posted, those that stood on it, whatever list they belong to
    by now."""
    rows = applications_of(request.user, intake)
    if request.method == "POST":
        keys = [whole_number(key) for key in request.POST.getlist("rows")][:PAGE]
        rows = rows.filter(pk__in=[key for key in keys if key is not None])
        found = Paginator(rows.order_by(*NAMES), PAGE).get_page(1)
        found.number = max(whole_number(request.POST.get("page")) or 1, 1)
        return found
    for word in fold(request.GET.get("q", "")).split():
        rows = rows.filter(candidate__search_text__contains=word)
    rows = rows.filter(SHOWN[_shown(request)][1])
    return Paginator(rows.order_by(*NAMES), PAGE).get_page(request.GET.get("page"))


def _lines(intake: Intake, applications: Sequence[Application], data: Any) -> list[Line]:
    rows = list(applications)
    drafts = drafts_of([application.pk for application in rows])
    released = released_decisions_of(rows)
    choices = Choices.of(intake, list(drafts.values()))
    return [
        Line(
            application,
            drafts.get(application.pk),
            released.get(application.pk),
            RowForm(
                data, application=application, draft=drafts.get(application.pk), choices=choices
            ),
        )
        for application in rows
    ]


def _entered(request: HttpRequest, intake: Intake, lines: list[Line]) -> int:
    """Enter what was filled in, note on each line why it was not, and say how many were."""
    entries = {
        line.application.pk: Entry(
            line.application.pk,
            line.form.draft(intake, line.draft),
            line.form.cleaned_data["seen"],
        )
        for line in lines
        if line.form.is_valid() and line.form.is_filled_in
    }
    refused = enter_rows(intake, list(entries.values()), by=request.user, now=timezone.now())
    for line in lines:
        line.blockers = refused.get(line.application.pk, [])
    number = len(entries) - len(refused)
    if number:
        message = ngettext(
            "%(number)d decision is entered. Candidates see it once released.",
            "%(number)d decisions are entered. Candidates see them once released.",
            number,
        )
        messages.success(request, message % {"number": number})
    return number


def _looked_at_again(intake: Intake, lines: list[Line], request: HttpRequest) -> list[Line]:
    """The page after a refusal: lines that were entered as they are now, the others as they were
    sent, beside what stands there by now."""
    again = _lines(intake, [line.application for line in lines], None)
    shown = []
    for before, after in zip(lines, again, strict=True):
        if before.form.errors or before.blockers:
            data = request.POST.copy()
            data[before.form.add_prefix("seen")] = draft_mark(after.draft)
            before.form.data = data
            after.form, after.blockers = before.form, before.blockers
        shown.append(after)
    return shown


def _shown(request: HttpRequest) -> str:
    shown = request.GET.get("show", "")
    return shown if shown in SHOWN else ""


def _query(request: HttpRequest, **more: Any) -> str:
    """What the page was asked for, to be asked for again."""
    asked = {"show": _shown(request), "q": request.GET.get("q", ""), **more}
    return urlencode({name: value for name, value in asked.items() if value})


def _address(request: HttpRequest, page: Page, *, following: bool) -> str:
    """The same page of the list, or the one after it. Lines that were decided may have left the
    list: then the next ones have taken their place."""
    leaves = _shown(request) == "undecided"
    number = page.number + (1 if following and not leaves else 0)
    return f"{request.path}?{_query(request, page=number)}"


def _tabs(request: HttpRequest, intake: Intake) -> list[tuple[str, Any, str, int]]:
    """The lists one may look at: name, words, address, how many."""
    rows = applications_of(request.user, intake)
    numbers = rows.aggregate(
        **{
            f"n_{name}": Count("pk", filter=condition) if condition else Count("pk")
            for name, (_words, condition) in SHOWN.items()
        }
    )
    return [
        (name, words, f"{request.path}?show={name}", numbers[f"n_{name}"])
        for name, (words, _condition) in SHOWN.items()
    ]
