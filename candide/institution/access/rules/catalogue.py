"""Who may set up what is offered, and by whom."""

from typing import Any

import rules
from django.db.models import QuerySet

from candide.core.visibility import visibility
from candide.institution.access.enums import Capability
from candide.institution.access.scope import (
    can_everywhere,
    can_somewhere,
)
from candide.institution.catalogue.models import ProgrammeKind

rules.add_perm("catalogue.manage", can_somewhere(Capability.MANAGE_CATALOGUE, write=True))
rules.add_perm("catalogue.view_kinds", can_everywhere(Capability.MANAGE_CATALOGUE))
rules.add_perm("catalogue.manage_kinds", can_everywhere(Capability.MANAGE_CATALOGUE, write=True))
rules.add_perm(
    "catalogue.manage_institution", can_everywhere(Capability.MANAGE_INSTITUTION, write=True)
)


@visibility(ProgrammeKind)
def visible_kinds(queryset: QuerySet, user: Any) -> QuerySet:
    return queryset if user.has_perm("catalogue.view_kinds") else queryset.none()
