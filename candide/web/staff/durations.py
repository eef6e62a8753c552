"""« Durées de conservation »: how long each kind of data is kept, and what goes next."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from candide.core.views import permission_required
from candide.reporting.privacy.domain.retention import AHEAD, lines
from candide.web.staff.rights.pages import Page
from candide.web.staff.settings.institution_groups import RETENTION

VIEW = "privacy.view"
DURATIONS = Page(
    _("How long data is kept"),
    _("Each kind of data: how long, from when, what destroys it, and how much goes next."),
    VIEW,
    "durations",
)


@permission_required(VIEW)
def durations_page(request: HttpRequest) -> HttpResponse:
    """The table; what waits for an agreement first."""
    found = lines(now=timezone.now())
    context = {
        "destroyed": [line for line in found if line.job],
        "others": [line for line in found if not line.job],
        "waiting": [line for line in found if line.waits],
        "ahead": AHEAD.days,
        "group": RETENTION,
        "sees_jobs": request.user.has_perm("jobs.view"),
        "sees_campaigns": request.user.has_perm("catalogue.view_campaigns"),
        "navigation": "staff",
    }
    return render(request, "staff/durations.html", context)
