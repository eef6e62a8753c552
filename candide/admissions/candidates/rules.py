"""Who may see and change a file. No dates, no states: those are blockers."""

from typing import Any

import rules
from django.db.models import QuerySet

from candide.admissions.candidates.models import (
    Candidate,
    ExternalStudies,
    Internship,
    StudentDocument,
    WorkExperience,
)
from candide.core.visibility import visibility
from candide.institution.access.enums import Capability
from candide.institution.access.rules.staff import is_candidate
from candide.institution.access.scope import reach_of, within

TO_COMMISSION = "applications__intake__programme__commission"


@rules.predicate
def is_own_file(user: Any, candidate: Candidate | None) -> bool:
    return candidate is not None and candidate.user_id == user.pk


@rules.predicate
def is_in_reach(user: Any, candidate: Candidate | None) -> bool:
    """Staff who may see candidates, if this one applied to something of theirs."""
    if candidate is None or not reach_of(user, Capability.VIEW_CANDIDATES):
        return False
    return visible_candidates(Candidate.objects.filter(pk=candidate.pk), user).exists()


rules.add_perm("candidates.edit_own", is_candidate)
rules.add_perm("candidates.edit", is_candidate & is_own_file)
rules.add_perm("candidates.view", (is_candidate & is_own_file) | is_in_reach)


def _narrow(queryset: QuerySet, user: Any, to_candidate: str) -> QuerySet:
    """The own file for a candidate, those in reach for staff, nothing for others."""
    reach = reach_of(user, Capability.VIEW_CANDIDATES)
    if reach.everywhere:
        return queryset
    if reach:
        reachable = Candidate.objects.filter(
            within(user, Capability.VIEW_CANDIDATES, TO_COMMISSION)
        )
        return queryset.filter(**{f"{to_candidate or 'pk'}__in": reachable.values("pk")})
    if getattr(user, "is_authenticated", False):
        prefix = f"{to_candidate}__" if to_candidate else ""
        return queryset.filter(**{f"{prefix}user_id": user.pk})
    return queryset.none()


@visibility(Candidate)
def visible_candidates(queryset: QuerySet, user: Any) -> QuerySet:
    return _narrow(queryset, user, "")


def _visible_parts(queryset: QuerySet, user: Any) -> QuerySet:
    return _narrow(queryset, user, "candidate")


for _part in (ExternalStudies, Internship, WorkExperience, StudentDocument):
    visibility(_part)(_visible_parts)
