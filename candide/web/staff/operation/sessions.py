"""« Sessions »: who is signed in, and ending it [31, administration 4.5]."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from candide.core.views import permission_required
from candide.institution.accounts.domain.sessions import (
    end_all_sessions,
    end_session,
    live_sessions,
)
from candide.institution.accounts.domain.waiting_line import in_line
from candide.institution.accounts.models import User, Visit
from candide.institution.catalogue.models import Institution

END = "accounts.end_sessions"
SHOWN = 100


@dataclass(frozen=True)
class Line:
    """Somebody who is signed in, and each of their sessions."""

    person: User
    seen_at: datetime | None
    visits: list[tuple[str, Visit]]


def mark_of(visit: Visit) -> str:
    """What a page calls a session: its key would let whoever reads it take the session over."""
    return salted_hmac("candide.sessions", visit.session_key).hexdigest()[:20]


@permission_required(END)
def session_list(request: HttpRequest) -> HttpResponse:
    """How many are there, and those last seen; of staff or of candidates."""
    live = live_sessions(now=timezone.now())
    staff = User.objects.filter(file_number=None).values("pk")
    shows_staff = request.GET.get("who") != "candidates"
    numbers = {
        "staff": live.filter(account_id__in=staff).values("account_id").distinct().count(),
        "candidates": live.exclude(account_id__in=staff).values("account_id").distinct().count(),
    }
    live = live.filter(account_id__in=staff) if shows_staff else live.exclude(account_id__in=staff)
    context = {
        "numbers": numbers,
        "shows_staff": shows_staff,
        "lines": _lines(live),
        "in_line": in_line(now=timezone.now()) if Institution.current().most_candidates else None,
        "has_more": numbers["staff" if shows_staff else "candidates"] > SHOWN,
        "navigation": "staff",
    }
    return render(request, "staff/operation/sessions.html", context)


def _lines(live: Any) -> list[Line]:
    """Those last seen first."""
    people = live.values("account_id").annotate(last=Max("seen_at")).order_by("-last", "account_id")
    last = {row["account_id"]: row["last"] for row in people[:SHOWN]}
    names = User.objects.in_bulk(last)
    visits: dict[int, list[tuple[str, Visit]]] = {}
    for visit in live.filter(account_id__in=last).order_by("-seen_at", "session_key"):
        visits.setdefault(visit.account_id, []).append((mark_of(visit), visit))
    return [Line(names[pk], last[pk], visits.get(pk, [])) for pk in last if pk in names]


@require_POST
@permission_required(END)
def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one session of somebody (`mark`), or all of them; one's own are ended by signing out."""
    person = get_object_or_404(User, pk=pk)
    back = redirect("staff:sessions")
    if person == request.user:
        messages.error(request, _("This is yourself: sign out instead."))
        return back
    mark = request.POST.get("mark")
    if mark is None:
        end_all_sessions(person, by=request.user)
        messages.success(request, _("All sessions of this person have ended."))
        return back
    live = live_sessions(now=timezone.now()).filter(account_id=person.pk).order_by("session_key")
    visit = next((each for each in live if mark_of(each) == mark), None)
    if visit is None:
        raise Http404
    end_session(visit, by=request.user)
    messages.success(request, _("The session has ended."))
    return back
