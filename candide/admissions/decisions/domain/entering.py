"""Entering a decision as a draft (« saisir un avis ») [back-office 14.6]."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from candide.admissions.applications.domain.archived import archived_blockers
from candide.admissions.applications.domain.editing import lock_intake
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.current import (
    changed_blockers,
    draft_decision,
    refresh_shown,
    released_decision,
)
from candide.admissions.decisions.domain.outcomes import RANKED_OUTCOMES, policy_of
from candide.admissions.decisions.domain.queries import released_decisions_of
from candide.admissions.decisions.enums import DecisionEvent
from candide.admissions.decisions.models import Decision, DecisionReason, DecisionType, Letter
from candide.core.blockers import Blocker, Refused, refuse_if
from candide.foundation.history.domain.log import log
from candide.institution.catalogue.models import Institution


@dataclass(frozen=True)
class Draft:
    """What a commission enters. Which parts count depends on the outcome's policy."""

    type: DecisionType
    reason: DecisionReason | None = None
    rank: int | None = None
    shortlist_place: str = ""
    shortlist_on: date | None = None
    shortlist_time: time | None = None
    comment: str = ""
    is_appeal: bool = False


def entering_blockers(
    application: Application, draft: Draft, *, beside: Collection[int] = ()
) -> list[Blocker]:
    """Why this decision cannot be entered; empty when it can. Ranks of the applications `beside`,
    which are entered together with it, are in nobody's way."""
    return [
        *_application(application),
        *_type(application, draft),
        *_parts(application, draft, beside),
        *(appealing_blockers(application) if draft.is_appeal else ()),
    ]


def appealing_blockers(application: Application) -> list[Blocker]:
    """Why no decision on this application follows an appeal: one appeals against a final decision
    that was released, where the institution knows appeals [back-office 14.6]."""
    if not Institution.current().has_appeals:
        return [Blocker("no_appeals", _("Decisions cannot be appealed here."))]
    released = released_decision(application)
    if released is None or not released.type.is_final:
        message = _("There is no final decision to appeal against.")
        return [Blocker("nothing_to_appeal", message)]
    return []


def entering_warnings(application: Application) -> list[Blocker]:
    """What is unwise about deciding now: shown before confirming."""
    warnings = []
    if application.answer:
        warnings.append(
            Blocker(
                "answered",
                _("The candidate has answered; releasing another decision clears the answer."),
            )
        )
    return warnings


@transaction.atomic
def enter_decision(
    application: Application, draft: Draft, *, by: Any, now: datetime, seen: str | None = None
) -> Decision:
    """Enter or change the draft. Nothing the candidate can reach changes: the last released
    decision, its answer and its deadline stay until a release (architecture, 0). `seen` is the
    mark of the draft that was looked at: if it says something else by now, refuses "changed"."""
    if policy_of(draft.type.outcome).ranked:
        lock_intake(application.intake_id)  # of two who give the same rank at once, one is told
    application = Application.objects.with_offer().locked(application.pk)
    existing = draft_decision(application)
    refuse_if([*changed_blockers(existing, seen), *entering_blockers(application, draft)])
    return write_draft(application, existing, draft, by=by, now=now)


def write_draft(
    application: Application, existing: Decision | None, draft: Draft, *, by: Any, now: datetime
) -> Decision:
    """Write a draft nothing speaks against, of an application that is locked."""
    policy = policy_of(draft.type.outcome)
    decision = existing or Decision(application=application)
    decision.type = draft.type
    decision.reason = draft.reason if policy.needs_reason else None
    decision.rank = draft.rank if policy.ranked else None
    decision.shortlist_place = draft.shortlist_place if policy.has_appointment else ""
    decision.shortlist_on = draft.shortlist_on if policy.has_appointment else None
    decision.shortlist_time = draft.shortlist_time if policy.has_appointment else None
    decision.comment = draft.comment
    decision.is_appeal = draft.is_appeal
    decision.created_at, decision.created_by = now, by
    decision.save()
    log(
        application,
        DecisionEvent.CHANGED if existing else DecisionEvent.ENTERED,
        by=by,
        decision=decision.pk,
        type=draft.type.code,
        reason=decision.reason.code if decision.reason else None,
        rank=decision.rank,
    )
    refresh_shown(application)
    return decision


@transaction.atomic
def delete_draft(application: Application, *, by: Any, seen: str | None = None) -> None:
    """Delete the draft; history keeps what it was [back-office 14.8]. `seen` as for entering."""
    application = Application.objects.with_offer().locked(application.pk)
    draft = draft_decision(application)
    if draft is None:
        raise Refused([Blocker("no_draft", _("There is no draft to delete."))])
    refuse_if([*archived_blockers(application), *changed_blockers(draft, seen)])
    log(
        application,
        DecisionEvent.DELETED,
        by=by,
        decision=draft.pk,
        type=draft.type.code,
        rank=draft.rank,
    )
    Letter.objects.filter(decision=draft).delete()  # prepared at most, and never given out
    draft.delete()
    refresh_shown(application)


def _application(application: Application) -> Iterator[Blocker]:
    if application.cancelled_at is not None:
        yield Blocker("cancelled", _("This application was cancelled."))
    if application.archived_at is not None:
        yield Blocker("archived", _("This application belongs to a past campaign."))


def _type(application: Application, draft: Draft) -> Iterator[Blocker]:
    centre_id = application.intake.programme.commission.centre_id
    both: tuple[Any, ...] = (draft.type, draft.reason)
    for chosen in filter(None, both):
        if not chosen.is_active or chosen.centre_id not in {None, centre_id}:
            yield Blocker(
                "not_in_service", _("“%(label)s” is not in service here.") % {"label": chosen.label}
            )


def _parts(application: Application, draft: Draft, beside: Collection[int]) -> Iterator[Blocker]:
    policy = policy_of(draft.type.outcome)
    if policy.needs_reason and draft.reason is None:
        yield Blocker("reason_missing", _("Choose the reason: the candidate is told."))
    if not policy.ranked:
        return
    if draft.rank is None or draft.rank < 1:
        yield Blocker("rank_missing", _("Enter the rank, from 1."))
        return
    holder = rank_holder(application, draft.rank, beside=beside)
    if holder is not None:
        yield Blocker(
            "rank_taken",
            _("Rank %(rank)d is held by application n° %(application)d.")
            % {"rank": draft.rank, "application": holder},
        )


def rank_holder(application: Application, rank: int, *, beside: Collection[int] = ()) -> int | None:
    """The other application of the same intake that holds `rank`, in a draft or in the released
    decision that counts; None when the rank is free. Those `beside` do not count."""
    same_rank = list(
        Decision.objects.filter(
            application__intake_id=application.intake_id,
            application__cancelled_at=None,
            type__outcome__in=RANKED_OUTCOMES,
            rank=rank,
        )
        .exclude(application=application)
        .exclude(application__in=beside)
        .select_related("application")
        .order_by("pk")
    )
    last = released_decisions_of([decision.application for decision in same_rank])
    for decision in same_rank:
        if decision.is_draft or last.get(decision.application_id) == decision:
            return decision.application_id
    return None
