"""Two workers on one long work, and somebody who stops it meanwhile."""

from functools import partial

import pytest

from candide.core.blockers import Refused
from candide.foundation.runs.domain.asking import resume, stop
from candide.foundation.runs.domain.working import LEASE, claim, step, work
from candide.foundation.runs.enums import RunState
from candide.foundation.runs.models import Run
from tests.concurrency.at_once import ROUNDS, at_once
from tests.foundation.runs.conftest import NOW, clock, confirmed, noted, notes, states

__all__ = ["notes"]

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

SUBJECTS = list(range(1, 31))


def later():
    return NOW + LEASE


def all_the_work():
    while work(clock=clock):
        pass


def test_two_workers_do_each_item_once_and_in_order(bao, notes):
    for number in ROUNDS:
        run = confirmed(bao, *SUBJECTS)

        at_once(all_the_work, all_the_work)
        all_the_work()  # the one that lost the race for the last batch may have left

        assert noted() == SUBJECTS * (number + 1)
        assert Run.objects.get(pk=run.pk).state == RunState.DONE


def test_worker_whose_lease_ran_out_and_the_next_one_do_no_item_twice(bao, notes):
    for number in ROUNDS:
        run = confirmed(bao, *SUBJECTS)
        slow = claim(now=NOW)

        def go_on(run=run, slow=slow):
            while step(run.pk, slow.claim, clock=clock) == "one":
                pass

        at_once(go_on, partial(work, clock=later, limit=len(SUBJECTS) + 1))
        while work(clock=later):
            pass

        assert noted() == SUBJECTS * (number + 1)


def test_stopping_between_two_items_stops(bao, notes):
    for number in ROUNDS:
        run = confirmed(bao, *SUBJECTS)
        before = len(noted())

        at_once(all_the_work, partial(_stopped, run, bao))
        done = noted()[before:]
        assert done == SUBJECTS[: len(done)]
        assert states(run) == ["done"] * len(done) + ["ready"] * (len(SUBJECTS) - len(done))

        if len(done) < len(SUBJECTS):
            resume(run, by=bao)
            all_the_work()
        assert noted() == SUBJECTS * (number + 1)


def _stopped(run, bao):
    try:
        stop(run, by=bao, now=NOW)
    except Refused:  # it was done already
        return
