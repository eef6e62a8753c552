"""Who may look at files that were asked for: who asked, and nobody else, whatever their rights."""

from typing import Any

import rules
from django.db.models import QuerySet

from candide.core.visibility import visibility
from candide.foundation.downloads.models import Download
from candide.institution.access.rules.staff import works_here


@rules.predicate
def asked_for_it(user: Any, download: Download | None) -> bool:
    return download is not None and download.asked_by_id == user.pk


rules.add_perm("downloads.list", works_here)
rules.add_perm("downloads.view", works_here & asked_for_it)
rules.add_perm("downloads.take", works_here & asked_for_it)


@visibility(Download)
def visible_downloads(queryset: QuerySet, user: Any) -> QuerySet:
    """One's own, of members of staff."""
    return queryset.filter(asked_by=user.pk) if works_here(user) else queryset.none()
