"""Who may use and delete what is kept to export with."""

from typing import Any

import rules
from django.db.models import Q, QuerySet

from candide.core.visibility import visibility
from candide.institution.access.enums import Capability
from candide.institution.access.rules.staff import works_here
from candide.institution.access.scope import can_somewhere, reach_of
from candide.reporting.exports.models import ExportTemplate


@rules.predicate
def is_own_template(user: Any, template: ExportTemplate | None) -> bool:
    return template is not None and template.owner_id == user.pk


rules.add_perm("exports.applications", works_here & can_somewhere(Capability.VIEW_APPLICATIONS))
rules.add_perm("exports.delete_template", works_here & is_own_template)


@visibility(ExportTemplate)
def visible_templates(queryset: QuerySet, user: Any) -> QuerySet:
    """One's own, those shared with all staff, and those of centres where one sees applications."""
    if not works_here(user):
        return queryset.none()
    reach = reach_of(user, Capability.VIEW_APPLICATIONS)
    shared = Q(is_shared=True)
    if not reach.everywhere:
        shared &= (
            Q(centre=None)
            | Q(centre__in=reach.centres)
            | Q(centre__commissions__in=reach.commissions)
            | Q(centre__commissions__programmes__in=reach.programmes)
        )
    return queryset.filter(Q(owner=user) | shared).distinct()
