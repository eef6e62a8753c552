"""« Webhooks »: who is called, how calls went, calling again."""

from datetime import UTC, datetime

import pytest

from candide.foundation.history.models import HistoryEntry
from candide.reporting.webhooks.enums import DeliveryState, WebhookEvent
from candide.reporting.webhooks.models import Delivery, Subscription
from tests.factories.webhooks import DeliveryFactory, SubscriptionFactory
from tests.web.conftest import links, words_inside

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

PAGE = "/gestion/parametrage/webhooks/"
ASKED = {
    "name": "Scolarité",
    "url": "https://scolarite.example.org/candide",
    "events": ["decision.released"],
}


def test_a_webhook_is_made_and_its_secret_shown(as_ada):
    page = as_ada.post(f"{PAGE}nouveau/", ASKED, follow=True)

    made = Subscription.objects.get()
    assert made.events == ["decision.released"]
    assert made.secret in words_inside(page)


@pytest.mark.parametrize(
    ("changes", "status"), [({"events": []}, 422), ({"url": "https://localhost/"}, 409)]
)
def test_what_speaks_against_a_webhook_is_told(changes, status, as_ada):
    response = as_ada.post(f"{PAGE}nouveau/", {**ASKED, **changes})

    assert (response.status_code, Subscription.objects.count()) == (status, 0)


def test_calls_are_seen_and_made_again(as_ada):
    subscription = SubscriptionFactory()
    failed = DeliveryFactory(subscription=subscription, given_up=True)
    done = DeliveryFactory(subscription=subscription, done=True)
    foreign = DeliveryFactory(given_up=True)

    seen = words_inside(as_ada.get(f"{PAGE}{subscription.pk}/?state=given_up"))
    as_ada.post(f"{PAGE}{subscription.pk}/rappeler/", {"call": done.pk})
    as_ada.post(f"{PAGE}{subscription.pk}/rappeler/", {"call": foreign.pk})
    as_ada.post(f"{PAGE}{subscription.pk}/rappeler/")

    assert "Rien ne répond à cette adresse." in seen
    waiting = Delivery.objects.filter(state=DeliveryState.WAITING)
    assert set(waiting) == {failed, done}


def test_a_call_that_failed_says_when_it_is_made_again(as_ada):
    again_at = datetime(2027, 3, 15, 10, 30, tzinfo=UTC)
    call = DeliveryFactory(attempts=2, last_error="HTTP 500", next_attempt_at=again_at)

    seen = words_inside(as_ada.get(f"{PAGE}{call.subscription_id}/"))

    assert "HTTP 500 2 à nouveau le 15/03/2027 à " in seen


def test_a_webhook_is_stopped_and_resumed(as_ada):
    subscription = SubscriptionFactory()

    states = []
    for act in ("stop", "resume"):
        as_ada.post(f"{PAGE}{subscription.pk}/service/", {act: "1"})
        states.append(Subscription.objects.get().is_active)

    assert states == [False, True]


def test_a_webhook_is_called_for_a_test(as_ada):
    subscription = SubscriptionFactory()

    as_ada.post(f"{PAGE}{subscription.pk}/essai/")

    call = Delivery.objects.get()
    assert (call.event, call.state) == ("webhook.test", DeliveryState.WAITING)
    assert call.body == {
        "id": str(call.key),
        "event": "webhook.test",
        "at": "2027-03-15T09:00:00+00:00",
    }
    page = words_inside(as_ada.get(f"{PAGE}{subscription.pk}/"))
    assert "Essai – En attente" in page
    assert "Appelé pour essai" in page


def test_a_webhook_that_is_stopped_is_not_called_and_can_be_deleted(as_ada):
    subscription = SubscriptionFactory(is_active=False, name="Entrepôt")
    DeliveryFactory(subscription=subscription)

    tried = as_ada.post(f"{PAGE}{subscription.pk}/essai/", follow=True)
    calls = Delivery.objects.count()
    deleted = as_ada.post(f"{PAGE}{subscription.pk}/supprimer/", follow=True)

    assert "reprenez-le d'abord" in words_inside(tried)
    assert calls == 1
    assert "« Entrepôt » est supprimé." in words_inside(deleted)
    assert not Subscription.objects.exists()
    assert not Delivery.objects.exists()
    entry = HistoryEntry.objects.get(event=WebhookEvent.DELETED)
    assert entry.data["changes"] == {"name": ["Entrepôt", None]}


def test_a_webhook_in_service_is_not_deleted(as_ada):
    subscription = SubscriptionFactory()

    answer = as_ada.post(f"{PAGE}{subscription.pk}/supprimer/", follow=True)

    assert "arrêtez-le d'abord" in words_inside(answer)
    assert Subscription.objects.get() == subscription


def test_older_calls_are_a_page_further(as_ada, monkeypatch):
    monkeypatch.setattr("candide.web.shared.addresses.PAGE", 2)
    subscription = SubscriptionFactory()
    calls = [DeliveryFactory(subscription=subscription) for _ in range(3)]

    page = as_ada.get(f"{PAGE}{subscription.pk}/")

    assert [call for call, _look in page.context["calls"]] == calls[:0:-1]
    (older,) = [address for address, words in links(page) if words == "Appels plus anciens"]
    further = as_ada.get(f"{PAGE}{subscription.pk}/{older}")
    assert [call for call, _look in further.context["calls"]] == calls[:1]


@pytest.mark.parametrize("address", ["", "{pk}/"])
def test_pages_cost_the_same_however_much_is_on_them(address, as_ada, django_assert_num_queries):
    subscription = SubscriptionFactory()
    DeliveryFactory(subscription=subscription)
    url = PAGE + address.format(pk=subscription.pk)
    as_ada.get(url)
    with django_assert_num_queries(QUERIES[address]):
        as_ada.get(url)
    for _ in range(2):
        DeliveryFactory(subscription=subscription)
        SubscriptionFactory()

    with django_assert_num_queries(QUERIES[address]):
        as_ada.get(url)


QUERIES = {"": 5, "{pk}/": 8}
