"""The night after a last day to answer (architecture, 0 « Deadlines ») [CONF-06]."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.management import call_command

from candide.admissions.applications.enums import CandidateAnswer
from candide.admissions.decisions.jobs import auto_withdraw_overdue
from candide.core.clock import end_of
from candide.foundation.jobs import worker
from candide.foundation.jobs.worker import Worker
from tests.admissions.conftest import NOW, again
from tests.admissions.decisions.conftest import DAY, TODAY, offered
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
