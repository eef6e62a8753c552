"""Somebody can always give rights for the whole institution: the last way to do so is never taken
away. Whatever changes rights takes one lock first, so that two changes at the same moment cannot
each count on what the other removes."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker
from candide.institution.access.enums import Capability
from candide.institution.access.models import Assignment, RoleProfile
from candide.institution.accounts.models import User


def lock_rights() -> None:
    """Let rights change one at a time, until the end of the transaction."""
    list(RoleProfile.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def last_manager_blockers(
    *,
    role: RoleProfile | None = None,
    assignment: Assignment | None = None,
    person: User | None = None,
) -> list[Blocker]:
    """Why a role may not lose the capability or stop, an assignment not end, an account not be
    closed: nobody else could give rights for the whole institution any more."""
    superusers = User.objects.filter(is_active=True, is_superuser=True)
    lost: dict[str, Any] = {}
    if role is not None:
        lost = {"role": role}
    elif assignment is not None:
        lost = {"pk": assignment.pk}
    else:
        lost = {"user": person}
        superusers = superusers.exclude(pk=person.pk if person else None)
    ways = _ways()
    loses_one = ways.filter(**lost).exists() or (person is not None and person.is_superuser)
    if not loses_one or superusers.exists() or ways.exclude(**lost).exists():
        return []
    return [
        Blocker(
            "last_manager",
            _(
                "Nobody else could give rights for the whole institution any more. Give somebody "
                "a role that can, first."
            ),
        )
    ]


def _ways() -> Any:
    """The assignments that let somebody who can sign in give rights everywhere, for as long as they
    are not taken: one with a last day ends by itself."""
    return Assignment.objects.filter(
        Q(centre=None, commission=None, programme=None, ends_on=None),
        is_active=True,
        user__is_active=True,
        user__activated_at__isnull=False,
        role__is_active=True,
        role__pk__in=RoleProfile.objects.filter(
            grants__capability=Capability.MANAGE_STAFF, grants__can_write=True
        ).values("pk"),
    )
