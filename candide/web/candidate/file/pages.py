"""The overview of the file, and the pages of its sections."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from candide.admissions.candidates.domain import editing
from candide.admissions.candidates.domain.claims import open_claim
from candide.admissions.candidates.domain.completeness import (
    progress,
    section_statuses,
    section_title,
    sections,
)
from candide.admissions.candidates.domain.drafts import draft_of, drop_draft
from candide.admissions.candidates.domain.fetching_later import is_awaited
from candide.admissions.candidates.domain.summary import section_items, section_rows
from candide.admissions.candidates.enums import Section
from candide.admissions.candidates.models import Candidate
from candide.core.views import permission_required
from candide.institution.catalogue.models import Institution
from candide.web.shared.file.editing import Editing
from candide.web.shared.file.editors import EDITORS, Editor

EDIT_OWN = "candidates.edit_own"
ASKED_FOR = (Section.IDENTITY, Section.INTERNAL_STUDIES)


@require_safe
@permission_required(EDIT_OWN)
def overview(request: HttpRequest) -> HttpResponse:
    """« Mon dossier »: the sections with their state."""
    statuses = section_statuses(request.user, institution=Institution.current())
    done, of = progress(statuses)
    context = {
        "statuses": statuses,
        "done": done,
        "mandatory": of,
        "candidate": own_or_none(request),
    }
    return render(request, "candidate/file/overview.html", context)


@require_safe
@permission_required(EDIT_OWN)
def section_page(request: HttpRequest, section: Section) -> HttpResponse:
    """What is entered in a section; an empty one is opened for entry at once."""
    candidate = own_or_none(request)
    if candidate is None and section != Section.IDENTITY:
        return render(request, "candidate/file/first.html", frame(request, section))
    context = read_frame(request, section, candidate)
    is_entered_at_once = section == Section.IDENTITY or (
        section in EDITORS and not EDITORS[section].is_list
    )
    if is_entered_at_once and not context["items"] and not context["leased"]:
        return redirect("candidate:section_edit", section)
    return render(request, "candidate/file/section.html", context)


@permission_required(EDIT_OWN)
def section_edit(request: HttpRequest, section: Section) -> HttpResponse:
    """Entry of the address or the baccalaureate."""
    editor = EDITORS.get(section)
    if editor is None or editor.is_list:
        raise Http404
    candidate = own_or_none(request)
    if candidate is None:
        return redirect("candidate:section", section)
    kept = next(iter(section_items(candidate, section)), None)
    if kept is not None and section == Section.BACCALAUREATE and kept.is_imported:
        return redirect("candidate:section", section)
    return answer(request, _editing(request, section, editor, candidate, kept))


@permission_required(EDIT_OWN)
def item_new(request: HttpRequest, section: Section) -> HttpResponse:
    """Entry of a new line of a list."""
    editor, candidate = _list_editor(request, section)
    return answer(
        request,
        _editing(request, section, editor, candidate, None, item="new", saves_as_it_goes=False),
    )


@permission_required(EDIT_OWN)
def item_edit(request: HttpRequest, section: Section, pk: int) -> HttpResponse:
    """Entry of a line of a list. If it was deleted meanwhile, what was typed becomes a new one."""
    editor, candidate = _list_editor(request, section)
    row = _row(candidate, section, pk)
    if row is None and request.method == "POST" and not request.htmx:
        message = _(
            "This line was deleted meanwhile. What you typed is here: save it as a new one."
        )
        messages.warning(request, message)
        anew = _editing(request, section, editor, candidate, None, item="new")
        anew.context["action"] = reverse("candidate:item_new", args=[section])
        return anew.show_again()
    if row is None:
        raise Http404
    return answer(request, _editing(request, section, editor, candidate, row, item=str(pk)))


@require_POST
@permission_required(EDIT_OWN)
def drop(request: HttpRequest, section: Section) -> HttpResponse:
    """Give up what was typed and not saved."""
    drop_draft(request.user, section=section, item=request.POST.get("item", "")[:20])
    messages.success(request, _("What you had typed and not saved was given up."))
    return redirect("candidate:section", section)


# -- What the pages share --------------------------------------------------------------------------
def own_or_none(request: HttpRequest) -> Candidate | None:
    """The file of who is signed in, if it was begun."""
    return Candidate.objects.select_related("user").filter(user=request.user).first()


def frame(request: HttpRequest, section: Section, **more: Any) -> dict[str, Any]:
    """What every page of a section shows around it: its title, the others, the way on."""
    institution = Institution.current()
    order = sections(institution)
    if section not in order:
        raise Http404
    place = order.index(section)
    statuses = section_statuses(request.user, institution=institution)
    return {
        "section": section,
        "title": section_title(section, institution),
        "statuses": statuses,
        "candidate": more.pop("candidate") if "candidate" in more else own_or_none(request),
        "previous": order[place - 1] if place else None,
        "previous_url": reverse("candidate:section", args=[order[place - 1]]) if place else "",
        "following": order[place + 1] if place + 1 < len(order) else None,
        "following_url": way_on(section, institution),
        "has_internal_studies": institution.has_internal_studies,
        "is_step": False,
        "item_url": "",
        **more,
    }


def way_on(section: Section, institution: Institution) -> str:
    """Where « Suivant » leads: the next section, and the overview after the last."""
    order = sections(institution)
    place = order.index(section)
    if place + 1 < len(order):
        return reverse("candidate:section", args=[order[place + 1]])
    return reverse("candidate:file")


def read_frame(
    request: HttpRequest, section: Section, candidate: Candidate | None
) -> dict[str, Any]:
    """What the page that shows a section needs."""
    items = section_items(candidate, section) if candidate else []
    editor = EDITORS.get(section)
    is_list = editor is not None and editor.is_list
    return frame(
        request,
        section,
        candidate=candidate,
        items=[(item, section_rows(section, item)) for item in items],
        is_list=is_list,
        is_locked=section == Section.BACCALAUREATE and any(item.is_imported for item in items),
        is_from_university=section == Section.ADDRESS and any(item.is_imported for item in items),
        leased=_leased(request, section),
        has_new_draft=is_list and draft_of(request.user, section=section, item="new") is not None,
        is_awaited=section in ASKED_FOR and is_awaited(request.user),
        claim=open_claim(candidate) if candidate and section == Section.IDENTITY else None,
        documents=_documents(candidate) if section == Section.INTERNAL_STUDIES else [],
    )


def answer(request: HttpRequest, form_of: Editing) -> HttpResponse:
    """The answer to a request about a form: shown, shown anew, saved as one goes, or saved."""
    if request.method != "POST":
        if _leased(request, form_of.section):
            context = read_frame(request, form_of.section, own_or_none(request))
            return render(request, "candidate/file/section.html", context)
        return form_of.show()
    if request.htmx:
        return form_of.autosave()
    if "refresh" in request.POST:
        return form_of.show_again()
    return form_of.submit(lambda form, row: saved(request, form_of.section))


def saved(request: HttpRequest, section: Section) -> HttpResponse:
    """After a save: on to the next section, or to what was saved."""
    messages.success(request, _("Saved."))
    if request.POST.get("then") == "next":
        return redirect(way_on(section, Institution.current()))
    return redirect("candidate:section", section)


def _leased(request: HttpRequest, section: Section) -> list[Any]:
    now = timezone.now()
    return editing.lease_blockers(request.user, section=section, by=request.user, now=now)


def _documents(candidate: Candidate | None) -> list[Any]:
    """The documents the institution holds already [PJ-07]."""
    if candidate is None:
        return []
    return list(candidate.student_documents.select_related("file").order_by("sis_code", "year"))


def _list_editor(request: HttpRequest, section: Section) -> tuple[Editor, Candidate]:
    editor, candidate = EDITORS.get(section), own_or_none(request)
    if editor is None or not editor.is_list or candidate is None:
        raise Http404
    return editor, candidate


def _row(candidate: Candidate, section: Section, pk: int) -> Any:
    return next((row for row in section_items(candidate, section) if row.pk == pk), None)


def list_row(request: HttpRequest, section: Section, pk: int) -> Any:
    """A line of a list of the own file; another's does not exist."""
    _editor, candidate = _list_editor(request, section)
    row = _row(candidate, section, pk)
    if row is None:
        raise Http404
    return row


def _editing(
    request: HttpRequest,
    section: Section,
    editor: Editor,
    candidate: Candidate,
    row: Any,
    *,
    item: str = "",
    saves_as_it_goes: bool = True,
) -> Editing:
    now = timezone.now()

    def build(data: Any = None, **kwargs: Any) -> Any:
        return editor.form(data, row=row, **kwargs)

    return Editing(
        request=request,
        section=section,
        now=now,
        build=build,
        check=lambda form: editor.check(form, now),
        save=lambda form: editor.save(form, candidate, request.user, now),
        item=item,
        saves_as_it_goes=saves_as_it_goes,
        context=frame(
            request,
            section,
            candidate=candidate,
            row=row,
            item=item,
            item_url=reverse("candidate:section", args=[section]) if item else "",
            action="",
        ),
    )
