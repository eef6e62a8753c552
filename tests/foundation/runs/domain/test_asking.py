"""Selecting, asking, confirming, stopping, resuming."""

import pytest

from candide.core.blockers import Refused
from candide.foundation.history.domain.log import entries_about
from candide.foundation.runs.domain import asking
from candide.foundation.runs.domain.asking import (
    ask,
    begin,
    confirm,
    confirming_blockers,
    resume,
    select,
    stop,
)
from candide.foundation.runs.domain.working import work
from candide.foundation.runs.enums import RunState
from candide.foundation.runs.models import Run
from tests.foundation.runs.conftest import (
    NOW,
    again,
    asked,
    clock,
    confirmed,
    examined,
    noted,
    states,
    work_all,
)

pytestmark = pytest.mark.django_db


def refused(act, *args, **kwargs):
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    return refusal.value.codes


def test_selection_is_kept_in_its_order_and_each_once(bao):
    run = select("notes", [30, 10, 30, 20], by=bao, now=NOW)

    assert list(run.items.order_by("position").values_list("subject_id", flat=True)) == [30, 10, 20]
    assert again(run).state == RunState.PREPARED


@pytest.mark.parametrize(("number", "codes"), [(0, ["nothing_selected"]), (3, ["too_many"])])
def test_selection_of_nothing_or_too_much_is_refused(bao, monkeypatch, number, codes):
    monkeypatch.setattr(asking, "MOST_ITEMS", 2)

    assert refused(select, "notes", range(number), by=bao, now=NOW) == codes
    assert not Run.objects.exists()


def test_at_most_five_thousand_at_once(bao):
    select("notes", range(5000), by=bao, now=NOW)

    assert refused(select, "notes", range(5001), by=bao, now=NOW) == ["too_many"]


def test_nothing_is_done_before_it_is_confirmed(bao, notes):
    run = examined(bao, 1, 2)

    assert again(run).state == RunState.EXAMINED
    assert states(run) == ["ready", "ready"]
    assert noted() == []


def test_asked_anew_everything_is_looked_at_anew(bao, notes):
    notes.refused = {2}
    run = examined(bao, 1, 2)
    notes.refused = {1}

    ask(run, {"what": "that"})
    work_all()

    assert list(run.items.order_by("position").values_list("state", "says", "notes")) == [
        ("refused", "note that", [["no", "Non."]]),
        ("ready", "note that", []),
    ]
    assert again(run).memory == {"seen": 2}


def test_confirming_takes_an_examination_of_what_was_seen(bao, notes):
    run = asked(bao, 1)
    assert refused(confirm, run, by=bao, now=NOW) == ["not_examined"]

    work_all()
    seen = again(run).version
    ask(run, {"what": "that"})
    work_all()
    assert refused(confirm, run, by=bao, now=NOW, seen=seen) == ["changed"]

    confirm(run, by=bao, now=NOW, seen=seen + 1)
    assert again(run).confirmed_at == NOW


def test_confirmed_once(bao, notes):
    run = confirmed(bao, 1)

    assert refused(confirm, run, by=bao, now=NOW) == ["confirmed"]
    assert refused(ask, run, {"what": "that"}) == ["confirmed"]
    assert noted() == []


def test_nothing_possible_is_not_begun(bao, notes):
    notes.refused = {1}
    run = examined(bao, 1)

    assert [b.code for b in confirming_blockers(again(run))] == ["nothing_possible"]


def test_stopped_does_no_further_item_and_goes_on_when_resumed(bao, notes):
    run = confirmed(bao, 1, 2, 3)
    work(clock=clock, limit=1)

    stop(run, by=bao, now=NOW)
    work_all()

    assert (again(run).state, again(run).ended_at) == (RunState.STOPPED, NOW)
    assert noted() == [1]
    assert refused(stop, run, by=bao, now=NOW) == ["not_running"]

    resume(run, by=bao)
    work_all()

    assert again(run).state == RunState.DONE
    assert noted() == [1, 2, 3]
    assert [entry.event for entry in entries_about(run) if entry.event != "noted"] == [
        "runs.resumed",
        "runs.stopped",
        "runs.confirmed",
    ]


def test_resumed_what_failed_is_tried_again_and_nothing_else(bao, notes):
    notes.broken, notes.late, notes.unreadable = {2}, {3}, {4}
    run = confirmed(bao, 1, 2, 3, 4)
    work_all()
    assert states(run) == ["done", "failed", "refused", "failed"]
    notes.broken = set()

    resume(run, by=bao)
    work_all()

    assert states(run) == ["done", "done", "refused", "failed"]
    assert noted() == [1, 2]
    assert refused(resume, run, by=bao) == ["nothing_left"]


def test_what_needs_no_look_begins_at_once(bao, notes):
    run = begin("notes", [5, 3], {"what": "x"}, by=bao, now=NOW)
    work_all()

    assert noted() == [5, 3]
    assert again(run).state == RunState.DONE
    assert refused(confirm, again(run), by=bao, now=NOW) == ["confirmed"]


def test_nothing_begins_with_nothing(bao, notes):
    assert refused(begin, "notes", [], {}, by=bao, now=NOW) == ["nothing_selected"]
