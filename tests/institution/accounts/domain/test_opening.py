"""Accounts staff open for candidates, and what they change of them [27.1, 27.4]."""

from dataclasses import replace
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError

from candide.core.blockers import Refused
from candide.foundation.history.domain.log import entries_about
from candide.institution.accounts.domain import administering, opening
from candide.institution.accounts.domain.activation import activate
from candide.institution.accounts.domain.administering import (
    activate_for,
    activating_blockers,
    change_account,
    change_address,
    entry_of,
    new_address_blockers,
    reset_sign_in,
)
from candide.institution.accounts.domain.email_change import validate_email
from candide.institution.accounts.domain.identifiers import reset_password
from candide.institution.accounts.domain.opening import (
    AccountEntry,
    link_blockers,
    open_account,
    opening_blockers,
    resend_link,
)
from candide.institution.accounts.enums import AccountEvent
from candide.institution.accounts.models import MailedLink, User
from candide.institution.mails.models import OutgoingMail
from tests.factories.accounts import PASSWORD, MailedLinkFactory, UserFactory
from tests.factories.catalogue import CampaignFactory
from tests.institution.accounts.mailbox import last_secret, last_text, sent

pytestmark = pytest.mark.django_db

NEW = AccountEntry(last_name=" Martin ", first_name="Zoé", language="fr")
MAIL = " Zoe@Example.org "


@pytest.fixture
def by():
    CampaignFactory()
    return UserFactory(staff=True)


def events(user):
    return list(entries_about(user).order_by("pk").values_list("event", flat=True))


def test_account_is_opened_and_its_holder_chooses_the_password(by, now):
    """B-153: no password is ever in a mail."""
    user = open_account(replace(NEW, student_number=" 22001 "), email=MAIL, by=by, now=now)

    assert (user.last_name, user.email) == ("MARTIN", "zoe@example.org")
    assert user.student_number == "22001"
    assert (user.opened_by, user.has_local_password, len(user.file_number)) == (by, False, 8)
    assert sent() == [("account-opened", "zoe@example.org")]
    activated = activate(last_secret("account-opened"), now=now)
    reset_password(activated.password_secret, password=PASSWORD, now=now)
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert user.activated_at == now
    assert PASSWORD not in "".join(OutgoingMail.objects.values_list("text", flat=True))
    assert AccountEvent.OPENED in events(user)


@pytest.mark.parametrize(
    ("entry", "email", "codes"),
    [
        (NEW, "free@example.org", []),
        (replace(NEW, last_name=""), "free@example.org", ["required"]),
        (replace(NEW, first_name="R2D2"), "free@example.org", ["no_name"]),
        (replace(NEW, student_number="22001"), "free@example.org", ["student_number_taken"]),
        (NEW, "TAKEN@example.org", ["has_account"]),
    ],
)
def test_what_stands_in_the_way_of_an_account(by, entry, email, codes):
    UserFactory(email="taken@example.org", student_number="22001")

    assert [blocker.code for blocker in opening_blockers(entry, email=email)] == codes


def test_no_account_is_opened_without_a_campaign(db):
    assert [b.code for b in opening_blockers(NEW, email=MAIL)] == ["no_campaign"]


def test_two_who_open_the_same_account_at_once(by, now, monkeypatch):
    monkeypatch.setattr(opening, "opening_blockers", lambda *args, **named: [])
    UserFactory(email="zoe@example.org")

    with pytest.raises(Refused) as refusal:
        open_account(NEW, email=MAIL, by=by, now=now)

    assert refusal.value.codes == ["has_account"]


def test_link_is_sent_again_with_new_time(by, now):
    user = open_account(NEW, email=MAIL, by=by, now=now)
    first = last_secret("account-opened")

    resend_link(user, by=by, now=now + timedelta(days=30))

    user.refresh_from_db()
    assert user.activation_due_at > now + timedelta(days=30)
    assert sent() == [("account-opened", "zoe@example.org")] * 2
    with pytest.raises(Refused):
        activate(first, now=now)
    assert activate(last_secret("account-opened"), now=now + timedelta(days=31)).user == user


def test_link_sent_again_suits_the_state_of_the_account(by, now):
    waiting = UserFactory(not_activated=True, email="waiting@example.org")
    active = UserFactory(email="active@example.org")

    resend_link(waiting, by=by, now=now)
    resend_link(active, by=by, now=now)

    assert sent() == [
        ("activation-resent", "waiting@example.org"),
        ("forgotten-identifiers", "active@example.org"),
    ]


def test_nothing_is_sent_to_a_closed_account(by, now):
    closed = UserFactory(out_of_service=True)

    with pytest.raises(Refused) as refusal:
        resend_link(closed, by=by, now=now)

    assert refusal.value.codes == [blocker.code for blocker in link_blockers(closed)] == ["closed"]
    assert sent() == []


# -- Changing --------------------------------------------------------------------------------------


