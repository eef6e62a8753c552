"""Who may do what with accounts."""

import pytest
from django.contrib.auth.models import AnonymousUser

from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("person", "change_own", "second_factor"),
    [
        (None, False, False),
        ({}, True, False),
        ({"staff": True}, True, True),
        ({"is_superuser": True}, True, True),
        ({"out_of_service": True}, False, False),
        ({"staff": True, "out_of_service": True}, False, False),
    ],
)
def test_permissions(person, change_own, second_factor):
    user = AnonymousUser() if person is None else UserFactory(**person)

    assert user.has_perm("accounts.change_own") is change_own
    assert user.has_perm("accounts.use_second_factor") is second_factor
