"""« Où je travaille »: the centre or the commission that pages begin with. It stands in the address
of each page, so two windows and two colleagues never mix; without it a page is about everything in
reach."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from candide.core.text import fold
from candide.core.views import permission_required
from candide.institution.access.domain.working import (
    ALL,
    CENTRE,
    COMMISSION,
    WorkPlace,
    place_code,
    place_of,
    places_of,
    remembered_place,
    work_in,
)

SESSION = "work_place"


@dataclass(frozen=True)
class Working:
    """Where the person works: `is_lost` when that place is closed, or closed to them, by now."""

    place: WorkPlace | None
    is_lost: bool = False


def working(request: HttpRequest) -> Working:
    """What was chosen in this session, or else what is remembered of the person."""
    found = getattr(request, "_candide_working", None)
    if found is None:
        code = request.session.get(SESSION) or remembered_place(request.user)
        place = None if code == ALL else place_of(request.user, code)
        found = Working(place, is_lost=place is None and code != ALL)
        request._candide_working = found
    return found


def work_place(request: HttpRequest) -> dict[str, Any]:
    """For the header of every page: where the person works, once it is asked for."""
    return {"working": SimpleLazyObject(lambda: working(request))}


def begins_in_place(request: HttpRequest, otherwise: str = "") -> HttpResponse | None:
    """Of a page that was asked for without anything in its address: the same with the place in it.
    `otherwise` is what the page would begin with; where that names a place itself, it stays."""
    if request.method != "GET" or request.GET:
        return None
    place = working(request).place
    kept = QueryDict(otherwise)
    if place is None or CENTRE in kept or COMMISSION in kept:
        return None
    return redirect(f"{request.path}?{place.query}{'&' if otherwise else ''}{otherwise}")


def named_place(request: HttpRequest) -> WorkPlace | None:
    """The place in the address of a page, in the reach of who looks at it."""
    for kind in (COMMISSION, CENTRE):
        if key := request.GET.get(kind, ""):
            return place_of(request.user, f"{kind}-{key}")
    return None


@permission_required("staff.enter")
def place_page(request: HttpRequest) -> HttpResponse:
    """Choose where to work, for now or by preference."""
    following = _following(request)
    if request.method == "POST":
        code = request.POST.get("place", "")
        place = place_of(request.user, code)
        if place is not None or code == ALL:
            is_preferred = "prefer" in request.POST
            work_in(request.user, place, is_preferred=is_preferred)
            request.session[SESSION] = place_code(place)
            where = place or _("everything in your reach")
            messages.success(request, _("You work in: %(place)s.") % {"place": where})
            return redirect(following)
    searched = request.GET.get("q", "").strip()[:80]
    context = {
        "places": _matching(places_of(request.user), searched),
        "searched": searched,
        "following": following,
        "now": place_code(working(request).place),
        "preferred": remembered_place(request.user) if request.user.prefers_place else "",
        "navigation": "staff",
    }
    return render(request, "staff/place.html", context, status=422 if request.POST else 200)


def _matching(places: list[Any], searched: str) -> list[Any]:
    """Centres whose name answers, with all their commissions, and commissions that do."""
    words = fold(searched).split()

    def answers(place: WorkPlace) -> bool:
        return all(word in fold(str(place)) for word in words)

    found = [
        (centre, inside if answers(centre) else [each for each in inside if answers(each)])
        for centre, inside in places
    ]
    return [(centre, inside) for centre, inside in found if inside]


def _following(request: HttpRequest) -> str:
    """Back to the page one came from, which begins in the new place."""
    values = request.POST if request.method == "POST" else request.GET
    path = values.get("next", "").partition("?")[0]
    staff = reverse("staff:today")
    is_ours = path.startswith(staff) and path != request.path
    if is_ours and url_has_allowed_host_and_scheme(path, allowed_hosts=None):
        return path
    return staff
