from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from candide.core.blockers import Refused
from candide.foundation.history.models import HistoryEntry
from candide.foundation.jobs.domain.schedule import (
    Plan,
    agree,
    change_plan,
    latest_due,
    next_due,
    plan_blockers,
    plan_of,
    run_now,
    schedules,
    standard_plan,
    switch,
    take_back,
)
from candide.foundation.jobs.enums import RunStatus
from candide.foundation.jobs.models import JobRun, JobSchedule
from candide.foundation.jobs.registry import find_job, jobs
from tests.factories.jobs import JobRunFactory
from tests.foundation.jobs.conftest import BAO

NOW = datetime(2027, 3, 15, 9, 0, tzinfo=UTC)


def utc(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2027, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (utc(15, 9), utc(15, 1)),
        (utc(15, 1), utc(15, 1)),
        (utc(15, 0, 59), utc(14, 1)),
        # Between 23:00 and midnight UTC it is already tomorrow in Paris.
        (utc(14, 23, 30), utc(14, 1)),
    ],
)
def test_daily_job_is_due_at_its_hour_where_the_institution_is(nightly, now, due):
    nightly("tidy", at="02:00")

    assert latest_due(standard_plan(find_job("tidy")), now=now) == due


def test_daily_job_is_due_once_a_day_also_when_the_clock_changes(nightly):
    """On 28 March 2027 there is no 02:30 in Paris, on 31 October there are two."""
    nightly("tidy", at="02:30")
    job = find_job("tidy")
    start = datetime(2027, 1, 1, 12, 0, tzinfo=UTC)
    minutes = range(0, 365 * 24 * 60, 15)

    dues = {latest_due(standard_plan(job), now=start + timedelta(minutes=m)) for m in minutes}

    local_days = sorted((due + timedelta(hours=1)).date() for due in dues)
    assert len(local_days) == len(set(local_days)) == 366
    gaps = {later - earlier for earlier, later in zip(sorted(dues), sorted(dues)[1:], strict=False)}
    assert gaps == {timedelta(hours=23), timedelta(hours=24), timedelta(hours=25)}


@pytest.mark.parametrize(
    ("plan", "now", "latest", "following"),
    [
        (Plan(hour=time(5, 0)), utc(15, 9), utc(15, 4), utc(16, 4)),
        # 15 March 2027 is a Monday.
        (Plan(hour=time(5, 0), weekdays=(2, 4)), utc(15, 9), utc(12, 4), utc(17, 4)),
        (Plan(hour=time(5, 0), weekdays=(0,)), utc(15, 4), utc(15, 4), utc(22, 4)),
        (Plan(minutes=60, weekdays=(2,)), utc(15, 9), utc(10, 22), utc(16, 23)),
        (Plan(minutes=60, weekdays=(0,)), utc(15, 9, 30), utc(15, 9), utc(15, 10)),
        (Plan(minutes=60, weekdays=(0,)), utc(15, 22, 30), utc(15, 22), utc(21, 23)),
        # A day of each month, of one month; 31 is the last day where there are fewer.
        (Plan(hour=time(5, 0), day=10), utc(15, 9), utc(10, 4), utc(10, 3, month=4)),
        (Plan(hour=time(5, 0), day=31), utc(15, 9), utc(28, 4, month=2), utc(31, 3)),
        (
            Plan(hour=time(5, 0), day=1, month=9),
            utc(15, 9),
            datetime(2026, 9, 1, 3, tzinfo=UTC),
            utc(1, 3, month=9),
        ),
    ],
)
def test_job_is_due_when_staff_planned_it(plan, now, latest, following):
    """B-167: an hour or a frequency, on all days or on some, where the institution is."""
    assert (latest_due(plan, now=now), next_due(plan, now=now)) == (latest, following)


@pytest.mark.parametrize(
    ("plan", "codes"),
    [
        (Plan(hour=time(5, 0)), []),
        (Plan(minutes=5, weekdays=(0, 6)), []),
        (Plan(), ["one_of_two"]),
        (Plan(hour=time(5, 0), minutes=30), ["one_of_two"]),
        (Plan(minutes=4), ["frequency"]),
        (Plan(minutes=1441, weekdays=(7,)), ["frequency", "weekdays"]),
        (Plan(hour=time(5, 0), day=1, month=12), []),
        (Plan(hour=time(5, 0), month=12), ["day_of_month"]),
        (Plan(hour=time(5, 0), weekdays=(1,), day=1), ["day_alone"]),
        (Plan(minutes=30, day=1), ["day_alone"]),
        (Plan(hour=time(5, 0), day=32, month=13), ["day", "month"]),
    ],
)
def test_plan_blockers(plan, codes):
    assert [blocker.code for blocker in plan_blockers(plan)] == codes


def test_frequent_job_is_due_at_each_step(nightly):
    nightly("count", every=timedelta(minutes=15))

    assert latest_due(standard_plan(find_job("count")), now=utc(15, 9, 44)) == utc(15, 9, 30)
    assert next_due(standard_plan(find_job("count")), now=utc(15, 9, 44)) == utc(15, 9, 45)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (utc(15, 0, 59), utc(15, 1)),
        (utc(15, 1), utc(16, 1)),
        (utc(27, 1), utc(28, 1)),
        (utc(28, 1), utc(29, 0)),
        (utc(30, 0, month=10), utc(31, 0, month=10)),
        (utc(31, 0, month=10), utc(1, 1, month=11)),
    ],
)
def test_next_due_of_a_daily_job(nightly, now, due):
    nightly("tidy", at="02:00")
    job = find_job("tidy")

    found = next_due(standard_plan(job), now=now)

    assert found == due


