"""Giving one role to everybody who works in a centre (« affectation en masse ») [1.6]."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker, refuse_if
from candide.institution.access.domain.giving import (
    EVERYWHERE,
    Right,
    give_role,
    giving_blockers,
    take_role,
    taking_blockers,
)
from candide.institution.access.models import Assignment, RoleProfile
from candide.institution.access.scope import holds_today
from candide.institution.accounts.models import User
from candide.institution.catalogue.models import ApplicationCentre


@dataclass(frozen=True)
class Given:
    """What happens to one person: they get the role, what is taken instead, or why nothing is."""

    person: User
    taken: Assignment | None
    blockers: list[Blocker]

    @property
    def has_it(self) -> bool:
        return any(blocker.code == "has_it" for blocker in self.blockers)


def managers_of(centre: ApplicationCentre) -> list[User]:
    """Who has a role in service for this whole centre."""
    return list(
        User.objects.filter(
            holds_today("assignments__"),
            assignments__centre=centre,
            assignments__role__is_active=True,
            is_active=True,
        )
        .distinct()
        .order_by("last_name", "first_name", "pk")
    )


def preview(
    centre: ApplicationCentre, role: RoleProfile, *, instead_of: RoleProfile | None, by: User
) -> list[Given]:
    """What would happen to each of them, for the whole institution."""
    found = []
    for person in managers_of(centre):
        taken = None
        if instead_of is not None:
            taken = (
                Assignment.objects.filter(user=person, role=instead_of, **EVERYWHERE)
                .select_related("role", "user")
                .first()
            )
        blockers = giving_blockers(person, Right(role=role), by=by)
        if taken is not None:
            blockers += taking_blockers(taken, by=by)
        found.append(Given(person, taken, blockers))
    return found


@transaction.atomic
def give_to_managers(
    centre: ApplicationCentre,
    role: RoleProfile,
    *,
    instead_of: RoleProfile | None = None,
    by: User,
    seen: list[int],
) -> int:
    """Give `role`, for the whole institution, to the managers of `centre` who do not have it, and
    take `instead_of` from those who get it. `seen` are those who were shown: refuses "changed" if
    they are others by now. How many got it."""
    rows = preview(centre, role, instead_of=instead_of, by=by)
    going = [row for row in rows if not row.blockers]
    refuse_if(_changed([row.person.pk for row in going], seen))
    for row in going:
        if row.taken is not None:
            take_role(row.taken, by=by)
        give_role(row.person, Right(role=role), by=by)
    return len(going)


def _changed(going: list[int], seen: list[int]) -> list[Blocker]:
    if sorted(going) == sorted(seen):
        return []
    message = _("Who gets the role changed since this was shown. Look at it again.")
    return [Blocker("changed", message)]
