"""The home page with its two doors [HOME], where one goes after signing in, the privacy page."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from candide.core.clock import localdate
from candide.core.views import permission_required
from candide.institution.catalogue.domain.gate import campaigns_open, last_candidate_day
from candide.institution.catalogue.models import Institution
from candide.institution.pages.domain.notices import notice_for
from candide.institution.pages.domain.rich_text import rich_text
from candide.institution.pages.models import Notice
from candide.reporting.privacy.domain.durations import for_candidates
from candide.web.public.account.entrance import doors
from candide.web.public.account.forms import SignInForm


@require_safe
@login_not_required
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """« Accueil »: the doors, the campaigns open now, the message of the institution."""
    today = localdate(timezone.now())
    context = {
        "form": SignInForm(),
        "doors": doors(),
        "notice": rich_text(notice_for(Notice.Place.HOME, today=today)),
        "campaigns": [
            {
                "label": campaign.label,
                "starts_on": campaign.starts_on,
                "last_day": last_candidate_day(campaign),
            }
            for campaign in campaigns_open(today)
        ],
        "next": "",
    }
    return render(request, "public/home.html", context)


@require_safe
@permission_required("accounts.change_own")
def after_login(request: HttpRequest) -> HttpResponse:
    """Staff to their work, candidates to their space; never the other way round [AUTH-03]."""
    if request.user.has_perm("staff.enter"):
        return redirect("staff:today")
    if request.user.has_perm("candidate.enter"):
        return redirect("candidate:space")
    return redirect("public:home")


@require_safe
@login_not_required
def privacy(request: HttpRequest) -> HttpResponse:
    """What becomes of personal data: the institution's notice, or ours where it wrote none."""
    text = str(Institution.current().privacy_text).strip()
    notice = rich_text(text, first_heading=2) if text else ""
    context = {"notice": notice, "durations": for_candidates()}
    return render(request, "public/privacy.html", context)
