"""Ranks on the reserve list (« liste complémentaire ») [back-office 15.1, 15.2]."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from candide.admissions.applications.enums import CandidateAnswer
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.current import rank_of_display
from candide.admissions.decisions.domain.outcomes import ANSWERED_OUTCOMES, RANKED_OUTCOMES
from candide.admissions.decisions.models import Decision
from candide.core.keys import ByKey, Keys
from candide.institution.catalogue.models import Institution, Intake


def queue(intakes: Collection[int]) -> QuerySet[Application]:
    """Applications to `intakes`, by key, that wait on a reserve list."""
    return Application.objects.live().filter(
        intake__in=intakes, released_outcome__in=RANKED_OUTCOMES, answer=""
    )


def _decisions_on_lists(intakes: Collection[int]) -> QuerySet[Decision]:
    """The decisions by which they wait there; of each the one that counts comes last."""
    return (
        Decision.objects.released()
        .filter(application__in=queue(intakes), rank__isnull=False)
        .filter(type__outcome__in=RANKED_OUTCOMES)
        .order_by("released_at", "pk")
    )


def ranked(intake: Intake) -> list[tuple[Decision, Application]]:
    """The queue of `intake` with the decision that counts, in order: typed rank, then the older
    decision."""
    rows = _decisions_on_lists([intake.pk]).select_related("application", "type")
    latest = {decision.application_id: decision for decision in rows}
    ordered = sorted(latest.values(), key=_order)
    return [(decision, decision.application) for decision in ordered]


def _order(decision: Decision) -> tuple[int, int]:
    assert decision.rank is not None  # noqa: S101 -- those on the list have one
    return decision.rank, decision.pk


class Waiting(NamedTuple):
    """Somebody on a reserve list, without more than ranking asks for."""

    rank: int
    decision: int
    application: int
    intake: int
    current_rank: int | None
    best_rank: int | None
    rank_shown: int | None


def waiting(intakes: Collection[int]) -> dict[int, list[Waiting]]:
    """`ranked` for many intakes at once, by key."""
    rows = _decisions_on_lists(intakes).values_list(
        "rank",
        "pk",
        "application",
        "application__intake",
        "current_rank",
        "best_rank",
        "application__rank_shown",
    )
    latest = {each.application: each for each in map(Waiting._make, rows)}
    lists: dict[int, list[Waiting]] = defaultdict(list)
    for each in sorted(latest.values()):  # by the typed rank, then the older decision
        lists[each.intake].append(each)
    return lists


def places_after(intake: Intake, drafts: Iterable[Decision]) -> dict[int, int]:
    """The place on the reserve list each of `drafts`, of that intake, would have once all of them
    were released, by the key of its application."""
    drafts = list(drafts)
    decided = {draft.application_id for draft in drafts}
    staying = [
        (each.rank, each.decision, each.application)
        for each in waiting([intake.pk]).get(intake.pk, ())
        if each.application not in decided
    ]
    joining = [
        (draft.rank, draft.pk, draft.application_id)
        for draft in drafts
        if draft.type.outcome in RANKED_OUTCOMES and draft.rank is not None
    ]
    after = enumerate(sorted([*staying, *joining]), start=1)
    places = {application: place for place, (_rank, _decision, application) in after}
    return {application: places[application] for _rank, _decision, application in joining}


def rerank(intakes: Collection[int]) -> None:
    """Compute the current rank, 1…n, of everybody on these reserve lists (« rang réel »)
    [CONF-10], and what each candidate is shown of it: a rank that is shown never grows, even when
    somebody is placed before later."""
    institution = Institution.current()
    places, bests, shown = {}, {}, {}
    for waiting_here in waiting(intakes).values():
        for place, each in enumerate(waiting_here, start=1):
            best = min(place, each.best_rank or place)
            if (each.current_rank, each.best_rank) != (place, best):
                places[each.decision], bests[each.decision] = place, best
            rank = rank_of_display(institution, typed=each.rank, best=best)
            if each.rank_shown != rank:
                shown[each.application] = rank
    if places:
        moved = Decision.objects.filter(pk__in=Keys(places))
        moved.update(current_rank=ByKey(places), best_rank=ByKey(bests))
    if shown:
        Application.objects.filter(pk__in=Keys(shown)).update(rank_shown=ByKey(shown))


def places_taken(intake: Intake) -> int:
    """Offers standing: accepted or still to be answered."""
    return places_of(intake).taken


@dataclass(frozen=True)
class Places:
    """The places of an intake: how many there are (None: no limit), what offers hold of them, how
    many applications wait on the reserve list, and how many favourable decisions are drafted."""

    capacity: int | None
    accepted: int
    offered: int
    waiting: int
    drafted: int

    @property
    def taken(self) -> int:
        return self.accepted + self.offered

    @property
    def free(self) -> int | None:
        """None where there is no limit; never below zero."""
        return None if self.capacity is None else max(self.capacity - self.taken, 0)


def places_of(intake: Intake) -> Places:
    """How the places of `intake` stand; one query."""
    is_offer = Q(released_outcome__in=ANSWERED_OUTCOMES)
    drafts = Decision.objects.drafts().filter(
        application=OuterRef("pk"), type__outcome__in=ANSWERED_OUTCOMES
    )
    numbers = (
        Application.objects.live()
        .filter(intake=intake)
        .aggregate(
            accepted=Count("pk", filter=is_offer & Q(answer=CandidateAnswer.ACCEPTED)),
            offered=Count("pk", filter=is_offer & Q(answer="")),
            waiting=Count("pk", filter=Q(released_outcome__in=RANKED_OUTCOMES, answer="")),
            drafted=Count("pk", filter=Q(has_draft_decision=True) & Q(Exists(drafts))),
        )
    )
    return Places(capacity=intake.capacity, **numbers)
