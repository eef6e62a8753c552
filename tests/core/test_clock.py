from datetime import UTC, date, datetime

import pytest

from candide.core.clock import days_between, end_of, localdate

MARCH_15 = date(2027, 3, 15)


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2027, 3, 15, 22, 59, tzinfo=UTC), date(2027, 3, 15)),
        (datetime(2027, 3, 15, 23, 0, tzinfo=UTC), date(2027, 3, 16)),
        (datetime(2027, 7, 15, 22, 0, tzinfo=UTC), date(2027, 7, 16)),
    ],
    ids=["last minute of the day in Paris", "winter midnight", "summer midnight"],
)
def test_localdate(now, day):
    assert localdate(now) == day


@pytest.mark.parametrize(
    ("zone", "end"),
    [
        ("Europe/Paris", datetime(2027, 3, 15, 22, 59, 59, tzinfo=UTC)),
        ("Indian/Reunion", datetime(2027, 3, 15, 19, 59, 59, tzinfo=UTC)),
    ],
)
def test_end_of_a_day_is_where_the_institution_is(settings, zone, end):
    settings.TIME_ZONE = zone

    assert end_of(MARCH_15) == end


@pytest.mark.parametrize(
    ("day", "days"),
    [(date(2027, 3, 15), 0), (date(2027, 3, 18), 3), (date(2027, 3, 14), -1)],
)
def test_days_between(day, days):
    assert days_between(MARCH_15, day) == days
