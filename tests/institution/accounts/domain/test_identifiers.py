"""Forgotten identifiers and the password [ACC-22…25]."""

from datetime import timedelta

import pytest

from candide.core.blockers import Refused
from candide.institution.accounts.domain.email_change import ask_email_change, pending_change
from candide.institution.accounts.domain.identifiers import (
    change_password,
    reset_password,
    send_identifiers,
)
from candide.institution.accounts.models import User
from candide.institution.catalogue.models import Institution
from tests.factories.accounts import PASSWORD, UserFactory
from tests.institution.accounts.mailbox import last_secret, last_text, sent

pytestmark = pytest.mark.django_db
NEW = "Tempete-Verte-7!"
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def alix():
    return UserFactory(email="alix@example.org", file_number="K7P2M9QX")


def test_mail_gives_the_login_and_a_link(alix, now):
    send_identifiers("Alix@Example.org ", now=now)

    text = last_text("forgotten-identifiers")
    assert sent() == [("forgotten-identifiers", "alix@example.org")]
    assert "K7P2M9QX" in text
    assert "15 mars 2027 à 12 h 00, heure de Paris" in text
    assert PASSWORD not in text


def test_staff_sign_in_with_their_address(now):
    UserFactory(staff=True, email="bao@example.org")

    send_identifiers("bao@example.org", now=now)

    assert "Votre identifiant est bao@example.org" in last_text("forgotten-identifiers")


def test_nothing_is_sent_to_an_address_without_account(now):
    UserFactory(email="closed@example.org", out_of_service=True)

    send_identifiers("unknown@example.org", now=now)
    send_identifiers("closed@example.org", now=now)

    assert sent() == []


def test_link_chooses_a_password_and_tells(alix, now):
    send_identifiers("alix@example.org", now=now)
    session = alix.get_session_auth_hash()

    reset_password(last_secret("forgotten-identifiers"), password=NEW, now=now + 2 * HOUR)

    alix.refresh_from_db()
    assert alix.check_password(NEW)
    assert alix.get_session_auth_hash() != session
    assert [kind for kind, _ in sent()] == ["forgotten-identifiers", "password-changed"]


def test_link_lasts_as_long_as_the_institution_says(alix, now):
    Institution.objects.update_or_create(pk=1, defaults={"password_reset_hours": 1})
    send_identifiers("alix@example.org", now=now)

    with pytest.raises(Refused) as refusal:
        reset_password(last_secret("forgotten-identifiers"), password=NEW, now=now + HOUR + SECOND)

    assert refusal.value.codes == ["expired"]
    assert User.objects.get().check_password(PASSWORD)


def test_link_works_once(alix, now):
    send_identifiers("alix@example.org", now=now)
    secret = last_secret("forgotten-identifiers")
    reset_password(secret, password=NEW, now=now)

    with pytest.raises(Refused) as refusal:
        reset_password(secret, password=PASSWORD, now=now)

    assert refusal.value.codes == ["used"]
    assert User.objects.get().check_password(NEW)


def test_new_request_replaces_the_link(alix, now):
    """ACC-23."""
    send_identifiers("alix@example.org", now=now)
    first = last_secret("forgotten-identifiers")
    send_identifiers("alix@example.org", now=now)

    with pytest.raises(Refused) as refusal:
        reset_password(first, password=NEW, now=now)

    assert refusal.value.codes == ["unknown"]


def test_link_of_another_purpose_is_worth_nothing(alix, now):
    ask_email_change(alix, email="new@example.org", now=now)

    with pytest.raises(Refused) as refusal:
        reset_password(last_secret("email-change-asked"), password=NEW, now=now)

    assert refusal.value.codes == ["unknown"]


def test_password_is_chosen_before_activation_without_activating(now):
    user = UserFactory(not_activated=True, email="alix@example.org")
    send_identifiers("alix@example.org", now=now)

    reset_password(last_secret("forgotten-identifiers"), password=NEW, now=now)

    user.refresh_from_db()
    assert user.check_password(NEW)
    assert user.awaits_activation


def test_account_without_password_gets_one(now):
    user = UserFactory(email="alix@example.org", has_local_password=False)
    send_identifiers("alix@example.org", now=now)

    reset_password(last_secret("forgotten-identifiers"), password=NEW, now=now)

    user.refresh_from_db()
    assert user.has_local_password


def test_new_password_cancels_a_change_of_address(alix, now):
    """Whoever asked for it may have been somebody else."""
    ask_email_change(alix, email="thief@example.org", now=now)

    change_password(alix, password=NEW)

    assert pending_change(alix, now=now) is None
    assert sent()[-1] == ("password-changed", "alix@example.org")
