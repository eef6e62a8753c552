"""« Candidats »: looking for somebody among those in reach."""

from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from candide.admissions.applications.models import Application
from candide.admissions.candidates.domain.finding import SHORTEST, find_people, present
from candide.admissions.candidates.models import PossibleDuplicate
from candide.core.views import permission_required
from candide.institution.accounts.models import User


@permission_required("candidates.search")
def search(request: HttpRequest) -> HttpResponse:
    """Who is looked for, by whatever one knows of them. The one who is meant without a doubt is
    opened at once."""
    text = request.GET.get("q", "").strip()[:200]
    with_past = "past" in request.GET
    visible = User.objects.all().visible_to(request.user)
    among = visible if with_past else present(visible, Application.objects.all())
    found = find_people(text, among=among)
    if len(found.people) == 1 and not found.is_similar and _is_exact(found.people[0], text):
        return redirect("staff:candidate", found.people[0].pk)
    context = {
        "searched": text,
        "with_past": with_past,
        "is_too_short": 0 < len(text) < SHORTEST,
        "found": found,
        "lines": _lines(found.people, request.user),
        "duplicates": _duplicates(request.user),
        "may_open": request.user.has_perm("candidates.administer"),
        "navigation": "staff",
    }
    return render(request, "staff/candidates/search.html", context)


def _is_exact(user: User, text: str) -> bool:
    """Whether `text` is what only one person has: the file number or the address."""
    return text.lower() in {user.email, (user.file_number or "").lower()}


def _lines(people: list[User], reader: Any) -> list[dict[str, Any]]:
    """Each with the number of applications in reach."""
    applications = Application.objects.all().visible_to(reader)
    numbers = Counter(
        applications.filter(candidate__user__in=people)
        .order_by()
        .values_list("candidate__user_id", flat=True)
    )
    return [
        {
            "user": user,
            "candidate": getattr(user, "candidate", None),
            "applications": numbers[user.pk],
            "note": _note(user),
        }
        for user in people
    ]


def _note(user: User) -> str:
    if not user.is_active:
        return _("account closed")
    return _("not activated") if user.awaits_activation else ""


def _duplicates(reader: Any) -> int | None:
    """How many pairs wait to be settled, for who may; counted up to a hundred."""
    if not reader.has_perm("candidates.merge"):
        return None
    return PossibleDuplicate.objects.filter(settled_at=None).order_by()[:100].count()
