"""The file of a candidate, filled in by staff in the candidate's place: the candidate's own forms
and rules, under the name of who does it. While the candidate is at it, nobody else is."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from candide.admissions.candidates.domain import editing
from candide.admissions.candidates.domain.completeness import section_title
from candide.admissions.candidates.domain.identity import (
    civil_status_blockers,
    contact_blockers,
    ine_warnings,
    nationality_blockers,
    save_identity,
    tidy_identity,
)
from candide.admissions.candidates.domain.path import delete_item
from candide.admissions.candidates.domain.summary import section_items, section_rows
from candide.admissions.candidates.enums import Section
from candide.admissions.candidates.models import Candidate
from candide.core.blockers import Blocker, Refused
from candide.core.clock import localdate
from candide.core.views import for_object
from candide.institution.accounts.models import User
from candide.institution.catalogue.models import Institution
from candide.web.shared.file.editing import Editing
from candide.web.shared.file.editors import EDITORS, Editor
from candide.web.shared.file.forms import SectionForm, texts_of
from candide.web.shared.file.forms_identity import CivilStatusForm, NationalityForm

ACT_FOR = "candidates.act_for"
PAGE = "staff/candidates/file_form.html"


class IdentityForm(NationalityForm, CivilStatusForm):
    """Both steps of the candidate on one page."""

    layout = (*NationalityForm.layout, *CivilStatusForm.layout)
    stored = (*NationalityForm.stored, *CivilStatusForm.stored)
    entry_class = CivilStatusForm.entry_class

    @classmethod
    def raw_of(cls, row: Candidate | None) -> dict[str, str]:
        if row is None:
            return {}
        return CivilStatusForm.raw_of(row) | texts_of(row, NationalityForm.stored)

    def chain(self) -> None:
        NationalityForm.chain(self)
        CivilStatusForm.chain(self)


@for_object(User, ACT_FOR)
def identity(request: HttpRequest, account: User) -> HttpResponse:
    """« Informations personnelles »; the first save begins the file."""
    now = timezone.now()
    kept = Candidate.objects.with_file().filter(user=account).first()
    is_imported = kept is not None and kept.is_imported

    def build(data: Any = None, *, raw: Any = None, **kwargs: Any) -> SectionForm:
        if kept is None and raw is None:
            names = {"birth_name": account.last_name, "first_name": account.first_name}
            raw = {**names, "language": account.language}
        form = IdentityForm(data, row=kept, raw=raw, **kwargs)
        if is_imported:
            form.lock_identity()
        return form

    def check(form: SectionForm) -> list[Blocker]:
        entry = tidy_identity(form.entry())
        first = nationality_blockers(
            entry.nationality, entry.ine, institution=Institution.current()
        )
        if is_imported:
            return first + contact_blockers(entry)
        return first + civil_status_blockers(entry, today=localdate(now))

    def save(form: SectionForm) -> Candidate:
        return save_identity(
            account,
            entry=form.entry(),
            version=form.shown_version,
            tab=form.window,
            by=request.user,
            now=now,
        )

    form_of = _editing(request, account, Section.IDENTITY, now, build, check, save)
    form_of.warn = lambda form: ine_warnings(form.cleaned_data.get("ine") or "")
    return _answer(request, form_of)


@for_object(User, ACT_FOR)
def section(request: HttpRequest, account: User, section: Section) -> HttpResponse:
    """The address or the baccalaureate."""
    candidate, editor = _of(account, section, is_list=False)
    row = next(iter(section_items(candidate, section)), None)
    if row is not None and section == Section.BACCALAUREATE and row.is_imported:
        messages.error(request, _("These data come from the student system."))
        return redirect("staff:candidate", account.pk)
    return _answer(request, _line(request, account, section, candidate, editor, row))


@for_object(User, ACT_FOR)
def item_new(request: HttpRequest, account: User, section: Section) -> HttpResponse:
    """A new line of a list."""
    candidate, editor = _of(account, section, is_list=True)
    return _answer(request, _line(request, account, section, candidate, editor, None))


@for_object(User, ACT_FOR)
def item(request: HttpRequest, account: User, section: Section, item: int) -> HttpResponse:
    """A line of a list."""
    candidate, editor = _of(account, section, is_list=True)
    row = _row(candidate, section, item)
    return _answer(request, _line(request, account, section, candidate, editor, row))


@for_object(User, ACT_FOR)
def item_delete(request: HttpRequest, account: User, section: Section, item: int) -> HttpResponse:
    """Take a line off its list: a last question."""
    candidate, _editor = _of(account, section, is_list=True)
    row = _row(candidate, section, item)
    context = {"rows": section_rows(section, row), "item": row, "blockers": []}
    context |= _around(account, section)
    template = "staff/candidates/file_delete.html"
    if request.method != "POST":
        return render(request, template, context)
    try:
        editing.begin(account, section=section, by=request.user, tab="delete", now=timezone.now())
        delete_item(row, by=request.user)
    except Refused as refusal:
        return render(request, template, context | {"blockers": refusal.blockers}, status=409)
    editing.end(account, section=section, by=request.user, tab="delete")
    messages.success(request, _("The line was deleted."))
    return _back(account, section)


@require_POST
@for_object(User, "candidates.administer")
def unlock(request: HttpRequest, account: User, section: Section) -> HttpResponse:
    """« Libérer le verrou »: somebody left their page open."""
    if editing.release_section(account, section=section, by=request.user):
        messages.success(request, _("The lock is released."))
    else:
        messages.info(request, _("Nobody was changing this any more."))
    return _back(account, section)


# -- What they share -------------------------------------------------------------------------------


def _of(account: User, section: Section, *, is_list: bool) -> tuple[Candidate, Editor]:
    """The file and the form of a section, 404 where there is none."""
    candidate = Candidate.objects.filter(user=account).first()
    editor = EDITORS.get(section)
    if candidate is None or editor is None or editor.is_list != is_list:
        raise Http404
    return candidate, editor


def _row(candidate: Candidate, section: Section, pk: int) -> Any:
    row = next((row for row in section_items(candidate, section) if row.pk == pk), None)
    if row is None:
        raise Http404
    return row


def _line(
    request: HttpRequest,
    account: User,
    section: Section,
    candidate: Candidate,
    editor: Editor,
    row: Any,
) -> Editing:
    now = timezone.now()

    def build(data: Any = None, **kwargs: Any) -> SectionForm:
        return editor.form(data, row=row, **kwargs)

    return _editing(
        request,
        account,
        section,
        now,
        build,
        lambda form: editor.check(form, now),
        lambda form: editor.save(form, candidate, request.user, now),
    )


def _editing(
    request: HttpRequest,
    account: User,
    section: Section,
    now: datetime,
    build: Any,
    check: Any,
    save: Any,
) -> Editing:
    return Editing(
        request=request,
        section=section,
        now=now,
        build=build,
        check=check,
        save=save,
        template=PAGE,
        saves_as_it_goes=False,
        context=_around(account, section),
        owner=account,
    )


def _around(account: User, section: Section) -> dict[str, Any]:
    return {
        "account": account,
        "section": section,
        "title": section_title(section, Institution.current()),
        "navigation": "staff",
    }


def _answer(request: HttpRequest, form_of: Editing) -> HttpResponse:
    """The form, read-only words while the candidate is at it, or what became of what was sent."""
    account, section = form_of.owner, form_of.section
    leased = editing.lease_blockers(account, section=section, by=request.user, now=form_of.now)
    if request.method != "POST":
        if leased:
            context = _around(account, section) | {"blockers": leased}
            return render(request, "staff/candidates/file_locked.html", context)
        return form_of.show()
    if request.htmx:
        return form_of.autosave()
    if "refresh" in request.POST:
        return form_of.show_again()
    return form_of.submit(lambda form, row: _saved(request, account, section))


def _saved(request: HttpRequest, account: User, section: Section) -> HttpResponse:
    messages.success(request, _("Saved."))
    return _back(account, section)


def _back(account: User, section: Section) -> HttpResponse:
    return redirect(f"{reverse('staff:candidate', args=[account.pk])}#section-{section.value}")
