"""Who comes by in the table of permissions, and what they may meet."""

from typing import Any

from django.urls import reverse

SIGN_IN, NOT_FOUND, FORBIDDEN, NOT_ALLOWED, IN = "sign in", 404, 403, 405, "in"

ACTORS = ("anonymous", "owner", "other", "manager", "other_manager", "member", "admin")
# What each group of addresses answers to each of ACTORS, in that order.
PUBLIC = (IN,) * 7
ANYBODY = (SIGN_IN, IN, IN, IN, IN, IN, IN)
CANDIDATES = (SIGN_IN, IN, IN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN)
STAFF = (SIGN_IN, FORBIDDEN, FORBIDDEN, IN, IN, IN, IN)
ADMIN = (SIGN_IN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, IN)
# Nobody but the administrator, and this is no demonstration (tests/web/staff looks at one).
NOBODY = (SIGN_IN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, NOT_FOUND)
# A step of the institution's sign-in that leads nobody on without the step before.
NONE_UNDER_WAY = (SIGN_IN,) * 7
# Off but in development.
NOTHING = (NOT_FOUND,) * 7
# Who may know of the application, but is not its candidate, is told so.
OWNER = (SIGN_IN, IN, NOT_FOUND, FORBIDDEN, NOT_FOUND, FORBIDDEN, FORBIDDEN)
OWN_ITEM = (SIGN_IN, IN, NOT_FOUND, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN)
READER = (SIGN_IN, FORBIDDEN, NOT_FOUND, IN, NOT_FOUND, IN, IN)
SHARED_READER = (SIGN_IN, IN, NOT_FOUND, IN, NOT_FOUND, IN, IN)
CHECKER = READER
MANAGER = (SIGN_IN, FORBIDDEN, NOT_FOUND, IN, NOT_FOUND, FORBIDDEN, IN)

# Long work: who asked for it, and administrators; only who asked confirms.
RUN = (SIGN_IN, NOT_FOUND, NOT_FOUND, IN, NOT_FOUND, NOT_FOUND, IN)
RUN_OF_ONES_OWN = (SIGN_IN, NOT_FOUND, NOT_FOUND, IN, NOT_FOUND, NOT_FOUND, FORBIDDEN)

# A file somebody asked for: they alone, whatever others may.
DOWNLOAD = (SIGN_IN, NOT_FOUND, NOT_FOUND, IN, NOT_FOUND, NOT_FOUND, NOT_FOUND)


def outcome(response: Any) -> Any:
    """What an answer amounts to: turned to the sign-in page, refused, not found, not that way, or
    let in."""
    response.close()
    if response.status_code in {FORBIDDEN, NOT_FOUND, NOT_ALLOWED}:
        return response.status_code
    location = response.headers.get("Location", "")
    if response.status_code == 302 and location.startswith(reverse("account_login")):
        return SIGN_IN
    assert response.status_code < 500
    return IN


def area_of(name: str) -> str:
    area = name.partition(":")[0]
    return area if area in {"candidate", "staff"} else "public"
