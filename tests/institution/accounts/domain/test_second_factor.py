"""The second factor of staff: codes of a telephone, passkeys, recovery codes."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from candide.core.blockers import Refused
from candide.institution.accounts.domain.second_factor import (
    MOST_PASSKEYS,
    add_passkey,
    has_code,
    has_second_factor,
    passkey_host,
    passkeys_of,
    remove_passkey,
    renew_recovery_codes,
    switch_off,
    switch_on,
    unused_recovery_codes,
)
from tests.factories.accounts import UserFactory
from tests.institution.accounts.authenticator import Authenticator as Key
from tests.institution.accounts.authenticator import kept_by
from tests.institution.accounts.mailbox import last_text, sent

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


# -- Passkeys --------------------------------------------------------------------------------------


@pytest.fixture
def chris(settings):
    settings.BASE_URL = "https://candidatures.univ.example"
    return UserFactory(staff=True, email="chris@example.org")


def add(user, name="Clé"):
    return add_passkey(user, name=name, credential=kept_by(Key()))


def refused(function, *args, **kwargs):
    with pytest.raises(Refused) as refusal:
        function(*args, **kwargs)
    return refusal.value.codes


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://candidatures.univ.example", "candidatures.univ.example"),
        ("https://candidatures.univ.example:8443", "candidatures.univ.example"),
        ("http://localhost:8000", "localhost"),
        ("http://candide.localhost", "candide.localhost"),
        ("http://candidatures.univ.example", ""),
        ("http://127.0.0.1:8000", ""),
        ("https://192.0.2.7", ""),
        ("https://[2001:db8::1]", ""),
    ],
)
def test_passkeys_are_made_for_a_name_and_tls(settings, address, host):
    settings.BASE_URL = address

    assert passkey_host() == host


def test_passkey_is_a_second_factor_with_recovery_codes(chris):
    is_first, is_second = add(chris), add(chris, "Autre clé")

    assert has_second_factor(chris)
    assert not has_code(chris)
    assert [each.name for each in passkeys_of(chris)] == ["Clé", "Autre clé"]
    assert (is_first, is_second, len(unused_recovery_codes(chris))) == (True, False, 10)
    assert sent() == [("sign-in-changed", "chris@example.org")] * 2
    assert "une clé d’accès a été ajoutée" in last_text("sign-in-changed")


def test_passkey_needs_a_name_of_its_own(chris):
    add(chris)

    assert refused(add, chris, "CLÉ") == ["same_name"]


def test_nobody_needs_that_many(chris):
    for number in range(MOST_PASSKEYS):
        Authenticator.objects.create(user=chris, type="webauthn", data={"name": str(number)})

    assert refused(add, chris) == ["too_many"]


def test_address_browsers_make_none_for_is_told(chris, settings):
    settings.BASE_URL = "http://127.0.0.1:8000"

    assert refused(add, chris) == ["not_here"]


def test_last_passkey_takes_the_recovery_codes_along(chris):
    add(chris)
    [kept] = passkeys_of(chris)

    remove_passkey(chris, kept.pk)
    remove_passkey(chris, kept.pk)

    assert not has_second_factor(chris)
    assert unused_recovery_codes(chris) == []
    assert len(sent()) == 2
    assert "une clé d’accès a été retirée" in last_text("sign-in-changed")


def test_nobody_removes_the_passkey_of_another(chris):
    add(chris)

    remove_passkey(UserFactory(staff=True), passkeys_of(chris)[0].pk)

    assert len(passkeys_of(chris)) == 1


def test_demanded_factor_is_either_of_the_two(bao, now, settings):
    settings.BASE_URL = "https://candidatures.univ.example"
    assert refused(switch_off, bao, is_demanded=True) == ["demanded"]
    codes = unused_recovery_codes(bao)
    add(bao)

    switch_off(bao, is_demanded=True)

    [kept] = passkeys_of(bao)
    assert (has_code(bao), unused_recovery_codes(bao)) == (False, codes)
    assert refused(remove_passkey, bao, kept.pk, is_demanded=True) == ["demanded"]
    assert switch_on(bao, secret=SECRET, code=code_at(now), now=now) is False
    remove_passkey(bao, kept.pk, is_demanded=True)
    assert has_code(bao)
