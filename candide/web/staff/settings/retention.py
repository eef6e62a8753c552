"""« Conservation »: which old campaigns are destroyed when, the agreement to it, and what was."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from candide.admissions.campaigns.domain.destroying import NOTICE, destruction_moment
from candide.admissions.campaigns.models import Destruction
from candide.core.views import permission_required
from candide.foundation.jobs.domain.schedule import agree
from candide.foundation.jobs.models import JobSchedule
from candide.institution.accounts.models import User
from candide.institution.catalogue.models import Campaign, Institution
from candide.web.staff.rights.pages import Page

JOB = "destroy-campaigns"
# What was taken away, in the order in which the report says it.
COUNTED = {
    "applications": _("applications"),
    "accounts": _("accounts nobody used any more"),
    "documents": _("documents"),
    "snapshots": _("frozen dossiers"),
    "decisions": _("decisions"),
    "letters": _("letters"),
    "messages": _("messages"),
    "notes": _("notes"),
    "mails": _("mails"),
    "releases": _("prepared mails of releases"),
    "files": _("files"),
}
RETENTION = Page(
    _("Retention of old campaigns"),
    _("When their applications are destroyed, the agreement to it, and what was destroyed."),
    "catalogue.view_campaigns",
    "retention",
)


@dataclass(frozen=True)
class Line:
    """An archived campaign: when it is to be destroyed, what is left of it, what was taken away."""

    campaign: Campaign
    moment: datetime | None
    left: int
    destruction: Destruction | None
    counts: list[tuple[Any, int]]


def _lines() -> list[Line]:
    archived = Campaign.objects.filter(archived_at__isnull=False).annotate(
        left=Count("intakes__applications")
    )
    begun = {each.campaign_id: each for each in Destruction.objects.order_by("pk")}
    return [
        Line(
            campaign,
            destruction_moment(campaign),
            campaign.left,
            begun.get(campaign.pk),
            _counts(begun.get(campaign.pk)),
        )
        for campaign in archived.order_by("-archived_at", "-pk")
    ]


def _counts(destruction: Destruction | None) -> list[tuple[Any, int]]:
    if destruction is None:
        return []
    found = [(label, destruction.counts.get(code, 0)) for code, label in COUNTED.items()]
    return [(label, number) for label, number in found if number]


@permission_required("catalogue.view_campaigns")
def retention_page(request: HttpRequest) -> HttpResponse:
    """What is kept until when."""
    schedule = JobSchedule.objects.filter(code=JOB).first()
    agreed_at = schedule.agreed_at if schedule else None
    agreed_by = User.objects.filter(pk=schedule.agreed_by_id).first() if schedule else None
    context = {
        "lines": _lines(),
        "days": Institution.current().archive_days,
        "notice": NOTICE.days,
        "agreed_at": agreed_at,
        "agreed_by": agreed_by,
        "job": JOB,
        "sees_durations": request.user.has_perm("privacy.view"),
        "may_agree": agreed_at is None and request.user.has_perm("jobs.run"),
        "navigation": "staff",
    }
    return render(request, "staff/settings/retention.html", context)


@require_POST
@permission_required("jobs.run")
def retention_agree(request: HttpRequest) -> HttpResponse:
    """Agree, once, to what destroys."""
    agree(JOB, by=request.user, now=timezone.now())
    messages.success(request, gettext("Agreed: campaigns are destroyed at the moments shown."))
    return redirect("staff:retention")


URLS: list[URLPattern] = [
    path("parametrage/conservation/", retention_page, name="retention"),
    path("parametrage/conservation/accord/", retention_agree, name="retention_agree"),
]
