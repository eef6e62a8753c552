"""Reads over many applications: offers whose answer is due, which the nightly jobs work through,
and the decisions lists show."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from candide.admissions.applications.enums import CandidateAnswer, Outcome
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.outcomes import ANSWERED_OUTCOMES
from candide.admissions.decisions.models import Decision

IS_UNANSWERED = Q(released_outcome__in=ANSWERED_OUTCOMES, answer="")


# -- The last decision, released or not (« dernier avis ») -----------------------------------------


def has_decision() -> Q:
    """Applications somebody decided on, be it in a draft."""
    return Q(has_draft_decision=True) | ~Q(released_outcome="")


def last_is_released() -> Q:
    """Those whose last decision is released: no draft stands after it."""
    return Q(has_draft_decision=False) & ~Q(released_outcome="")


def last_outcome_is(outcome: str) -> Q:
    """Those whose last decision means this: the draft that is there, else what was released."""
    drafts = Decision.objects.drafts().filter(application=OuterRef("pk"), type__outcome=outcome)
    return Q(has_draft_decision=False, released_outcome=outcome) | (
        Q(has_draft_decision=True) & Q(Exists(drafts))
    )


def last_type_is(pk: Any) -> Q:
    """Those whose last decision is of this type: the draft that is there, else what was released
    last."""
    mine = Decision.objects.filter(application=OuterRef("pk"))
    later = Decision.objects.released().filter(
        Q(released_at__gt=OuterRef("released_at"))
        | Q(released_at=OuterRef("released_at"), pk__gt=OuterRef("pk")),
        application=OuterRef("application"),
    )
    released = mine.released().filter(~Exists(later), type=pk)
    return (Q(has_draft_decision=True) & Q(Exists(mine.drafts().filter(type=pk)))) | (
        Q(has_draft_decision=False) & ~Q(released_outcome="") & Q(Exists(released))
    )


# -- Offers ----------------------------------------------------------------------------------------


def unanswered_offers() -> QuerySet[Application]:
    """Live offers without an answer."""
    return Application.objects.live().filter(IS_UNANSWERED, archived_at=None)


def overdue_offers(today: date) -> QuerySet[Application]:
    """Unanswered offers whose last day is strictly past [CONF-06]."""
    return unanswered_offers().filter(acceptance_due_on__lt=today).order_by("pk")


def offers_to_remind_of(today: date, *, days: int) -> QuerySet[Application]:
    """Unanswered offers due within `days`, not past, not reminded of: a missed night is caught
    up [CONF-07]."""
    return (
        unanswered_offers()
        .filter(
            reminded_at=None,
            acceptance_due_on__gte=today,
            acceptance_due_on__lte=today + timedelta(days=days),
        )
        .order_by("pk")
    )


def to_be_handed_over() -> QuerySet[Any]:
    """Those who confirmed an offer whose type of decision hands over to the student system."""
    last = (
        Decision.objects.released()
        .filter(application=OuterRef("pk"))
        .order_by("-released_at", "-pk")
        .values("type__is_transferred")[:1]
    )
    confirmed = Application.objects.live().filter(
        archived_at=None, answer=CandidateAnswer.ACCEPTED, released_outcome=Outcome.FAVOURABLE
    )
    return confirmed.annotate(is_transferred=Subquery(last)).filter(is_transferred=True)


def released_decisions_of(applications: Sequence[Application]) -> dict[int, Decision]:
    """For each application (by pk) that has one, its last released decision, with its type. One
    query, however many applications."""
    released = (
        Decision.objects.released()
        .filter(application__in=applications)
        .select_related("type", "reason")
        .order_by("released_at", "pk")
    )
    return {decision.application_id: decision for decision in released}


def decisions_on(application: Application) -> QuerySet[Decision]:
    """Every decision on an application, the draft first, then the newest; with who entered and
    released it."""
    joined = application.decisions.select_related("type", "reason", "created_by", "released_by")
    return joined.order_by(F("released_at").desc(nulls_first=True), "-pk")
