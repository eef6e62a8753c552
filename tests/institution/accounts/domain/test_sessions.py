from datetime import UTC, datetime

import pytest

from candide.foundation.history.models import HistoryEntry
from candide.institution.accounts.domain.sessions import (
    choose_language,
    end_all_sessions,
    end_session,
    end_sessions_from,
    ticket_digest,
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


@pytest.mark.parametrize(
    ("provider", "ticket", "left"),
    [("cas", "ST-1", {"b"}), ("cas", "ST-9", {"a", "b"}), ("other", "ST-1", {"a", "b"})],
)
def test_ticket_ends_the_session_it_began(provider, ticket, left):
    alix = UserFactory()
    for key, given in (("a", "ST-1"), ("b", "ST-2")):
        digest = ticket_digest("cas", given)
        Visit.objects.create(session_key=key, expire_date=NOW, account_id=alix.pk, ticket=digest)

    number = end_sessions_from(provider, ticket=ticket)

    assert set(Visit.objects.values_list("session_key", flat=True)) == left
    assert number == 2 - len(left)


def test_session_of_a_ticket_ends_though_nobody_is_known():
    digest = ticket_digest("cas", "ST-1")
    Visit.objects.create(session_key="lost", expire_date=NOW, ticket=digest)

    assert end_sessions_from("cas", ticket="ST-1") == 1
    assert not HistoryEntry.objects.exists()


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ({"ticket": "v1"}, {"a2", "a3", "b", "password"}),
        ({"subject": "alix"}, {"b", "password"}),
        ({"subject": "alix", "ticket": "v1"}, {"a2", "b", "password"}),
        ({"subject": "chris", "ticket": "v1"}, {"a1", "a2", "a3", "b", "password"}),
        ({"subject": "nobody"}, {"a1", "a2", "a3", "b", "password"}),
    ],
)
def test_provider_ends_a_visit_or_everything_of_a_person(said, left):
    alix = UserFactory()
    visits = {"a1": ("alix", "v1"), "a2": ("alix", "v2"), "a3": ("alix", ""), "b": ("bao", "v3")}
    for key, (subject, ticket) in visits.items():
        Visit.objects.create(
            session_key=key,
            expire_date=NOW,
            account_id=alix.pk,
            subject=ticket_digest("oidc", subject),
            ticket=ticket_digest("oidc", ticket) if ticket else "",
        )
    Visit.objects.create(session_key="password", expire_date=NOW, account_id=alix.pk)

    end_sessions_from("oidc", **said)
    end_sessions_from("other", subject="bao")

    assert set(Visit.objects.values_list("session_key", flat=True)) == left
