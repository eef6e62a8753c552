"""Handing over again and putting aside: what is possible, and when."""

from datetime import timedelta

import pytest

from candide.admissions.handover.domain.replaying import put_aside, replay
from candide.admissions.handover.enums import HandoverState
from candide.admissions.handover.models import PreEnrolment
from tests.admissions.conftest import NOW
from tests.factories.handover import PreEnrolmentFactory

pytestmark = pytest.mark.django_db
S = HandoverState
CLAIM = "6f1a2c54-3ad4-4d57-9c1b-111111111111"


def state_of(row):
    return PreEnrolment.objects.get(pk=row.pk).state


@pytest.mark.parametrize(("minutes", "number"), [(1, 0), (0, 1), (-1, 1)])
def test_what_a_dead_worker_held_can_be_put_aside(minutes, number):
    row = PreEnrolmentFactory(claim=CLAIM, leased_until=NOW + timedelta(minutes=minutes))

    assert put_aside([row.pk], by=None, now=NOW) == number

    row.refresh_from_db()
    assert (row.state == S.ASIDE, row.claim is None) == (bool(number), bool(number))


def test_nothing_is_begun_again_in_a_past_campaign():
    accepted = PreEnrolmentFactory(accepted=True, application__archived_at=NOW)
    waiting = PreEnrolmentFactory(application__archived_at=NOW)

    assert replay([accepted.pk, waiting.pk], by=None, now=NOW) == 0
    assert put_aside([waiting.pk], by=None, now=NOW) == 0
    assert (state_of(accepted), state_of(waiting)) == (S.ACCEPTED, S.TO_SEND)


def test_withdrawal_of_a_past_campaign_is_told_again():
    refused = {"refused": True, "is_wanted": False, "is_held": True}
    row = PreEnrolmentFactory(**refused, application__archived_at=NOW)

    assert replay([row.pk], by=None, now=NOW) == 1
    assert state_of(row) == S.TO_WITHDRAW
