"""Changing the address [ACC-27…31]."""

from datetime import timedelta

import pytest
from django.db.models import QuerySet

from candide.core.blockers import Refused
from candide.institution.accounts.domain.email_change import (
    VALID_FOR,
    ask_email_change,
    forget_change,
    pending_change,
    validate_email,
)
from candide.institution.accounts.domain.identifiers import reset_password, send_identifiers
from candide.institution.accounts.models import User
from tests.factories.accounts import PASSWORD, UserFactory
from tests.institution.accounts.mailbox import last_secret, last_text, sent

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def alix():
    return UserFactory(email="alix@example.org")


def test_both_addresses_are_written_to_and_nothing_changes_yet(alix, now):
    ask_email_change(alix, email="New@Example.org", now=now)

    alix.refresh_from_db()
    assert alix.email == "alix@example.org"
    assert sorted(sent()) == [
        ("email-change-asked", "new@example.org"),
        ("email-change-notice", "alix@example.org"),
    ]
    assert "new@example.org" in last_text("email-change-notice")
    assert pending_change(alix, now=now).email == "new@example.org"


def test_link_makes_the_new_address_the_one_and_tells_both(alix, now):
    ask_email_change(alix, email="new@example.org", now=now)

    validate_email(last_secret("email-change-asked"), now=now + VALID_FOR)

    alix.refresh_from_db()
    assert alix.email == "new@example.org"
    assert sorted(sent()[2:]) == [
        ("email-changed", "alix@example.org"),
        ("email-changed", "new@example.org"),
    ]


@pytest.mark.parametrize("same", ["alix@example.org", " ALIX@example.org"])
def test_present_address_is_refused(alix, now, same):
    with pytest.raises(Refused) as refusal:
        ask_email_change(alix, email=same, now=now)

    assert refusal.value.codes == ["same_email"]
    assert sent() == []


def test_address_of_another_account_looks_the_same_to_who_asks(alix, now):
    UserFactory(email="taken@example.org")

    ask_email_change(alix, email="taken@example.org", now=now)

    assert sorted(sent()) == [
        ("address-already-used", "taken@example.org"),
        ("email-change-notice", "alix@example.org"),
    ]
    assert pending_change(alix, now=now).email == "taken@example.org"


def test_address_of_a_closed_account_gets_nothing(alix, now):
    UserFactory(email="taken@example.org", out_of_service=True)

    ask_email_change(alix, email="taken@example.org", now=now)

    assert sent() == [("email-change-notice", "alix@example.org")]


@pytest.mark.parametrize(("later", "codes"), [(VALID_FOR, []), (VALID_FOR + SECOND, ["expired"])])
def test_link_lasts_a_day(alix, now, later, codes):
    ask_email_change(alix, email="new@example.org", now=now)
    found = []

    try:
        validate_email(last_secret("email-change-asked"), now=now + later)
    except Refused as refusal:
        found = refusal.codes

    assert found == codes


def test_link_works_once(alix, now):
    ask_email_change(alix, email="new@example.org", now=now)
    secret = last_secret("email-change-asked")
    validate_email(secret, now=now)

    with pytest.raises(Refused) as refusal:
        validate_email(secret, now=now)

    assert refusal.value.codes == ["used"]


def test_address_taken_meanwhile_is_refused(alix, now):
    ask_email_change(alix, email="new@example.org", now=now)
    UserFactory(email="new@example.org")

    with pytest.raises(Refused) as refusal:
        validate_email(last_secret("email-change-asked"), now=now)

    assert refusal.value.codes == ["email_taken"]


def test_address_taken_at_the_very_moment_is_refused(alix, now, monkeypatch):
    ask_email_change(alix, email="new@example.org", now=now)
    UserFactory(email="new@example.org")
    monkeypatch.setattr(QuerySet, "exists", lambda self: False)

    with pytest.raises(Refused) as refusal:
        validate_email(last_secret("email-change-asked"), now=now)

    assert refusal.value.codes == ["email_taken"]
    assert User.objects.get(pk=alix.pk).email == "alix@example.org"


def test_forgotten_change_cannot_be_validated(alix, now):
    ask_email_change(alix, email="new@example.org", now=now)
    secret = last_secret("email-change-asked")

    forget_change(alix)

    with pytest.raises(Refused) as refusal:
        validate_email(secret, now=now)
    assert refusal.value.codes == ["unknown"]
    assert pending_change(alix, now=now) is None


def test_password_link_in_the_old_mailbox_dies_with_the_change(alix, now):
    """ACC-22: the link proved a mailbox that is no longer the account's."""
    send_identifiers("alix@example.org", now=now)
    ask_email_change(alix, email="new@example.org", now=now)
    validate_email(last_secret("email-change-asked"), now=now)

    with pytest.raises(Refused) as refusal:
        reset_password(last_secret("forgotten-identifiers"), password=PASSWORD, now=now)

    assert refusal.value.codes == ["unknown"]
