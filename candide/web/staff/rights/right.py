"""One role of one person: in or out of service, chair, or taken back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from candide.core.blockers import Refused
from candide.core.clock import localdate
from candide.core.views import permission_required
from candide.core.visibility import visible
from candide.institution.access.domain.giving import (
    change_right,
    changing_blockers,
    say_more,
    take_role,
    taking_blockers,
)
from candide.institution.access.domain.people import JOINED
from candide.institution.access.models import Assignment
from candide.web.staff.rights.people_forms import TermForm

CHANGES = {
    "stop": {"is_active": False},
    "resume": {"is_active": True},
    "chair": {"is_chair": True},
    "no-chair": {"is_chair": False},
}
TAKE, TERM = "take", "term"


@permission_required("access.manage_people")
def right_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What a role of somebody is, and what may be done with it."""
    rows = visible(Assignment.objects.all(), request.user).select_related("user", *JOINED)
    assignment = get_object_or_404(rows, pk=pk)
    action = request.POST.get("action", "")
    held = {"ends_on": assignment.ends_on, "comment": assignment.comment}
    form = TermForm(request.POST if action == TERM else None, initial=held)
    blockers, status = [], 422 if request.method == "POST" else 200
    if action in CHANGES or action == TAKE or (action == TERM and form.is_valid()):
        try:
            _act(assignment, action, form, by=request.user)
        except Refused as refusal:
            blockers, status = refusal.blockers, 409
        else:
            messages.success(request, _("Saved. It counts at once."))
            return redirect("staff:person", assignment.user_id)
    context = {
        "assignment": assignment,
        "form": form,
        "blockers": blockers,
        "switching": changing_blockers(
            assignment, is_active=not assignment.is_active, by=request.user
        ),
        "taking": taking_blockers(assignment, by=request.user),
        "navigation": "staff",
    }
    return render(request, "staff/rights/right.html", context, status=status)


def _act(assignment: Assignment, action: str, form: TermForm, *, by: Any) -> None:
    if action == TAKE:
        take_role(assignment, by=by)
    elif action == TERM:
        say_more(assignment, by=by, today=localdate(timezone.now()), **form.cleaned_data)
    else:
        change_right(assignment, by=by, **CHANGES[action])
