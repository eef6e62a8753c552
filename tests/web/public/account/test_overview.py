"""« Mon compte » and the second factor of staff."""

from datetime import date

import pytest

from candide.institution.access.domain.roles import create_starter_roles
from candide.institution.access.models import Assignment
from candide.institution.accounts.domain.second_factor import (
    has_second_factor,
    switch_on,
    unused_recovery_codes,
)
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.catalogue import CommissionFactory
from tests.institution.accounts.domain.test_second_factor import SECRET, code_at
from tests.institution.accounts.mailbox import sent
from tests.web.conftest import words
from tests.web.staff.conftest import staff

FACTOR = "/compte/second-facteur/"


def test_candidate_sees_their_identifiers(signed_in):
    page = signed_in.get("/compte/").content.decode()

    assert "K7P2M9QX" in page
    assert "alix@example.org" in page
    assert "Second facteur" not in page


def test_page_shows_somebody_elses_account_to_nobody(signed_in):
    UserFactory(email="chris@example.org", file_number="CHRIS001")

    page = signed_in.get("/compte/").content.decode()

    assert "chris@example.org" not in page
    assert "CHRIS001" not in page


def test_staff_read_the_roles_they_have_today_and_where(client, signed_in):
    """A-113."""
    commission = CommissionFactory(name="Jury de droit", centre__name="UFR de droit")
    dana = staff("commission", commission=commission, is_chair=True)
    roles = create_starter_roles()
    Assignment.objects.create(user=dana, role=roles["administrator"], ends_on=date(2020, 1, 1))
    Assignment.objects.create(user=dana, role=roles["manager"], is_active=False)
    of_a_candidate = words(signed_in.get("/compte/"))

    client.force_login(dana)
    page = client.get("/compte/")

    assert [str(each.role) for each in page.context["rights"]] == [str(roles["commission"])]
    assert f"{roles['commission']} – Jury de droit (UFR de droit) – présidence" in words(page)
    assert "Mes profils" not in of_a_candidate


@pytest.mark.parametrize(
    "address", [FACTOR, f"{FACTOR}activer/", f"{FACTOR}desactiver/", f"{FACTOR}codes/"]
)
def test_second_factor_is_for_staff(signed_in, address):
    assert signed_in.get(address).status_code == 403


@pytest.fixture
def bao(client):
    user = UserFactory(staff=True, is_superuser=True, email="bao@example.org")
    client.force_login(user)
    return user


def test_switching_on_shows_the_codes_once(client, bao, now):
    client.get(f"{FACTOR}activer/")
    session = client.session
    session["mfa.totp.secret"] = SECRET
    session.save()

    response = client.post(f"{FACTOR}activer/", {"code": code_at(now), "current": PASSWORD})
    first = client.get(response.url).content.decode()
    second = client.get(response.url).content.decode()

    codes = unused_recovery_codes(bao)
    assert len(codes) == 10
    assert all(code in first for code in codes)
    assert not any(code in second for code in codes)
    assert sent() == [("sign-in-changed", "bao@example.org")]


@pytest.mark.parametrize(
    ("code", "password", "field"), [("000000", PASSWORD, "code"), (None, "wrong", "current")]
)
def test_switching_on_is_refused_at_its_field(client, bao, now, code, password, field):
    client.get(f"{FACTOR}activer/")
    session = client.session
    session["mfa.totp.secret"] = SECRET
    session.save()

    values = {"code": code or code_at(now), "current": password}
    response = client.post(f"{FACTOR}activer/", values)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not has_second_factor(bao)


@pytest.fixture
def with_factor(bao, now):
    switch_on(bao, secret=SECRET, code=code_at(now), now=now)
    return bao


def test_secret_is_not_shown_again(client, with_factor):
    assert client.get(f"{FACTOR}activer/").url == FACTOR


def test_new_codes_need_the_password(client, with_factor):
    old = unused_recovery_codes(with_factor)

    refused = client.post(f"{FACTOR}codes/", {"current": "wrong"})
    accepted = client.post(f"{FACTOR}codes/", {"current": PASSWORD})

    assert (refused.status_code, accepted.url) == (422, FACTOR)
    assert unused_recovery_codes(with_factor) != old


def test_switching_off_needs_the_password(client, with_factor):
    refused = client.post(f"{FACTOR}desactiver/", {"current": "wrong"})
    still = has_second_factor(with_factor)
    accepted = client.post(f"{FACTOR}desactiver/", {"current": PASSWORD})

    assert (refused.status_code, still, accepted.url) == (422, True, FACTOR)
    assert not has_second_factor(with_factor)


def test_reading_the_pages_changes_nothing(client, with_factor):
    for address in [FACTOR, f"{FACTOR}desactiver/", f"{FACTOR}codes/", "/compte/"]:
        assert client.get(address).status_code == 200

    assert has_second_factor(with_factor)
