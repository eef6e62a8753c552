"""The table of permissions for candidates as staff meet them: the starter roles let managers act in
their centre, and members read in their commission."""

from datetime import UTC, datetime
from typing import Any

from candide.admissions.candidates.models import PossibleDuplicate
from tests.factories.leases import LeaseFactory
from tests.web.actors import ADMIN, FORBIDDEN, IN, MANAGER, NOT_FOUND, READER, SIGN_IN, STAFF

CANDIDATES_OF_STAFF: dict[str, tuple[Any, ...]] = {
    "staff:candidates": STAFF,
    "staff:candidate_new": (SIGN_IN, FORBIDDEN, FORBIDDEN, IN, IN, FORBIDDEN, IN),
    "staff:candidate": READER,
    **dict.fromkeys(
        (
            "staff:candidate_account",
            "staff:candidate_address",
            "staff:candidate_from_sis",
            "staff:candidate_link",
            "staff:candidate_delete",
            "staff:candidate_ask",
            "staff:candidate_identity",
            "staff:candidate_section",
            "staff:candidate_item_new",
            "staff:candidate_item",
            "staff:candidate_item_delete",
            "staff:candidate_unlock",
            "staff:candidate_apply",
            "staff:candidate_apply_to",
        ),
        MANAGER,
    ),
    "staff:apply_for": (SIGN_IN, FORBIDDEN, FORBIDDEN, IN, NOT_FOUND, FORBIDDEN, IN),
    "staff:duplicates": ADMIN,
    "staff:duplicate": ADMIN,
    "staff:candidate_erase": (SIGN_IN, FORBIDDEN, NOT_FOUND, FORBIDDEN, NOT_FOUND, FORBIDDEN, IN),
    "staff:locks": ADMIN,
    "staff:locks_release": ADMIN,
    "staff:lock_release": ADMIN,
    "staff:people_of_centre": ADMIN,
}


def special_addresses(
    candidate: int, intake: Any, internship: Any, other: int
) -> dict[str, dict[str, Any]]:
    """What the addresses of these pages name."""
    found_at = datetime(2027, 3, 15, tzinfo=UTC)
    one, two = sorted((candidate, other))
    pair = PossibleDuplicate.objects.create(one_id=one, other_id=two, found_at=found_at)
    return {
        **{
            f"staff:candidate{page}": {"pk": candidate}
            for page in (
                "",
                "_account",
                "_address",
                "_link",
                "_delete",
                "_erase",
                "_identity",
                "_apply",
                "_from_sis",
            )
        },
        "staff:candidate_ask": {"pk": candidate, "act": "connexion"},
        "staff:candidate_apply_to": {"pk": candidate, "intake": intake.pk},
        **{
            f"staff:candidate_{page}": {"pk": candidate, "section": "address"}
            for page in ("section", "unlock")
        },
        "staff:candidate_item_new": {"pk": candidate, "section": "internships"},
        **{
            f"staff:candidate_item{page}": {
                "pk": candidate,
                "section": "internships",
                "item": internship.pk,
            }
            for page in ("", "_delete")
        },
        "staff:apply_for": {"pk": intake.pk},
        "staff:duplicate": {"pk": pair.pk},
        "staff:lock_release": {"pk": LeaseFactory().pk},
    }
