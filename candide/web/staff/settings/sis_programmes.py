"""Searching a programme in the student system, and taking it over [B-046]."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker, Refused
from candide.core.views import permission_required
from candide.core.visibility import visible
from candide.foundation.history.domain.changes import mark_of
from candide.institution.catalogue.domain.in_student_system import (
    dissociate,
    searching_blockers,
    take_over,
)
from candide.institution.catalogue.models import Programme
from candide.integrations import sis
from candide.integrations.sis.port import OfferedProgramme, Unavailable

MANAGE = "catalogue.manage_programmes"


@permission_required(MANAGE)
def search(request: HttpRequest, pk: int) -> HttpResponse:
    """Search by words of the label or the code; one of those found is taken over."""
    rows = visible(Programme.objects.select_related("commission__centre"), request.user)
    programme = get_object_or_404(rows, pk=pk)
    if not request.user.has_perm(MANAGE, programme):
        raise PermissionDenied
    if request.POST.get("do") == "dissociate":
        try:
            dissociate(programme, by=request.user)
        except Refused as refusal:
            return _show(request, programme, words="", blockers=refusal.blockers, status=409)
        messages.success(request, _("The programme is dissociated from the student system."))
        return redirect("staff:formations_sis", programme.pk)
    if request.method == "POST":
        return _take(request, programme)
    return _show(request, programme, words=request.GET.get("q", "")[:80])


def _show(
    request: HttpRequest,
    programme: Programme,
    *,
    words: str,
    blockers: list[Blocker] | None = None,
    status: int = 200,
) -> HttpResponse:
    found, why = _found(words) if words else ([], [])
    context = {
        "programme": programme,
        "words": words,
        "found": found,
        "blockers": [*(blockers or []), *why],
        "seen": mark_of(programme),
        "has_searched": bool(words) and not why,
        "knows_programmes": sis.current().knows_programmes,
        "navigation": "staff",
    }
    return render(request, "staff/settings/sis_programme.html", context, status=status)


def _found(words: str) -> tuple[list[OfferedProgramme], list[Blocker]]:
    if blockers := searching_blockers(words):
        return [], blockers
    try:
        return sis.current().programmes(words), []
    except Unavailable:
        return [], [Blocker("unavailable", _("The student system does not answer. Try later."))]


def _take(request: HttpRequest, programme: Programme) -> HttpResponse:
    words, code = request.POST.get("q", "")[:80], request.POST.get("chosen", "")
    found, _why = _found(words)
    offered: Any = next((each for each in found if _key(each) == code), None)
    if offered is None:
        chosen = Blocker("nothing_chosen", _("Choose one of those found."))
        return _show(request, programme, words=words, blockers=[chosen], status=422)
    try:
        take_over(
            programme,
            offered,
            with_code="with_code" in request.POST,
            with_name="with_name" in request.POST,
            by=request.user,
            seen=request.POST.get("seen", ""),
        )
    except Refused as refusal:
        programme.refresh_from_db()
        return _show(request, programme, words=words, blockers=refusal.blockers, status=409)
    messages.success(request, _("The programme is tied to that of the student system."))
    return redirect("staff:formations_row", programme.pk)


def _key(offered: OfferedProgramme) -> str:
    return f"{offered.code}|{offered.version}"
