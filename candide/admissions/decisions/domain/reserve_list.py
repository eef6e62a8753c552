"""Calling from the reserve list (« liste complémentaire ») [back-office 15.3, CONF-09]."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from candide.admissions.applications.domain.editing import lock_intake
from candide.admissions.applications.enums import CandidateAnswer
from candide.admissions.applications.models import Application
from candide.admissions.decisions import mails
from candide.admissions.decisions.domain.announcing import Announcement, publish
from candide.admissions.decisions.domain.current import released_decision
from candide.admissions.decisions.domain.outcomes import ANSWERED_OUTCOMES, RANKED_OUTCOMES
from candide.admissions.decisions.domain.ranking import places_taken, ranked
from candide.admissions.decisions.enums import CallEnd, DecisionEvent
from candide.admissions.decisions.models import Decision, DecisionType, IntakeDecisions
from candide.foundation.history.domain.log import log
from candide.institution.catalogue.models import Campaign, Intake


@transaction.atomic
def fill_places(intake: Intake, *, now: datetime, freed: int = 1) -> list[Application]:
    """Call the next of the reserve list for the places that were `freed`, and tell them and the
    commission. Returns who was called. Later engines replace the inside of this function. Nobody
    is called beyond the capacity of the intake, if it has one; other free places stay free, since
    decisions may be drafted for them. Nobody is called in a campaign that is archived. The intake
    is locked, so that two withdrawals call two people."""
    lock_intake(intake.pk)
    is_past = Campaign.objects.filter(pk=intake.campaign_id, archived_at__isnull=False).exists()
    if is_past or not intake.has_automatic_reserve_list:
        return []
    settings = IntakeDecisions.objects.select_related("called").filter(intake=intake).first()
    kind = settings.called if settings else None
    free = freed
    if intake.capacity is not None:
        free = max(min(freed, intake.capacity - places_taken(intake)), 0)
    following = [application for _decision, application in ranked(intake)[: free if kind else 0]]
    called = call(following, kind, by=None, now=now) if kind else []
    log(
        intake,
        DecisionEvent.LIST_CALLED,
        freed=freed,
        called=[application.pk for application in called],
        end=_end(kind, freed=freed, free=free, called=len(called)),
    )
    return called


def _end(kind: DecisionType | None, *, freed: int, free: int, called: int) -> CallEnd:
    if kind is None:
        return CallEnd.NO_DECISION
    if called < free:
        return CallEnd.NOBODY
    return CallEnd.FULL if free < freed else CallEnd.FREED


def call(
    following: Sequence[Application], kind: DecisionType, *, by: Any, now: datetime
) -> list[Application]:
    """Give these, who wait on the list of an intake that is locked, a decision of this `kind`, and
    tell them and the commission. Who left the list meanwhile, or was archived, is not called."""
    called = list(filter(None, (_called(each, kind, by=by, now=now) for each in following)))
    publish(called, event=DecisionEvent.PROMOTED, by=by, now=now)
    for each in called:
        mails.CommissionPromotion(each.application).send()
    return [each.application for each in called]


def _called(
    application: Application, kind: DecisionType, *, by: Any, now: datetime
) -> Announcement | None:
    """The decision to be announced; None when the application left the list or is archived. Only
    the application is locked: two people who withdraw, each called to the place of the other, would
    wait for each other's file."""
    application = Application.objects.with_offer().locked(application.pk)
    last = released_decision(application)
    if application.cancelled_at or application.archived_at:
        return None
    if last is None or last.type.outcome not in RANKED_OUTCOMES:
        return None
    decision = Decision.objects.create(
        application=application,
        type=kind,
        created_at=now,
        created_by=by,
        released_at=now,
        is_promotion=True,
    )
    return Announcement(application, decision)


def holds_place(application: Application) -> bool:
    """Whether an offer stands that takes a place of the intake."""
    is_offer = application.released_outcome in ANSWERED_OUTCOMES
    return is_offer and application.answer != CandidateAnswer.WITHDRAWN


def fill_freed(
    released: Iterable[Application], *, held: Collection[int], now: datetime
) -> list[Application]:
    """Call the next for the offers these decisions took back. `held` are the keys of those that
    held a place before; places they give to others are taken off."""
    freed: Counter[Intake] = Counter()
    for application in released:
        freed[application.intake] += int(application.pk in held) - int(holds_place(application))
    called = []
    for intake, number in freed.items():
        if number > 0:
            called += fill_places(intake, now=now, freed=number)
    return called
