"""« Silence vaut acceptation »: who waits for how long, and nothing else happens."""

from datetime import timedelta

import pytest

from candide.admissions.applications.enums import Outcome
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.tacit import (
    is_marked,
    silent_since,
    threshold_for,
    thresholds,
)
from candide.admissions.decisions.models import Decision
from candide.core.clock import localdate
from candide.foundation.history.models import HistoryEntry
from candide.institution.catalogue.enums import TacitReference
from candide.institution.catalogue.models import Institution, TacitThreshold
from candide.institution.mails.models import OutgoingMail
from tests.admissions.conftest import NOW
from tests.admissions.decisions.conftest import DAY, TODAY, decided, decision_type
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import TacitThresholdFactory

pytestmark = pytest.mark.django_db


def counting(reference, **fields):
    Institution.current()
    Institution.objects.update(tacit_reference=reference, **fields)


@pytest.fixture
def marks():
    """After 30 and after 45 days; another one is out of service."""
    TacitThresholdFactory(days=40, is_active=False)
    return TacitThresholdFactory(days=30), TacitThresholdFactory(days=45)


def transmitted(days, **fields):
    """Transmitted so many days ago, at the same hour."""
    return ApplicationFactory(transmitted=True, **{"transmitted_at": NOW - days * DAY, **fields})


def marked(threshold=None):
    found = Application.objects.filter(is_marked(threshold, today=TODAY))
    return set(found.values_list("pk", flat=True))


def since(application):
    return Application.objects.annotate(since=silent_since()).get(pk=application.pk).since


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, None), (29, None), (30, 30), (44, 30), (45, 45), (300, 45)],
)
def test_highest_threshold_reached_is_the_mark(marks, days, expected):
    counting(TacitReference.TRANSMITTED)
    application = transmitted(days)

    mark = threshold_for(since(application), today=TODAY)

    assert (mark.days if mark else None) == expected
    assert [each.days for each in marks if application.pk in marked(each)] == (
        [expected] if expected else []
    )
    assert marked() == ({application.pk} if expected else set())


@pytest.mark.parametrize(
    ("reference", "field"),
    [
        (TacitReference.CREATED, "created_at"),
        (TacitReference.TRANSMITTED, "transmitted_at"),
        (TacitReference.RECEIVED, "received_on"),
        (TacitReference.COMPLETE, "complete_on"),
        (TacitReference.INCOMPLETE, "incomplete_on"),
        (TacitReference.ANSWERED, "answered_at"),
    ],
)
def test_days_count_from_the_reference_the_institution_chose(marks, reference, field):
    """A-026."""
    counting(reference)
    then = NOW - 31 * DAY
    value = then if field.endswith("_at") else then.date()
    fields = {"answer": "accepted"} if field == "answered_at" else {}
    waits = ApplicationFactory(**{field: value}, **fields)
    fresh = ApplicationFactory(created_at=NOW)

    assert marked() == {waits.pk}
    assert since(waits) == localdate(then)
    assert threshold_for(since(fresh), today=TODAY) is None


def test_day_begins_where_the_institution_is(marks):
    counting(TacitReference.TRANSMITTED)
    midnight = NOW.replace(hour=23, minute=30) - 31 * DAY  # already the next day in Paris

    application = transmitted(0, transmitted_at=midnight)

    assert since(application) == TODAY - 30 * DAY
    assert marked(marks[0]) == {application.pk}
    assert marked() == {application.pk}


def test_released_cancelled_and_archived_are_not_marked_drafts_are(marks):
    counting(TacitReference.TRANSMITTED)
    drafted = transmitted(31, has_draft_decision=True, has_any_decision=True)
    transmitted(31, released_outcome=Outcome.UNFAVOURABLE, has_any_decision=True)
    transmitted(31, cancelled=True)
    transmitted(31, archived_at=NOW)
    ApplicationFactory()

    assert marked() == {drafted.pk}


def test_only_a_final_decision_ends_the_silence_where_the_institution_wants_it(
    application, marks, bao
):
    counting(TacitReference.TRANSMITTED, tacit_final_only=True)
    Application.objects.filter(pk=application.pk).update(transmitted_at=NOW - 31 * DAY)
    decision_type(Outcome.SHORTLISTED, is_final=False)
    decision_type(Outcome.FAVOURABLE, is_final=True)

    decided(application, Outcome.SHORTLISTED, by=bao)
    assert marked() == {application.pk}

    later = NOW + timedelta(hours=1)
    Decision.objects.create(
        application=application,
        type=decision_type(Outcome.FAVOURABLE),
        created_at=later,
        released_at=later,
    )
    assert marked() == set()
    assert since(application) is None


def test_any_released_decision_ends_it_otherwise(application, marks, bao):
    counting(TacitReference.TRANSMITTED)
    Application.objects.filter(pk=application.pk).update(transmitted_at=NOW - 31 * DAY)
    decision_type(Outcome.SHORTLISTED, is_final=False)

    decided(application, Outcome.SHORTLISTED, by=bao)

    assert marked() == set()


def test_nothing_is_marked_while_nothing_is_counted(marks):
    counting(TacitReference.NONE)
    application = transmitted(300)

    assert thresholds() == []
    assert marked() == marked(marks[0]) == set()
    assert since(application) is None


def test_threshold_out_of_service_marks_nothing(marks):
    counting(TacitReference.TRANSMITTED)
    transmitted(41)

    assert marked(TacitThreshold.objects.get(days=40)) == set()


def test_thresholds_are_read_once_a_request(marks, django_assert_num_queries):
    counting(TacitReference.TRANSMITTED)

    with Institution.one_reading(), django_assert_num_queries(2):
        assert [thresholds() for _time in range(3)] == [list(marks)] * 3


def test_no_application_is_decided_by_its_silence(marks):
    counting(TacitReference.TRANSMITTED)
    application = transmitted(300)
    before = Application.objects.values().get(pk=application.pk)

    assert marked() == {application.pk}
    assert Application.objects.values().get(pk=application.pk) == before
    assert not Decision.objects.exists()
    assert not OutgoingMail.objects.exists()
    assert not HistoryEntry.objects.exists()
