"""The table of permissions for the API: whoever is signed in, what counts there is a token
(tests/api/test_scopes.py)."""

from typing import Any

from tests.web.actors import PUBLIC

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
API_ADDRESSES: dict[str, tuple[Any, ...]] = dict.fromkeys(OPEN, PUBLIC)


def api_addresses(application: Any) -> dict[str, dict[str, Any]]:
    """What the addresses name."""
    return {
        "api:centre_calendar": {"code": application.intake.programme.commission.centre.code},
    }
