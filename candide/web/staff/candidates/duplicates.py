"""« Doublons »: accounts that look like one person's, compared and merged."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from candide.admissions.applications.domain.merging import (
    mark_of,
    merge,
    merging_blockers,
    merging_warnings,
)
from candide.admissions.applications.models import Application
from candide.admissions.candidates.domain.comparing import compare
from candide.admissions.candidates.domain.duplicates import (
    declare_distinct,
    name_pair,
    open_pairs,
)
from candide.admissions.candidates.enums import SameReason
from candide.admissions.candidates.models import PossibleDuplicate
from candide.core.blockers import Refused
from candide.core.views import permission_required
from candide.institution.accounts.models import User

MERGE = "candidates.merge"
PAGE = 25
COMPARED = "staff/candidates/duplicate_compare.html"
PREVIEWED = "staff/candidates/duplicate_preview.html"


@permission_required(MERGE)
def duplicate_list(request: HttpRequest) -> HttpResponse:
    """The pairs nobody settled; two files may be named by hand."""
    blockers: list[Any] = []
    numbers = [request.POST.get(name, "")[:20] for name in ("one", "other")]
    if request.method == "POST":
        try:
            pair = name_pair(*numbers, now=timezone.now())
        except Refused as refusal:
            blockers = refusal.blockers
        else:
            return redirect("staff:duplicate", pair.pk)
    page = Paginator(open_pairs(), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [{"pair": pair, "reasons": _reasons(pair)} for pair in page.object_list],
        "numbers": numbers,
        "blockers": blockers,
        "previous_url": f"?page={page.number - 1}" if page.has_previous() else "",
        "next_url": f"?page={page.number + 1}" if page.has_next() else "",
        "navigation": "staff",
    }
    status = 409 if blockers else 200
    return render(request, "staff/candidates/duplicates.html", context, status=status)


@permission_required(MERGE)
def duplicate(request: HttpRequest, pk: int) -> HttpResponse:
    """Both side by side: which account stays, which values; a preview; then one account, or two
    people."""
    pair = get_object_or_404(PossibleDuplicate.objects.select_related("one", "other"), pk=pk)
    act = request.POST.get("act", "")
    if act == "distinct":
        declare_distinct(pair, by=request.user, now=timezone.now())
        messages.success(request, _("They are two people: this pair is not shown again."))
        return redirect("staff:duplicates")
    kept, gone = _sides(request, pair)
    take = set(request.POST.getlist("take"))
    blockers = merging_blockers(kept, gone, now=timezone.now())
    status, is_preview = 200, act == "preview" and not blockers
    if act == "merge":
        try:
            merge(
                kept,
                gone,
                take=take,
                by=request.user,
                now=timezone.now(),
                seen=request.POST.get("seen", ""),
            )
        except Refused as refusal:
            blockers, status = refusal.blockers, 409
        else:
            messages.success(request, _("The two accounts are one now; the person is told."))
            return redirect("staff:candidate", kept.pk)
    template = COMPARED if not is_preview else PREVIEWED
    context = _context(pair, kept, gone, take) | {"blockers": blockers}
    return render(request, template, context, status=status)


def _sides(request: HttpRequest, pair: PossibleDuplicate) -> tuple[User, User]:
    """The account that stays and the one that is closed: the older one stays, unless the other is
    chosen."""
    values = request.POST if request.method == "POST" else request.GET
    if values.get("keep") == str(pair.other_id):
        return pair.other, pair.one
    return pair.one, pair.other


def _context(pair: PossibleDuplicate, kept: User, gone: User, take: set[str]) -> dict[str, Any]:
    applications = Application.objects.with_offer().order_by("-created_at", "-pk")
    lines = compare(kept, gone, take=take)
    return {
        "pair": pair,
        "kept": kept,
        "gone": gone,
        "reasons": _reasons(pair),
        "lines": lines,
        "taken": [line.name for line in lines if line.takes_other],
        "kept_applications": applications.filter(candidate__user=kept),
        "gone_applications": applications.filter(candidate__user=gone),
        "warnings": merging_warnings(kept, gone),
        "seen": mark_of(kept, gone),
        "navigation": "staff",
    }


def _reasons(pair: PossibleDuplicate) -> list[str]:
    return [str(SameReason(reason).label) for reason in pair.reasons] or [_("named by staff")]
