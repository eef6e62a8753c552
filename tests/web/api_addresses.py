"""The table of permissions for the API: whoever is signed in, what counts there is a token
(tests/api/test_scopes.py)."""

from typing import Any

from tests.factories.tokens import TokenFactory
from tests.factories.webhooks import SubscriptionFactory
from tests.web.actors import ADMIN, IN, NO_TOKEN, NOT_FOUND, PUBLIC, SIGN_IN

OPEN = (
    "api:description",
    "api:schema",
    "api:programmes",
    "api:programme",
    "api:openings",
    "api:centres",
    "api:calendar",
    "api:centre_calendar",
    "api:programme_calendar",
)
OF_TOKENS = (
    "api:token",
    "api:applications",
    "api:application",
    "api:documents",
    "api:file",
    "api:set_status",
    "api:enter_decision",
    "api:decisions",
    "api:decision_choices",
    "api:statistics",
    "api:pre_enrolments",
)
PROGRAMS_OF_STAFF = ("staff:tokens", "staff:token_new", "staff:webhooks", "staff:webhook_new")
OF_ONE = (
    *("token", "webhook", "webhook_switch"),
    *("webhook_try", "webhook_delete", "webhook_replay"),
)
API_ADDRESSES: dict[str, tuple[Any, ...]] = {
    **dict.fromkeys(OPEN, PUBLIC),
    **dict.fromkeys(OF_TOKENS, NO_TOKEN),
    **dict.fromkeys(PROGRAMS_OF_STAFF, ADMIN),
    # Whoever may not make tokens does not know of any.
    **{f"staff:{page}": (SIGN_IN, *(NOT_FOUND,) * 5, IN) for page in OF_ONE},
}


def api_addresses(application: Any) -> dict[str, dict[str, Any]]:
    """What the addresses name."""
    subscription = SubscriptionFactory(is_active=False)
    return {
        "staff:token": {"pk": TokenFactory().pk},
        **{f"staff:{page}": {"pk": subscription.pk} for page in OF_ONE[1:]},
        "api:centre_calendar": {"code": application.intake.programme.commission.centre.code},
    }
