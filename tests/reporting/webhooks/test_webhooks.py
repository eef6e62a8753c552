"""Other systems told of what happens: written down with it, called, signed, tried again."""

import hashlib
import hmac
import http.client
import json
import socket
import ssl
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from django.db import transaction
from django.db.models import QuerySet

from candide.admissions.applications.domain.transmission import transmit
from candide.admissions.applications.enums import ApplicationEvent
from candide.core.blockers import Refused
from candide.foundation.history.domain.log import entries_about, log, log_many
from candide.integrations import webhooks
from candide.reporting.webhooks import tasks
from candide.reporting.webhooks.domain import calling
from candide.reporting.webhooks.domain.calling import (
    KEPT_DONE,
    LEASE,
    WAITS,
    call_due,
    claim,
    hold_restored,
    replay,
)
from candide.reporting.webhooks.domain.subscribing import (
    Wish,
    subscribe,
    subscribing_blockers,
    switch,
)
from candide.reporting.webhooks.enums import (
    ADDRESS_PROBLEMS,
    PROBLEMS,
    DeliveryState,
    Event,
    WebhookEvent,
)
from candide.reporting.webhooks.models import Delivery
from tests.factories.access import ada
from tests.factories.applications import ApplicationFactory
from tests.factories.candidates import CandidateFactory
from tests.factories.catalogue import ApplicationCentreFactory, IntakeFactory
from tests.factories.webhooks import DeliveryFactory, SubscriptionFactory
from tests.jobs import counted

pytestmark = pytest.mark.django_db


