"""Working on what was asked. A run is claimed by a lease and worked on in batches, an item at a
time, in order. Each item is done in a transaction that holds the run and writes down what came of
the item: whoever dies, what was done is known to be done, and nothing is done twice."""

import logging
import uuid
from collections.abc import Callable
from copy import deepcopy
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Q
from django.utils import translation

from candide.core.blockers import Blocker, Refused
from candide.core.failures import frames, summary
from candide.foundation.history.domain.log import caused_by
from candide.foundation.runs.enums import ItemState, RunState
from candide.foundation.runs.models import Run, RunItem
from candide.foundation.runs.registry import Finding, Kind, kind_of

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]

LEASE = timedelta(minutes=2)
BATCH = 20
MOST_DEATHS = 3
AT_WORK = [RunState.EXAMINING, RunState.RUNNING]
# What each phase works through.
TO_DO = {RunState.EXAMINING: ItemState.SELECTED, RunState.RUNNING: ItemState.READY}
END = {RunState.EXAMINING: RunState.EXAMINED, RunState.RUNNING: RunState.DONE}
ONE, NONE_LEFT, LOST = "one", "none left", "lost"


def work(*, clock: Clock, only: int | None = None, limit: int = BATCH) -> int:
    """Claim one run (`only` that one, if given) and work on up to `limit` of its items; how many
    steps that took, none when nobody waits."""
    run = claim(now=clock(), only=only)
    if run is None:
        return 0
    steps = 1
    while (outcome := step(run.pk, run.claim, clock=clock)) == ONE and steps < limit:
        steps += 1
    if outcome == ONE:
        _release(run)
    return steps


def claim(*, now: datetime, only: int | None = None) -> Run | None:
    """Make a run ours for two minutes: the one that waited longest. Where the one before died, the
    item it was at has had an attempt."""
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    waiting = Run.objects.filter(free, state__in=AT_WORK)
    if only is not None:
        waiting = waiting.filter(pk=only)
    if not waiting.exists():
        return None
    with transaction.atomic():
        run = (
            waiting.select_for_update(skip_locked=True)
            .order_by(F("worked_at").asc(nulls_first=True), "pk")
            .first()
        )
        if run is None:
            return None
        if run.leased_until is not None:
            _count_a_death(run, now=now)
        run.claim, run.leased_until, run.worked_at = uuid.uuid4(), now + LEASE, now
        run.save(update_fields=["claim", "leased_until", "worked_at"])
    return run


def step(pk: int, mine: uuid.UUID | None, *, clock: Clock) -> str:
    """Work on the next item (`ONE`); `NONE_LEFT` when that was all, `LOST` when the run is not ours
    any more, being stopped, asked anew or taken over."""
    with transaction.atomic():
        run = (
            Run.objects.select_for_update(of=("self",))
            .filter(pk=pk, claim=mine, state__in=AT_WORK)
            .first()
        )
        if run is None:
            return LOST
        now = clock()
        state = RunState(run.state)
        item = _next(run, state)
        if item is None:
            _end(run, state, now=now)
            return NONE_LEFT
        with translation.override(run.language):
            _do(run, state, item, now=now)
        run.leased_until = now + LEASE
        run.save(update_fields=["leased_until", "memory"])
    return ONE


def _next(run: Run, state: RunState) -> RunItem | None:
    return run.items.filter(state=TO_DO[state]).order_by("position").first()


def _end(run: Run, state: RunState, *, now: datetime) -> None:
    run.state = END[state]
    run.claim = run.leased_until = None
    if run.state == RunState.DONE:
        run.ended_at = now
    run.save(update_fields=["state", "claim", "leased_until", "ended_at"])


def _release(run: Run) -> None:
    """Anybody may go on at once. When something failed instead, the lease runs out."""
    Run.objects.filter(pk=run.pk, claim=run.claim).update(claim=None, leased_until=None)


# -- One item ------------------------------------------------------------------------------------


def _do(run: Run, state: RunState, item: RunItem, *, now: datetime) -> None:
    remembered = deepcopy(run.memory)
    try:
        with transaction.atomic(), caused_by(run=run.pk):
            if state == RunState.EXAMINING:
                _write(item, kind_of(run).examine(run, item, now))
            else:
                _act(kind_of(run), run, item, now=now)
    except (OperationalError, InterfaceError):
        raise  # the database itself: nothing of this item happened
    except Exception as error:
        logger.error("run %s: item %s: %s\n%s", run.pk, item.pk, summary(error), frames(error))
        run.memory = remembered
        item.refresh_from_db()
        _fail(run, item, summary(error), now=now)


def _write(item: RunItem, found: Finding) -> None:
    """What the examination found."""
    item.says, item.details = found.says[:300], found.details
    if found.blockers:
        item.state, notes = ItemState.REFUSED, found.blockers
    elif found.is_needless:
        item.state, notes = ItemState.NEEDLESS, found.warnings
    else:
        item.state, notes = ItemState.READY, found.warnings
    item.notes = _pairs(notes)
    item.save(update_fields=["says", "details", "state", "notes"])


def _act(kind: Kind, run: Run, item: RunItem, *, now: datetime) -> None:
    try:
        with transaction.atomic():
            kind.act(run, item, now)
    except Refused as refusal:
        _settle(item, ItemState.REFUSED, refusal.blockers, now=now)
    else:
        _settle(item, ItemState.DONE, None, now=now)


def _settle(item: RunItem, state: ItemState, notes: list[Blocker] | None, *, now: datetime) -> None:
    item.state, item.settled_at = state, now
    if notes is not None:
        item.notes = _pairs(notes)
    item.save(update_fields=["state", "settled_at", "notes"])


def _pairs(notes: list[Blocker]) -> list[list[str]]:
    return [[note.code, str(note.message)] for note in notes]


def _count_a_death(run: Run, *, now: datetime) -> None:
    """The worker before us died at the next item, perhaps of it: a few times, then no more."""
    item = _next(run, RunState(run.state))
    if item is None:
        return
    item.attempts += 1
    item.save(update_fields=["attempts"])
    if item.attempts >= MOST_DEATHS:
        _fail(run, item, "the worker died each time", now=now)


def _fail(run: Run, item: RunItem, why: str, *, now: datetime) -> None:
    """What fails beforehand is not settled: it was never found possible."""
    item.state, item.notes = ItemState.FAILED, [["failed", why]]
    item.settled_at = now if run.is_confirmed else None
    item.save(update_fields=["state", "notes", "settled_at"])
