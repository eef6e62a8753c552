"""Which messages are shown where, and when."""

from datetime import date, timedelta

import pytest

from candide.institution.pages.domain.notices import notice_blockers, notice_for
from candide.institution.pages.models import Notice

pytestmark = pytest.mark.django_db

TODAY = date(2027, 3, 15)
DAY = timedelta(days=1)


def notice(**fields):
    given = {"place": Notice.Place.HOME, "text": "Fermé dimanche", "is_active": True, **fields}
    return Notice.objects.create(**given)


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({}, "Fermé dimanche"),
        ({"is_active": False}, ""),
        ({"text": " "}, ""),
        ({"shown_from": TODAY, "shown_until": TODAY}, "Fermé dimanche"),
        ({"shown_from": TODAY + DAY}, ""),
        ({"shown_until": TODAY - DAY}, ""),
    ],
)
def test_notice_is_shown_in_its_place_on_its_days(fields, shown):
    notice(**fields)

    assert notice_for(Notice.Place.HOME, today=TODAY) == shown
    assert notice_for(Notice.Place.MAINTENANCE, today=TODAY) == ""


def test_several_are_shown_in_their_order():
    notice(text="Second", position=20)
    notice(text="First", position=10)

    assert notice_for(Notice.Place.HOME, today=TODAY) == "First\n\nSecond"


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({"text": "Fermé"}, []),
        ({"text": "", "is_active": False}, []),
        ({"text": " "}, ["empty"]),
        ({"text": "Fermé", "shown_from": TODAY, "shown_until": TODAY - DAY}, ["ends_before"]),
        ({"text": "Fermé", "shown_from": TODAY, "shown_until": TODAY}, []),
    ],
)
def test_notice_blockers(fields, codes):
    made = Notice(**{"place": Notice.Place.HOME, "is_active": True, **fields})

    assert [blocker.code for blocker in notice_blockers(made)] == codes
