"""What the student system says of a candidate: shown first, then taken over [B-157]."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from candide.admissions.candidates.domain.refreshing import preview, refresh, refreshing_blockers
from candide.admissions.candidates.models import Candidate
from candide.core.blockers import Blocker, Refused
from candide.core.views import for_object
from candide.institution.accounts.models import User
from candide.integrations.sis.port import Unavailable


@for_object(User, "candidates.administer")
def from_student_system(request: HttpRequest, account: User) -> HttpResponse:
    """What would change; posting takes over what was shown."""
    now = timezone.now()
    blockers = refreshing_blockers(account, by=request.user, now=now)
    candidate = Candidate.objects.with_file().filter(user=account).first()
    if request.method == "POST" and not blockers and candidate is not None:
        try:
            refresh(candidate, seen=request.POST.get("seen", ""), by=request.user, now=now)
        except Refused as refusal:
            blockers = refusal.blockers
        except Unavailable:
            blockers = [_silent()]
        else:
            messages.success(request, _("The data of the student system were taken over."))
            return redirect("staff:candidate", account.pk)
    status = 409 if request.method == "POST" else 200
    context: dict[str, Any] = {"account": account, "preview": None, "navigation": "staff"}
    if candidate is not None and not refreshing_blockers(account, by=request.user, now=now):
        try:
            context["preview"] = preview(candidate)
        except Refused as refusal:
            blockers = blockers or refusal.blockers
        except Unavailable:
            blockers = blockers or [_silent()]
    context["blockers"] = blockers
    return render(request, "staff/candidates/from_sis.html", context, status=status)


def _silent() -> Blocker:
    return Blocker("unavailable", _("The student system does not answer. Try later."))
