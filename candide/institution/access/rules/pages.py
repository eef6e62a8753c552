"""Who may edit what everybody reads: notices, questions and answers, words for statuses."""

from typing import Any

import rules
from django.db.models import QuerySet

from candide.core.visibility import visibility
from candide.institution.access.enums import Capability
from candide.institution.access.scope import can_everywhere
from candide.institution.pages.models import FaqEntry, Notice

rules.add_perm("pages.view", can_everywhere(Capability.MANAGE_TEXTS))
rules.add_perm("pages.manage", can_everywhere(Capability.MANAGE_TEXTS, write=True))


@visibility(Notice)
@visibility(FaqEntry)
def visible_pages(queryset: QuerySet, user: Any) -> QuerySet:
    """To be set up; what is in service everybody reads."""
    return queryset if user.has_perm("pages.view") else queryset.none()
