"""Ranks on the reserve list (« liste complémentaire ») [back-office 15.1, 15.2]."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from candide.admissions.applications.enums import CandidateAnswer
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.current import rank_shown
from candide.admissions.decisions.domain.outcomes import ANSWERED_OUTCOMES, RANKED_OUTCOMES
from candide.admissions.decisions.models import Decision
from candide.institution.catalogue.models import Institution, Intake


def queue(intake: Intake) -> QuerySet[Application]:
    """Applications of `intake` waiting on its reserve list."""
    return Application.objects.live().filter(
        intake=intake, released_outcome__in=RANKED_OUTCOMES, answer=""
    )


def ranked(intake: Intake) -> list[tuple[Decision, Application]]:
    """The queue with the decision that counts, in order: typed rank, then the older decision."""
    decisions = (
        Decision.objects.released()
        .filter(application__in=queue(intake), rank__isnull=False)
        .filter(type__outcome__in=RANKED_OUTCOMES)
        .select_related("application", "type")
        .order_by("released_at", "pk")
    )
    latest = {decision.application_id: decision for decision in decisions}
    ordered = sorted(latest.values(), key=_order)
    return [(decision, decision.application) for decision in ordered]


def _order(decision: Decision) -> tuple[int, int]:
    assert decision.rank is not None  # noqa: S101 -- those on the list have one
    return decision.rank, decision.pk


def places_after(intake: Intake, drafts: Iterable[Decision]) -> dict[int, int]:
    """The place on the reserve list each of `drafts`, of that intake, would have once all of them
    were released, by the key of its application."""
    drafts = list(drafts)
    decided = {draft.application_id for draft in drafts}
    staying = [decision for decision, _ in ranked(intake) if decision.application_id not in decided]
    ranked_types = [draft for draft in drafts if draft.type.outcome in RANKED_OUTCOMES]
    joining = [draft for draft in ranked_types if draft.rank is not None]
    after = sorted([*staying, *joining], key=_order)
    places = {decision.application_id: place for place, decision in enumerate(after, start=1)}
    return {draft.application_id: places[draft.application_id] for draft in joining}


def rerank(intake: Intake) -> None:
    """Compute the current rank, 1…n, of everybody on the reserve list (« rang réel ») [CONF-10],
    and what each candidate is shown of it: a rank that is shown never grows, even when somebody
    is placed before later."""
    institution = Institution.current()
    changed_decisions, changed_applications = [], []
    for place, (decision, application) in enumerate(ranked(intake), start=1):
        best = min(place, decision.best_rank or place)
        if (decision.current_rank, decision.best_rank) != (place, best):
            decision.current_rank, decision.best_rank = place, best
            changed_decisions.append(decision)
        shown = rank_shown(decision, institution)
        if application.rank_shown != shown:
            application.rank_shown = shown
            changed_applications.append(application)
    Decision.objects.bulk_update(changed_decisions, ["current_rank", "best_rank"], batch_size=500)
    Application.objects.bulk_update(changed_applications, ["rank_shown"], batch_size=500)


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
