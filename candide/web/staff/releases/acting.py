"""What is done with a release: each posts, acts once in the domain, and comes back."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from candide.admissions.releases.domain.beginning import begin_with_the_rest, prepare_again
from candide.admissions.releases.domain.planning import (
    agree,
    give_up,
    plan,
    release_now,
    releasing_blockers,
    unplan,
)
from candide.admissions.releases.domain.reporting import decisions_in, numbers_of, warnings_in
from candide.admissions.releases.models import Release
from candide.core.blockers import Refused
from candide.core.clock import localdate
from candide.core.text import whole_number
from candide.core.views import for_object
from candide.foundation.runs.domain.asking import resume, stop
from candide.web.shared.again import before_releasing
from candide.web.staff.releases.forms import DayForm, HourForm
from candide.web.staff.releases.pages import show


def _seen(request: HttpRequest) -> int | None:
    return whole_number(request.POST.get("seen"))


def _done(
    request: HttpRequest, release: Release, act: Callable[..., Any], said: str, **how: Any
) -> HttpResponse:
    """`act` on the release, and back to its page; as it is by now, with why, when refused."""
    try:
        act(release, by=request.user, **how)
    except Refused as refusal:
        fresh = Release.objects.with_people().get(pk=release.pk)
        return show(request, fresh, status=409, blockers=refusal.blockers)
    messages.success(request, said)
    return redirect("staff:release_page", release.pk)


@for_object(Release, "releases.steer")
@before_releasing
def release_at_once(request: HttpRequest, release: Release) -> HttpResponse:
    """« Publier maintenant », after a page that says what follows."""
    if request.method == "POST":
        said = _("The decisions are being released.")
        now = timezone.now()
        return _done(request, release, release_now, said, now=now, seen=_seen(request))
    context = {
        "release": release,
        "decisions": decisions_in(release),
        "numbers": numbers_of([release])[release.pk],
        "warnings": warnings_in(release),
        "blockers": releasing_blockers(release, today=localdate(timezone.now())),
        "navigation": "staff",
    }
    return render(request, "staff/releases/now.html", context)


@require_POST
@for_object(Release, "releases.steer")
@before_releasing
def release_plan(request: HttpRequest, release: Release) -> HttpResponse:
    """Release it at an hour of its day, instead of any hour before."""
    form = HourForm(request.POST)
    if not form.is_valid():
        return show(request, release, status=422, hour_form=form)
    said = _("The release is planned. It can be taken back until its hour.")
    moment, now = form.moment(release.day), timezone.now()

    def act(release: Release, **how: Any) -> None:
        plan(release, moment, **how)

    return _done(request, release, act, said, now=now, seen=_seen(request))


@require_POST
@for_object(Release, "releases.steer")
def release_unplan(request: HttpRequest, release: Release) -> HttpResponse:
    """Do not release it at its hour."""
    return _done(request, release, unplan, _("The release is not planned any more."))


@require_POST
@for_object(Release, "releases.agree")
def release_agree(request: HttpRequest, release: Release) -> HttpResponse:
    """« Donner son accord »."""
    said = _("You have agreed to this release.")
    return _done(request, release, agree, said, now=timezone.now(), seen=_seen(request))


@require_POST
@for_object(Release, "releases.steer")
def release_prepare_again(request: HttpRequest, release: Release) -> HttpResponse:
    """Make every mail and letter anew."""
    form = DayForm(request.POST)
    if not form.is_valid():
        return show(request, release, status=422, day_form=form)
    said = _("Mails and letters are being prepared.")
    day = form.cleaned_data["day"]
    return _done(request, release, prepare_again, said, day=day, now=timezone.now())


@require_POST
@for_object(Release, "releases.steer")
@before_releasing
def release_continue(request: HttpRequest, release: Release) -> HttpResponse:
    """Another release, of what stayed."""
    now = timezone.now()
    try:
        rest = begin_with_the_rest(release, day=localdate(now), by=request.user, now=now)
    except Refused as refusal:
        return show(request, release, status=409, blockers=refusal.blockers)
    return redirect("staff:release_page", rest.pk)


@require_POST
@for_object(Release, "releases.steer")
def release_give_up(request: HttpRequest, release: Release) -> HttpResponse:
    """Do not release it at all."""
    said = _("The release is given up. Its decisions stay drafts.")
    return _done(request, release, give_up, said, now=timezone.now())


@require_POST
@for_object(Release, "releases.steer")
def release_stop(request: HttpRequest, release: Release) -> HttpResponse:
    """Prepare no further decision for now."""

    def act(release: Release, **how: Any) -> None:
        stop(release.run, now=timezone.now(), **how)

    return _done(request, release, act, _("The preparation is stopped."))


@require_POST
@for_object(Release, "releases.steer")
def release_resume(request: HttpRequest, release: Release) -> HttpResponse:
    """Go on preparing, and try again what failed."""

    def act(release: Release, **how: Any) -> None:
        resume(release.run, **how)

    return _done(request, release, act, _("The preparation goes on with what is left."))
