"""« Informations personnelles », in two steps: nationality and INE, then civil status."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from candide.admissions.candidates.domain.drafts import draft_of, drop_draft, keep_draft
from candide.admissions.candidates.domain.identity import (
    IdentityEntry,
    civil_status_blockers,
    contact_blockers,
    identity_entry,
    ine_warnings,
    nationality_blockers,
    save_identity,
    tidy_identity,
)
from candide.admissions.candidates.domain.ine import EXAMPLES, normalise
from candide.admissions.candidates.domain.summary import section_items, section_rows
from candide.admissions.candidates.enums import Section
from candide.admissions.candidates.models import Candidate
from candide.core.blockers import Blocker
from candide.core.clock import localdate
from candide.core.views import permission_required
from candide.institution.accounts.adapter import set_language_cookie
from candide.institution.catalogue.models import Institution
from candide.institution.reference.domain.queries import nationalities
from candide.web.candidate.file import student
from candide.web.candidate.file.pages import EDIT_OWN, answer, frame, own_or_none, saved
from candide.web.shared.file.editing import Editing
from candide.web.shared.file.forms import SectionForm
from candide.web.shared.file.forms_identity import CivilStatusForm, NationalityForm

FIRST_STEP = "ine"
SECTION = Section.IDENTITY
CONTACTS = ("phone", "mobile", "language")


@permission_required(EDIT_OWN)
def nationality(request: HttpRequest) -> HttpResponse:
    """Nationality and INE. « Suivant » leads to the second step, or to the questions about what
    the student system knows."""
    candidate = own_or_none(request)
    step = FirstStep(
        request=request,
        now=timezone.now(),
        candidate=candidate,
        known=student.signed_in_student_or_none(request) if candidate is None else None,
        has_declined=student.has_declined(request),
    )
    return _answer(request, step.editing(), step.after)


@permission_required(EDIT_OWN)
def civil_status(request: HttpRequest) -> HttpResponse:
    """Civil status, telephones, language. What was imported is shown and stays."""
    candidate = own_or_none(request)
    before = _first_step(request, candidate)
    if before is None:
        return redirect("candidate:section_edit", SECTION)
    kept = next(iter(section_items(candidate, SECTION)), None) if candidate else None
    step = SecondStep(request=request, now=timezone.now(), before=before, kept=kept)
    return _answer(request, step.editing(), step.after)


def _answer(request: HttpRequest, editing: Editing, after: Any) -> HttpResponse:
    is_submitted = request.method == "POST" and "refresh" not in request.POST
    if is_submitted and not request.htmx:
        return editing.submit(after)
    return answer(request, editing)


# -- First step ------------------------------------------------------------------------------------
@dataclass(frozen=True)
class FirstStep:
    """`known` is the student the institution signed in, as long as there is no file; `has_declined`
    that the person said not to be that student."""

    request: HttpRequest
    now: datetime
    candidate: Candidate | None
    known: Any
    has_declined: bool

    def editing(self) -> Editing:
        return Editing(
            request=self.request,
            section=SECTION,
            now=self.now,
            build=self.build,
            check=self.check,
            save=self.save,
            item=FIRST_STEP,
            template="candidate/file/nationality.html",
            saves_as_it_goes=False,
            warn=lambda form: ine_warnings(form.cleaned_data.get("ine") or ""),
            context=frame(
                self.request,
                SECTION,
                candidate=self.candidate,
                examples=EXAMPLES,
                item=FIRST_STEP,
                row=self.candidate,
                action="",
                is_step=True,
            ),
        )

    def build(self, data: Any = None, *, raw: Any = None, **kwargs: Any) -> NationalityForm:
        if raw is None and self.known is not None:
            raw = {"nationality": self.known.nationality, "ine": self.known.ine}
        form = NationalityForm(data, row=self.candidate, raw=raw, **kwargs)
        if self.known is not None and self.known.ine and not self.has_declined:
            form.lock_ine(self.known.ine)
        elif self.candidate and self.candidate.is_imported and self.request.user.student_number:
            form.lock_ine(self.candidate.ine)
        return form

    def check(self, form: SectionForm) -> list[Blocker]:
        form.full_clean()
        values = form.cleaned_data
        return nationality_blockers(
            values.get("nationality"), values.get("ine") or "", institution=Institution.current()
        )

    def save(self, form: SectionForm) -> Any:
        """Save it in the file, or keep it for the second step while there is no file. An imported
        INE that is changed waits for the answer to « supprimer les données importées »."""
        form.full_clean()
        country, ine = form.cleaned_data["nationality"], normalise(form.cleaned_data["ine"] or "")
        if ine and (self.candidate is None or self.candidate.ine != ine):
            student.ask_register(self.request, ine)
        if self.candidate is None or self._changes_import(ine):
            kept = {"nationality": country.code, "ine": ine}
            return keep_draft(self.request.user, section=SECTION, item=FIRST_STEP, values=kept)
        found = save_identity(
            self.request.user,
            entry=replace(identity_entry(self.candidate), nationality=country, ine=ine),
            version=form.shown_version,
            tab=form.window,
            by=self.request.user,
            now=self.now,
        )
        drop_draft(self.request.user, section=SECTION, item=FIRST_STEP)
        return found

    def after(self, form: SectionForm, row: Any) -> HttpResponse:
        ine = normalise(form.cleaned_data.get("ine") or "")
        for warning in ine_warnings(ine):
            messages.warning(self.request, warning.message)
        if self.candidate is None:
            is_asked = self.known is not None and not self.has_declined
            return redirect("candidate:student_certify" if is_asked else "candidate:civil_status")
        if self._changes_import(ine):
            return redirect("candidate:import_remove")
        return student.ask_about_ine(self.request) or redirect("candidate:civil_status")

    def _changes_import(self, ine: str) -> bool:
        kept = self.candidate
        return kept is not None and kept.is_imported and bool(kept.ine) and ine != kept.ine


def _first_step(request: HttpRequest, candidate: Candidate | None) -> IdentityEntry | None:
    """Nationality and INE: of the file, or as they were kept while there is none."""
    if candidate is not None:
        return identity_entry(candidate)
    draft = draft_of(request.user, section=SECTION, item=FIRST_STEP)
    if draft is None:
        return None
    country = nationalities().filter(code=draft.values.get("nationality", "")).first()
    return IdentityEntry(nationality=country, ine=draft.values.get("ine", "")) if country else None


# -- Second step -----------------------------------------------------------------------------------
@dataclass(frozen=True)
class SecondStep:
    """`before` is what the first step gave, `kept` the file, if it was begun."""

    request: HttpRequest
    now: datetime
    before: IdentityEntry
    kept: Candidate | None

    def editing(self) -> Editing:
        return Editing(
            request=self.request,
            section=SECTION,
            now=self.now,
            build=self.build,
            check=self.check,
            save=self.save,
            template="candidate/file/civil_status.html",
            context=frame(
                self.request,
                SECTION,
                candidate=self.kept,
                row=self.kept,
                item="",
                action="",
                imported=self.imported_rows(),
                previous_url=reverse("candidate:section_edit", args=[SECTION]),
            ),
        )

    @property
    def is_imported(self) -> bool:
        return self.kept is not None and self.kept.is_imported

    def build(self, data: Any = None, *, raw: Any = None, **kwargs: Any) -> CivilStatusForm:
        if self.kept is None and raw is None:
            user = self.request.user
            names = {"birth_name": user.last_name, "first_name": user.first_name}
            raw = {**names, "language": user.language}
        form = CivilStatusForm(data, row=self.kept, raw=raw, **kwargs)
        if self.is_imported:
            form.lock_identity()
        return form

    def entry(self, form: SectionForm) -> IdentityEntry:
        """What was entered in both steps; where identity was imported, the contacts only."""
        typed = form.entry()
        if self.is_imported:
            return replace(self.before, **{name: getattr(typed, name) for name in CONTACTS})
        return replace(typed, nationality=self.before.nationality, ine=self.before.ine)

    def check(self, form: SectionForm) -> list[Blocker]:
        entry = tidy_identity(self.entry(form))
        if self.is_imported:
            return contact_blockers(entry)
        return civil_status_blockers(entry, today=localdate(self.now))

    def save(self, form: SectionForm) -> Candidate:
        return save_identity(
            self.request.user,
            entry=self.entry(form),
            version=form.shown_version,
            tab=form.window,
            by=self.request.user,
            now=self.now,
        )

    def after(self, form: SectionForm, row: Any) -> HttpResponse:
        drop_draft(self.request.user, section=SECTION, item=FIRST_STEP)
        response = student.ask_about_ine(self.request) or saved(self.request, SECTION)
        set_language_cookie(response, self.request.user.language)
        return response

    def imported_rows(self) -> list[Any]:
        if not self.is_imported:
            return []
        rows = section_rows(SECTION, self.kept)
        return [row for row in rows if row.name not in CONTACTS]
