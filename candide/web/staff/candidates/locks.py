"""« Verrous »: who is changing what, and releasing it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from candide.admissions.candidates.domain.editing import (
    release_every_lock,
    release_lock,
    section_of,
)
from candide.core.views import permission_required
from candide.foundation.leases.models import Lease
from candide.institution.accounts.models import User

SETTLE = "candidates.settle_locks"
SHOWN = 200


@permission_required(SETTLE)
def lock_list(request: HttpRequest) -> HttpResponse:
    """Everything that is held, the oldest first. Locks end by themselves; this is for those one
    cannot wait for."""
    now = timezone.now()
    leases = list(Lease.objects.order_by("taken_at", "pk")[: SHOWN + 1])
    keys = {lease.owner_id for lease in leases}
    keys |= {about[0] for about in map(section_of, leases) if about}
    people = User.objects.select_related("candidate").in_bulk(keys)
    context = {
        "lines": [_line(lease, people, now) for lease in leases[:SHOWN]],
        "has_more": len(leases) > SHOWN,
        "navigation": "staff",
    }
    return render(request, "staff/candidates/locks.html", context)


def _line(lease: Lease, people: dict[int, User], now: Any) -> dict[str, Any]:
    about = section_of(lease)
    return {
        "lease": lease,
        "who": people.get(lease.owner_id),
        "account": people.get(about[0]) if about else None,
        "section": about[1].label if about else lease.resource,
        "is_live": lease.is_live(now),
    }


@require_POST
@permission_required(SETTLE)
def lock_release(request: HttpRequest, pk: int) -> HttpResponse:
    lease = get_object_or_404(Lease, pk=pk)
    release_lock(lease, by=request.user)
    messages.success(request, _("The lock is released."))
    return redirect("staff:locks")


@permission_required(SETTLE)
def lock_release_all(request: HttpRequest) -> HttpResponse:
    """A last question: whoever is typing loses the right to save first."""
    if request.method == "POST":
        number = release_every_lock(by=request.user)
        messages.success(request, _("%(number)d locks released.") % {"number": number})
        return redirect("staff:locks")
    context = {"number": Lease.objects.count(), "navigation": "staff"}
    return render(request, "staff/candidates/locks_all.html", context)
