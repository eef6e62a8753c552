"""Who makes and revokes tokens: who sets up the institution and gives rights in all of it."""

from typing import Any

import rules
from django.db.models import QuerySet

from candide.core.visibility import visibility
from candide.institution.access.enums import Capability
from candide.institution.access.scope import can_everywhere
from candide.institution.tokens.models import Token

MANAGE = "tokens.manage"

rules.add_perm(
    MANAGE,
    can_everywhere(Capability.MANAGE_INSTITUTION, write=True)
    & can_everywhere(Capability.MANAGE_STAFF, write=True),
)


@visibility(Token)
def visible_tokens(queryset: QuerySet, user: Any) -> QuerySet:
    return queryset if user.has_perm(MANAGE) else queryset.none()
