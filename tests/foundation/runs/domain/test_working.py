"""One worker at once, in order, each item once."""

from datetime import timedelta

import pytest
from django.db import OperationalError

from candide.foundation.history.models import HistoryEntry
from candide.foundation.runs.domain.asking import ask, select, stop
from candide.foundation.runs.domain.working import LEASE, MOST_DEATHS, claim, step, work
from candide.foundation.runs.enums import RunState
from tests.foundation.runs.conftest import (
    NOTED,
    NOW,
    again,
    asked,
    clock,
    confirmed,
    examined,
    noted,
    states,
    two_confirmed,
    work_all,
)

pytestmark = pytest.mark.django_db


def later():
    return NOW + LEASE


def test_nobody_waits(notes):
    assert work(clock=clock) == 0


def test_every_item_is_done_in_order_and_what_came_of_it_is_written(bao, notes):
    notes.refused, notes.needless, notes.unwise = {2}, {3}, {4}
    notes.late, notes.broken = {5}, {6}
    run = confirmed(bao, 1, 2, 3, 4, 5, 6)

    work_all()

    found = list(run.items.order_by("position").values_list("state", "notes", "settled_at"))
    assert found[:5] == [
        ("done", [], NOW),
        ("refused", [["no", "Non."]], None),
        ("needless", [], None),
        ("done", [["hm", "Vraiment ?"]], NOW),
        ("refused", [["late", "Trop tard."]], NOW),
    ]
    assert found[5][0] == "failed"
    assert found[5][1][0][1].startswith("ValueError at ")
    assert noted() == [1, 4]
    assert (again(run).state, again(run).ended_at, again(run).claim) == (RunState.DONE, NOW, None)


def test_history_says_which_run_it_was(bao, notes):
    run = confirmed(bao, 1)

    work_all()

    assert HistoryEntry.objects.get(event=NOTED).data == {"run": run.pk, "number": 1}


def test_what_failed_beforehand_is_not_remembered(bao, notes):
    notes.unreadable = {1}
    run = examined(bao, 1, 2)

    assert states(run) == ["failed", "ready"]
    assert again(run).memory == {"seen": 1}


def test_unknown_kind_fails_item_by_item(bao, notes):
    run = select("gone", [1], by=bao, now=NOW)
    ask(run, {})

    work_all()

    assert states(run) == ["failed"]


def test_two_runs_take_turns(bao, notes):
    first, second = two_confirmed(bao, [1, 2], [3, 4])
    ticks = iter(NOW + timedelta(seconds=n) for n in range(1, 100))

    while work(clock=lambda: next(ticks), limit=1):
        pass

    assert noted() == [1, 3, 2, 4]
    assert {again(first).state, again(second).state} == {RunState.DONE}


def test_asked_for_one_works_on_no_other(bao, notes):
    first, second = two_confirmed(bao, [1], [2])

    work(clock=clock, only=second.pk)

    assert noted() == [2]
    assert again(first).state == RunState.RUNNING


def test_claimed_run_is_nobody_elses_until_its_lease_ends(bao, notes):
    run = confirmed(bao, 1)
    mine = claim(now=NOW)

    assert claim(now=NOW + LEASE - timedelta(seconds=1)) is None

    theirs = claim(now=later())
    assert (mine.pk, theirs.pk) == (run.pk, run.pk)
    assert step(run.pk, mine.claim, clock=later) == "lost"
    assert step(run.pk, theirs.claim, clock=later) == "one"
    assert noted() == [1]


def test_whoever_dies_between_two_items_repeats_nothing(bao, notes):
    run = confirmed(bao, 1, 2, 3)
    dying = claim(now=NOW)
    step(run.pk, dying.claim, clock=clock)

    assert work(clock=clock) == 0
    work(clock=later)

    assert noted() == [1, 2, 3]
    assert again(run).state == RunState.DONE


def test_item_that_kills_its_worker_each_time_is_given_up(bao, notes):
    run = confirmed(bao, 1, 2)
    moment = NOW
    for _death in range(MOST_DEATHS):
        claim(now=moment)
        moment += LEASE

    work(clock=lambda: moment)

    assert states(run) == ["failed", "done"]
    assert run.items.get(position=1).notes == [["failed", "the worker died each time"]]


def test_worker_that_dies_at_the_very_end_leaves_nothing_to_blame(bao, notes):
    run = confirmed(bao, 1)
    dying = claim(now=NOW)
    step(run.pk, dying.claim, clock=clock)

    work(clock=later)

    assert (again(run).state, states(run)) == (RunState.DONE, ["done"])


def test_database_that_fails_is_no_fault_of_the_item(bao, notes):
    run = confirmed(bao, 1)

    def fail(item):
        raise OperationalError

    notes.before = fail
    with pytest.raises(OperationalError):
        work(clock=clock)
    notes.before = lambda item: None

    assert states(run) == ["ready"]
    work(clock=later)
    assert states(run) == ["done"]


def test_stopped_while_a_worker_has_it_is_lost_to_the_worker(bao, notes):
    run = confirmed(bao, 1)
    mine = claim(now=NOW)

    stop(run, by=bao, now=NOW)

    assert step(run.pk, mine.claim, clock=clock) == "lost"
    assert noted() == []


def test_asked_anew_while_being_examined_begins_again(bao, notes):
    run = asked(bao, 1, 2)
    mine = claim(now=NOW)
    step(run.pk, mine.claim, clock=clock)

    ask(run, {"what": "that"})

    assert step(run.pk, mine.claim, clock=clock) == "lost"
    work_all()
    assert set(run.items.values_list("says", flat=True)) == {"note that"}
