from datetime import timedelta

import pytest

from candide.foundation.history.models import HistoryEntry
from candide.institution.accounts.domain.journal import (
    KEPT,
    forget_sign_ins,
    note_refusal,
    note_sign_in,
    sign_ins,
)
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def test_journal_is_forgotten_after_a_year_and_the_rest_of_the_history_is_not(now):
    """A-125."""
    alix = UserFactory()
    note_sign_in(alix, way="password")
    note_refusal(alix)
    HistoryEntry.objects.create(
        subject_type="accounts.user", subject_id=alix.pk, event="account-created"
    )
    HistoryEntry.objects.update(at=now - KEPT - timedelta(seconds=1))
    note_refusal(None)

    assert forget_sign_ins(now=now) == 2

    left = HistoryEntry.objects.order_by("pk").values_list("event", "subject_id")
    assert list(left) == [("account-created", alix.pk), ("account-refused", 0)]
    assert sign_ins().count() == 1
