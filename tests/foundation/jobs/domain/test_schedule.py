from datetime import UTC, datetime, time, timedelta

import pytest

from candide.core.blockers import Refused
from candide.foundation.history.models import HistoryEntry
from candide.foundation.jobs.domain.schedule import (
    agree,
    change_hour,
    latest_due,
    next_due,
    run_now,
    schedules,
    switch,
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

    assert latest_due(find_job("tidy"), hour=None, now=now) == due


def test_daily_job_is_due_once_a_day_also_when_the_clock_changes(nightly):
    """On 28 March 2027 there is no 02:30 in Paris, on 31 October there are two."""
    nightly("tidy", at="02:30")
    job = find_job("tidy")
    start = datetime(2027, 1, 1, 12, 0, tzinfo=UTC)
    minutes = range(0, 365 * 24 * 60, 15)

    dues = {latest_due(job, hour=None, now=start + timedelta(minutes=m)) for m in minutes}

    local_days = sorted((due + timedelta(hours=1)).date() for due in dues)
    assert len(local_days) == len(set(local_days)) == 366
    gaps = {later - earlier for earlier, later in zip(sorted(dues), sorted(dues)[1:], strict=False)}
    assert gaps == {timedelta(hours=23), timedelta(hours=24), timedelta(hours=25)}


def test_hour_of_staff_counts_before_that_of_the_code(nightly):
    nightly("tidy", at="02:00")

    assert latest_due(find_job("tidy"), hour=time(5, 0), now=utc(15, 9)) == utc(15, 4)


def test_frequent_job_is_due_at_each_step(nightly):
    nightly("count", every=timedelta(minutes=15))

    assert latest_due(find_job("count"), hour=None, now=utc(15, 9, 44)) == utc(15, 9, 30)
    assert next_due(find_job("count"), hour=None, now=utc(15, 9, 44)) == utc(15, 9, 45)


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

    found = next_due(job, hour=None, now=now)

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
        assert [row.hour for row in (second["tidy"], second["count"])] == [time(2, 0), None]

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

    def test_changing_the_hour_counts_from_now_on(self, nightly):
        nightly("tidy")
        schedules(now=NOW - timedelta(days=9))

        change_hour("tidy", hour=time(5, 0), by=BAO, now=NOW)
        change_hour("tidy", hour=time(5, 0), by=BAO, now=NOW + timedelta(hours=1))

        row = JobSchedule.objects.get()
        assert (row.hour, row.effective_from) == (time(5, 0), NOW)
        assert HistoryEntry.objects.get().data == {"hour": "05:00"}

    def test_frequent_job_has_no_hour(self, nightly):
        nightly("count", every=timedelta(minutes=5))

        with pytest.raises(Refused) as refusal:
            change_hour("count", hour=time(5, 0), by=BAO, now=NOW)

        assert refusal.value.codes == ["not_daily"]

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
