"""« Journal des connexions »: who came in and how, and which attempts were refused [A-125]."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candide.core.views import permission_required
from candide.foundation.history.models import HistoryEntry
from candide.institution.accounts.backend import one_way_to_write
from candide.institution.accounts.domain.journal import NOBODY, sign_ins
from candide.institution.accounts.enums import SignInEvent
from candide.institution.accounts.models import User
from candide.web.shared.addresses import newest_page
from candide.web.staff.operation.sessions import END

MOST_PEOPLE = 100
WAYS = {
    "password": gettext_lazy("password"),
    "mfa": gettext_lazy("password and second factor"),
    "socialaccount": gettext_lazy("sign-in of the institution"),
}


@dataclass(frozen=True)
class Line:
    """One entry in words."""

    entry: HistoryEntry
    person: User | None
    said: str
    is_refused: bool


@permission_required(END)
def journal(request: HttpRequest) -> HttpResponse:
    """Newest first, of everybody or of who is searched, or only what was refused."""
    searched = request.GET.get("q", "").strip()[:80]
    shows_refused = request.GET.get("what") == "refused"
    entries = sign_ins()
    if shows_refused:
        entries = entries.filter(event=SignInEvent.REFUSED)
    if searched:
        entries = entries.filter(subject_id__in=_people(searched))
    found, older = newest_page(request.GET, entries)
    context = {
        "lines": _lines(found),
        "searched": searched,
        "shows_refused": shows_refused,
        "older": older,
        "navigation": "staff",
    }
    return render(request, "staff/operation/sign_ins.html", context)


def _people(searched: str) -> Collection[int]:
    """Whose account is meant: by its number or address, or by the beginning of the name."""
    login = one_way_to_write(searched)
    meant = Q(email=login) | Q(file_number=login) | Q(last_name__istartswith=searched)
    return list(
        User.objects.filter(meant).order_by("pk").values_list("pk", flat=True)[:MOST_PEOPLE]
    )


def _lines(entries: list[HistoryEntry]) -> list[Line]:
    people = User.objects.in_bulk({entry.subject_id for entry in entries} - {NOBODY})
    return [_line(entry, people.get(entry.subject_id)) for entry in entries]


def _line(entry: HistoryEntry, person: Any) -> Line:
    if entry.event == SignInEvent.REFUSED:
        return Line(entry, person, str(SignInEvent.REFUSED.label), is_refused=True)
    way = WAYS.get(entry.data.get("way", ""), "")
    said = _("Signed in: %(way)s") % {"way": way} if way else str(SignInEvent.SIGNED_IN.label)
    return Line(entry, person, said, is_refused=False)
