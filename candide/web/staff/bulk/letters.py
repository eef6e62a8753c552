"""The letters of an action, as one file made in the background."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from candide.admissions.bulk.domain.letters import LETTERS
from candide.admissions.bulk.domain.running import action_of
from candide.admissions.decisions.domain.letter_files import PDF, ZIP, ask_letters
from candide.core.blockers import Blocker, Refused
from candide.core.views import for_object
from candide.foundation.runs.enums import ItemState
from candide.foundation.runs.models import Run
from candide.web.staff.bulk.pages import show


@require_POST
@for_object(Run, "runs.confirm")
def take_letters(request: HttpRequest, run: Run) -> HttpResponse:
    """Ask for the letters of the applications of this action, those there were already too."""
    if action_of(run) is not LETTERS or not run.is_confirmed:
        return show(request, run, status=409, blockers=[_no_letters()])
    format = PDF if request.POST.get("format") == PDF else ZIP
    items = run.items.filter(state__in=[ItemState.DONE, ItemState.NEEDLESS]).order_by("position")
    keys = list(items.values_list("subject_id", flat=True))
    try:
        download = ask_letters(keys, format=format, by=request.user, now=timezone.now())
    except Refused as refusal:
        return show(request, run, status=409, blockers=refusal.blockers)
    return redirect("staff:download", download.pk)


def _no_letters() -> Blocker:
    return Blocker("no_letters", _("This action has made no letters."))
