import pytest

from candide.institution.accounts.domain.sessions import choose_language, end_all_sessions
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


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
