"""Giving the reserve list another order: the ranks there are change hands, in drafts that are
released like any decision [back-office 15.1]. A released decision never changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from candide.admissions.applications.domain.editing import lock_intake
from candide.admissions.decisions.domain.current import changed_blockers
from candide.admissions.decisions.domain.entering import Draft
from candide.admissions.decisions.domain.listing import Entry, drafts_of, enter_list
from candide.admissions.decisions.domain.outcomes import RANKED_OUTCOMES
from candide.admissions.decisions.domain.ranking import ranked
from candide.admissions.decisions.models import Decision
from candide.core.blockers import Blocker, refuse_if
from candide.institution.catalogue.models import Intake

MOST = 200


@dataclass(frozen=True)
class Move:
    """An application, the place it is to have on the list, from 1, and the mark of the draft that
    was looked at."""

    application: int
    place: int
    seen: str | None = None


@transaction.atomic
def reorder(intake: Intake, moves: Sequence[Move], *, by: Any, now: datetime) -> int:
    """Put these applications at these places; the others keep their order. Enters a draft for each
    whose rank changes, and says how many."""
    lock_intake(intake.pk)
    before = movable(intake)
    refuse_if(_blockers(moves, before))
    after = _placed(moves, list(before))
    ranks = sorted(_rank(decision) for decision in before.values())
    marks = {move.application: move.seen for move in moves}
    entries = [
        Entry(pk, _draft(before[pk], rank), marks.get(pk))
        for pk, rank in zip(after, ranks, strict=True)
        if _rank(before[pk]) != rank
    ]
    refuse_if(_number(entries))
    enter_list(intake, entries, by=by, now=now)
    return len(entries)


def movable(intake: Intake) -> dict[int, Decision]:
    """Who waits on the list, in the order of the ranks they have or will have once their draft is
    released, with the decision that says so. Who leaves it with a draft is not among them."""
    waiting = {application.pk: decision for decision, application in ranked(intake)}
    drafts = drafts_of(list(waiting))
    latest = {pk: drafts.get(pk, decision) for pk, decision in waiting.items()}
    staying = {pk: one for pk, one in latest.items() if one.type.outcome in RANKED_OUTCOMES}
    return dict(sorted(staying.items(), key=lambda item: (_rank(item[1]), waiting[item[0]].pk)))


def _rank(decision: Decision) -> int:
    assert decision.rank is not None  # noqa: S101 -- those on the list have one
    return decision.rank


def _placed(moves: Sequence[Move], order: list[int]) -> list[int]:
    """`order` with those that move at their places, the first ones first."""
    moved = {move.application for move in moves}
    placed = [pk for pk in order if pk not in moved]
    for move in sorted(moves, key=lambda move: move.place):
        placed.insert(move.place - 1, move.application)
    return placed


def _draft(decision: Decision, rank: int) -> Draft:
    """The same decision with another rank."""
    return Draft(
        type=decision.type, rank=rank, comment=decision.comment, is_appeal=decision.is_appeal
    )


def _blockers(moves: Sequence[Move], before: Mapping[int, Decision]) -> list[Blocker]:
    found = []
    drafts = drafts_of([move.application for move in moves])
    places = [move.place for move in moves]
    for move in moves:
        about = f"application:{move.application}"
        if move.application not in before:
            message = _("This application does not wait on the list any more.")
            found.append(Blocker("not_waiting", message, about))
            continue
        changed = changed_blockers(drafts.get(move.application), move.seen)
        found += [Blocker(each.code, each.message, about) for each in changed]
        if not 1 <= move.place <= len(before):
            message = _("Choose a place between 1 and %(last)d.")
            found.append(Blocker("place", message % {"last": len(before)}, about))
        elif places.count(move.place) > 1:
            message = _("Place %(place)d stands on more than one line.")
            found.append(Blocker("place_twice", message % {"place": move.place}, about))
    if not moves:
        found.append(Blocker("no_move", _("Type the new place of at least one application.")))
    return found


def _number(entries: Sequence[Entry]) -> list[Blocker]:
    if not entries:
        return [Blocker("same_order", _("The list is in this order already."))]
    if len(entries) > MOST:
        message = _("This changes more than %(most)d ranks: enter them from a spreadsheet.")
        return [Blocker("too_many", message % {"most": MOST})]
    return []
