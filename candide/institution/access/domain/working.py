"""Where a member of staff works just now, a centre or a commission among those in reach: it narrows
what pages begin with, and takes no right away (« choix du centre, de la commission »)."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet

from candide.core.text import whole_number
from candide.institution.access.enums import Capability
from candide.institution.access.scope import reach_of
from candide.institution.accounts.models import User
from candide.institution.catalogue.models import ApplicationCentre, Commission

CENTRE, COMMISSION = "centre", "commission"
ALL = "all"


@dataclass(frozen=True)
class WorkPlace:
    """A centre, or a commission."""

    kind: str
    row: ApplicationCentre | Commission

    @property
    def code(self) -> str:
        """What a session and a form hold of it."""
        return f"{self.kind}-{self.row.pk}"

    @property
    def query(self) -> str:
        """What narrows a list to it, in the address: whoever opens that sees the same place."""
        return f"{self.kind}={self.row.pk}"

    def __str__(self) -> str:
        return str(self.row)


def commissions_in_reach(user: User) -> QuerySet[Commission]:
    """Those in service in which `user` sees applications, of one programme at least."""
    reach = reach_of(user, Capability.VIEW_APPLICATIONS)
    rows = Commission.objects.filter(is_active=True, centre__is_active=True)
    rows = rows.select_related("centre").order_by("centre__name", "name", "pk")
    if reach.everywhere:
        return rows
    own = Q(centre__in=reach.centres) | Q(pk__in=reach.commissions)
    if reach.programmes:
        own |= Q(programmes__in=reach.programmes)
    return rows.filter(own).distinct()


def places_of(user: User) -> list[tuple[WorkPlace, list[WorkPlace]]]:
    """Every centre `user` may work in, with its commissions, by name."""
    found: dict[ApplicationCentre, list[WorkPlace]] = {}
    for commission in commissions_in_reach(user):
        found.setdefault(commission.centre, []).append(WorkPlace(COMMISSION, commission))
    return [(WorkPlace(CENTRE, centre), inside) for centre, inside in found.items()]


def place_of(user: User, code: str) -> WorkPlace | None:
    """The place `code` names; None where it is out of service, or out of reach."""
    kind, _dash, key = code.partition("-")
    pk = whole_number(key)
    if pk is None or kind not in {CENTRE, COMMISSION}:
        return None
    rows = commissions_in_reach(user)
    found = rows.filter(pk=pk).first() if kind == COMMISSION else rows.filter(centre=pk).first()
    if found is None:
        return None
    return WorkPlace(kind, found if kind == COMMISSION else found.centre)


def remembered_place(user: User) -> str:
    """The code of the place `user` prefers, or else worked in last; costs no query."""
    if user.work_commission_id:
        return f"{COMMISSION}-{user.work_commission_id}"
    return f"{CENTRE}-{user.work_centre_id}" if user.work_centre_id else ALL


@transaction.atomic
def work_in(user: User, place: WorkPlace | None, *, is_preferred: bool) -> None:
    """Remember where `user` chose to work (None: everywhere in reach). A place that is preferred
    stays the one to begin with until another is, or until it is chosen anew without that."""
    user = User.objects.locked(user.pk)
    if user.prefers_place and not is_preferred and place_code(place) != remembered_place(user):
        return
    user.work_centre_id = place.row.pk if place and place.kind == CENTRE else None
    user.work_commission_id = place.row.pk if place and place.kind == COMMISSION else None
    user.prefers_place = is_preferred
    user.save(update_fields=["work_centre", "work_commission", "prefers_place"])


def place_code(place: WorkPlace | None) -> str:
    return place.code if place else ALL
