"""« Candidater »: everything in the way with what mends it, or the choice to confirm [APP]."""

from collections.abc import Iterable

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from candide.admissions.applications.domain.applying import apply_to, applying_blockers
from candide.admissions.applications.domain.asked import asked_of_everybody
from candide.admissions.applications.models import Application
from candide.core.blockers import Blocker, Refused
from candide.core.clock import localdate
from candide.core.views import permission_required
from candide.institution.catalogue.domain.dates import period
from candide.institution.catalogue.domain.gate import last_candidate_day
from candide.institution.catalogue.enums import Period
from candide.institution.catalogue.models import Institution, Intake

WANTED = "wanted_intake"
OVER = frozenset({"not_on_offer", "too_late"})  # why there is nothing to wait for any more


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Where « Candidater » leads, wherever it stands: through signing in, and back [OFF-05]."""
    if not request.user.is_authenticated:
        request.session[WANTED] = pk
        return redirect_to_login(request.get_full_path())
    return _apply(request, pk)


@permission_required("applications.apply")
def _apply(request: HttpRequest, pk: int) -> HttpResponse:
    """What is chosen is remembered until it is applied to: the file may have to be filled in
    first, and « Mon espace » leads back here."""
    intake = get_object_or_404(Intake.objects.with_offer(), pk=pk)
    now = timezone.now()
    if request.method != "POST":
        request.session[WANTED] = pk
        blockers = applying_blockers(user=request.user, intake=intake, today=localdate(now))
        return _page(request, intake, blockers)
    try:
        application = apply_to(intake, user=request.user, by=request.user, now=now)
    except Refused as refusal:
        if existing := _existing(request, intake):
            messages.info(request, _("You have already applied to this programme: here it is."))
            return redirect("candidate:application", existing.pk)
        return _page(request, intake, refusal.blockers, status=409)
    request.session.pop(WANTED, None)
    messages.success(
        request, _("Your application is recorded. A mail of confirmation was sent to you.")
    )
    return redirect("candidate:application", application.pk)


apply.permission = "applications.apply"


def wanted_intake(request: HttpRequest, applications: Iterable[Application]) -> Intake | None:
    """What was chosen before signing in or filling in the file, while one may still apply."""
    wanted = request.session.get(WANTED)
    if wanted is None or any(each.intake_id == wanted for each in applications):
        return None
    intake = Intake.objects.on_offer().with_offer().filter(pk=wanted).first()
    today = localdate(timezone.now())
    return intake if intake and period(intake, today=today) == Period.OPEN else None


def _page(
    request: HttpRequest, intake: Intake, blockers: list[Blocker], *, status: int = 200
) -> HttpResponse:
    documents, questions = asked_of_everybody(intake)
    institution = Institution.current()
    context = {
        "institution": institution,
        "intake": intake,
        "blockers": blockers,
        "existing": _existing(request, intake),
        "is_over": any(each.code in OVER for each in blockers)
        or last_candidate_day(intake.campaign) < localdate(timezone.now()),
        "is_mended_elsewhere": all(each.about for each in blockers),
        "is_paperless": institution.is_paperless and intake.is_paperless,
        "documents": documents,
        "questions": questions,
        "is_after_attempt": status == 409,
    }
    return render(request, "candidate/applying/apply.html", context, status=status)


def _existing(request: HttpRequest, intake: Intake) -> Application | None:
    mine = Application.objects.live().visible_to(request.user)
    return mine.filter(intake=intake).first()
