"""« Aujourd'hui »: what waits for me."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from candide.admissions.applications.enums import DossierStatus
from candide.admissions.applications.models import Application
from candide.admissions.correspondence.models import Message
from candide.admissions.decisions.domain.queries import IS_UNANSWERED
from candide.admissions.decisions.domain.tacit import is_marked, thresholds
from candide.admissions.handover.enums import HandoverState
from candide.admissions.handover.models import PreEnrolment
from candide.core.clock import localdate
from candide.core.views import permission_required
from candide.foundation.jobs.domain.watching import has_worker, troubles
from candide.institution.access.domain.working import WorkPlace
from candide.institution.mails.enums import MailStatus
from candide.institution.mails.models import OutgoingMail
from candide.institution.pages.domain.notices import notice_for
from candide.institution.pages.domain.rich_text import rich_text
from candide.institution.pages.models import Notice
from candide.web.staff.place import begins_in_place, named_place

PLACES = {
    "centre": "intake__programme__commission__centre",
    "commission": "intake__programme__commission",
}


@permission_required("staff.enter")
def today(request: HttpRequest) -> HttpResponse:
    """What waits, counted and linked."""
    if there := begins_in_place(request):
        return there
    day, place = localdate(timezone.now()), named_place(request)
    counts = _counts(request.user, place, day)
    context = {
        "notice": rich_text(notice_for(Notice.Place.STAFF, today=day)),
        "counts": counts,
        "place": place,
        "narrowing": f"{place.query}&" if place else "",
        "silent": [(each, counts[f"silent_{each.pk}"]) for each in thresholds()],
        "failed_mails": (
            OutgoingMail.objects.visible_to(request.user).filter(status=MailStatus.FAILED).count()
            if request.user.has_perm("mails.view_outbox")
            else None
        ),
        "refused_hand_overs": _refused_hand_overs(request.user),
        "today": day,
        **_of_operation(request),
        "sees_outbox": request.user.has_perm("mails.view_outbox"),
        "sees_demonstration": settings.DEMO
        and request.user.has_perm("catalogue.manage_institution"),
        "navigation": "staff",
    }
    return render(request, "staff/today.html", context)


def _counts(user: Any, place: WorkPlace | None, day: date) -> dict[str, int]:
    """How many applications wait for what, in the place."""
    visible = Application.objects.all().visible_to(user).live().filter(archived_at=None)
    if place is not None:
        visible = visible.filter(**{PLACES[place.kind]: place.row})
    return visible.aggregate(
        received=Count("pk", filter=Q(dossier_status=DossierStatus.RECEIVED)),
        incomplete=Count("pk", filter=Q(dossier_status=DossierStatus.INCOMPLETE)),
        undecided=Count(
            "pk", filter=Q(dossier_status=DossierStatus.COMPLETE, has_any_decision=False)
        ),
        drafted=Count("pk", filter=Q(has_draft_decision=True)),
        awaited=Count("pk", filter=Q(dossier_status=DossierStatus.AWAITED)),
        unanswered=Count("pk", filter=IS_UNANSWERED),
        **_waiting(day),
        all=Count("pk"),
        **{
            f"silent_{each.pk}": Count("pk", filter=is_marked(each, today=day))
            for each in thresholds()
        },
    )


def _of_operation(request: HttpRequest) -> dict[str, Any]:
    """What administrators are told of: jobs in trouble, no worker."""
    if not request.user.has_perm("jobs.view"):
        return {"job_troubles": [], "has_worker": True}
    now = timezone.now()
    return {"job_troubles": troubles(now=now), "has_worker": has_worker(now=now)}


def _refused_hand_overs(user: Any) -> int | None:
    """How many the student system refused, for who looks after that."""
    if not user.has_perm("handover.list"):
        return None
    refused = PreEnrolment.objects.all().visible_to(user).in_service()
    return refused.filter(state=HandoverState.REFUSED).count()


def _waiting(day: date) -> dict[str, Any]:
    """What is counted of requests to candidates and of their messages."""
    return {
        "asked": Count("pk", filter=Q(correction_due_on__isnull=False)),
        "overdue": Count("pk", filter=Q(correction_due_on__lt=day)),
        "unread": Count(
            "pk",
            filter=Exists(
                Message.objects.filter(
                    application=OuterRef("pk"), is_from_candidate=True, read_at=None
                )
            ),
        ),
    }
