"""Who may set up the nomenclatures that the institution keeps itself."""

from typing import Any

import rules
from django.db.models import QuerySet

from candide.core.visibility import visibility
from candide.institution.access.enums import Capability
from candide.institution.access.scope import can_everywhere, reach_of
from candide.institution.reference.models import FeeExemption, StudyRegime

CAPABILITY = Capability.MANAGE_INSTITUTION

rules.add_perm("reference.view_enrolment", can_everywhere(CAPABILITY))
rules.add_perm("reference.manage_enrolment", can_everywhere(CAPABILITY, write=True))


@visibility(StudyRegime)
@visibility(FeeExemption)
def visible_nomenclatures(queryset: QuerySet, user: Any) -> QuerySet:
    """All of it, for who sets up the whole institution."""
    return queryset if reach_of(user, CAPABILITY).everywhere else queryset.none()
