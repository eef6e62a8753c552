"""The decorators that say who may come in."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse

from candide.core import visibility
from candide.core.views import for_object, permission_required
from candide.institution.accounts.models import User


def request_of(*permissions):
    """A request of somebody who holds `permissions` and sees accounts of example.org."""
    user = SimpleNamespace(has_perm=lambda permission, subject=None: permission in permissions)
    return SimpleNamespace(user=user, method="POST")


@for_object(User, "tests.open", lookup="email")
def open_account(request, account, page=1):
    return HttpResponse(f"{account.email} {page}")


@permission_required("tests.list")
def list_accounts(request):
    return HttpResponse("list")


@pytest.fixture
def account(db, monkeypatch):
    monkeypatch.setattr(visibility, "_narrowings", {})
    visibility.visibility(User)(lambda accounts, user: accounts.exclude(email="hidden@x.org"))
    User.objects.create_user("hidden@x.org")
    return User.objects.create_user("alix@x.org")


def test_for_object_passes_the_object_in_place_of_its_key(account):
    response = open_account(request_of("tests.open"), email="alix@x.org", page=3)

    assert response.content == b"alix@x.org 3"


def test_for_object_without_the_permission_is_forbidden(account):
    with pytest.raises(PermissionDenied):
        open_account(request_of("tests.list"), email="alix@x.org")


@pytest.mark.parametrize("email", ["hidden@x.org", "nobody@x.org"])
def test_for_object_of_what_is_not_visible_does_not_exist(account, email):
    with pytest.raises(Http404):
        open_account(request_of("tests.open"), email=email)


def test_permission_required():
    assert list_accounts(request_of("tests.list")).content == b"list"
    with pytest.raises(PermissionDenied):
        list_accounts(request_of("tests.open"))


def test_the_permission_can_be_read_from_the_view():
    assert open_account.permission == "tests.open"
    assert list_accounts.permission == "tests.list"
