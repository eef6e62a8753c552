"""Who may prepare, agree to and do releases: who may release each of their decisions."""

from typing import Any

import rules
from django.db.models import QuerySet

from candide.admissions.releases.models import Release
from candide.core.visibility import visibility
from candide.institution.access.enums import Capability
from candide.institution.access.rules.staff import works_here
from candide.institution.access.scope import can_somewhere, narrowed_to, reach_of

RELEASES = Capability.RELEASE_DECISIONS


@rules.predicate
def releases_all_of_it(user: Any, release: Release | None) -> bool:
    """Holds the right for every programme whose decisions are in it."""
    if release is None:
        return bool(reach_of(user, RELEASES, write=True))
    reach = reach_of(user, RELEASES, write=True)
    return reach.everywhere or all(
        reach.covers_programme(programme) for programme in release.programmes.all()
    )


@rules.predicate
def did_not_prepare_it(user: Any, release: Release | None) -> bool:
    return release is None or release.created_by_id != user.pk


rules.add_perm("releases.list", works_here & can_somewhere(RELEASES, write=True))
rules.add_perm("releases.view", works_here & releases_all_of_it)
rules.add_perm("releases.steer", works_here & releases_all_of_it)
rules.add_perm("releases.agree", works_here & releases_all_of_it & did_not_prepare_it)


@visibility(Release)
def visible_releases(queryset: QuerySet, user: Any) -> QuerySet:
    """Those whose every decision is in reach."""
    reach = reach_of(user, RELEASES, write=True)
    if not works_here(user) or not reach:
        return queryset.none()
    if reach.everywhere:
        return queryset
    links = Release.programmes.through.objects
    foreign = links.exclude(narrowed_to(reach, "programme__commission"))
    return queryset.exclude(pk__in=foreign.values("release_id"))
