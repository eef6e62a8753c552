"""The optional second factor of staff."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from candide.core.blockers import Refused
from candide.institution.accounts.domain.second_factor import (
    has_second_factor,
    renew_recovery_codes,
    switch_off,
    switch_on,
    unused_recovery_codes,
)
from tests.factories.accounts import UserFactory
from tests.institution.accounts.mailbox import sent

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP"


def code_at(now):
    return format_hotp_value(hotp_value(SECRET, int(now.timestamp()) // 30))


@pytest.fixture
def bao(now):
    user = UserFactory(staff=True, email="bao@example.org")
    switch_on(user, secret=SECRET, code=code_at(now), now=now)
    return user


def test_right_code_switches_it_on_and_draws_recovery_codes(bao):
    assert has_second_factor(bao)
    assert len(set(unused_recovery_codes(bao))) == 10
    assert sent() == [("sign-in-changed", "bao@example.org")]


def test_secrets_are_not_in_the_database_as_they_are(bao):
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))

    assert SECRET not in kept
    assert "seed" in kept


def test_wrong_code_is_refused(now):
    bao = UserFactory(staff=True)

    with pytest.raises(Refused) as refusal:
        switch_on(bao, secret=SECRET, code="000000", now=now)

    assert refusal.value.codes == ["wrong_code"]
    assert not has_second_factor(bao)


def test_switched_on_twice_is_refused(bao, now):
    with pytest.raises(Refused) as refusal:
        switch_on(bao, secret=SECRET, code=code_at(now), now=now)

    assert refusal.value.codes == ["already_on"]


def test_renewed_codes_replace_the_old_ones(bao):
    old = set(unused_recovery_codes(bao))

    renew_recovery_codes(bao)

    assert set(unused_recovery_codes(bao)) & old == set()
    assert len(sent()) == 2


def test_switching_off_forgets_everything(bao):
    switch_off(bao)
    switch_off(bao)

    assert not has_second_factor(bao)
    assert unused_recovery_codes(bao) == []
    assert len(sent()) == 2


def test_nothing_is_renewed_for_who_has_none():
    chris = UserFactory(staff=True)

    renew_recovery_codes(chris)

    assert unused_recovery_codes(chris) == []
    assert sent() == []