@pytest.fixture
def server() -> Iterator[Any]:
    """Another system: what it was sent, and the status it answers with."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            other.received.append((self.path, dict(self.headers), body))
            self.send_response(other.status)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    other: Any = HTTPServer(("127.0.0.1", 0), Handler)
    other.received, other.status = [], 204
    other.url = f"http://127.0.0.1:{other.server_port}/candide?who=us"
    thread = Thread(target=other.serve_forever, args=(0.01,))
    thread.start()
    yield other
    other.shutdown()
    thread.join()
    other.server_close()


def called(now: Any) -> int:
    return call_due(clock=lambda: now, is_trial=True)


# -- Subscribing -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({}, []),
        ({"url": "http://scolarite.example.org/"}, ["address_scheme"]),
        ({"url": "https:///candide"}, ["address_form"]),
        ({"url": "https://10.0.0.7/candide"}, ["address_private"]),
        ({"events": ()}, ["no_event"]),
    ],
)
def test_subscribing_blockers(fields, codes):
    wish = Wish(
        **{
            "name": "Scolarité",
            "url": "https://scolarite.example.org/",
            "events": (Event.RELEASED,),
            **fields,
        }
    )

    assert [blocker.code for blocker in subscribing_blockers(wish, is_trial=False)] == codes


def test_a_subscription_has_a_secret_and_a_history(now):
    administrator, centre = ada(), ApplicationCentreFactory()
    wish = Wish("Scolarité", "https://scolarite.example.org/", [Event.RELEASED], centre)

    made = subscribe(wish, is_trial=False, by=administrator, now=now)
    for is_active in (False, False, True):
        switch(made, is_active=is_active, by=administrator)

    assert len(made.secret) > 40
    assert [entry.event for entry in entries_about(made)] == [
        WebhookEvent.RESUMED,
        WebhookEvent.STOPPED,
        WebhookEvent.MADE,
    ]
    with pytest.raises(Refused):
        subscribe(Wish("", "ftp://x", []), is_trial=False, by=None, now=now)


# -- Written down with what happens ----------------------------------------------------------------


def test_what_happens_is_written_down_in_the_same_transaction(now, frozen):
    subscription = SubscriptionFactory(events=[Event.TRANSMITTED])
    candidate = CandidateFactory(complete=True)
    application = ApplicationFactory(candidate=candidate, intake=IntakeFactory(open=True))

    transmit(application, by=candidate.user, now=now)

    (call,) = Delivery.objects.all()
    programme = application.intake.programme
    assert call.subscription == subscription
    assert call.body == {
        "id": str(call.key),
        "event": "application.transmitted",
        "at": call.at.isoformat(),
        "application": application.pk,
        "opening": application.intake_id,
        "programme": programme.code,
        "centre": programme.commission.centre.code,
    }
    with transaction.atomic():
        log(application, ApplicationEvent.TRANSMITTED)
        transaction.set_rollback(True)
    assert Delivery.objects.count() == 1


def test_each_is_told_what_it_asked_for_where_it_asked():
    application = ApplicationFactory()
    centre = application.intake.programme.commission.centre
    here = SubscriptionFactory(centre=centre, events=[Event.CANCELLED])
    SubscriptionFactory(centre=ApplicationCentreFactory())
    SubscriptionFactory(is_active=False)
    everywhere = SubscriptionFactory(events=[Event.CANCELLED, Event.RESTORED])

    log_many([(application, {}), (ApplicationFactory(), {})], ApplicationEvent.CANCELLED)
    log(application, ApplicationEvent.RESTORED)
    log(application, ApplicationEvent.FEES_SET)

    found = Delivery.objects.values_list("subscription", "event", "body__application")
    mine = [row for row in found if row[2] == application.pk]
    assert sorted(mine) == [
        (here.pk, Event.CANCELLED, application.pk),
        (everywhere.pk, Event.CANCELLED, application.pk),
        (everywhere.pk, Event.RESTORED, application.pk),
    ]
    assert len(found) == 4


def test_where_nobody_listens_it_costs_one_query_or_none(django_assert_num_queries):
    application = ApplicationFactory()

    with django_assert_num_queries(1):  # the entry
        log(application, ApplicationEvent.FEES_SET)
    with django_assert_num_queries(2):
        log(application, ApplicationEvent.CANCELLED)


# -- Calling ---------------------------------------------------------------------------------------


def test_a_call_is_made_once_and_signed(server, now):
    call = DeliveryFactory(subscription__url=server.url)

    assert called(now) == 1
    assert called(now) == 0

    ((path, headers, body),) = server.received
    timestamp = int(now.timestamp())
    expected = hmac.new(b"secret", f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    assert (path, json.loads(body)) == ("/candide?who=us", call.body)
    assert headers["Candide-Signature"] == f"t={timestamp},v1={expected}"
    assert headers["Candide-Delivery"] == str(call.key)
    assert headers["Candide-Event"] == "application.transmitted"
    call.refresh_from_db()
    assert (call.state, call.attempts, call.done_at) == (DeliveryState.DONE, 1, now)


def test_a_call_that_fails_is_made_again_after_growing_waits_then_given_up(server, now):
    server.status = 500
    call = DeliveryFactory(subscription__url=server.url)
    waited = []

    for _ in range(len(WAITS) + 1):
        assert called(now) == 1
        call.refresh_from_db()
        waited.append(call.next_attempt_at - now)
        now = call.next_attempt_at

    assert waited[:-1] == list(WAITS)
    assert (call.state, call.last_error) == (DeliveryState.GIVEN_UP, "HTTP 500")
    assert called(now + timedelta(days=9)) == 0


def test_who_does_not_answer_is_called_again(now):
    call = DeliveryFactory(subscription__url="http://127.0.0.1:9/")

    called(now)

    call.refresh_from_db()
    assert (call.state, call.last_error) == (DeliveryState.WAITING, "ConnectionRefusedError")


def test_who_is_stopped_is_not_called(now):
    DeliveryFactory(subscription__is_active=False)

    assert called(now) == 0


def test_a_call_whose_worker_died_is_made_by_another(now):
    call = DeliveryFactory()

    assert claim(now=now) == call
    assert claim(now=now) is None
    assert claim(now=now + LEASE) == call


def test_calls_are_made_again_on_demand(server, now):
    subscription = SubscriptionFactory(url=server.url)
    given_up = DeliveryFactory(subscription=subscription, given_up=True)
    DeliveryFactory(subscription=subscription, done=True)
    DeliveryFactory(given_up=True)
    chosen = Delivery.objects.filter(state=DeliveryState.GIVEN_UP)

    assert replay(chosen, of=subscription, by=None, now=now) == 1
    assert replay(chosen, of=subscription, by=None, now=now) == 0

    assert called(now) == 1
    given_up.refresh_from_db()
    assert given_up.state == DeliveryState.DONE
    assert [entry.data for entry in entries_about(subscription)] == [{"number": 1}]


def test_old_calls_are_forgotten(now):
    DeliveryFactory(done=True, at=now - KEPT_DONE - timedelta(days=1))
    kept = [
        DeliveryFactory(done=True, at=now),
        DeliveryFactory(given_up=True, at=now - KEPT_DONE - timedelta(days=1)),
        DeliveryFactory(at=now - timedelta(days=400)),
    ]

    assert counted("forget-calls", now=now) == {"forgotten": 1}

    assert set(Delivery.objects.all()) == set(kept)


def test_after_a_backup_was_put_back_nobody_is_told_twice(now):
    DeliveryFactory()

    assert hold_restored() == 1
    assert called(now) == 0


@pytest.mark.usefixtures("frozen")
def test_the_worker_calls_and_forgets(monkeypatch, now):
    asked = []
    monkeypatch.setattr(calling, "post", lambda url, *_, **how: asked.append(how) or 200)
    DeliveryFactory()
    DeliveryFactory(done=True, at=now - timedelta(days=300))

    counts = counted("forget-calls", now=now)

    assert counts == {"forgotten": 1}
    assert tasks.call_subscribers(now) == 1
    assert asked == [{"is_trial": False}]
    DeliveryFactory()
    assert tasks.hold_calls(now) == 1


def test_call_somebody_else_took_meanwhile_is_left_to_them(monkeypatch, now):
    monkeypatch.setattr(QuerySet, "exists", lambda rows: True)  # it was there a moment ago

    assert claim(now=now) is None


@pytest.mark.parametrize(
    "failed",
    [
        TimeoutError,
        ConnectionRefusedError,
        ConnectionResetError,
        http.client.RemoteDisconnected,
        socket.gaierror,
        ssl.SSLCertVerificationError,
        ssl.SSLError,
    ],
)
def test_what_fails_in_calling_has_words(failed, now, monkeypatch):
    def fails(*_: Any, **__: Any) -> None:
        raise failed

    monkeypatch.setattr(webhooks.socket, "create_connection", fails)
    call = DeliveryFactory(subscription__url="http://127.0.0.1:9/")

    called(now)

    call.refresh_from_db()
    assert call.last_error == failed.__name__
    assert call.problem == PROBLEMS[failed.__name__]


def test_an_address_that_is_not_called_any_more_has_words(now):
    call = DeliveryFactory(subscription__url="https://127.0.0.1:9/")

    call_due(clock=lambda: now, is_trial=False)

    call.refresh_from_db()
    assert call.last_error == "address: private"
    assert call.problem == ADDRESS_PROBLEMS["private"]


def test_what_nobody_foresaw_is_shown_as_noted():
    assert Delivery(last_error="HTTP 503").problem == "HTTP 503"
