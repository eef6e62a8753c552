"""Activating an account [ACC-17…21]."""

from datetime import timedelta

import pytest

from candide.core.blockers import Refused
from candide.institution.accounts.domain.activation import (
    Activated,
    activate,
    clean_up,
    never_activated,
    resend_activation,
)
from candide.institution.accounts.domain.creation import NewAccount, create_account
from candide.institution.accounts.domain.email_change import ask_email_change
from candide.institution.accounts.models import IssuedFileNumber, MailedLink, User
from tests.factories.accounts import ACTIVATION_DUE, PASSWORD, UserFactory
from tests.factories.candidates import CandidateFactory
from tests.factories.catalogue import CampaignFactory
from tests.institution.accounts.mailbox import last_secret, last_text, sent

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def secret(now):
    """The link mailed to somebody who has just created an account."""
    CampaignFactory()
    new = NewAccount(
        last_name="Martin",
        first_name="Alix",
        email="alix@example.org",
        password=PASSWORD,
        language="fr",
        next_page="/offre/droit/",
    )
    create_account(new, now=now)
    return last_secret("account-created")


def test_link_activates_the_account(secret, now):
    done = activate(secret, now=now)

    user = User.objects.get()
    assert user.activated_at == now
    assert done == Activated(user=user, next_page="/offre/droit/")


def test_link_works_until_the_last_moment(secret, now):
    activate(secret, now=ACTIVATION_DUE)

    assert User.objects.get().activated_at == ACTIVATION_DUE


def test_link_is_refused_after_the_last_moment(secret):
    with pytest.raises(Refused) as refusal:
        activate(secret, now=ACTIVATION_DUE + SECOND)

    assert refusal.value.codes == ["too_late"]
    assert User.objects.get().activated_at is None


def test_link_works_once(secret, now):
    activate(secret, now=now)

    with pytest.raises(Refused) as refusal:
        activate(secret, now=now)

    assert refusal.value.codes == ["already_active"]


@pytest.mark.parametrize("wrong", ["", "x" * 43, "é\u0000", "' OR 1=1 --"])
def test_unknown_link_is_refused(secret, now, wrong):
    with pytest.raises(Refused) as refusal:
        activate(wrong, now=now)

    assert refusal.value.codes == ["unknown"]


def test_account_put_out_of_service_is_not_activated(secret, now):
    User.objects.update(is_active=False)

    with pytest.raises(Refused) as refusal:
        activate(secret, now=now)

    assert refusal.value.codes == ["unknown"]


def test_new_link_replaces_the_old_one_and_keeps_the_rest(secret, now):
    """ACC-19: the time to activate is not extended."""
    resend_activation(" ALIX@example.org", now=now + timedelta(days=1))

    with pytest.raises(Refused) as refusal:
        activate(secret, now=now)
    done = activate(last_secret("activation-resent"), now=now)

    assert refusal.value.codes == ["unknown"]
    assert MailedLink.objects.get().expires_at == ACTIVATION_DUE
    assert done.next_page == "/offre/droit/"
    assert "20 mars 2027" in last_text("activation-resent")


def test_link_asked_for_too_late_is_not_sent(secret, now):
    resend_activation("alix@example.org", now=ACTIVATION_DUE + SECOND)

    assert sent() == [
        ("account-created", "alix@example.org"),
        ("activation-too-late", "alix@example.org"),
    ]
    assert MailedLink.objects.count() == 1


def test_link_asked_for_an_active_account_is_not_sent(now):
    UserFactory(email="alix@example.org")

    resend_activation("alix@example.org", now=now)

    assert sent() == [("account-already-active", "alix@example.org")]
    assert MailedLink.objects.count() == 0


def test_nothing_is_sent_to_an_address_without_account(now):
    UserFactory(email="closed@example.org", not_activated=True, out_of_service=True)

    resend_activation("unknown@example.org", now=now)
    resend_activation("closed@example.org", now=now)

    assert sent() == []


# -- Clean-up -----------------------------------------------------------------------------------


def test_accounts_to_clean_up(now):
    late = UserFactory(not_activated=True, activation_due_at=now - SECOND)
    UserFactory(not_activated=True, activation_due_at=now + SECOND)
    UserFactory(activation_due_at=now - SECOND)
    UserFactory(staff=True, activated_at=None, activation_due_at=now - SECOND)
    UserFactory(not_activated=True, activation_due_at=None)

    assert list(never_activated(now=now)) == [late]


def test_number_of_a_removed_account_stays_issued(secret):
    user = User.objects.get()

    clean_up(user, now=ACTIVATION_DUE + SECOND)

    assert User.objects.count() == 0
    assert MailedLink.objects.count() == 0
    assert list(IssuedFileNumber.objects.values_list("pk", flat=True)) == [user.file_number]


def test_mails_to_a_removed_account_go_with_it(secret, now):
    user = User.objects.get()
    resend_activation(user.email, now=now)
    resend_activation(user.email, now=ACTIVATION_DUE + SECOND)
    ask_email_change(UserFactory(email="bao@example.org"), email=user.email, now=now)

    clean_up(user, now=ACTIVATION_DUE + SECOND)

    assert sent() == [("email-change-notice", "bao@example.org")]


def test_account_activated_meanwhile_stays(secret, now):
    user = User.objects.get()
    activate(secret, now=now)

    with pytest.raises(Refused) as refusal:
        clean_up(user, now=ACTIVATION_DUE + SECOND)

    assert refusal.value.codes == ["activated"]


def test_account_for_which_staff_began_a_file_stays(now):
    user = UserFactory(not_activated=True, activation_due_at=now - SECOND)
    CandidateFactory(user=user)
    resend_activation(user.email, now=now)

    with pytest.raises(Refused) as refusal:
        clean_up(user, now=now)

    assert refusal.value.codes == ["has_file"]
    assert User.objects.get() == user
    assert sent() == [("activation-too-late", user.email)]
