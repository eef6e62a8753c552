"""How a form of the file is shown, saved as one goes, and saved. Nothing typed is lost: what
cannot be saved is kept as a draft, and comes back with what stands in its way."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from candide.admissions.candidates.domain import editing
from candide.admissions.candidates.domain.drafts import draft_of, keep_draft
from candide.admissions.candidates.domain.saving import StaleVersion
from candide.admissions.candidates.enums import Section
from candide.core.blockers import Blocker, Refused
from candide.web.shared.file.forms import SectionForm
from candide.web.shared.kept_entries import owner_of, take_kept_entry

FORM_PAGE = "candidate/file/form.html"


@dataclass(frozen=True)
class Difference:
    """A field in which what is kept now is other than what was typed."""

    label: str
    kept: str
    typed: str


@dataclass
class Editing:
    """One form of one section in one request."""

    request: HttpRequest
    section: Section
    now: datetime
    build: Callable[..., SectionForm]
    check: Callable[[SectionForm], list[Blocker]]
    save: Callable[[SectionForm], Any]
    item: str = ""
    template: str = FORM_PAGE
    saves_as_it_goes: bool = True
    warn: Callable[[SectionForm], list[Blocker]] = lambda form: []
    context: dict[str, Any] = field(default_factory=dict)
    owner: Any = None  # whose file it is, where somebody else fills it in

    @property
    def user(self) -> Any:
        """Whose file it is."""
        return self.owner or self.by

    @property
    def by(self) -> Any:
        return self.request.user

    @property
    def keeps_drafts(self) -> bool:
        """Drafts are the candidate's own: what staff typed and could not save is on their page."""
        return self.owner is None

    # -- Showing -----------------------------------------------------------------------------------
    def show(self) -> HttpResponse:
        """The form with what is kept, or with what was typed and could not be saved."""
        if sent := take_kept_entry(self.request):
            form = self.build(sent)
            form.full_clean()
            again = self.build(raw=form.typed(), version=form.shown_version)
            return self.page(again, has_returned=True)
        draft = None
        if self.keeps_drafts:
            draft = draft_of(self.user, section=self.section, item=self.item)
        form = self.build(raw=draft.values, version=draft.version) if draft else self.build()
        return self.page(form, has_draft=draft is not None)

    def page(self, form: SectionForm, *, status: int = 200, **context: Any) -> HttpResponse:
        found = {"has_draft": False, "has_returned": False, "blockers": [], "differences": []}
        found |= {"section": self.section, "form": form, "entry_owner": owner_of(self.by)}
        found |= {**self.context, **context}
        return render(self.request, self.template, found, status=status)

    def show_again(self) -> HttpResponse:
        """The lists anew, for who has no script: nothing is saved, nothing is checked."""
        form = self.build(self.request.POST)
        form.full_clean()
        again = self.build(raw=form.typed(), version=form.shown_version)
        return self.page(again)

    # -- Saving ------------------------------------------------------------------------------------
    def submit(self, then: Callable[[SectionForm, Any], HttpResponse]) -> HttpResponse:
        """Save what was sent and go on with `then(form, row)`, or show it again with what stands
        in its way."""
        form = self.build(self.request.POST)
        try:
            editing.begin(
                self.user, section=self.section, by=self.by, tab=form.window, now=self.now
            )
            self._judge(form)
            if form.errors:
                return self._refused(form, [])
            row = self.save(form)
        except StaleVersion as stale:
            return self._stale(form, stale.current)
        except Refused as refusal:
            return self._refused(form, form.add_blockers(refusal.blockers))
        editing.end(self.user, section=self.section, by=self.by, tab=form.window)
        return then(form, row)

    def autosave(self) -> HttpResponse:
        """Save what was sent if it can be, keep it as a draft if not, and say which."""
        form = self.build(self.request.POST)
        self._judge(form)
        missing = form.take_out_incomplete()
        is_whole = not (missing or form.errors)
        try:
            editing.begin(
                self.user, section=self.section, by=self.by, tab=form.window, now=self.now
            )
            if is_whole and self.saves_as_it_goes:
                self.save(form)
            else:
                self._keep(form)
        except StaleVersion:
            self._keep(form)
            return self._state(form, 409, is_stale=True)
        except Refused as refusal:
            self._keep(form)
            return self._state(form, 409, blockers=form.add_blockers(refusal.blockers))
        status = 422 if form.errors else 200
        warnings = [] if form.errors else self.warn(form)
        return self._state(form, status, missing=missing, warnings=warnings)

    def _judge(self, form: SectionForm) -> None:
        """Put what is wrong at its fields, and what is wrong with no field of it above them."""
        form.full_clean()
        for blocker in form.add_blockers(self.check(form)):
            form.add_error(None, blocker.message)

    def _keep(self, form: SectionForm) -> None:
        if not self.keeps_drafts:
            return
        keep_draft(
            self.user,
            section=self.section,
            item=self.item,
            values=form.typed(),
            version=form.shown_version,
        )

    def _refused(self, form: SectionForm, blockers: list[Blocker]) -> HttpResponse:
        self._keep(form)
        return self.page(form, status=409 if blockers else 422, blockers=blockers)

    def _stale(self, form: SectionForm, current: Any) -> HttpResponse:
        """Show what is kept now beside what was typed; saving again takes what was typed."""
        kept = type(form)(row=current)
        form.put("version", str(current.version))
        form.full_clean()
        self._keep(form)
        return self.page(form, status=409, differences=differences(form, kept))

    def _state(self, form: SectionForm, status: int, **context: Any) -> HttpResponse:
        found = {"blockers": [], "missing": [], "warnings": [], "is_stale": False, "form": form}
        found |= {"keeps_drafts": self.keeps_drafts, **context}
        return render(self.request, "shared/file/saved.html", found, status=status)


def differences(form: SectionForm, kept: SectionForm) -> list[Difference]:
    """The fields that say something else in the two forms, in words."""
    names = dict.fromkeys([*form.fields, *kept.fields])
    pairs = (
        (name, _words(kept, name), _words(form, name))
        for name in names
        if name not in {"version", "tab"}
    )
    return [
        Difference(str(form.base_fields[name].label), before, typed)
        for name, before, typed in pairs
        if before != typed
    ]


def _words(form: SectionForm, name: str) -> str:
    """What is in a field, as it is read."""
    field = form.fields.get(name)
    raw = form.raw(name) if field is not None else ""
    choices = {str(code): str(label) for code, label in getattr(field, "choices", ()) if code}
    return choices.get(raw, raw)
