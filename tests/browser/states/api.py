"""The description of the API, and the pages about other systems."""

from candide.institution.tokens.enums import Scope
from tests.admissions.conftest import NOW
from tests.browser.states.staff import administrator
from tests.browser.states.state import State
from tests.factories.catalogue import ApplicationCentreFactory
from tests.factories.tokens import TokenFactory
from tests.factories.webhooks import DeliveryFactory, SubscriptionFactory

TOKENS = "/gestion/parametrage/jetons/"
WEBHOOKS = "/gestion/parametrage/webhooks/"


def tokens():
    centre = ApplicationCentreFactory(name="UFR Droit, économie et gestion")
    TokenFactory(name="Entrepôt de données", scopes=[Scope.READ_STATISTICS])
    TokenFactory(name="Ancien portail", revoked_at=NOW)
    return TokenFactory(name="Scolarité", is_everywhere=False, centres=[centre])


MADE = {
    "name": "Scolarité",
    "scopes": ["applications.read"],
    "is_everywhere": "on",
    "expires_on": "31/12/2027",
}


def webhooks():
    subscription = SubscriptionFactory(name="Entrepôt de données")
    DeliveryFactory(subscription=subscription, done=True)
    DeliveryFactory(subscription=subscription, given_up=True)
    DeliveryFactory(subscription=subscription)
    SubscriptionFactory(name="Ancien portail", is_active=False)
    return subscription


STATES = [
    State("webhooks", WEBHOOKS, actor=administrator, setup=webhooks, weighed=False),
    State(
        "webhook",
        lambda subscription: f"{WEBHOOKS}{subscription.pk}/",
        actor=administrator,
        setup=webhooks,
        weighed=False,
    ),
    State(
        "webhook-stopped",
        lambda subscription: f"{WEBHOOKS}{subscription.pk}/",
        actor=administrator,
        setup=lambda: SubscriptionFactory(name="Ancien portail", is_active=False),
        weighed=False,
    ),
    State(
        "webhook-refused",
        f"{WEBHOOKS}nouveau/",
        actor=administrator,
        post={"name": "Portail", "url": "http://localhost/", "events": ["decision.released"]},
        status=409,
        weighed=False,
    ),
    State("api", "/api/", weighed=False),
    State("tokens", TOKENS, actor=administrator, setup=tokens, weighed=False),
    State("tokens-none", TOKENS, actor=administrator, weighed=False),
    State(
        "token",
        lambda token: f"{TOKENS}{token.pk}/",
        actor=administrator,
        setup=tokens,
        weighed=False,
    ),
    State(
        "token-refused",
        f"{TOKENS}nouveau/",
        actor=administrator,
        setup=tokens,
        post={"name": "Scolarité"},
        status=422,
        weighed=False,
    ),
    State("token-made", f"{TOKENS}nouveau/", actor=administrator, post=MADE, weighed=False),
]
