"""Who may see and give rights."""

from typing import Any

import rules
from django.db.models import QuerySet

from candide.core.visibility import visibility
from candide.institution.access.enums import Capability
from candide.institution.access.models import RoleProfile
from candide.institution.access.scope import can_everywhere, can_somewhere

rules.add_perm("access.view_roles", can_somewhere(Capability.MANAGE_STAFF))
rules.add_perm("access.manage_roles", can_everywhere(Capability.MANAGE_STAFF, write=True))


@visibility(RoleProfile)
def visible_roles(queryset: QuerySet, user: Any) -> QuerySet:
    """Roles are the institution's: whoever gives some anywhere reads what they hold."""
    return queryset if user.has_perm("access.view_roles") else queryset.none()
