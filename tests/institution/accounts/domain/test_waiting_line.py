"""The waiting line: in order, one in for each who stopped working, nobody out who is in."""

from datetime import timedelta

import pytest

from candide.foundation.jobs.registry import find_job
from candide.institution.accounts.domain.waiting_line import (
    AT_WORK,
    GONE_AFTER,
    STAYS_IN,
    Turn,
    at_work,
    in_line,
    take_turn,
)
from candide.institution.accounts.models import PlaceInLine, Visit
from tests.factories.accounts import UserFactory
from tests.factories.mails import NOW
from tests.jobs import counted

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


def visits(user, *, seen_at=NOW):
    Visit.objects.create(
        session_key=f"{Visit.objects.count():032}",
        session_data="",
        expire_date=NOW + timedelta(hours=1),
        account_id=user.pk,
        seen_at=seen_at,
    )
    return user


def turn(user, *, most=1, now=NOW):
    return take_turn(user, most=most, now=now)


def test_candidates_at_work_are_counted_once_and_staff_never():
    alix = visits(UserFactory())
    visits(alix)
    visits(UserFactory(), seen_at=NOW - AT_WORK)
    visits(UserFactory(staff=True))
    PlaceInLine.objects.create(user=visits(UserFactory()), seen_at=NOW)

    assert at_work(now=NOW) == 1


def test_those_who_arrive_wait_and_come_in_in_their_order():
    working = visits(UserFactory())
    first, second = visits(UserFactory()), visits(UserFactory())

    assert turn(first) == Turn(is_in=False, ahead=0)
    assert turn(second) == Turn(is_in=False, ahead=1)
    assert turn(second).position == 2
    assert in_line(now=NOW) == 2

    Visit.objects.filter(account_id=working.pk).delete()
    assert not turn(second).is_in
    assert turn(first).is_in
    assert turn(second) == Turn(is_in=False, ahead=0)
    assert turn(second, most=2).is_in
    assert in_line(now=NOW) == 0


def test_there_is_room_until_the_number_is_reached():
    people = [visits(UserFactory()) for _number in range(3)]

    assert [turn(each, most=5).is_in for each in people] == [True] * 3


def test_who_gives_no_sign_of_life_loses_the_place():
    visits(UserFactory())
    gone, waiting = UserFactory(), UserFactory()
    turn(gone)
    later = NOW + GONE_AFTER + SECOND
    turn(waiting, now=later - SECOND)

    assert turn(waiting, now=later) == Turn(is_in=False, ahead=0)
    assert turn(gone, now=later) == Turn(is_in=False, ahead=1)


@pytest.mark.parametrize(("passed", "is_in"), [(STAYS_IN, True), (STAYS_IN + SECOND, False)])
def test_who_was_let_in_does_not_wait_anew_for_a_while(passed, is_in):
    alix = UserFactory()
    turn(alix)
    now = NOW + passed
    visits(UserFactory(), seen_at=now)

    assert turn(alix, now=now).is_in == is_in


def test_the_line_is_forgotten():
    turn(UserFactory(), now=NOW - timedelta(days=2))
    turn(UserFactory())

    assert counted("forget-line", now=NOW) == {"forgotten": 1}

    assert PlaceInLine.objects.count() == 1
    assert not find_job("forget-line").destroys
