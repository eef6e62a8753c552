"""Who may look at and steer long work: one's own; administrators everybody's."""

from typing import Any

import rules
from django.db.models import QuerySet

from candide.core.visibility import visibility
from candide.foundation.runs.models import Run
from candide.institution.access.enums import Capability
from candide.institution.access.rules.staff import works_here
from candide.institution.access.scope import can_everywhere, reach_of


@rules.predicate
def asked_for_it(user: Any, run: Run | None) -> bool:
    return run is not None and run.asked_by_id == user.pk


administers = can_everywhere(Capability.MANAGE_INSTITUTION, write=True)

rules.add_perm("runs.list", works_here)
rules.add_perm("runs.view", works_here & (asked_for_it | administers))
rules.add_perm("runs.steer", works_here & (asked_for_it | administers))
rules.add_perm("runs.confirm", works_here & asked_for_it)


@visibility(Run)
def visible_runs(queryset: QuerySet, user: Any) -> QuerySet:
    """One's own; all for administrators; none for candidates."""
    if not works_here(user):
        return queryset.none()
    if reach_of(user, Capability.MANAGE_INSTITUTION, write=True).everywhere:
        return queryset
    return queryset.filter(asked_by=user.pk)
