from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from candide.core.deadlines import describe

NOW = datetime(2027, 3, 15, 9, 0, tzinfo=UTC)  # 10:00 in Paris


def in_french(day, now=NOW):
    with translation.override("fr"):
        return describe(day, now=now)


@pytest.mark.parametrize(
    ("day", "left", "tone", "is_past"),
    [
        (date(2027, 3, 13), "passée depuis 2 jours", "neutral", True),
        (date(2027, 3, 14), "passée depuis 1 jour", "neutral", True),
        (date(2027, 3, 15), "aujourd'hui", "danger", False),
        (date(2027, 3, 16), "demain", "danger", False),
        (date(2027, 3, 18), "dans 3 jours", "danger", False),
        (date(2027, 3, 19), "dans 4 jours", "neutral", False),
    ],
)
def test_deadline_says_how_long_there_is(day, left, tone, is_past):
    due = in_french(day)

    assert (due.left, due.tone, due.is_past) == (left, tone, is_past)


def test_deadline_names_day_hour_and_zone():
    assert in_french(date(2027, 5, 12)).words == "12 mai 2027 à 23 h 59, heure de Paris"


def test_deadline_in_english():
    with translation.override("en"):
        due = describe(date(2027, 5, 1), now=NOW)

    assert (due.words, due.left) == ("1 May 2027 at 23:59, Paris time", "in 47 days")


def test_deadline_on_the_first_of_a_month_says_1er():
    assert in_french(date(2027, 5, 1)).day == "1er mai 2027"


def test_deadline_carries_its_moment_for_machines():
    assert in_french(date(2027, 5, 12)).moment == "2027-05-12T23:59:59+02:00"


def test_deadline_of_today_counts_its_seconds_down():
    half_past_eleven = datetime(2027, 3, 15, 22, 29, 59, tzinfo=UTC)

    assert in_french(date(2027, 3, 15), half_past_eleven).seconds == 30 * 60


def test_deadline_of_another_day_counts_nothing_down():
    assert in_french(date(2027, 3, 16)).seconds is None


def test_deadline_of_today_depends_on_the_day_of_the_institution():
    """22:30 UTC is 23:30 in Paris in winter; half an hour later it is tomorrow there."""
    before = in_french(date(2027, 3, 15), datetime(2027, 3, 15, 22, 30, tzinfo=UTC))
    after = in_french(date(2027, 3, 15), datetime(2027, 3, 15, 23, 0, tzinfo=UTC))

    assert (before.left, after.left) == ("aujourd'hui", "passée depuis 1 jour")


@pytest.mark.parametrize(
    ("zone", "words"),
    [("Indian/Reunion", "heure de La Réunion"), ("Europe/Brussels", "Europe/Brussels")],
)
def test_deadline_of_an_institution_elsewhere_names_its_zone(settings, zone, words):
    settings.TIME_ZONE = zone

    assert in_french(date(2027, 5, 12)).words == f"12 mai 2027 à 23 h 59, {words}"
