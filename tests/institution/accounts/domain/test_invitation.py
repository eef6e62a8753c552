"""Inviting a colleague, closing an account and opening it again."""

from datetime import timedelta

import pytest

from candide.core.blockers import Refused
from candide.foundation.history.domain.log import entries_about
from candide.institution.accounts.domain.closing import close_account, reopen_account
from candide.institution.accounts.domain.identifiers import reset_password
from candide.institution.accounts.domain.invitation import (
    VALID_FOR,
    Colleague,
    invitation_blockers,
    invite,
    invited_until,
    resend_invitation,
)
from candide.institution.accounts.domain.links import EXPIRED_KEPT, digest_of
from candide.institution.accounts.enums import AccountEvent
from candide.institution.accounts.models import MailedLink, User
from candide.institution.catalogue.models import Institution
from candide.institution.mails.models import OutgoingMail
from tests.factories.accounts import PASSWORD, MailedLinkFactory, UserFactory
from tests.institution.accounts.mailbox import last_secret, last_text, sent
from tests.jobs import counted

pytestmark = pytest.mark.django_db

KIND = "staff-invitation"
EVE = Colleague(email=" Eve@Univ.example ", first_name="Ève", last_name="Durand", language="en")


@pytest.fixture
def by():
    Institution.current()
    return UserFactory(staff=True)


def test_colleague_is_invited_and_signs_in_with_the_password_they_choose(by, now):
    user = invite(EVE, by=by, now=now)

    assert sent() == [("staff-invitation", "eve@univ.example")]
    assert (user.email, user.get_full_name(), user.language) == (
        "eve@univ.example",
        "Ève DURAND",
        "en",
    )
    assert (user.file_number, user.has_local_password, user.is_active) == (None, False, True)
    assert OutgoingMail.objects.get().is_secret
    assert "You sign in with **eve@univ.example**" in last_text(KIND) or (
        "You sign in with eve@univ.example" in last_text(KIND)
    )
    assert invited_until(user) == now + VALID_FOR

    reset_password(last_secret(KIND), password=PASSWORD, now=now + VALID_FOR)

    user.refresh_from_db()
    assert (user.activated_at, user.check_password(PASSWORD)) == (now + VALID_FOR, True)
    assert invited_until(user) is None
    assert [entry.event for entry in entries_about(user)] == [
        AccountEvent.ACTIVATED,
        AccountEvent.PASSWORD_CHANGED,
        AccountEvent.INVITED,
    ]


def test_invitation_expires(by, now):
    invite(EVE, by=by, now=now)
    secret = last_secret(KIND)

    with pytest.raises(Refused) as refusal:
        reset_password(secret, password=PASSWORD, now=now + VALID_FOR + timedelta(seconds=1))

    assert refusal.value.codes == ["expired"]


def test_expired_invitation_goes_on_saying_so(by, now):
    """A link to choose another password, and one of a candidate, are forgotten."""
    user = invite(EVE, by=by, now=now)
    MailedLinkFactory(user=by, expires_at=now)
    MailedLinkFactory(user=UserFactory(not_activated=True), expires_at=now)

    forgotten = counted("forget-links", now=now + VALID_FOR + EXPIRED_KEPT + timedelta(seconds=1))

    assert forgotten == {"forgotten": 2}
    assert invited_until(user) == now + VALID_FOR


def test_invitation_sent_again_replaces_the_last_one(by, now):
    user = invite(EVE, by=by, now=now)
    first = last_secret(KIND)

    resend_invitation(user, by=by, now=now + VALID_FOR)

    second = last_secret(KIND)
    with pytest.raises(Refused) as refusal:
        reset_password(first, password=PASSWORD, now=now)
    assert refusal.value.codes == ["unknown"]
    assert reset_password(second, password=PASSWORD, now=now + 2 * VALID_FOR) == user


def test_address_that_has_an_account_is_not_invited(by, now):
    UserFactory(email="eve@univ.example")

    with pytest.raises(Refused) as refusal:
        invite(EVE, by=by, now=now)

    assert refusal.value.codes == ["has_account"]
    assert OutgoingMail.objects.count() == 0


@pytest.mark.parametrize(
    ("person", "codes"),
    [
        ({"staff": True, "activated_at": None}, []),
        ({"staff": True}, ["came"]),
        ({"staff": True, "activated_at": None, "is_active": False}, ["closed"]),
        ({"activated_at": None}, ["has_account"]),
    ],
)
def test_who_is_invited_again(by, now, person, codes):
    user = UserFactory(**person)

    assert [blocker.code for blocker in invitation_blockers(user)] == codes
    if codes:
        with pytest.raises(Refused):
            resend_invitation(user, by=by, now=now)


def test_candidate_who_chooses_a_password_is_not_activated_by_it(by, now):
    alix = UserFactory(not_activated=True)
    secret = "x" * 43
    MailedLinkFactory(user=alix, digest=digest_of(secret))

    reset_password(secret, password=PASSWORD, now=now)

    alix.refresh_from_db()
    assert alix.activated_at is None


def test_closed_account_loses_its_sessions_and_links_and_is_opened_again(by):
    user = UserFactory(staff=True)
    MailedLinkFactory(user=user)
    session = user.get_session_auth_hash()

    close_account(user, by=by)
    close_account(user, by=by)

    closed = User.objects.get(pk=user.pk)
    assert not closed.is_active
    assert closed.get_session_auth_hash() != session
    assert not MailedLink.objects.filter(user=user).exists()

    reopen_account(user, by=by)
    reopen_account(user, by=by)

    assert User.objects.get(pk=user.pk).is_active
    assert [entry.event for entry in entries_about(user)] == [
        AccountEvent.REOPENED,
        AccountEvent.CLOSED,
    ]
