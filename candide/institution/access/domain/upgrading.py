"""What a new version lets people do (« nouvelles fonctionnalités »): nobody holds it until the
institution said which roles get it, or that none does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker, refuse_if
from candide.institution.access.domain.capabilities import MEANINGS, Meaning
from candide.institution.access.domain.composing import add_grants
from candide.institution.access.domain.last_manager import lock_rights
from candide.institution.access.domain.roles import STARTER_ROLES
from candide.institution.access.enums import Capability
from candide.institution.access.models import RoleProfile, SettledCapability
from candide.institution.access.scope import reach_of
from candide.institution.accounts.models import User

# The version that brought what the first one did not have.
SINCE: dict[Capability, str] = {}
FIRST_VERSION = "0.1.0"


@dataclass(frozen=True)
class Offer:
    """One role that could get a new capability, and how far it would go as the starter roles have
    it (None: not at all)."""

    role: RoleProfile
    suggested: bool | None


@dataclass(frozen=True)
class News:
    """A capability nothing was decided about, and since which version there is one."""

    meaning: Meaning
    since: str
    offers: list[Offer]


def new_capabilities() -> list[Capability]:
    """What the institution has not decided about yet."""
    settled = set(SettledCapability.objects.values_list("capability", flat=True))
    return [capability for capability in Capability if capability.value not in settled]


def news() -> list[News]:
    """Each of them, with every role in service."""
    found = new_capabilities()
    if not found:
        return []
    roles = list(RoleProfile.objects.filter(is_active=True).order_by("name", "pk"))
    return [
        News(
            MEANINGS[capability],
            SINCE.get(capability, FIRST_VERSION),
            [Offer(role, _suggested(role, capability)) for role in roles],
        )
        for capability in found
    ]


def _suggested(role: RoleProfile, capability: Capability) -> bool | None:
    _name, capabilities = STARTER_ROLES.get(role.code, ("", {}))
    return capabilities.get(capability)


def settling_blockers(capabilities: Mapping[Capability, object], *, by: User) -> list[Blocker]:
    """Why `by` may not decide: it takes giving rights for the whole institution, not holding what
    nobody holds yet; and somebody may have decided meanwhile."""
    found = []
    if not reach_of(by, Capability.MANAGE_STAFF, write=True).everywhere:
        found.append(
            Blocker("out_of_reach", _("You do not give rights for the whole institution."))
        )
    gone = [str(each.label) for each in capabilities if each not in new_capabilities()]
    if gone:
        message = _("It was decided meanwhile who gets this: %(capabilities)s.")
        found.append(Blocker("settled", message % {"capabilities": ", ".join(gone)}))
    return found


@transaction.atomic
def settle(
    chosen: Mapping[Capability, Mapping[RoleProfile, bool]], *, by: User, now: datetime
) -> None:
    """Give each capability to the roles named with it, to write or to read; named with none, no
    role gets it. From then on it is given as any other."""
    lock_rights()
    refuse_if(settling_blockers(chosen, by=by))
    grants: dict[RoleProfile, dict[Capability, bool]] = {}
    for capability, roles in chosen.items():
        for role, can_write in roles.items():
            grants.setdefault(role, {})[capability] = can_write
    for role, added in grants.items():
        add_grants(role, added, by=by)
    SettledCapability.objects.bulk_create(
        SettledCapability(capability=capability, settled_at=now) for capability in chosen
    )
