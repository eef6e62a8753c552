"""What the page of a reserve list shows: who waits at which place, who was called and what became
of it, and what automatic calling did and will do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from candide.admissions.applications.enums import CandidateAnswer
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.automatic import given_by_itself
from candide.admissions.decisions.domain.outcomes import ANSWERED_OUTCOMES, RANKED_OUTCOMES
from candide.admissions.decisions.domain.queries import released_decisions_of
from candide.admissions.decisions.domain.ranking import Places, queue
from candide.admissions.decisions.enums import CallEnd, DecisionEvent
from candide.admissions.decisions.models import Decision
from candide.admissions.decisions.models.decision import DecisionQuerySet
from candide.foundation.history.domain.log import entries_about
from candide.institution.accounts.models import User
from candide.institution.catalogue.models import Intake

SHOWN_CALLS = 20


def waiting(intake: Intake) -> QuerySet[Application]:
    """Who waits, in order, with the rank that was entered, the place that is computed and since
    when; the order is made by the database, so that a page of it reads a page."""
    counts = (
        Decision.objects.released()
        .filter(application=OuterRef("pk"), type__outcome__in=RANKED_OUTCOMES, rank__isnull=False)
        .order_by("-released_at", "-pk")
    )
    return (
        queue([intake.pk])
        .annotate(
            entered_rank=Subquery(counts.values("rank")[:1]),
            place=Subquery(counts.values("current_rank")[:1]),
            waits_since=Subquery(counts.values("released_at")[:1]),
        )
        .order_by(F("place").asc(nulls_last=True), "pk")
    )


IS_DECLINED = Q(
    application__released_outcome__in=ANSWERED_OUTCOMES,
    application__answer=CandidateAnswer.WITHDRAWN,
)


def calls(intake: Intake) -> DecisionQuerySet:
    """Every call from the list, newest first."""
    rows = Decision.objects.released().filter(application__intake=intake, is_promotion=True)
    joined = rows.select_related("application__candidate__user", "type", "released_by")
    return joined.order_by("-released_at", "-pk")


@dataclass(frozen=True)
class Call:
    """A call and what became of it: `is_current` unless another decision followed."""

    decision: Decision
    is_current: bool

    @property
    def answer(self) -> str:
        return self.decision.application.answer if self.is_current else ""


def calls_shown(decisions: Sequence[Decision]) -> list[Call]:
    """A page of calls; one query."""
    last = released_decisions_of([decision.application for decision in decisions])
    return [Call(decision, last.get(decision.application_id) == decision) for decision in decisions]


@dataclass(frozen=True)
class Event:
    """Places that became free or were given by hand, how many were called, and why not more."""

    at: datetime
    who: str
    freed: int | None
    asked: int | None
    called: int
    end: str


def events(intake: Intake) -> list[Event]:
    """What calling did lately; two queries."""
    entries = list(
        entries_about(intake).filter(event=DecisionEvent.LIST_CALLED)[:SHOWN_CALLS],
    )
    people = User.objects.in_bulk({entry.by_id for entry in entries if entry.by_id})
    return [
        Event(
            at=entry.at,
            who=str(people.get(entry.by_id, "")),
            freed=entry.data.get("freed"),
            asked=entry.data.get("asked"),
            called=len(entry.data["called"]),
            end=str(CallEnd(entry.data["end"]).label),
        )
        for entry in entries
    ]


@dataclass(frozen=True)
class Automatic:
    """How automatic calling stands: `is_on`, and in words what the next free place does."""

    is_on: bool
    words: str


def automatic(intake: Intake, places: Places) -> Automatic:
    """What a place that becomes free now would do, and why."""
    settings = given_by_itself(intake)
    if not intake.has_automatic_reserve_list:
        return Automatic(False, _("A place that becomes free calls nobody: call by hand."))
    if settings is None or settings.called_id is None:
        return Automatic(False, _("The programme does not say which decision to give: it stops."))
    return Automatic(True, _next(places))


def _next(places: Places) -> Any:
    if not places.waiting:
        return _("Nobody waits: a place that becomes free stays free.")
    if places.capacity is None:
        return _("Each place that becomes free calls the next; there is no capacity to stop at.")
    if places.taken > places.capacity:
        over = places.taken - places.capacity
        return ngettext(
            "%(over)d offer is out beyond the capacity: that many places have to become free "
            "before the next is called.",
            "%(over)d offers are out beyond the capacity: that many places have to become free "
            "before the next is called.",
            over,
        ) % {"over": over}
    if places.free:
        return ngettext(
            "%(free)d place is free and stays so, since decisions may be drafted for it: call by "
            "hand, or the next withdrawal calls one.",
            "%(free)d places are free and stay so, since decisions may be drafted for them: call "
            "by hand, or each withdrawal calls one.",
            places.free,
        ) % {"free": places.free}
    return _("Every place is taken: each withdrawal calls the next.")
