"""The harness bites: each of its pieces fails what it is there to fail."""

import socket

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.template import Context, Template
from django.test import override_settings
from django.urls import path
from django.utils import timezone

from candide.institution.accounts.models import User
from candide.institution.catalogue.models import Institution
from tests.conftest import FROZEN_AT
from tests.core.test_stack import deep_calls_find_room
from tests.harness import WriteInGet, unordered_querysets_shuffled


@login_not_required
def writes(request):
    User.objects.create_user("alix@example.org")
    return HttpResponse("written")


@login_not_required
def visits(request):
    request.session["seen"] = True
    request.session.save()
    return HttpResponse("seen")


urlpatterns = [path("writes/", writes), path("visits/", visits)]


@pytest.mark.django_db(transaction=True)
@override_settings(ROOT_URLCONF="tests.test_harness")
def test_a_get_that_writes_fails(client):
    Institution.current()

    with pytest.raises(WriteInGet, match='GET /writes/ writes: INSERT INTO "accounts_user"'):
        client.get("/writes/")

    assert User.objects.count() == 0
    assert client.post("/writes/").content == b"written"


@pytest.mark.django_db
@override_settings(ROOT_URLCONF="tests.test_harness")
def test_a_get_may_write_the_session(client):
    Institution.current()

    assert client.get("/visits/").content == b"seen"


@pytest.mark.django_db
def test_lists_nobody_ordered_come_in_another_order():
    emails = [f"{letter}@example.org" for letter in "abcdefghij"]
    for email in emails:
        User.objects.create_user(email)

    with unordered_querysets_shuffled(seed=1):
        unordered = [user.email for user in User.objects.all()]
        ordered = [user.email for user in User.objects.order_by("email")]

    assert sorted(unordered) == emails
    assert unordered != emails
    assert ordered == emails


def test_the_network_is_closed():
    with socket.socket() as outside, pytest.raises(UserWarning, match=r"192\.0\.2\.1"):
        outside.connect(("192.0.2.1", 80))


def test_an_undefined_template_variable_fails():
    with pytest.raises(pytest.fail.Exception, match="Undefined template variable 'nobody'"):
        Template("{{ nobody }}").render(Context())


def test_the_clock_stands_still(frozen):
    assert timezone.now() == FROZEN_AT

    frozen.shift(60)

    assert (timezone.now() - FROZEN_AT).total_seconds() == 60


def test_calls_of_a_test_find_room_on_the_stack():
    assert deep_calls_find_room()
