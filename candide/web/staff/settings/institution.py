"""« Établissement » : every setting the institution decides, in groups [back-office 3]."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from candide.core.blockers import Refused
from candide.core.text import fold
from candide.core.views import permission_required
from candide.foundation.files.domain.checks import IMAGE_KINDS, Limits
from candide.foundation.files.domain.storing import store
from candide.foundation.history.domain.log import entries_about
from candide.institution.access.enums import Capability
from candide.institution.catalogue.domain.logo import put_logo
from candide.institution.catalogue.models import Institution
from candide.web.shared.refusals import show_refusal
from candide.web.staff.settings.crud import SHOWN_HISTORY, Crud
from candide.web.staff.settings.history import Entry, row_sentences
from candide.web.staff.settings.institution_forms import LogoForm, form_for, in_words
from candide.web.staff.settings.institution_groups import Group, field_of, groups

MEGABYTE = 1024 * 1024
# Everybody writes their own: what an installation begins with says nothing.
NEVER_FIRST = {"name", "short_name", "uai", "website", "contact_email", "contact_url"}
VIEW, CHANGE = "catalogue.view_setting", "catalogue.change_setting"


@dataclass(frozen=True)
class Line:
    """One setting as the list of all shows it; `initial` is what an installation begins with, where
    that was changed."""

    label: str
    help: Any
    value: str
    initial: str
    is_delegated: bool


@dataclass(frozen=True)
class Shown:
    group: Group
    url: str
    lines: list[Line]


@permission_required(VIEW)
def institution_page(request: HttpRequest) -> HttpResponse:
    """Every setting with its value, found by any word of its name, its help or its value; those
    left to the registrar alone where that is asked for."""
    institution = Institution.current()
    searched = request.GET.get("q", "").strip()[:80]
    shows_delegated = request.GET.get("delegated") == "1"
    words = fold(searched).split()
    found = []
    for group in groups():
        names = _names(request.user, group, VIEW)
        lines = [_line(institution, group, name) for name in names]
        if _has_logo(request.user, group.names):
            lines.append(_logo_line(institution))
        lines = [line for line in lines if line.is_delegated or not shows_delegated]
        lines = [line for line in lines if _contains(line, words)]
        if lines:
            found.append(Shown(group, reverse("staff:institution_group", args=[group.slug]), lines))
    context = {"groups": found, "searched": searched, "shows_delegated": shows_delegated}
    context |= {"may_set_up": request.user.has_perm("catalogue.view_institution")}
    return render(request, "staff/settings/institution.html", {**context, "navigation": "staff"})


def _names(user: Any, group: Group, permission: str) -> tuple[str, ...]:
    """The settings of `group` somebody may look at, or change: all of them, or those left to
    them."""
    return tuple(name for name in group.names if user.has_perm(permission, name))


def _line(institution: Institution, group: Group, name: str) -> Line:
    form = form_for(group.names)
    label = capfirst(str(field_of(name).verbose_name))
    is_delegated = name in institution.delegated_settings
    value, first = in_words(institution, name), in_words(Institution(pk=institution.pk), name)
    initial = first if first != value and name not in NEVER_FIRST else ""
    return Line(label, form.help_of(name), value, initial, is_delegated)


def _has_logo(user: Any, names: Any) -> bool:
    """Whether somebody changes the logo beside these settings: it is a file, of no form of
    theirs."""
    return "primary_colour" in names and user.has_perm("catalogue.manage_institution")


def _logo_line(institution: Institution) -> Line:
    field = LogoForm.base_fields["file"]
    return Line(str(field.label), field.help_text, str(institution.logo or "–"), "", False)


def _contains(line: Line, words: list[str]) -> bool:
    text = fold(f"{line.label} {line.help} {line.value}")
    return all(word in text for word in words)


class GroupScreen(Crud):
    """A group as the page of a row: rights, stale saves and history are those of any setting."""

    def url(self, what: str = "", *args: Any) -> str:
        return reverse("staff:institution_group", args=[self.slug])

    def back_url(self, row: Any) -> str:
        return reverse("staff:institution")

    def row_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        has_logo = _has_logo(request.user, self.form._meta.fields)
        return {"logo_form": LogoForm() if has_logo else None}

    def _may_change(self, request: HttpRequest, row: Any) -> bool:
        return all(request.user.has_perm(CHANGE, name) for name in self.form._meta.fields)

    def _may_delete(self, request: HttpRequest, row: Any) -> bool:
        return False

    def history(self, row: Any) -> list[Entry]:
        """What was changed of this group; the logo stands among who we are."""
        names = set(self.form._meta.fields)
        names |= {"logo"} if "primary_colour" in names else set()
        entries = [
            entry
            for entry in entries_about(row)[: SHOWN_HISTORY * 4]
            if names & set(entry.data.get("changes", {}))
        ]
        return row_sentences(entries[:SHOWN_HISTORY], row)


@permission_required(VIEW)
def institution_group(request: HttpRequest, slug: str) -> HttpResponse:
    """One group of settings, to be changed: those of it somebody may change, or else look at."""
    group = next((group for group in groups() if group.slug == slug), None)
    if group is None:
        raise Http404
    names = _names(request.user, group, CHANGE) or _names(request.user, group, VIEW)
    if not names:
        raise Http404
    screen = GroupScreen(
        slug=group.slug,
        title=group.title,
        new="",
        model=Institution,
        form=form_for(names),
        capability=Capability.MANAGE_INSTITUTION,
        view=VIEW,
        manage=CHANGE,
        columns=(),
        has_list=False,
        row_template="staff/settings/institution_group.html",
    )
    # A row of its own: what is typed must not show in the layout before it is saved.
    return screen._form_page(request, Institution.objects.get(pk=Institution.current().pk))


@require_POST
@permission_required("catalogue.manage_institution")
def institution_logo(request: HttpRequest) -> HttpResponse:
    """Check and keep the image sent, in place of the logo there is; or take that away."""
    back = redirect("staff:institution_group", "identite")
    if "remove" in request.POST:
        put_logo(None, by=request.user)
        messages.success(request, _("The logo was removed."))
        return back
    form = LogoForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("Choose an image first."))
        return back
    limits = Limits(
        max_file_bytes=Institution.current().max_file_mb * MEGABYTE,
        kinds=IMAGE_KINDS,
        keeps_image=True,
    )
    try:
        file = store([form.cleaned_data["file"]], by=request.user, limits=limits)
    except Refused as refusal:
        show_refusal(request, refusal)
    else:
        put_logo(file, by=request.user)
        messages.success(request, _("The logo was saved."))
    return back
