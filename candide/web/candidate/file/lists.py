"""Deleting a line of a list: a page of its own asks first [FILE-EXT-03]."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from candide.admissions.candidates.domain import editing
from candide.admissions.candidates.domain.path import delete_item
from candide.admissions.candidates.domain.summary import section_rows
from candide.admissions.candidates.enums import Section
from candide.core.blockers import Refused
from candide.core.views import permission_required
from candide.web.candidate.file.pages import EDIT_OWN, frame, list_row


@permission_required(EDIT_OWN)
def item_delete(request: HttpRequest, section: Section, pk: int) -> HttpResponse:
    row = list_row(request, section, pk)
    context = frame(request, section, rows=section_rows(section, row), row=row, blockers=[])
    template = "candidate/file/delete.html"
    if request.method != "POST":
        return render(request, template, context)
    try:
        editing.begin(
            request.user, section=section, by=request.user, tab="delete", now=timezone.now()
        )
        delete_item(row, by=request.user)
    except Refused as refusal:
        return render(request, template, {**context, "blockers": refusal.blockers}, status=409)
    editing.end(request.user, section=section, by=request.user, tab="delete")
    messages.success(request, _("The line was deleted."))
    return redirect("candidate:section", section)
