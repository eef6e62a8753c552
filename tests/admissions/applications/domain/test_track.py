from datetime import UTC, date, datetime

import pytest

from candide.admissions.applications.domain.track import track
from candide.admissions.applications.enums import Outcome
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import DAY, TODAY

DONE, NOW, AHEAD, STOPPED = "done", "current", "ahead", "stopped"
THEN = datetime(2027, 3, 14, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "states"),
    [
        ({}, [DONE, NOW, AHEAD, AHEAD, AHEAD]),
        ({"transmitted": True}, [DONE, DONE, NOW, AHEAD, AHEAD]),
        ({"incomplete": True}, [DONE, NOW, AHEAD, AHEAD, AHEAD]),
        ({"complete": True}, [DONE, DONE, DONE, NOW, AHEAD]),
        ({"offered": True}, [DONE, DONE, DONE, DONE, NOW]),
        ({"accepted": True}, [DONE, DONE, DONE, DONE, DONE]),
        ({"withdrawn": True}, [DONE, DONE, DONE, DONE, STOPPED]),
        ({"released_outcome": Outcome.UNFAVOURABLE}, [DONE, DONE, DONE, DONE]),
        ({"released_outcome": Outcome.RESERVE_LIST}, [DONE, DONE, DONE, DONE, AHEAD]),
        ({"released_outcome": Outcome.WAITING_LIST}, [DONE, DONE, DONE, DONE, AHEAD]),
        ({"released_outcome": Outcome.SHORTLISTED}, [DONE, DONE, DONE, NOW, AHEAD]),
    ],
)
def test_track_follows_the_stage(state, states):
    application = ApplicationFactory.build(**state)

    found = track(application, is_paperless=True, today=TODAY)

    assert [step.state for step in found] == states


def test_track_dates_what_is_behind():
    application = ApplicationFactory.build(accepted=True)

    found = track(application, is_paperless=True, today=TODAY)

    assert [(step.code, step.on) for step in found] == [
        ("applied", date(2027, 3, 10)),
        ("received", date(2027, 3, 11)),
        ("complete", date(2027, 3, 12)),
        ("decision", None),
        ("answer", date(2027, 3, 12)),
    ]


def test_track_does_not_date_a_reception_that_no_longer_counts():
    """An incomplete dossier was received once; that is not where it stands."""
    application = ApplicationFactory.build(incomplete=True)

    found = track(application, is_paperless=True, today=TODAY)

    assert [step.on for step in found] == [date(2027, 3, 10), None, None, None, None]


def test_paper_dossier_is_received_without_being_transmitted():
    application = ApplicationFactory.build()

    online = track(application, is_paperless=True, today=TODAY)
    paper = track(application, is_paperless=False, today=TODAY)

    assert online[1].label == "Transmise et réceptionnée"
    assert paper[1].label == "Réceptionnée"


@pytest.mark.parametrize(
    ("due_on", "state"),
    [(None, NOW), (TODAY, NOW), (TODAY - DAY, STOPPED)],
)
def test_offer_that_was_not_answered_in_time_is_stopped(due_on, state):
    application = ApplicationFactory.build(offered=True, acceptance_due_on=due_on)

    found = track(application, is_paperless=True, today=TODAY)

    assert found[-1].state == state


def test_cancelled_application_ends_there():
    application = ApplicationFactory.build(cancelled=True)

    found = track(application, is_paperless=True, today=TODAY)

    assert [(step.code, step.state, step.on) for step in found] == [
        ("applied", DONE, date(2027, 3, 10)),
        ("cancelled", STOPPED, date(2027, 3, 12)),
    ]


@pytest.mark.parametrize(
    ("state", "states"),
    [
        ({}, [DONE, STOPPED, AHEAD, AHEAD, AHEAD]),
        ({"complete": True}, [DONE, DONE, DONE, STOPPED, AHEAD]),
        ({"accepted": True}, [DONE, DONE, DONE, DONE, DONE]),
        ({"released_outcome": Outcome.SHORTLISTED}, [DONE, DONE, DONE, STOPPED, AHEAD]),
    ],
)
def test_nothing_is_waited_for_once_the_campaign_is_archived(state, states):
    application = ApplicationFactory.build(archived_at=THEN, **state)

    found = track(application, is_paperless=True, today=TODAY)

    assert [step.state for step in found] == states
