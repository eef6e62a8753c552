"""« Annuaire »: a person is found there, and added here with a role."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker
from candide.core.views import permission_required
from candide.institution.access.domain.directory import search, searching_blockers
from candide.institution.access.domain.people import people_within
from candide.integrations import directory as directories
from candide.integrations.directory.port import MOST, DirectoryPerson, Unavailable


@permission_required("access.manage_people")
def search_page(request: HttpRequest) -> HttpResponse:
    """Who the directory finds, and which of them work here already."""
    directory = directories.current()
    searched = request.GET.get("q", "").strip()[:80]
    context: dict[str, Any] = {"searched": searched, "blockers": [], "navigation": "staff"}
    context |= {"is_connected": directory.is_connected, "most": MOST}
    status = 200
    if "q" in request.GET and directory.is_connected:
        context["blockers"] = searching_blockers(searched)
        if not context["blockers"]:
            try:
                found = search(searched, directory=directory)
            except Unavailable:
                context["blockers"], status = [_unavailable()], 503
            else:
                known = set(people_within(request.user).values_list("pk", flat=True))
                context["rows"] = [
                    (person, account if account and account.pk in known else None)
                    for person, account in found
                ]
    return render(request, "staff/rights/directory.html", context, status=status)


def of_directory(request: HttpRequest) -> DirectoryPerson | None:
    """Whom the address or the form names by login; 404 where the directory knows nobody so."""
    values = request.POST if request.method == "POST" else request.GET
    uid = values.get("uid", "")
    if not uid:
        return None
    try:
        found = directories.current().by_uid([uid]).get(uid)
    except Unavailable:
        return None
    if found is None:
        raise Http404
    return found


def _unavailable() -> Blocker:
    message = _("The directory does not answer. Try again later, or add the person by address.")
    return Blocker("unavailable", message)
