"""Whether people may use the service, and what they are told."""

from datetime import UTC, datetime, timedelta

import pytest
from i18nfield.strings import LazyI18nString

from candide.core.blockers import Refused
from candide.foundation.history.models import HistoryEntry
from candide.institution.catalogue.domain.service import (
    Closing,
    broadcast,
    cancel_closing,
    message_now,
    mode_of,
    plan_closing,
    planned_closing,
    planning_blockers,
    set_mode,
    stop_broadcast,
)
from candide.institution.catalogue.enums import ServiceMode
from candide.institution.catalogue.jobs import in_maintenance
from candide.institution.catalogue.models import Institution

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 3, 15, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
OPEN, READ_ONLY, MAINTENANCE = ServiceMode.OPEN, ServiceMode.READ_ONLY, ServiceMode.MAINTENANCE


def closing(mode=MAINTENANCE, start=HOUR, end=2 * HOUR):
    return Closing(mode, NOW + start, NOW + end)


def plan(*args, **options):
    plan_closing(closing(*args), message=LazyI18nString({"fr": "Retour à midi"}), by=None, now=NOW)


def mode(moment=NOW):
    return mode_of(Institution.objects.get(), now=moment)


@pytest.fixture(autouse=True)
def institution():
    return Institution.current()


@pytest.mark.parametrize("wanted", [MAINTENANCE, READ_ONLY, OPEN])
def test_service_is_what_it_was_set_to_at_once(wanted):
    """B-023."""
    set_mode(wanted, by=None, now=NOW)

    assert mode() == wanted


def test_planned_closing_begins_and_ends_by_itself():
    """B-023: at a planned hour."""
    plan()

    moments = [NOW, NOW + HOUR, NOW + 2 * HOUR - timedelta(seconds=1), NOW + 2 * HOUR]
    assert [mode(moment) for moment in moments] == [OPEN, MAINTENANCE, MAINTENANCE, OPEN]
    assert planned_closing(Institution.objects.get(), now=NOW + 2 * HOUR) is None


def test_stricter_of_two_reasons_counts():
    plan(READ_ONLY, -HOUR)
    assert mode() == READ_ONLY

    set_mode(MAINTENANCE, by=None, now=NOW)

    assert mode() == MAINTENANCE


def test_opening_ends_what_was_planned_and_has_begun():
    plan(MAINTENANCE, -HOUR)
    set_mode(OPEN, by=None, now=NOW)
    assert mode() == OPEN

    plan(MAINTENANCE, HOUR)
    set_mode(OPEN, by=None, now=NOW)
    assert mode(NOW + HOUR) == MAINTENANCE

    cancel_closing(by=None)
    assert mode(NOW + HOUR) == OPEN


@pytest.mark.parametrize(
    ("args", "codes"),
    [
        ((MAINTENANCE, HOUR, 2 * HOUR), []),
        ((OPEN, HOUR, 2 * HOUR), ["mode"]),
        ((READ_ONLY, HOUR, HOUR), ["ends_before"]),
        ((READ_ONLY, -2 * HOUR, -HOUR), ["past"]),
    ],
)
def test_planning_blockers(args, codes):
    found = planning_blockers(closing(*args), LazyI18nString({"fr": "x" * 500}), now=NOW)

    assert [each.code for each in found] == codes


def test_message_that_would_fill_every_page_is_refused():
    for long in (LazyI18nString({"fr": "Bonjour", "en": "x" * 501}), LazyI18nString("x" * 501)):
        found = planning_blockers(closing(READ_ONLY, HOUR, 2 * HOUR), long, now=NOW)
        assert [each.code for each in found] == ["too_long"]


def test_plan_that_cannot_be_is_refused():
    with pytest.raises(Refused):
        plan(READ_ONLY, HOUR, HOUR)


def test_message_is_shown_until_its_hour_or_until_taken_back():
    """B-165."""
    broadcast(LazyI18nString({"fr": "Bonjour"}), until=NOW + HOUR, by=None, now=NOW)
    institution = Institution.objects.get()
    assert message_now(institution, now=NOW) == "Bonjour"
    assert message_now(institution, now=NOW + HOUR) == ""

    stop_broadcast(by=None)

    assert message_now(Institution.objects.get(), now=NOW) == ""


@pytest.mark.parametrize(
    ("text", "until", "codes"),
    [
        ({}, HOUR, ["empty"]),
        ({"fr": "x"}, -HOUR, ["past"]),
        ({"fr": "x" * 501}, HOUR, ["too_long"]),
    ],
)
def test_message_that_cannot_be_is_refused(text, until, codes):
    with pytest.raises(Refused) as refusal:
        broadcast(LazyI18nString(text), until=NOW + until, by=None, now=NOW)

    assert refusal.value.codes == codes


def test_history_says_what_changed():
    set_mode(READ_ONLY, by=None, now=NOW)

    assert HistoryEntry.objects.get().data == {"changes": {"is_read_only": [False, True]}}


@pytest.mark.parametrize("mode", [READ_ONLY, MAINTENANCE])
def test_minutes_in_which_nobody_can_answer_do_not_count_as_answered(mode):
    assert not in_maintenance()

    set_mode(mode, by=None, now=NOW)

    assert in_maintenance()
