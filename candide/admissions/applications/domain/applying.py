"""Applying to an intake (« candidater ») [APP]."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from candide.admissions.applications import mails
from candide.admissions.applications.domain.documents import link_known_documents
from candide.admissions.applications.domain.editing import lock_candidate
from candide.admissions.applications.domain.questions import link_known_answers
from candide.admissions.applications.enums import ApplicationEvent
from candide.admissions.applications.models import Application
from candide.admissions.candidates.domain.completeness import mandatory_blockers
from candide.admissions.candidates.models import Candidate
from candide.core.blockers import Blocker, Refused, refuse_if
from candide.core.clock import localdate
from candide.core.deadlines import long_date
from candide.foundation.history.domain.log import log
from candide.institution.accounts.models import User
from candide.institution.catalogue.domain.gate import gate_blockers
from candide.institution.catalogue.enums import AdmissionRoute
from candide.institution.catalogue.models import Institution, Intake


def applying_blockers(
    *, user: Any, intake: Intake, today: date, enforce_dates: bool = True
) -> list[Blocker]:
    """Every reason why `user` may not apply to `intake` today [APP-01, APP-13]; empty when
    possible. Staff who apply for somebody pass `enforce_dates=False`: period, quota and the
    activation of the account are waived, and warned of (`applying_for`)."""
    candidate = Candidate.objects.with_file().filter(user=user).first()
    return [
        *_account(user, must_be_active=enforce_dates),
        *mandatory_blockers(user),
        *(_ine(candidate) if candidate else ()),
        *_offer(intake),
        *(_once(candidate, intake) if candidate else ()),
        *(_campaign(intake, today) if enforce_dates else ()),
        *(_period(intake, today) if enforce_dates else ()),
        *(_quota(candidate, intake) if candidate and enforce_dates else ()),
    ]


def applying_warnings(*, user: Any, intake: Intake, today: date) -> list[Blocker]:
    """What is waived for staff who apply for `user` to `intake`: shown before confirming."""
    candidate = Candidate.objects.filter(user=user).first()
    return [
        *(() if user.activated_at else _account(user, must_be_active=True)),
        *_campaign(intake, today),
        *_period(intake, today),
        *(_quota(candidate, intake) if candidate else ()),
    ]


def apply_to(
    intake: Intake, *, user: Any, by: Any, now: datetime, enforce_dates: bool = True
) -> Application:
    """Apply for `user` to `intake` [APP-02…08]. What the candidate gave before for shared
    requirements comes with it. Raises `Refused`; an application made meanwhile in another window
    is refused as "already_applied" too."""
    try:
        return _apply(intake, user=user, by=by, now=now, enforce_dates=enforce_dates)
    except IntegrityError as error:
        if "application_once" in str(error) or "candidate_id" in str(error):
            raise Refused([_already_applied()]) from error
        raise


@transaction.atomic
def _apply(
    intake: Intake, *, user: Any, by: Any, now: datetime, enforce_dates: bool
) -> Application:
    application = create_application(intake, user=user, by=by, now=now, enforce_dates=enforce_dates)
    mails.Applied(application).send()
    return application


def create_application(
    intake: Intake,
    *,
    user: Any,
    by: Any,
    now: datetime,
    enforce_dates: bool,
    is_proposal: bool = False,
) -> Application:
    """The application with what the candidate gave before, inside the transaction of the action
    that calls this, which tells the candidate. A proposal is confirmed in its route [14.2]."""
    candidate: Any = Candidate.objects.filter(user=user).first()
    if candidate is not None:
        lock_candidate(candidate.pk)
        user = User.objects.get(pk=user.pk)  # it may have been merged into another meanwhile
    intake = Intake.objects.with_offer().get(pk=intake.pk)
    refuse_if(
        applying_blockers(
            user=user, intake=intake, today=localdate(now), enforce_dates=enforce_dates
        )
    )
    # Direct access is for staff to grant: until then the route is undetermined [APP-06].
    is_direct = intake.route == AdmissionRoute.DIRECT
    application = Application.objects.create(
        candidate=candidate,
        intake=intake,
        created_at=now,
        created_by=by,
        route=AdmissionRoute.UNDETERMINED if is_direct else intake.route,
        is_route_confirmed=is_proposal or intake.route == AdmissionRoute.CONTROLLED,
        is_proposal=is_proposal,
    )
    application = Application.objects.with_offer().get(pk=application.pk)
    link_known_documents(application, now=now)
    link_known_answers(application)
    event = ApplicationEvent.PROPOSED if is_proposal else ApplicationEvent.APPLIED
    log(application, event, by=by, intake=intake.pk)
    return application


def _account(user: Any, *, must_be_active: bool) -> Iterator[Blocker]:
    if not user.is_active or (must_be_active and user.activated_at is None):
        yield Blocker("not_activated", _("Your account is not activated."), "account:activation")


def _ine(candidate: Candidate) -> Iterator[Blocker]:
    """APP-04: only where the baccalaureate of that year came with an INE."""
    baccalaureate = getattr(candidate, "baccalaureate", None)
    if (
        candidate.ine
        or baccalaureate is None
        or not candidate.nationality.is_france
        or not Institution.current().is_ine_required
    ):
        return
    since = baccalaureate.series.ine_controlled_from_year
    if since and baccalaureate.year and baccalaureate.year >= since:
        yield Blocker(
            "ine_missing",
            _("Your baccalaureate came with an INE: enter it in your personal information."),
            "section:identity",
        )


def _offer(intake: Intake) -> Iterator[Blocker]:
    if not Intake.objects.on_offer().filter(pk=intake.pk).exists():
        yield Blocker("not_on_offer", _("This programme is no longer offered."), "catalogue:")


def _once(candidate: Candidate, intake: Intake) -> Iterator[Blocker]:
    if Application.objects.live().filter(candidate=candidate, intake=intake).exists():
        yield _already_applied()


def _already_applied() -> Blocker:
    return Blocker(
        "already_applied", _("You have already applied to this programme."), "applications:"
    )


def _campaign(intake: Intake, today: date) -> Iterator[Blocker]:
    yield from gate_blockers(today=today, campaign=intake.campaign)


def _period(intake: Intake, today: date) -> Iterator[Blocker]:
    if today < intake.opens_on:
        message = _("Applications to this programme open on %(day)s.")
        yield Blocker("too_early", message % {"day": long_date(intake.opens_on)})
    elif today > intake.closes_on:
        yield Blocker("too_late", _("Applications to this programme are closed."))


def _quota(candidate: Candidate, intake: Intake) -> Iterator[Blocker]:
    """APP-05; quotas count within a campaign (architecture, 0)."""
    institution = Institution.current()
    made = Application.objects.live().filter(
        candidate=candidate, intake__campaign_id=intake.campaign_id
    )
    if institution.is_quota_global:
        if made.count() >= institution.max_applications:
            yield Blocker(
                "quota_institution",
                _("You may apply %(limit)d times at most in this institution.")
                % {"limit": institution.max_applications},
                "applications:",
            )
        return
    centre = intake.programme.commission.centre
    in_centre = made.filter(intake__programme__commission__centre=centre)
    if in_centre.count() >= centre.max_applications:
        yield Blocker(
            "quota_centre",
            _("You may apply %(limit)d times at most in %(centre)s.")
            % {"limit": centre.max_applications, "centre": centre.name},
            "applications:",
        )
