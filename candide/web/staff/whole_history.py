"""« Historique » : who did what, when, to what, with what was there before; administrators look
through all of it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

from django import forms
from django.apps import apps
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from candide.admissions.applications.enums import ApplicationEvent
from candide.admissions.applications.models import Application
from candide.admissions.candidates.domain.finding import Found
from candide.admissions.candidates.enums import CandidateEvent
from candide.admissions.correspondence.enums import CorrespondenceEvent
from candide.admissions.decisions.enums import DecisionEvent, LetterEvent
from candide.admissions.handover.enums import HandoverEvent
from candide.admissions.releases.enums import ReleaseEvent
from candide.admissions.tags.enums import TagEvent
from candide.core.views import permission_required
from candide.foundation.downloads.enums import DownloadEvent
from candide.foundation.files.enums import FileEvent
from candide.foundation.history.enums import RowEvent
from candide.foundation.history.models import HistoryEntry
from candide.foundation.jobs.enums import JobEvent
from candide.foundation.runs.enums import RunEvent
from candide.institution.access.enums import AccessEvent
from candide.institution.access.models import Assignment, RoleProfile
from candide.institution.accounts.enums import AccountEvent, SignInEvent
from candide.institution.accounts.models import User
from candide.institution.catalogue.enums import CampaignEvent
from candide.institution.mails.enums import MailEvent
from candide.institution.tokens.enums import TokenEvent
from candide.reporting.privacy.domain.history_search import (
    Subjects,
    entries_found,
    subjects_of_candidates,
    subjects_of_code,
)
from candide.reporting.webhooks.enums import WebhookEvent
from candide.web.shared.addresses import newest_page
from candide.web.staff.history import Sentence, sentences
from candide.web.staff.readings import candidates_called, people_called
from candide.web.staff.rights.pages import Page
from candide.web.staff.rights.roles import role_parts
from candide.web.staff.settings.forms import DAY
from candide.web.staff.settings.history import NO_PARTS, Change, changes_of

VIEW = "privacy.search_history"
WHOLE_HISTORY = Page(
    _("History"),
    _("Who did what, when, to what, before and after: everything, to be searched."),
    VIEW,
    "whole_history",
)
EVENTS: tuple[tuple[Any, Any], ...] = (
    (_("Applications"), ApplicationEvent),
    (_("Decisions"), DecisionEvent),
    (_("Letters"), LetterEvent),
    (_("Releases"), ReleaseEvent),
    (_("Messages and notes"), CorrespondenceEvent),
    (_("Tags"), TagEvent),
    (_("Student system"), HandoverEvent),
    (_("Candidates"), CandidateEvent),
    (_("Accounts"), AccountEvent),
    (_("Sign-ins"), SignInEvent),
    (_("Rights"), AccessEvent),
    (_("Settings"), RowEvent),
    (_("Campaigns"), CampaignEvent),
    (_("Mails"), MailEvent),
    (_("Files"), FileEvent),
    (_("Exports"), DownloadEvent),
    (_("Actions"), RunEvent),
    (_("Jobs"), JobEvent),
    (_("Other systems"), TokenEvent),
    (_("Other systems"), WebhookEvent),
)
LABELS = {member.value: member.label for _title, enum in EVENTS for member in enum}
# Where what an entry is about is found, by its kind.
PLACES = {
    "applications.application": "staff:application",
    "catalogue.applicationcentre": "staff:centres_row",
    "catalogue.campaign": "staff:campagnes_row",
    "catalogue.commission": "staff:commissions_row",
    "catalogue.intake": "staff:ouvertures_row",
    "catalogue.programme": "staff:formations_row",
    "access.roleprofile": "staff:role",
    "releases.release": "staff:release_page",
}
NAMES = ("name", "label", "code", "title")  # of what is there no more, from what was deleted


@dataclass(frozen=True)
class Line:
    """One entry in words; `changes` are what was before and after."""

    said: Sentence
    what: Any
    kind: Any
    subject: str
    url: str
    changes: list[Change]


class HistoryFilters(forms.Form):
    """What narrows the history; what is not valid narrows nothing."""

    q = forms.CharField(label=_("Candidate: name or file number"), required=False, max_length=200)
    code = forms.CharField(
        label=_("Code of a programme, a commission or a centre"), required=False, max_length=50
    )
    by = forms.CharField(label=_("Who did it: name or address"), required=False, max_length=200)
    event = forms.ChoiceField(
        label=_("What happened"),
        required=False,
        choices=lambda: [("", _("Any")), *((title, enum.choices) for title, enum in EVENTS)],
    )
    first = forms.DateField(label=_("From (day)"), required=False, widget=DAY)
    last = forms.DateField(label=_("Until (included)"), required=False, widget=DAY)

    def entries(self) -> Any:
        self.is_valid()
        chosen = self.cleaned_data
        return entries_found(
            about=self._about(),
            by=people_called(chosen.get("by", "").strip()),
            event=chosen.get("event", ""),
            first=chosen.get("first"),
            last=chosen.get("last"),
        )

    def _about(self) -> Iterable[Subjects]:
        if self.candidates is not None:
            yield subjects_of_candidates(person.pk for person in self.candidates.people)
        if code := self.cleaned_data.get("code", "").strip():
            yield subjects_of_code(code)

    @cached_property
    def candidates(self) -> Found | None:
        """Whom the name or number means, where one was typed."""
        return candidates_called(self.cleaned_data.get("q", "").strip())


@permission_required(VIEW)
def history_page(request: HttpRequest) -> HttpResponse:
    """Newest first, page by page."""
    filters = HistoryFilters(request.GET)
    entries, older = newest_page(request.GET, filters.entries())
    context = {
        "lines": _lines(entries),
        "older": older,
        "filters": filters,
        "navigation": "staff",
    }
    return render(request, "staff/whole_history.html", context)


def _lines(entries: list[HistoryEntry]) -> list[Line]:
    subjects, changes = _subjects(entries), _changes(entries)
    lines = []
    for entry, said in zip(entries, sentences(entries), strict=True):
        row = subjects.get((entry.subject_type, entry.subject_id))
        lines.append(
            Line(
                said,
                LABELS.get(entry.event, entry.event),
                _kind(entry.subject_type),
                _called(row) if row else _was_called(entry),
                _address(row) if row else "",
                changes.get(entry.pk, []),
            )
        )
    return lines


def _model(kind: str) -> type[Model] | None:
    """The model of a subject; none where a version took it away."""
    try:
        return apps.get_model(kind)
    except LookupError:
        return None


def _kind(kind: str) -> Any:
    model = _model(kind)
    return capfirst(str(model._meta.verbose_name)) if model else kind


def _subjects(entries: list[HistoryEntry]) -> dict[tuple[str, int], Model]:
    """What the entries are about and is still there; a query for each kind."""
    keys: dict[str, set[int]] = defaultdict(set)
    for entry in entries:
        keys[entry.subject_type].add(entry.subject_id)
    found: dict[tuple[str, int], Model] = {}
    for kind, wanted in keys.items():
        model = _model(kind)
        if model is None:
            continue
        rows = model._base_manager.select_related()
        if model is Application:
            rows = Application.objects.with_offer().select_related("candidate__user")
        found |= {(kind, pk): row for pk, row in rows.in_bulk(wanted).items()}
    return found


def _called(row: Model) -> str:
    if isinstance(row, Application):
        return f"{row.candidate.display_name} – {row.intake.programme.name}"
    return str(row)


def _was_called(entry: HistoryEntry) -> str:
    """What is there no more, by what its deletion says; else by its key."""
    values = entry.data.get("changes", {})
    words = (pair[0] for pair in map(values.get, NAMES) if pair and isinstance(pair[0], str))
    return next(chain(words, [f"#{entry.subject_id}"]))


def _address(row: Model) -> str:
    kind = row._meta.label_lower
    if isinstance(row, User):
        return reverse("staff:candidate" if row.is_candidate else "staff:person", args=[row.pk])
    return reverse(PLACES[kind], args=[row.pk]) if kind in PLACES else ""


def _changes(entries: list[HistoryEntry]) -> dict[int, list[Change]]:
    """What was before and after, by entry; a query for each kind of what is named."""
    of: dict[type[Model], list[HistoryEntry]] = defaultdict(list)
    for entry in entries:
        model = Assignment if entry.event in AccessEvent.values else _model(entry.subject_type)
        is_new = entry.event in (RowEvent.CREATED, RowEvent.DELETED)
        if model is not None and entry.data.get("changes") and not is_new:
            of[model].append(entry)
    return {
        entry.pk: changes
        for model, mine in of.items()
        for entry, changes in zip(
            mine,
            changes_of(mine, model(), parts=role_parts() if model is RoleProfile else NO_PARTS),
            strict=True,
        )
    }
