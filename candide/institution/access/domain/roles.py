"""The roles an installation begins with; the institution composes its own afterwards."""

from django.db import transaction
from django.utils import timezone

from candide.institution.access.enums import Capability as C
from candide.institution.access.models import Grant, RoleProfile, SettledCapability

STARTER_ROLES: dict[str, tuple[str, dict[C, bool]]] = {
    "administrator": ("Administrateur", {capability: True for capability in C}),
    "registrar": (
        "Scolarité centrale",
        {capability: True for capability in C if capability != C.MANAGE_INSTITUTION},
    ),
    "manager": (
        "Gestionnaire de centre",
        {
            C.VIEW_APPLICATIONS: True,
            C.CHECK_DOCUMENTS: True,
            C.SET_DOSSIER_STATUS: True,
            C.SET_ROUTE: True,
            C.CONFIRM_ROUTE: True,
            C.ENTER_DECISIONS: True,
            C.RELEASE_DECISIONS: True,
            C.TAG_APPLICATIONS: True,
            C.SET_DEADLINES: True,
            C.WRITE_NOTES: True,
            C.WRITE_TO_CANDIDATES: True,
            C.SET_FEES: True,
            C.SET_REGIME: True,
            C.ENTER_ENROLMENT_CODES: True,
            C.MANAGE_HANDOVER: False,
            C.ACT_FOR_CANDIDATES: True,
            C.IGNORE_DEADLINES: True,
            C.VIEW_CANDIDATES: False,
            C.VIEW_OUTBOX: True,
            C.ADMINISTER_CANDIDATES: True,
            C.MANAGE_ORGANISATION: True,
            C.MANAGE_CATALOGUE: True,
            C.MANAGE_REQUIREMENTS: True,
            C.MANAGE_DECISIONS: True,
            C.MANAGE_TEXTS: True,
        },
    ),
    "commission": (
        "Membre de commission",
        {
            C.VIEW_APPLICATIONS: False,
            C.CHECK_DOCUMENTS: True,
            C.ENTER_DECISIONS: True,
            C.WRITE_NOTES: True,
            C.VIEW_CANDIDATES: False,
        },
    ),
    "candidate_manager": (
        "Gestionnaire de candidats",
        {
            C.VIEW_CANDIDATES: False,
            C.ADMINISTER_CANDIDATES: True,
            C.ACT_FOR_CANDIDATES: True,
        },
    ),
    "candidate_reader": (
        "Gestionnaire de candidats (lecture seule)",
        {C.VIEW_CANDIDATES: False, C.ADMINISTER_CANDIDATES: False},
    ),
}


@transaction.atomic
def create_starter_roles() -> dict[str, RoleProfile]:
    """Create the starter roles that are missing, and return them by code. What the institution
    changed of an existing one stays. Where there was no role at all they settle every capability
    there is."""
    found, is_new = {}, not RoleProfile.objects.exists()
    for code, (name, capabilities) in STARTER_ROLES.items():
        role, created = RoleProfile.objects.get_or_create(code=code, defaults={"name": name})
        if created:
            Grant.objects.bulk_create(
                Grant(role=role, capability=capability, can_write=can_write)
                for capability, can_write in capabilities.items()
            )
        found[code] = role
    if is_new:
        now = timezone.now()  # noqa: TID251 -- moment of writing
        SettledCapability.objects.bulk_create(
            (SettledCapability(capability=capability, settled_at=now) for capability in C),
            ignore_conflicts=True,
        )
    return found
