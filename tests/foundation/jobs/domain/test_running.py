"""Jobs run when due, once, whoever dies."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from candide.core.blockers import Blocker, Refused
from candide.foundation.jobs.domain import running
from candide.foundation.jobs.domain.running import (
    RETRY,
    SILENCE,
    Run,
    Stopped,
    TakenOver,
    beat,
    run_due_jobs,
    run_next_job,
)
from candide.foundation.jobs.domain.schedule import agree, run_now, schedules, switch
from candide.foundation.jobs.enums import RunStatus
from candide.foundation.jobs.models import JobRun
from candide.foundation.jobs.registry import job
from tests.factories.jobs import JobRunFactory
from tests.foundation.jobs.conftest import BAO, SUNDAY_NOON

pytestmark = pytest.mark.django_db

DUE = datetime(2027, 3, 15, 1, 0, tzinfo=UTC)  # 02:00 in Paris, the night after SUNDAY_NOON
MORNING = DUE + timedelta(hours=7)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def known_since_sunday() -> None:
    schedules(now=SUNDAY_NOON)


def states() -> list[tuple[str, str, int]]:
    return list(JobRun.objects.order_by("pk").values_list("job", "status", "attempt"))


def test_job_does_not_run_before_it_is_due(nightly):
    ran = nightly("tidy")
    known_since_sunday()

    run_due_jobs(DUE - MINUTE)

    assert ran == []
    assert states() == []


def test_job_runs_once_when_it_is_due(nightly):
    ran = nightly("tidy")
    known_since_sunday()

    for moment in (DUE, DUE + MINUTE, MORNING):
        run_due_jobs(moment)

    assert ran == [DUE]
    run = JobRun.objects.get()
    assert (run.status, run.due_at, run.started_at, run.finished_at, run.worker) == (
        RunStatus.DONE,
        DUE,
        DUE,
        DUE,
        "here",
    )


def test_new_job_does_not_start_for_a_night_before_it_was_known(nightly):
    ran = nightly("tidy")

    run_due_jobs(MORNING)
    run_due_jobs(MORNING + DAY)

    assert ran == [MORNING + DAY]


def test_outage_is_caught_up_once_and_not_for_each_missed_night(nightly):
    ran = nightly("tidy")
    known_since_sunday()

    run_due_jobs(MORNING + 5 * DAY)
    run_due_jobs(MORNING + 5 * DAY + MINUTE)

    assert ran == [MORNING + 5 * DAY]
    assert JobRun.objects.get().due_at == DUE + 5 * DAY


def test_jobs_that_are_due_run_in_the_order_of_their_hours(nightly):
    nightly("a-later", at="03:00")
    nightly("b-earlier", at="01:00")
    known_since_sunday()

    run_due_jobs(MORNING)

    assert [name for name, _, _ in states()] == ["b-earlier", "a-later"]


def test_switched_off_job_rests(nightly):
    ran = nightly("tidy")
    switch("tidy", on=False, by=BAO, now=SUNDAY_NOON)

    run_due_jobs(MORNING)
    switch("tidy", on=True, by=BAO, now=MORNING)
    run_due_jobs(MORNING + MINUTE)
    run_due_jobs(MORNING + DAY)

    assert ran == [MORNING + DAY]


def test_job_that_destroys_waits_until_the_institution_agreed(nightly):
    ran = nightly("erase", destroys=True)
    known_since_sunday()

    run_due_jobs(MORNING)
    agree("erase", by=BAO, now=MORNING)
    run_due_jobs(MORNING + MINUTE)
    run_due_jobs(MORNING + DAY)

    assert ran == [MORNING + DAY]


def test_job_staff_ask_for_runs_soon_whatever_its_hour(nightly):
    ran = nightly("tidy")
    run_now("tidy", by=BAO, now=SUNDAY_NOON)

    run_due_jobs(SUNDAY_NOON + MINUTE)

    assert ran == [SUNDAY_NOON + MINUTE]
    run = JobRun.objects.get()
    assert (run.status, run.asked_by_id) == (RunStatus.DONE, BAO.pk)


def test_failing_job_says_where_and_not_what_and_is_tried_again(nightly, caplog):
    @job("broken", title="Broken", at="02:00")
    def broken(now, run):
        raise ValueError("alix@example.org")

    known_since_sunday()

    for moment in (DUE, DUE + MINUTE, DUE + RETRY, DUE + 2 * RETRY, DUE + 9 * RETRY):
        run_due_jobs(moment)

    assert states() == [("broken", RunStatus.FAILED, attempt) for attempt in (1, 2, 3)]
    errors = set(JobRun.objects.values_list("error", flat=True))
    assert {error.split(":")[0] for error in errors} == {"ValueError at jobs/domain/running.py"}
    assert "alix" not in caplog.text
    assert caplog.text.count("job broken failed: ValueError") == 3


def test_one_bad_row_does_not_stop_the_others(caplog):
    met = []

    def act(item):
        met.append(item)
        if item == 2:
            raise KeyError("alix@example.org")
        if item == 3:
            raise Refused([Blocker("no", "no")])

    @job("rows", title="Rows", at="02:00")
    def rows(now, run):
        run.count(found=4)
        run.each([1, 2, 3, 4], act)

    known_since_sunday()

    run_due_jobs(DUE)

    run = JobRun.objects.get()
    assert met == [1, 2, 3, 4]
    assert run.counts == {"found": 4, "done": 2, "failed": 1, "refused": 1}
    assert run.status == RunStatus.FAILED
    assert run.error.startswith("KeyError at jobs/domain/running.py:")
    assert "alix" not in caplog.text


def test_lost_database_is_not_the_fault_of_a_row():
    met = []

    def act(item):
        met.append(item)
        raise OperationalError("the database went away")

    @job("rows", title="Rows", at="02:00")
    def rows(now, run):
        run.each(iter([1, 2]), act)  # nobody knows how many

    known_since_sunday()

    run_due_jobs(DUE)

    assert met == [1]
    assert states() == [("rows", RunStatus.FAILED, 1)]


# -- Stopping and dying -------------------------------------------------------------------------


def test_stopped_worker_leaves_the_job_to_another_as_often_as_it_takes():
    met = []

    @job("rows", title="Rows", at="02:00")
    def rows(now, run):
        run.each([1, 2, 3], met.append)

    known_since_sunday()

    for _ in range(5):
        answers = iter([False, True])
        run_next_job(clock=lambda: DUE, worker="a", stopping=lambda: next(answers))  # noqa: B023
    run_due_jobs(DUE)

    assert met == [1] * 5 + [1, 2, 3]
    assert states() == [
        *[("rows", RunStatus.ABANDONED, attempt) for attempt in range(1, 6)],
        ("rows", RunStatus.DONE, 6),
    ]


def test_run_of_a_job_another_version_had_disturbs_nobody(nightly):
    ran = nightly("tidy")
    known_since_sunday()
    JobRunFactory(job="gone", due_at=DUE)

    run_due_jobs(DUE)

    assert ran == [DUE]


def test_running_job_is_left_alone_while_its_worker_gives_signs_of_life(nightly):
    ran = nightly("tidy")
    known_since_sunday()
    JobRunFactory(job="tidy", due_at=DUE, worker="other", heartbeat_at=MORNING)

    run_due_jobs(MORNING + SILENCE - MINUTE)

    assert ran == []
    assert states() == [("tidy", RunStatus.RUNNING, 1)]


def test_beat_keeps_the_runs_of_a_worker_alive():
    mine = JobRunFactory(worker="mine", heartbeat_at=DUE)
    other = JobRunFactory(worker="other", heartbeat_at=DUE)

    beat(worker="mine", now=MORNING)

    for run in (mine, other):
        run.refresh_from_db()
    assert (mine.heartbeat_at, other.heartbeat_at) == (MORNING, DUE)


@pytest.mark.parametrize(
    ("worker", "heartbeat_at"),
    [("other", MORNING - 5 * MINUTE), ("other", None), ("here", MORNING)],
    ids=["silent", "never heard of", "ourselves, who look for work"],
)
def test_dead_run_is_taken_over(nightly, worker, heartbeat_at):
    ran = nightly("tidy")
    known_since_sunday()
    JobRunFactory(job="tidy", due_at=DUE, worker=worker, heartbeat_at=heartbeat_at)

    run_due_jobs(MORNING)

    assert ran == [MORNING]
    assert states() == [("tidy", RunStatus.ABANDONED, 1), ("tidy", RunStatus.DONE, 2)]


def test_job_that_kills_its_worker_is_given_up(nightly):
    ran = nightly("deadly")
    known_since_sunday()
    for attempt in (1, 2):
        JobRunFactory(job="deadly", due_at=DUE, attempt=attempt, status=RunStatus.ABANDONED)
    JobRunFactory(job="deadly", due_at=DUE, attempt=3)

    run_due_jobs(MORNING)

    assert ran == []
    assert states() == [("deadly", RunStatus.ABANDONED, attempt) for attempt in (1, 2, 3)]


def test_run_asked_for_and_cut_short_is_asked_for_again(nightly):
    ran = nightly("tidy")
    known_since_sunday()
    JobRunFactory(job="tidy", due_at=SUNDAY_NOON, asked_by_id=BAO.pk, heartbeat_at=SUNDAY_NOON)

    run_due_jobs(SUNDAY_NOON + SILENCE)

    assert ran == [SUNDAY_NOON + SILENCE]
    assert states() == [("tidy", RunStatus.ABANDONED, 1), ("tidy", RunStatus.DONE, 2)]
    assert JobRun.objects.get(attempt=2).asked_by_id == BAO.pk


def test_run_asked_for_that_kills_its_worker_is_given_up(nightly):
    ran = nightly("tidy")
    known_since_sunday()
    JobRunFactory(job="tidy", due_at=SUNDAY_NOON, asked_by_id=BAO.pk, attempt=3, heartbeat_at=None)

    run_due_jobs(SUNDAY_NOON + SILENCE)

    assert ran == []
    assert states() == [("tidy", RunStatus.ABANDONED, 3)]


def test_second_request_is_not_doubled_by_an_interruption(nightly):
    ran = nightly("tidy")
    known_since_sunday()
    JobRunFactory(job="tidy", due_at=SUNDAY_NOON, asked_by_id=BAO.pk, heartbeat_at=None)
    JobRunFactory(job="tidy", due_at=SUNDAY_NOON + MINUTE, asked_by_id=BAO.pk, asked=True)

    run_due_jobs(SUNDAY_NOON + SILENCE)

    assert ran == [SUNDAY_NOON + SILENCE]


def make_run(**row) -> tuple[Run, JobRun]:
    saved = JobRunFactory(**row)
    moments = iter(DUE + timedelta(seconds=10 * n) for n in range(10))
    return Run(saved, clock=lambda: next(moments), stopping=lambda: False), saved


DONE = ({}, {"done": 1}, {"done": 2})


def test_beat_of_a_run_says_that_it_lives_and_how_far_it_is():
    run, row = make_run(heartbeat_at=DUE)
    met = []

    def act(item):
        row.refresh_from_db()
        met.append((row.total, row.progress, row.counts))

    run.count(found=3)
    run.each(["a", "b", "c"], act)

    assert met == [(3, number, {"found": 3, **done}) for number, done in enumerate(DONE)]
    assert row.heartbeat_at == DUE + timedelta(seconds=30)


def test_beat_writes_only_now_and_then(django_assert_num_queries):
    saved = JobRunFactory()
    run = Run(saved, clock=lambda: DUE, stopping=lambda: False)

    with django_assert_num_queries(0):
        run.beat()


def test_run_that_was_taken_over_stops_itself():
    run, row = make_run()
    JobRun.objects.filter(pk=row.pk).update(status=RunStatus.ABANDONED)

    with pytest.raises(TakenOver):
        run.each([1], lambda item: None)


def test_run_stops_between_two_rows():
    run = Run(JobRunFactory(), clock=lambda: DUE, stopping=lambda: True)
    met = []

    with pytest.raises(Stopped):
        run.each([1], met.append)

    assert met == []


def test_run_that_was_taken_over_does_not_close_the_other(caplog):
    @job("slow", title="Slow", at="02:00")
    def slow(now, run):
        JobRun.objects.update(status=RunStatus.ABANDONED, error="silent")
        JobRunFactory(job="slow", due_at=DUE, attempt=2, worker="other")
        raise TakenOver

    known_since_sunday()

    run_next_job(clock=lambda: DUE, worker="here")

    assert states() == [("slow", RunStatus.ABANDONED, 1), ("slow", RunStatus.RUNNING, 2)]
    assert "taken over" in caplog.text


def test_finishing_changes_nothing_once_taken_over():
    @job("slow", title="Slow", at="02:00")
    def slow(now, run):
        JobRun.objects.update(status=RunStatus.ABANDONED, error="silent")

    known_since_sunday()

    run_next_job(clock=lambda: DUE, worker="here")

    assert JobRun.objects.get().error == "silent"


# -- Never two at once --------------------------------------------------------------------------


def test_database_refuses_two_runs_at_once():
    JobRunFactory(job="tidy", due_at=DUE)

    with pytest.raises(IntegrityError), transaction.atomic():
        JobRunFactory(job="tidy", due_at=DUE + DAY)


def test_claim_looks_again(nightly, monkeypatch):
    """Between the look without locks and the claim another worker was faster."""
    ran = nightly("tidy")
    known_since_sunday()
    found = running._worth_a_try

    def slow(*args, **kwargs):
        jobs = found(*args, **kwargs)
        if not JobRun.objects.exists():
            JobRunFactory(job="tidy", due_at=DUE, worker="other", heartbeat_at=DUE)
        return jobs

    monkeypatch.setattr(running, "_worth_a_try", slow)

    assert run_next_job(clock=lambda: DUE, worker="here") is None
    assert ran == []


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_runs_what_is_due(nightly):
    codes = ["a", "b", "c"]
    ran = {code: nightly(code) for code in codes}
    known_since_sunday()
    JobRunFactory(job="c", due_at=DUE, worker="dead", heartbeat_at=DUE)
    start = Barrier(6)

    def work(name):
        try:
            start.wait(10)
            while run_next_job(clock=lambda: MORNING, worker=name):
                pass
        finally:
            connection.close()

    threads = [Thread(target=work, args=(f"worker-{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert {code: len(runs) for code, runs in ran.items()} == {"a": 1, "b": 1, "c": 1}
    assert sorted(states()) == [
        ("a", RunStatus.DONE, 1),
        ("b", RunStatus.DONE, 1),
        ("c", RunStatus.ABANDONED, 1),
        ("c", RunStatus.DONE, 2),
    ]
