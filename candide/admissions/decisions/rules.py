"""Who may decide, release, and read decisions and letters."""

from typing import Any

import rules
from django.db.models import QuerySet

from candide.admissions.applications.rules import applications_within, programme_of
from candide.admissions.decisions.models import (
    Decision,
    DecisionReason,
    DecisionType,
    Letter,
    LetterTemplate,
)
from candide.core.visibility import visibility
from candide.institution.access.enums import Capability
from candide.institution.access.rules.catalogue import is_opened
from candide.institution.access.scope import (
    can,
    can_set,
    can_somewhere,
    reach_of,
    settings_within,
)


def _can(capability: Capability, *, write: bool = True) -> rules.Predicate:
    return can(capability, programme_of, write=write)


rules.add_perm("decisions.enter", _can(Capability.ENTER_DECISIONS))
rules.add_perm("decisions.release", _can(Capability.RELEASE_DECISIONS))
rules.add_perm("decisions.confirm_route", _can(Capability.CONFIRM_ROUTE))
rules.add_perm("decisions.read_letter", _can(Capability.VIEW_APPLICATIONS, write=False))
rules.add_perm("decisions.make_letter", _can(Capability.RELEASE_DECISIONS))
rules.add_perm("decisions.view_settings", can_somewhere(Capability.MANAGE_DECISIONS))
rules.add_perm(
    "decisions.manage_settings",
    can_set(Capability.MANAGE_DECISIONS, lambda row: row.centre_id)
    & is_opened(Capability.MANAGE_DECISIONS),
)


@visibility(Decision)
def visible_decisions(queryset: QuerySet, user: Any) -> QuerySet:
    """Staff in reach see drafts too; a candidate sees own released ones only [VIEW-05]."""
    if reach_of(user, Capability.VIEW_APPLICATIONS):
        return queryset.filter(applications_within(user, "application"))
    if not getattr(user, "is_authenticated", False):
        return queryset.none()
    return queryset.exclude(released_at=None).filter(application__candidate__user_id=user.pk)


@visibility(Letter)
def visible_letters(queryset: QuerySet, user: Any) -> QuerySet:
    if reach_of(user, Capability.VIEW_APPLICATIONS):
        return queryset.filter(applications_within(user, "decision__application"))
    if not getattr(user, "is_authenticated", False):
        return queryset.none()
    own = queryset.filter(decision__application__candidate__user_id=user.pk)
    return own.exclude(decision__released_at=None)


@visibility(DecisionType)
@visibility(DecisionReason)
@visibility(LetterTemplate)
def visible_settings(queryset: QuerySet, user: Any) -> QuerySet:
    """Types and reasons to set up: those of the institution, and of centres in reach."""
    return queryset.filter(settings_within(user, Capability.MANAGE_DECISIONS)).distinct()
