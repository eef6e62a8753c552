from datetime import UTC, datetime

import pytest

from candide.foundation.history.models import HistoryEntry
from candide.institution.accounts.domain.sessions import (
    choose_language,
    end_all_sessions,
    end_session,
)
from candide.institution.accounts.models import Visit
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 15, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("chosen", "kept"), [("en", "en"), ("fr", "fr"), ("de", "fr"), ("", "fr"), ("<b>", "fr")]
)
def test_choose_language(chosen, kept):
    alix = UserFactory()

    choose_language(alix, chosen)

    alix.refresh_from_db()
    assert alix.language == kept


def test_end_all_sessions_changes_what_sessions_are_checked_against(settings):
    alix = UserFactory()
    settings.SECRET_KEY_FALLBACKS = ["old"]
    before = {alix.get_session_auth_hash(), *alix.get_session_auth_fallback_hash()}

    alix = end_all_sessions(alix)

    after = {alix.get_session_auth_hash(), *alix.get_session_auth_fallback_hash()}
    assert before & after == set()


def test_session_of_nobody_known_ends_without_a_trace():
    visit = Visit.objects.create(session_key="lost", expire_date=NOW)

    end_session(visit, by=UserFactory())

    assert not Visit.objects.exists()
    assert not HistoryEntry.objects.exists()
