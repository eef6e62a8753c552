"""« Informations personnelles », in two steps: nationality and INE, then civil status."""

from dataclasses import replace
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
from candide.core.clock import localdate
from candide.core.views import permission_required
from candide.institution.accounts.adapter import set_language_cookie
from candide.institution.catalogue.models import Institution
from candide.institution.reference.domain.queries import nationalities
from candide.web.candidate.file import student
from candide.web.candidate.file.editing import Editing
from candide.web.candidate.file.forms import SectionForm
from candide.web.candidate.file.forms_identity import CivilStatusForm, NationalityForm
from candide.web.candidate.file.pages import EDIT_OWN, answer, frame, own_or_none, saved

FIRST_STEP = "ine"
SECTION = Section.IDENTITY


# -- First step ------------------------------------------------------------------------------------
@permission_required(EDIT_OWN)
def nationality(request: HttpRequest) -> HttpResponse:
    """Nationality and INE. « Suivant » leads to the second step, or to the questions about what
    the student system knows."""
    candidate = own_or_none(request)
    known = student.signed_in_student_or_none(request) if candidate is None else None
    has_declined = student.has_declined(request)

    def build(data: Any = None, **kwargs: Any) -> NationalityForm:
        raw = kwargs.pop("raw", None)
        if candidate is None and raw is None and known is not None:
            raw = {"nationality": known.nationality, "ine": known.ine}
        form = NationalityForm(data, row=candidate, raw=raw, **kwargs)
        if known is not None and known.ine and not has_declined:
            form.lock_ine(known.ine)
        elif candidate is not None and candidate.is_imported and candidate.user.student_number:
            form.lock_ine(candidate.ine)
        return form

    editing = Editing(
        request=request,
        section=SECTION,
        now=timezone.now(),
        build=build,
        check=_first_step_blockers,
        save=lambda form: _save_first_step(request, form, candidate),
        item=FIRST_STEP,
        template="candidate/file/nationality.html",
        saves_as_it_goes=False,
        warn=lambda form: ine_warnings(form.cleaned_data.get("ine") or ""),
        context=frame(
            request,
            SECTION,
            candidate=candidate,
            examples=EXAMPLES,
            item=FIRST_STEP,
            row=candidate,
            action="",
            is_step=True,
        ),
    )
    if request.method == "POST" and "refresh" not in request.POST and not request.htmx:
        return editing.submit(
            lambda form, row: _after_first_step(request, form, candidate, known, has_declined)
        )
    return answer(request, editing)


def _first_step_blockers(form: SectionForm) -> list[Any]:
    form.full_clean()
    values = form.cleaned_data
    return nationality_blockers(
        values.get("nationality"), values.get("ine") or "", institution=Institution.current()
    )


def _save_first_step(
    request: HttpRequest, form: NationalityForm, candidate: Candidate | None
) -> Any:
    """Save it in the file, or keep it for the second step while there is no file. An imported INE
    that is changed waits for the answer to « supprimer les données importées »."""
    form.full_clean()
    values, ine = form.cleaned_data, normalise(form.cleaned_data["ine"] or "")
    if candidate is None or _changes_import(candidate, ine):
        kept = {"nationality": values["nationality"].code, "ine": ine}
        return keep_draft(request.user, section=SECTION, item=FIRST_STEP, values=kept)
    entry = replace(identity_entry(candidate), nationality=values["nationality"], ine=ine)
    found = save_identity(
        request.user,
        entry=entry,
        version=form.shown_version,
        tab=form.window,
        by=request.user,
        now=timezone.now(),
    )
    drop_draft(request.user, section=SECTION, item=FIRST_STEP)
    return found


def _changes_import(candidate: Candidate, ine: str) -> bool:
    return candidate.is_imported and bool(candidate.ine) and ine != candidate.ine


def _after_first_step(
    request: HttpRequest,
    form: NationalityForm,
    candidate: Candidate | None,
    known: Any,
    has_declined: bool,
) -> HttpResponse:
    for warning in ine_warnings(form.cleaned_data.get("ine") or ""):
        messages.warning(request, warning.message)
    if candidate is None:
        if known is not None and not has_declined:
            return redirect("candidate:student_certify")
        return redirect("candidate:civil_status")
    if _changes_import(candidate, normalise(form.cleaned_data.get("ine") or "")):
        return redirect("candidate:import_remove")
    return student.ask_about_ine(request) or redirect("candidate:civil_status")


# -- Second step -----------------------------------------------------------------------------------
@permission_required(EDIT_OWN)
def civil_status(request: HttpRequest) -> HttpResponse:
    """Civil status, telephones, language. What was imported is shown and stays."""
    candidate = own_or_none(request)
    before = _first_step(request, candidate)
    if before is None:
        return redirect("candidate:section_edit", SECTION)
    now = timezone.now()
    kept = next(iter(section_items(candidate, SECTION)), None) if candidate else None

    def build(data: Any = None, **kwargs: Any) -> CivilStatusForm:
        raw = kwargs.pop("raw", None)
        if kept is None and raw is None:
            user = request.user
            names = {"birth_name": user.last_name, "first_name": user.first_name}
            raw = {**names, "language": user.language}
        form = CivilStatusForm(data, row=kept, raw=raw, **kwargs)
        if kept is not None and kept.is_imported:
            form.lock_identity()
        return form

    def entered(form: SectionForm) -> IdentityEntry:
        entry = replace(form.entry(), nationality=before.nationality, ine=before.ine)
        return _with_imported(entry, kept)

    editing = Editing(
        request=request,
        section=SECTION,
        now=now,
        build=build,
        check=lambda form: civil_status_blockers(
            tidy_identity(entered(form)), today=localdate(now)
        ),
        save=lambda form: save_identity(
            request.user,
            entry=entered(form),
            version=form.shown_version,
            tab=form.window,
            by=request.user,
            now=now,
        ),
        context=frame(
            request,
            SECTION,
            candidate=candidate,
            row=kept,
            item="",
            action="",
            imported=_imported_rows(kept),
            previous_url=reverse("candidate:section_edit", args=[SECTION]),
        ),
        template="candidate/file/civil_status.html",
    )
    if request.method == "POST" and "refresh" not in request.POST and not request.htmx:
        return editing.submit(lambda form, row: _after_second_step(request))
    return answer(request, editing)


def _first_step(request: HttpRequest, candidate: Candidate | None) -> IdentityEntry | None:
    """Nationality and INE: of the file, or as they were kept while there is none."""
    if candidate is not None:
        return identity_entry(candidate)
    draft = draft_of(request.user, section=SECTION, item=FIRST_STEP)
    if draft is None:
        return None
    country = nationalities().filter(code=draft.values.get("nationality", "")).first()
    return IdentityEntry(nationality=country, ine=draft.values.get("ine", "")) if country else None


def _with_imported(entry: IdentityEntry, kept: Candidate | None) -> IdentityEntry:
    """`entry` with what the student system gave, which the form leaves out."""
    if kept is None or not kept.is_imported:
        return entry
    return replace(
        identity_entry(kept), phone=entry.phone, mobile=entry.mobile, language=entry.language
    )


def _imported_rows(kept: Candidate | None) -> list[Any]:
    if kept is None or not kept.is_imported:
        return []
    contacts = {"phone", "mobile", "language"}
    return [row for row in section_rows(SECTION, kept) if row.name not in contacts]


def _after_second_step(request: HttpRequest) -> HttpResponse:
    drop_draft(request.user, section=SECTION, item=FIRST_STEP)
    response = student.ask_about_ine(request) or saved(request, SECTION)
    set_language_cookie(response, request.user.language)
    return response
