"""AUTH-01: the file number or the address, and the password."""

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import make_password

from candide.institution.accounts import backend
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def alix():
    return UserFactory(email="alix@example.org", file_number="K7P2M9QX")


@pytest.mark.parametrize(
    "login", ["K7P2M9QX", "k7p2m9qx", " K7P2 M9QX ", "alix@example.org", "Alix@Example.ORG "]
)
def test_login_is_known_however_it_is_written(alix, login):
    assert authenticate(None, username=login, password=PASSWORD) == alix


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("K7P2M9QX", "wrong"),
        ("K7P2M9QX", ""),
        ("unknown", PASSWORD),
        ("", PASSWORD),
        ("nobody@example.org", PASSWORD),
        ("\u0000", PASSWORD),
    ],
)
def test_anything_else_is_nobody(alix, login, password):
    assert authenticate(None, username=login, password=password) is None


def test_closed_account_is_nobody():
    closed = UserFactory(out_of_service=True)

    assert authenticate(None, username=closed.email, password=PASSWORD) is None
    assert backend.AccountBackend().get_user(closed.pk) is None


def test_staff_without_file_number_are_not_found_by_an_empty_one():
    UserFactory(staff=True)

    assert authenticate(None, username="  ", password=PASSWORD) is None


def test_unknown_login_takes_as_long_as_a_wrong_password(alix, monkeypatch):
    hashed = []
    monkeypatch.setattr(backend.User, "set_password", lambda self, raw: hashed.append(raw))

    authenticate(None, username="unknown", password="secret")

    assert hashed == ["secret"]


def test_missing_password_is_nobody(alix):
    assert authenticate(None, username="K7P2M9QX") is None


def test_password_hashed_otherwise_is_hashed_anew_when_it_is_used(settings):
    """A-120: what a former version or another service hashed is good, and does not stay."""
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
    user = UserFactory()
    user.password = make_password(PASSWORD, hasher="pbkdf2_sha256")
    user.save()

    assert authenticate(None, username=user.email, password=PASSWORD) == user

    user.refresh_from_db()
    assert user.password.startswith("md5$")