def test_account_is_changed_and_the_history_names_the_fields(by):
    """B-156, S0-23."""
    user = UserFactory(last_name="MARTIN", is_search_due=False)
    entry = replace(
        entry_of(user), last_name="Durand", student_number="22001", is_continuing_education=True
    )

    changed = change_account(user, entry, by=by, seen=entry_of(user))

    user.refresh_from_db()
    assert (user.last_name, user.student_number) == ("DURAND", "22001")
    assert user.is_continuing_education
    assert user.is_search_due
    assert set(changed) == {"last_name", "student_number", "is_continuing_education"}
    entry = entries_about(user).get()
    assert (entry.event, entry.by_id, entry.data) == (
        AccountEvent.CHANGED,
        by.pk,
        {"fields": changed},
    )


def test_nothing_changed_leaves_no_trace(by):
    user = UserFactory(last_name="MARTIN")

    assert change_account(user, entry_of(user), by=by) == []
    assert events(user) == []


def test_what_changed_meanwhile_is_not_written_over(by):
    user = UserFactory(last_name="MARTIN")
    seen = entry_of(user)
    change_account(user, replace(seen, first_name="Zoé"), by=by)

    with pytest.raises(Refused) as refusal:
        change_account(user, replace(seen, first_name="Anna"), by=by, seen=seen)

    assert refusal.value.codes == ["changed"]


def test_student_number_of_somebody_else_is_refused(by, monkeypatch):
    UserFactory(student_number="22001")
    user = UserFactory(last_name="MARTIN")
    entry = replace(entry_of(user), student_number="22001")

    with pytest.raises(Refused) as refusal:
        change_account(user, entry, by=by)
    assert refusal.value.codes == ["student_number_taken"]

    answers = iter([[], entry_blockers_of(entry, user)])  # free a moment ago
    monkeypatch.setattr(administering, "entry_blockers", lambda *args, **named: next(answers))
    with pytest.raises(Refused) as raced:
        change_account(user, entry, by=by)
    assert raced.value.codes == ["student_number_taken"]


def entry_blockers_of(entry, user):
    return opening.entry_blockers(entry, user=user)


def test_new_address_counts_once_it_is_confirmed(by, now):
    user = UserFactory(email="old@example.org")

    change_address(user, email="New@example.org", by=by, now=now)

    user.refresh_from_db()
    assert user.email == "old@example.org"
    assert sent() == [
        ("email-change-notice", "old@example.org"),
        ("email-change-asked", "new@example.org"),
    ]
    assert entries_about(user).get().by_id == by.pk
    assert validate_email(last_secret("email-change-asked"), now=now).email == "new@example.org"


def test_address_of_an_account_not_activated_counts_at_once(by, now):
    user = open_account(NEW, email=MAIL, by=by, now=now)

    change_address(user, email="right@example.org", by=by, now=now)

    user.refresh_from_db()
    assert user.email == "right@example.org"
    assert sent()[-1] == ("account-opened", "right@example.org")


@pytest.mark.parametrize(
    ("email", "codes"),
    [
        ("free@example.org", []),
        ("taken@example.org", ["has_account"]),
        ("Own@example.org", ["same_email"]),
    ],
)
def test_which_address_an_account_may_get(by, now, email, codes):
    UserFactory(email="taken@example.org")
    user = UserFactory(email="own@example.org")

    assert [blocker.code for blocker in new_address_blockers(user, email)] == codes


def test_address_taken_at_this_very_moment(by, now, monkeypatch):
    UserFactory(email="taken@example.org")
    user = UserFactory(not_activated=True)
    monkeypatch.setattr(administering, "new_address_blockers", lambda *args: [])

    with pytest.raises(Refused) as refusal:
        change_address(user, email="taken@example.org", by=by, now=now)

    assert refusal.value.codes == ["has_account"]


def test_activated_for_somebody_identified_otherwise(by, now):
    user = UserFactory(not_activated=True)

    activate_for(user, by=by, now=now)

    user.refresh_from_db()
    assert user.activated_at == now
    assert sent() == [("forgotten-identifiers", user.email)]
    assert events(user) == [AccountEvent.ACTIVATED_FOR]
    assert [blocker.code for blocker in activating_blockers(user)] == ["active"]


def test_sign_in_is_reset_with_every_way_in(by, now):
    """B-156: passkeys, codes of a telephone and links that were mailed before among them."""
    user = UserFactory(student_login="alix")
    other = UserFactory(merged_into=user, is_active=False)
    Authenticator.objects.create(user=user, type="totp", data={"secret": "x"})
    before = MailedLinkFactory(user=user)
    SocialAccount.objects.create(user=user, provider="institution", uid="alix")
    epoch = user.session_epoch

    reset_sign_in(user, by=by, now=now)

    user.refresh_from_db()
    other.refresh_from_db()
    assert (user.has_usable_password(), user.session_epoch) == (False, epoch + 1)
    assert user.student_login == ""
    assert not other.has_usable_password()
    assert not SocialAccount.objects.filter(user=user).exists()
    assert not Authenticator.objects.filter(user=user).exists()
    assert not MailedLink.objects.filter(pk=before.pk).exists()
    assert "mot-de-passe" in last_text("forgotten-identifiers")
    reset_password(last_secret("forgotten-identifiers"), password=PASSWORD, now=now)
    assert User.objects.get(pk=user.pk).check_password(PASSWORD)


def test_one_address_one_account(by):
    UserFactory(email="zoe@example.org")

    with pytest.raises(IntegrityError):
        UserFactory(email="ZOE@example.org")
