"""Progress, counts, and the table that leaves."""

from datetime import timedelta

import pytest

from candide.foundation.runs.domain.pruning import REPORTS, UNCONFIRMED, prune
from candide.foundation.runs.domain.report import as_csv, progress_of, refusals_of, warnings_of
from candide.foundation.runs.domain.working import work
from candide.foundation.runs.jobs import forget_runs
from candide.foundation.runs.models import Run
from candide.foundation.runs.tasks import work_on_next, work_on_one
from tests.factories.runs import CREATED_AT, ENDED_AT, RunFactory, RunItemFactory
from tests.foundation.runs.conftest import NOW, asked, clock, confirmed, two_confirmed

pytestmark = pytest.mark.django_db


def progress(run):
    run = Run.objects.get(pk=run.pk)
    return progress_of([run])[run.pk]


def test_progress_is_that_of_the_phase(bao, notes):
    notes.refused = {1}
    run = asked(bao, 1, 2, 3)
    assert (progress(run).value, progress(run).total) == (0, 3)

    work(clock=clock, limit=2)
    assert (progress(run).value, progress(run).total) == (2, 3)

    done = confirmed(bao, 1, 2, 3)
    assert (progress(done).value, progress(done).total) == (0, 2)
    work(clock=clock, only=done.pk, limit=1)
    assert (progress(done).value, progress(done).total) == (1, 2)
    assert progress(done).numbers == {
        "selected": 0,
        "ready": 1,
        "done": 1,
        "needless": 0,
        "refused": 1,
        "failed": 0,
    }


def test_progress_of_many_takes_one_query(bao, notes, django_assert_num_queries):
    runs = [asked(bao, 1, 2), asked(bao, 3)]

    with django_assert_num_queries(1):
        found = progress_of(runs)

    assert [found[run.pk].total for run in runs] == [2, 1]


def test_reasons_are_counted_the_most_frequent_first(bao, notes):
    run = RunFactory(examined=True)
    for notes_of_item in ([["a", "A 1"]], [["b", "B"], ["a", "A 2"]], []):
        RunItemFactory(run=run, state="refused", notes=notes_of_item)
    RunItemFactory(run=run, state="ready", notes=[["hm", "Hm"]])

    assert refusals_of(run) == [("A 1", 2), ("B", 1)]
    assert warnings_of(run) == [("Hm", 1)]


def test_table_opens_in_spreadsheets_and_executes_nothing():
    table = as_csv(["N°", "Résultat"], [[1, "=cmd()"], [2, "a;b"]])

    assert table.decode("utf-8") == '\ufeffN°;Résultat\r\n1;\'=cmd()\r\n2;"a;b"\r\n'


def test_old_reports_and_what_nobody_confirmed_are_forgotten(bao, notes):
    forgotten = RunFactory()
    RunItemFactory(run=forgotten)
    old = RunFactory(done=True, ended_at=ENDED_AT - REPORTS)
    kept = RunFactory(created_at=CREATED_AT + timedelta(days=2)), RunFactory(running=True)
    counted = {}

    class Counting:
        def count(self, **numbers):
            counted.update(numbers)

    forget_runs(CREATED_AT + UNCONFIRMED + timedelta(days=1), Counting())

    assert counted == {"unconfirmed": 2, "ended": 1}
    assert set(Run.objects.values_list("pk", flat=True)) == {run.pk for run in kept}
    assert not Run.objects.filter(pk=old.pk).exists()
    assert prune(now=NOW) == {"unconfirmed": 0, "ended": 0}


def test_sweep_and_spur_work(bao, notes):
    first, second = two_confirmed(bao, [1], [2])

    work_on_one(second.pk)
    assert progress(second).value == 1
    assert work_on_next(NOW) > 0
    assert progress(first).value == 1
