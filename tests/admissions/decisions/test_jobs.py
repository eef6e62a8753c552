"""The night after a last day to answer (architecture, 0 « Deadlines ») [CONF-06]."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.management import call_command

from candide.admissions.applications.enums import CandidateAnswer
from candide.admissions.decisions.jobs import auto_withdraw_overdue
from candide.core.clock import end_of
from candide.foundation.jobs import registry, worker
from candide.foundation.jobs.domain.running import run_due_jobs
from candide.foundation.jobs.domain.schedule import agree, schedules
from candide.foundation.jobs.registry import find_job
from candide.foundation.jobs.worker import Worker
from candide.institution.catalogue.models import Institution
from candide.institution.mails.models import OutgoingMail
from tests.admissions.conftest import NOW, again
from tests.admissions.decisions.conftest import DAY, TODAY, offered
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import IntakeFactory
from tests.factories.jobs import ServiceBeatFactory

MINUTE = timedelta(minutes=1)
WATCHED = 20


class Counting(SimpleNamespace):
    """A run that notes what is counted, and lets nothing fail in silence."""

    def each(self, items, act):
        for item in items:
            act(item)

    def count(self, **numbers):
        self.counts = numbers


def pulse_through(evening, *, maintenance):
    """A worker looks at each of these minutes; the first so many are of maintenance."""
    clock = iter(evening)
    one = Worker(clock=lambda: next(clock), probe_url="http://here")
    call_command("maintenance", "on")
    for number in range(len(evening)):
        if number == maintenance:
            call_command("maintenance", "off")
        one.pulse()


@pytest.mark.parametrize(
    ("maintenance", "answer", "counts"),
    [
        (0, CandidateAnswer.WITHDRAWN, {}),
        (15, CandidateAnswer.WITHDRAWN, {}),
        (16, "", {"waiting_for_an_administrator": 1}),
    ],
)
def test_offer_is_withdrawn_only_where_candidates_could_come_in(
    application, bao, monkeypatch, maintenance, answer, counts
):
    """In maintenance the service says it is well, yet lets nobody answer."""
    application = offered(application, bao, TODAY + DAY)
    last = end_of(TODAY + DAY).replace(second=0)
    for number in range(WATCHED, 6 * 60):
        ServiceBeatFactory(minute=last - (number + 1) * MINUTE)
    monkeypatch.setattr(worker, "answers", lambda url: True)
    pulse_through(
        [last - number * MINUTE for number in range(WATCHED, 0, -1)], maintenance=maintenance
    )
    night = Counting(counts={})

    auto_withdraw_overdue(NOW + 2 * DAY, night)

    assert (again(application).answer, night.counts) == (answer, counts)


@pytest.mark.parametrize(
    ("code", "hour", "destroys"),
    [("remind-answers", "09:00:00", False), ("auto-withdraw", "02:00:00", True)],
)
def test_jobs_are_registered_with_their_hour(code, hour, destroys):
    """What destroys waits until the institution agreed to it."""
    job = find_job(code)

    assert (str(job.at), job.destroys) == (hour, destroys)


@pytest.fixture
def work(db, monkeypatch):
    """`work("auto-withdraw", at)`: the worker comes, for the first time since the institution
    agreed at NOW; no other job exists. What each run counted."""
    known = {code: find_job(code) for code in ("remind-answers", "auto-withdraw")}

    def run(code, now):
        monkeypatch.setattr(registry, "_jobs", {code: known[code]})
        schedules(now=NOW)
        if known[code].destroys:
            agree(code, by=UserFactory(staff=True), now=NOW)
        return [(run.status, run.counts) for run in run_due_jobs(now)]

    return run


def answered_on_the_evening_of(day, *, but=0):
    """The service was there in the last hours of the day, except for so many minutes."""
    end = end_of(day).replace(second=0)
    for number in range(but, 6 * 60):
        ServiceBeatFactory(minute=end - (number + 1) * MINUTE)


@pytest.mark.parametrize(
    "days", [pytest.param(2, id="the night after"), pytest.param(5, id="nights were missed")]
)
def test_offer_not_answered_in_time_is_withdrawn_by_the_worker(application, bao, work, days):
    """S2-45 [CONF-06]."""
    application = offered(application, bao, TODAY + DAY)
    answered_on_the_evening_of(TODAY + DAY)

    runs = work("auto-withdraw", NOW + days * DAY)

    assert runs == [("done", {"done": 1})]
    assert again(application).answer == CandidateAnswer.WITHDRAWN
    assert OutgoingMail.objects.filter(kind="answer-auto-withdrawn").count() == 1


@pytest.mark.parametrize(
    "due", [pytest.param(TODAY + 2 * DAY, id="last day"), pytest.param(None, id="no last day")]
)
def test_offer_that_is_not_overdue_is_left_by_the_worker(application, bao, work, due):
    application = offered(application, bao, due)
    answered_on_the_evening_of(TODAY + 2 * DAY)

    work("auto-withdraw", NOW + 2 * DAY)

    assert again(application).answer == ""


def test_gap_holds_back_the_offers_of_that_evening_alone(application, bao, work):
    """Architecture, 0 « Deadlines »: for these an administrator gives more time."""
    held = offered(application, bao, TODAY + DAY)
    other = offered(
        again(ApplicationFactory(intake=IntakeFactory(closed=True))), bao, TODAY + 2 * DAY
    )
    answered_on_the_evening_of(TODAY + DAY, but=16)
    answered_on_the_evening_of(TODAY + 2 * DAY, but=15)

    [(_status, counts)] = work("auto-withdraw", NOW + 3 * DAY)

    assert counts["waiting_for_an_administrator"] == 1
    assert (again(held).answer, again(other).answer) == ("", CandidateAnswer.WITHDRAWN)


@pytest.mark.parametrize(
    ("reminder_days", "days", "reminded"),
    [
        pytest.param(2, 1, 1, id="the day the institution says"),
        pytest.param(1, 1, 0, id="not before"),
        pytest.param(2, 3, 1, id="days were missed"),
        pytest.param(2, 4, 0, id="too late"),
    ],
)
def test_offer_that_waits_is_reminded_of_by_the_worker(
    application, bao, work, reminder_days, days, reminded
):
    """S2-45 [CONF-07]."""
    Institution.current()
    Institution.objects.update(reminder_days=reminder_days)
    offered(application, bao, TODAY + 3 * DAY)

    runs = work("remind-answers", NOW + days * DAY)

    assert runs == [("done", {"done": 1} if reminded else {})]
    assert OutgoingMail.objects.filter(kind="answer-reminder").count() == reminded