@pytest.mark.django_db
class TestSchedule:
    def test_row_is_made_for_each_job_once(self, nightly):
        nightly("tidy")
        nightly("count", every=timedelta(minutes=5))

        first = schedules(now=NOW)
        second = schedules(now=NOW + timedelta(hours=1))

        assert sorted(first) == ["count", "tidy"]
        assert {row.effective_from for row in second.values()} == {NOW}
        assert [row.hour for row in (second["tidy"], second["count"])] == [None, None]

    def test_agreeing_is_written_once(self, nightly):
        nightly("erase", destroys=True)

        agree("erase", by=BAO, now=NOW)
        agree("erase", by=BAO, now=NOW + timedelta(hours=1))

        row = JobSchedule.objects.get()
        assert (row.agreed_at, row.agreed_by_id, row.effective_from) == (NOW, BAO.pk, NOW)
        assert [entry.event for entry in HistoryEntry.objects.order_by("pk")] == ["job-agreed"]

    def test_switching_is_written_when_it_changes_something(self, nightly):
        nightly("tidy")

        switch("tidy", on=True, by=BAO, now=NOW)
        switch("tidy", on=False, by=BAO, now=NOW)
        switch("tidy", on=True, by=BAO, now=NOW)

        assert JobSchedule.objects.get().is_enabled
        events = [entry.event for entry in HistoryEntry.objects.order_by("pk")]
        assert events == ["job-switched-off", "job-switched-on"]

    def test_changing_the_plan_counts_from_now_on(self, nightly):
        nightly("tidy")
        schedules(now=NOW - timedelta(days=9))
        plan = Plan(hour=time(5, 0), weekdays=(4, 0, 4))

        change_plan("tidy", plan=plan, by=BAO, now=NOW)
        change_plan("tidy", plan=plan, by=BAO, now=NOW + timedelta(hours=1))

        row = JobSchedule.objects.get()
        assert (row.hour, row.minutes, row.weekdays) == (time(5, 0), None, [0, 4])
        assert row.effective_from == NOW
        data = HistoryEntry.objects.get().data
        assert data == {
            "before": {"hour": "02:00", "minutes": None, "weekdays": []},
            "after": {"hour": "05:00", "minutes": None, "weekdays": [0, 4]},
        }
        assert Plan.of_data(data["after"]) == replace(plan, weekdays=(0, 4))
        assert plan_of(find_job("tidy"), row) == replace(plan, weekdays=(0, 4))

    def test_daily_job_may_run_every_so_often_and_every_day_is_no_day(self, nightly):
        nightly("tidy")

        change_plan("tidy", plan=Plan(minutes=30, weekdays=tuple(range(7))), by=BAO, now=NOW)

        row = JobSchedule.objects.get()
        assert (row.hour, row.minutes, row.weekdays) == (None, 30, [])
        assert plan_of(find_job("tidy"), row) == Plan(minutes=30)

    def test_plan_that_cannot_be_is_refused(self, nightly):
        nightly("tidy")

        with pytest.raises(Refused) as refusal:
            change_plan("tidy", plan=Plan(), by=BAO, now=NOW)

        assert refusal.value.codes == ["one_of_two"]

    def test_what_was_asked_for_is_taken_back(self, nightly):
        nightly("tidy")
        run_now("tidy", by=BAO, now=NOW)

        take_back("tidy", by=BAO, now=NOW)
        with pytest.raises(Refused) as refusal:
            take_back("tidy", by=BAO, now=NOW)

        assert refusal.value.codes == ["not_asked"]
        assert JobRun.objects.count() == 0
        events = [entry.event for entry in HistoryEntry.objects.order_by("pk")]
        assert events == ["job-asked-for", "job-not-asked"]

    def test_run_now_asks_for_a_run(self, nightly):
        nightly("tidy")

        run_now("tidy", by=BAO, now=NOW)

        run = JobRun.objects.get()
        assert (run.job, run.status, run.due_at, run.asked_by_id) == (
            "tidy",
            RunStatus.ASKED,
            NOW,
            BAO.pk,
        )
        assert HistoryEntry.objects.get().event == "job-asked-for"

    @pytest.mark.parametrize(
        ("destroys", "runs", "codes"),
        [
            (True, [], ["not_agreed"]),
            (False, [{}], ["already_running"]),
            (False, [{"asked": True}], ["already_asked"]),
            (
                True,
                [{}, {"asked": True, "attempt": 2}],
                ["not_agreed", "already_running", "already_asked"],
            ),
        ],
    )
    def test_run_now_is_refused_with_every_reason(self, nightly, destroys, runs, codes):
        nightly("tidy", destroys=destroys)
        for run in runs:
            JobRunFactory(job="tidy", **run)

        with pytest.raises(Refused) as refusal:
            run_now("tidy", by=BAO, now=NOW)

        assert refusal.value.codes == codes
        assert JobRun.objects.count() == len(runs)

    def test_unknown_job_cannot_be_asked_for(self):
        with pytest.raises(KeyError):
            run_now("nothing", by=BAO, now=NOW)

        assert jobs() == []
