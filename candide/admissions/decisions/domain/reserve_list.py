"""Calling from the reserve list (« liste complémentaire ») [back-office 15.3, CONF-09]."""

from collections import Counter
from collections.abc import Collection, Iterable
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
from candide.admissions.decisions.enums import DecisionEvent
from candide.admissions.decisions.models import Decision, IntakeDecisions
from candide.institution.catalogue.models import Intake


@transaction.atomic
def fill_places(intake: Intake, *, now: datetime, freed: int = 1) -> list[Application]:
    """Call the next of the reserve list for the places that were `freed`, and tell them and the
    commission. Returns who was called. Later engines replace the inside of this function."""
    following = _next_to_call(intake, freed=freed)
    called = list(filter(None, (_call(application, now=now) for application in following)))
    publish(called, event=DecisionEvent.PROMOTED, by=None, now=now)
    for each in called:
        mails.CommissionPromotion(each.application).send()
    return [each.application for each in called]


def _next_to_call(intake: Intake, *, freed: int) -> list[Application]:
    """Whom to call now: as many as were `freed`, and nobody beyond the capacity of the intake, if
    it has one. Other free places stay free: decisions may be drafted for them. The intake is
    locked, so that two withdrawals call two people."""
    lock_intake(intake.pk)
    settings = IntakeDecisions.objects.filter(intake=intake).first()
    if not intake.has_automatic_reserve_list or settings is None or settings.called is None:
        return []
    free = freed
    if intake.capacity is not None:
        free = min(freed, intake.capacity - places_taken(intake))
    return [application for _decision, application in ranked(intake)[: max(free, 0)]]


def _call(application: Application, *, now: datetime) -> Announcement | None:
    """Give the next on the list the favourable decision of the intake, to be announced. None when
    the application left the list meanwhile. Only the application is locked: two people who
    withdraw, each called to the place of the other, would wait for each other's file."""
    application = Application.objects.with_offer().locked(application.pk)
    last = released_decision(application)
    if last is None or last.type.outcome not in RANKED_OUTCOMES or application.cancelled_at:
        return None
    settings = IntakeDecisions.objects.select_related("called").get(intake=application.intake)
    called: Any = settings.called
    decision = Decision.objects.create(
        application=application,
        type=called,
        created_at=now,
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
