"""« Vérifier les droits »: what somebody can do in a place, by which role, and who can do something
there."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from candide.institution.access.domain.people import JOINED
from candide.institution.access.enums import Capability
from candide.institution.access.models import Assignment
from candide.institution.access.scope import holds_today
from candide.institution.accounts.models import User
from candide.institution.catalogue.models import ApplicationCentre, Commission, Programme


@dataclass(frozen=True)
class Place:
    """A programme, a commission, a centre, or, none given, the whole institution."""

    centre: ApplicationCentre | None = None
    commission: Commission | None = None
    programme: Programme | None = None


@dataclass(frozen=True)
class Opening:
    """A capability somebody holds in a place, whether to write, and the assignments that give it
    (none: a superuser's)."""

    capability: Capability
    can_write: bool
    sources: list[Assignment]


def openings(person: User, place: Place) -> list[Opening]:
    """What `person` can do in `place`, in the order of the capabilities. The strongest counts,
    whichever role it comes from."""
    if not person.is_active:
        return []
    if person.is_superuser:
        return [Opening(capability, True, []) for capability in Capability]
    found: dict[str, Opening] = {}
    rows = person.assignments.filter(_covering(place)).prefetch_related("role__grants")
    for each in _in_service(rows).order_by("pk"):
        for grant in each.role.grants.all():
            held = found.get(grant.capability)
            found[grant.capability] = Opening(
                Capability(grant.capability),
                grant.can_write or bool(held and held.can_write),
                [*(held.sources if held else []), each],
            )
    return [found[capability] for capability in Capability if capability in found]


def who_has_access(place: Place) -> QuerySet[Assignment]:
    """The assignments that open something in `place`; of a centre those in its commissions too, of
    both those for their programmes."""
    reaching = _covering(place)
    if place.centre:
        reaching |= Q(commission__centre=place.centre)
        reaching |= Q(programme__commission__centre=place.centre)
    elif place.commission:
        reaching |= Q(programme__commission=place.commission)
    rows = Assignment.objects.filter(reaching, user__is_active=True).select_related("user")
    return _in_service(rows).order_by("user__last_name", "user__first_name", "user", "pk")


def _covering(place: Place) -> Q:
    """The assignments that hold all over `place`."""
    found = Q(centre=None, commission=None, programme=None)
    if place.programme:
        found |= Q(programme=place.programme)
    commission = place.programme.commission if place.programme else place.commission
    if commission:
        return found | Q(centre=commission.centre_id) | Q(commission=commission)
    return found | Q(centre=place.centre) if place.centre else found


def _in_service(rows: QuerySet[Assignment]) -> QuerySet[Assignment]:
    return rows.filter(holds_today(), role__is_active=True).select_related(*JOINED)
