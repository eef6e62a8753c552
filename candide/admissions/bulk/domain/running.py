"""The kind of long work this room registers: one action for many applications."""

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candide.admissions.applications.models import Application
from candide.admissions.bulk.domain.action import Action, Row, Values
from candide.admissions.bulk.domain.actions import ACTIONS
from candide.admissions.decisions.domain.sheet import KIND as SHEET
from candide.core.blockers import Blocker, Refused, refuse_if
from candide.core.clock import localdate
from candide.foundation.runs.domain.asking import ask, select
from candide.foundation.runs.domain.working import work
from candide.foundation.runs.models import Run, RunItem
from candide.foundation.runs.registry import Finding, Kind

BULK = "bulk"
SHOWN = (BULK, SHEET)
AT_ONCE = 25


def select_applications(pks: Iterable[int], *, by: Any, now: datetime) -> Run:
    """Keep a selection of applications, in its order. What is out of reach of `by` stays in it, and
    is refused by name of its number only."""
    return select(BULK, pks, by=by, now=now)


@transaction.atomic
def ask_action(run: Run, action: Action, values: Values, *, now: datetime) -> None:
    """Say what is to be done to the selection, and have each row looked at."""
    refuse_if(action.check(values, localdate(now)) + action.number_check(run.items.count()))
    ask(run, {"action": action.code, "values": values})


def look_at_first(run: Run, *, clock: Any) -> None:
    """Look at the first rows at once: of a small selection that is all, nobody waits for the
    worker. What has no time here it does."""
    work(clock=clock, only=run.pk, limit=AT_ONCE)


def action_of(run: Run) -> Action | None:
    """The action `run` was asked for; None while it is only a selection."""
    return ACTIONS.get(run.values.get("action", ""))


@dataclass(frozen=True)
class Told:
    """What pages say of an action that is not chosen among the others."""

    code: str
    label: Any
    follows: Any


FROM_A_SHEET = Told(
    SHEET,
    gettext_lazy("Decisions from a spreadsheet"),
    gettext_lazy("Candidates see nothing of it until the decisions are released."),
)


def told_of(run: Run) -> Action | Told | None:
    """What `run` does, in words; None while it is only a selection."""
    return FROM_A_SHEET if run.kind == SHEET else action_of(run)


def examine(run: Run, item: RunItem, now: datetime) -> Finding:
    """What the action would do to one application."""
    action, application, blockers = _asked(run, item)
    if application is None or blockers:
        return Finding(blockers=blockers)
    memory = deepcopy(run.memory)
    row = Row(application, run.values["values"], now, memory, item=item)
    if action.is_needless(row) and not action.blockers(row):
        return Finding(says=action.says(row), is_needless=True)
    row = Row(application, row.values, now, memory, action.details(row), item)
    blockers = action.blockers(row)
    if not blockers:
        run.memory = memory
    return Finding(
        says=action.says(row),
        blockers=blockers,
        warnings=action.warnings(row) if not blockers else [],
        details=row.details,
    )


def act(run: Run, item: RunItem, now: datetime) -> None:
    """Do it to one application. Rights are asked again: they may have been taken away since."""
    action, application, blockers = _asked(run, item)
    if application is None or blockers:
        raise Refused(blockers)
    row = Row(application, run.values["values"], now, run.memory, item.details, item)
    action.act(row, run.asked_by)


def _asked(run: Run, item: RunItem) -> tuple[Action, Application | None, list[Blocker]]:
    """The action, the application, and why not this person or not this one. What is out of reach
    and what does not exist are the same."""
    action = ACTIONS[run.values["action"]]
    reached = Application.objects.with_offer().visible_to(run.asked_by)
    application = reached.filter(pk=item.subject_id).first()
    if application is None:
        return action, None, [Blocker("out_of_reach", _("This application is not in your reach."))]
    assert run.asked_by is not None  # noqa: S101 -- nobody reaches nothing
    if not run.asked_by.has_perm(action.permission, application):
        message = _("Your rights do not allow this for this application.")
        return action, application, [Blocker("not_allowed", message)]
    return action, application, []


KIND = Kind(BULK, examine=examine, act=act)
