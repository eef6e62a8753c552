from datetime import timedelta

import pytest

from candide.foundation.history.models import HistoryEntry
from candide.institution.accounts.domain.journal import (
    note_refusal,
    note_sign_in,
    sign_ins,
)
from candide.institution.catalogue.models import Institution
from tests.factories.accounts import UserFactory
from tests.jobs import counted

pytestmark = pytest.mark.django_db


def test_journal_is_forgotten_after_the_days_set_and_the_rest_of_the_history_is_not(now):
    """A-125."""
    Institution.current()
    alix = UserFactory()
    note_sign_in(alix, way="password")
    note_refusal(alix)
    HistoryEntry.objects.create(
        subject_type="accounts.user", subject_id=alix.pk, event="account-created"
    )
    HistoryEntry.objects.update(at=now - timedelta(days=100, seconds=1))
    note_refusal(None)

    kept = counted("forget-sign-ins", now=now)
    Institution.objects.update(sign_in_days=100)

    assert kept == {}
    assert counted("forget-sign-ins", now=now) == {"forgotten": 2}

    left = HistoryEntry.objects.order_by("pk").values_list("event", "subject_id")
    assert list(left) == [("account-created", alix.pk), ("account-refused", 0)]
    assert sign_ins().count() == 1
