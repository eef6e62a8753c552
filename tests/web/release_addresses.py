"""The table of permissions for releases of decisions: who may release in the centre; the second
person is another than who prepared."""

from typing import Any

from tests.factories.releases import ReleaseFactory, ReleaseRowFactory
from tests.web.actors import FORBIDDEN, IN, NOT_FOUND, SIGN_IN

RELEASE = (SIGN_IN, NOT_FOUND, NOT_FOUND, IN, NOT_FOUND, NOT_FOUND, IN)
ENTERS = (SIGN_IN, FORBIDDEN, FORBIDDEN, IN, NOT_FOUND, IN, IN)
PAGES = (
    *("page", "row", "letter", "report", "now", "plan", "unplan", "prepare_again", "continue"),
    *("give_up", "stop", "resume"),
)
RELEASES_OF_STAFF: dict[str, tuple[Any, ...]] = {
    "staff:releases": (SIGN_IN, FORBIDDEN, FORBIDDEN, IN, IN, FORBIDDEN, IN),
    **dict.fromkeys((f"staff:release_{page}" for page in PAGES), RELEASE),
    # Who enters decisions of the programme: a member of its commission too.
    "staff:decision_sheet": ENTERS,
    "staff:decision_model": ENTERS,
    "staff:decision_list": ENTERS,
    "staff:intakes": (SIGN_IN, FORBIDDEN, FORBIDDEN, IN, IN, IN, IN),
    "staff:reserve_list": ENTERS,
    "staff:reserve_order": ENTERS,
    "staff:reserve_call": (SIGN_IN, FORBIDDEN, FORBIDDEN, IN, NOT_FOUND, FORBIDDEN, IN),
    "staff:release_agree": (SIGN_IN, NOT_FOUND, NOT_FOUND, FORBIDDEN, NOT_FOUND, NOT_FOUND, IN),
}


def release_addresses(manager: Any, application: Any, letter: Any) -> dict[str, dict[str, Any]]:
    """What the addresses of these pages name: a release `manager` prepared."""
    release = ReleaseFactory(created_by=manager)
    release.programmes.add(application.intake.programme)
    ReleaseRowFactory(
        release=release, application=application, position=1, letter=letter, attaches=True
    )
    return {
        **{
            f"staff:{page}": {"pk": application.intake_id}
            for page in (
                *("decision_sheet", "decision_list"),
                *("reserve_list", "reserve_order", "reserve_call"),
            )
        },
        "staff:decision_model": {"pk": application.intake_id, "format": "csv"},
        **{f"staff:release_{page}": {"pk": release.pk} for page in (*PAGES, "agree")},
        **{
            f"staff:release_{page}": {"pk": release.pk, "position": 1} for page in ("row", "letter")
        },
    }
