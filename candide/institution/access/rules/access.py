"""Who may see and give rights."""

from typing import Any

import rules
from django.db.models import Q, QuerySet

from candide.core.visibility import visibility
from candide.institution.access.enums import Capability
from candide.institution.access.models import Assignment, RoleProfile
from candide.institution.access.scope import can_everywhere, can_somewhere, reach_of

rules.add_perm("access.view_roles", can_somewhere(Capability.MANAGE_STAFF))
rules.add_perm("access.manage_roles", can_everywhere(Capability.MANAGE_STAFF, write=True))
rules.add_perm("access.view_people", can_somewhere(Capability.MANAGE_STAFF))
rules.add_perm("access.manage_people", can_somewhere(Capability.MANAGE_STAFF, write=True))


@visibility(RoleProfile)
def visible_roles(queryset: QuerySet, user: Any) -> QuerySet:
    """Roles are the institution's: whoever gives some anywhere reads what they hold."""
    return queryset if user.has_perm("access.view_roles") else queryset.none()


@visibility(Assignment)
def visible_assignments(queryset: QuerySet, user: Any) -> QuerySet:
    """Those in the places where `user` looks after rights."""
    reach = reach_of(user, Capability.MANAGE_STAFF)
    if reach.everywhere:
        return queryset
    return queryset.filter(
        Q(centre__in=reach.centres)
        | Q(commission__centre__in=reach.centres)
        | Q(programme__commission__centre__in=reach.centres)
        | Q(commission__in=reach.commissions)
        | Q(programme__commission__in=reach.commissions)
        | Q(programme__in=reach.programmes)
    )
