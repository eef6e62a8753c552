"""Asking for long work: select, say what to do, confirm once it was looked at; stop, resume."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker, refuse_if
from candide.core.tasks import spur
from candide.foundation.history.domain.log import log
from candide.foundation.runs.enums import ItemState, RunEvent, RunState
from candide.foundation.runs.models import Run, RunItem

MOST_ITEMS = 5000
BATCH = 1000
SPUR = "runs.work"


def selecting_blockers(number: int) -> list[Blocker]:
    """Why so many items cannot be worked on at once."""
    if number == 0:
        return [Blocker("nothing_selected", _("Select at least one line."))]
    if number > MOST_ITEMS:
        message = _("At most %(most)d lines at once: narrow the search.") % {"most": MOST_ITEMS}
        return [Blocker("too_many", message)]
    return []


@transaction.atomic
def select(kind: str, subject_ids: Iterable[int], *, by: Any, now: datetime) -> Run:
    """Keep a selection, in its order and each once; nothing happens to it yet."""
    subjects = list(dict.fromkeys(subject_ids))
    refuse_if(selecting_blockers(len(subjects)))
    run = Run.objects.create(
        kind=kind, asked_by=by, language=get_language() or "fr", created_at=now
    )
    RunItem.objects.bulk_create(
        (
            RunItem(run=run, position=position, subject_id=subject)
            for position, subject in enumerate(subjects, start=1)
        ),
        batch_size=BATCH,
    )
    return run


@transaction.atomic
def begin(
    kind: str, subject_ids: Iterable[int], values: dict[str, Any], *, by: Any, now: datetime
) -> Run:
    """Begin at once what needs neither a look beforehand nor to be confirmed: it changes nothing
    anybody sees."""
    run = select(kind, subject_ids, by=by, now=now)
    run.items.update(state=ItemState.READY)
    run.values, run.confirmed_at = values, now
    _enter(run, RunState.RUNNING, "values", "confirmed_at")
    spur(SPUR, run.pk)
    return run


@transaction.atomic
def examine_at_once(
    kind: str,
    details: Mapping[int, dict[str, Any]],
    values: dict[str, Any],
    *,
    by: Any,
    now: datetime,
) -> Run:
    """Have items looked at that come with `details` of their own, by subject, as the lines of a
    file do."""
    run = select(kind, details, by=by, now=now)
    items = list(run.items.all())
    for item in items:
        item.details = details[item.subject_id]
    RunItem.objects.bulk_update(items, ["details"], batch_size=BATCH)
    run.values, run.version = values, 1
    _enter(run, RunState.EXAMINING, "values", "version")
    spur(SPUR, run.pk)
    return run


@transaction.atomic
def ask(run: Run, values: dict[str, Any]) -> None:
    """Say what is to be done, and have every item looked at. May be said anew until confirmed."""
    run = Run.objects.locked(run.pk)
    refuse_if(_not_confirmed(run))
    run.items.update(state=ItemState.SELECTED, says="", notes=[], details={}, attempts=0)
    run.values, run.memory = values, {}
    run.version += 1
    _let_go(run)
    _enter(run, RunState.EXAMINING, "values", "memory", "version")
    spur(SPUR, run.pk)


def confirming_blockers(run: Run, *, seen: int | None = None) -> list[Blocker]:
    """Why it cannot be begun. `seen` is the version whose preview was looked at."""
    return [*_not_confirmed(run), *_examined(run, seen)]


@transaction.atomic
def confirm(run: Run, *, by: Any, now: datetime, seen: int | None = None) -> None:
    """Begin: what the examination found possible is done in the background."""
    run = Run.objects.locked(run.pk)
    refuse_if(confirming_blockers(run, seen=seen))
    run.confirmed_at = now
    _enter(run, RunState.RUNNING, "confirmed_at")
    log(run, RunEvent.CONFIRMED, by=by, kind=run.kind)
    spur(SPUR, run.pk)


def stopping_blockers(run: Run) -> list[Blocker]:
    """Why there is nothing to stop."""
    if run.state == RunState.RUNNING:
        return []
    return [Blocker("not_running", _("This action is not running."))]


@transaction.atomic
def stop(run: Run, *, by: Any, now: datetime) -> None:
    """Do no further item. The one being done ends first: its transaction holds the run."""
    run = Run.objects.locked(run.pk)
    refuse_if(stopping_blockers(run))
    _let_go(run)
    run.ended_at = now
    _enter(run, RunState.STOPPED, "ended_at")
    log(run, RunEvent.STOPPED, by=by, kind=run.kind)


def resuming_blockers(run: Run) -> list[Blocker]:
    """Why there is nothing to go on with: it was stopped, or ended with items that failed."""
    if run.state == RunState.STOPPED:
        return []
    if run.state == RunState.DONE and _failed(run).exists():
        return []
    return [Blocker("nothing_left", _("Nothing of this action is left to be done."))]


@transaction.atomic
def resume(run: Run, *, by: Any) -> None:
    """Go on where it stopped, and try again what failed. What was done is not done again."""
    run = Run.objects.locked(run.pk)
    refuse_if(resuming_blockers(run))
    _failed(run).update(state=ItemState.READY, notes=[], attempts=0, settled_at=None)
    run.ended_at = None
    _enter(run, RunState.RUNNING, "ended_at")
    log(run, RunEvent.RESUMED, by=by, kind=run.kind)
    spur(SPUR, run.pk)


def _failed(run: Run) -> QuerySet[RunItem]:
    """What failed while it was done; what failed beforehand was never found possible."""
    return run.items.filter(state=ItemState.FAILED, settled_at__isnull=False)


def _enter(run: Run, state: RunState, *fields: str) -> None:
    run.state = state
    run.save(update_fields=["state", "claim", "leased_until", *fields])


def _let_go(run: Run) -> None:
    run.claim = run.leased_until = None


def _not_confirmed(run: Run) -> Iterator[Blocker]:
    if run.is_confirmed:
        yield Blocker("confirmed", _("This action was confirmed: it can no longer be changed."))


def _examined(run: Run, seen: int | None) -> Iterator[Blocker]:
    if run.is_confirmed:
        return
    if run.state != RunState.EXAMINED:
        yield Blocker("not_examined", _("The lines are still being examined."))
    elif seen is not None and seen != run.version:
        yield Blocker("changed", _("What is to be done was changed meanwhile: look at it again."))
    elif not run.items.filter(state=ItemState.READY).exists():
        yield Blocker("nothing_possible", _("Nothing can be done for any line of the selection."))
