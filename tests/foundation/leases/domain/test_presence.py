"""Who has the same thing open now [back-office 28]."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from candide.foundation.leases.domain.presence import (
    GONE_AFTER,
    forget_gone,
    others_at,
    seen_here,
)
from candide.foundation.leases.models import Presence

pytestmark = pytest.mark.django_db

ALIX, BAO = SimpleNamespace(pk=1), SimpleNamespace(pk=2)
NOW = datetime(2027, 3, 15, 9, 0, tzinfo=UTC)
PAGE = "application-page:1"


def test_others_are_those_who_gave_a_sign_of_life_lately():
    seen_here(PAGE, by=ALIX, now=NOW)
    seen_here(PAGE, by=BAO, now=NOW)
    seen_here("application-page:2", by=SimpleNamespace(pk=3), now=NOW)

    assert others_at(PAGE, but=BAO, now=NOW) == [1]
    assert others_at(PAGE, but=BAO, now=NOW + GONE_AFTER) == []


def test_sign_of_life_is_kept_once_a_person():
    seen_here(PAGE, by=ALIX, now=NOW)
    seen_here(PAGE, by=ALIX, now=NOW + timedelta(seconds=20))

    assert Presence.objects.get().seen_at == NOW + timedelta(seconds=20)


def test_old_signs_of_life_are_forgotten():
    seen_here(PAGE, by=ALIX, now=NOW)
    seen_here(PAGE, by=BAO, now=NOW + 9 * GONE_AFTER)

    assert forget_gone(now=NOW + 11 * GONE_AFTER) == 1
    assert [one.person_id for one in Presence.objects.all()] == [2]
