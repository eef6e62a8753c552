"""Who may set up what is offered, and by whom."""

from typing import Any

import rules
from django.db.models import QuerySet

from candide.core.visibility import visibility
from candide.institution.access.enums import Capability
from candide.institution.access.scope import (
    can,
    can_everywhere,
    can_set,
    can_somewhere,
    reach_of,
    within,
)
from candide.institution.catalogue.models import (
    ApplicationCentre,
    Campaign,
    Commission,
    Institution,
    Intake,
    Programme,
    ProgrammeKind,
    TacitThreshold,
)

rules.add_perm("catalogue.manage", can_somewhere(Capability.MANAGE_CATALOGUE, write=True))
rules.add_perm("catalogue.view_kinds", can_everywhere(Capability.MANAGE_CATALOGUE))
rules.add_perm("catalogue.manage_kinds", can_everywhere(Capability.MANAGE_CATALOGUE, write=True))


@rules.predicate
def is_left_to_others(user: Any, name: str | None = None) -> bool:
    """Whether the setting `name`, or any, was left to the registrar (« délégation »)."""
    left = Institution.current().delegated_settings
    return name in left if name is not None else bool(left)


SETS_UP = can_everywhere(Capability.MANAGE_INSTITUTION)
SETTLES = can_everywhere(Capability.MANAGE_INSTITUTION, write=True)
rules.add_perm(
    "catalogue.view_setting",
    SETS_UP | (can_everywhere(Capability.CHANGE_SETTINGS) & is_left_to_others),
)
rules.add_perm(
    "catalogue.change_setting",
    SETTLES | (can_everywhere(Capability.CHANGE_SETTINGS, write=True) & is_left_to_others),
)
rules.add_perm("catalogue.view_institution", can_everywhere(Capability.MANAGE_INSTITUTION))
rules.add_perm(
    "catalogue.manage_institution", can_everywhere(Capability.MANAGE_INSTITUTION, write=True)
)
rules.add_perm("catalogue.view_campaigns", can_everywhere(Capability.MANAGE_INSTITUTION))
rules.add_perm(
    "catalogue.manage_campaigns", can_everywhere(Capability.MANAGE_INSTITUTION, write=True)
)
rules.add_perm("catalogue.view_tacit", can_everywhere(Capability.MANAGE_INSTITUTION))
rules.add_perm("catalogue.manage_tacit", can_everywhere(Capability.MANAGE_INSTITUTION, write=True))


@visibility(TacitThreshold)
def visible_thresholds(queryset: QuerySet, user: Any) -> QuerySet:
    return queryset if user.has_perm("catalogue.view_tacit") else queryset.none()


@visibility(Campaign)
def visible_campaigns(queryset: QuerySet, user: Any) -> QuerySet:
    return queryset if user.has_perm("catalogue.view_campaigns") else queryset.none()


# -- Centres and commissions ----------------------------------------------------------------------

ORGANISATION, CATALOGUE = Capability.MANAGE_ORGANISATION, Capability.MANAGE_CATALOGUE


@rules.predicate
def sets_up_centres(user: Any) -> bool:
    reach = reach_of(user, ORGANISATION)
    return reach.everywhere or bool(reach.centres)


@rules.predicate
def makes_commissions(user: Any, commission: Commission | None = None) -> bool:
    """Of a whole centre at least: not who sets up one commission [6.2]."""
    reach = reach_of(user, ORGANISATION, write=True)
    if commission is None:
        return reach.everywhere or bool(reach.centres)
    return reach.everywhere or commission.centre_id in reach.centres


def is_opened(capability: Capability) -> rules.Predicate:
    """Predicate: those of one centre set this up only where the institution opened it to the
    centre [back-office 11.5]. A row without centre is left to the other predicates."""

    @rules.predicate(f"is_opened:{capability}")
    def predicate(user: Any, row: Any = None) -> bool:
        reach = reach_of(user, capability, write=True)
        if reach.everywhere:
            return True
        if row is None:
            opened = ApplicationCentre.objects.filter(pk__in=reach.centres, sets_decisions=True)
            return opened.exists()
        return row.centre is None or row.centre.sets_decisions

    return predicate


rules.add_perm("catalogue.view_centres", sets_up_centres)
rules.add_perm("catalogue.manage_centres", can_set(ORGANISATION, lambda centre: centre.pk))
rules.add_perm("catalogue.make_centres", can_everywhere(ORGANISATION, write=True))
rules.add_perm("catalogue.view_commissions", can_somewhere(ORGANISATION))
rules.add_perm("catalogue.manage_commissions", can(ORGANISATION, lambda row: row, write=True))
rules.add_perm("catalogue.make_commissions", makes_commissions)


@visibility(ApplicationCentre)
def visible_centres(queryset: QuerySet, user: Any) -> QuerySet:
    reach = reach_of(user, ORGANISATION)
    return queryset if reach.everywhere else queryset.filter(pk__in=reach.centres)


@visibility(Commission)
def visible_commissions(queryset: QuerySet, user: Any) -> QuerySet:
    return queryset.filter(within(user, ORGANISATION, ""))


# -- Programmes and their intakes -----------------------------------------------------------------


@rules.predicate
def makes_programmes(user: Any, programme: Programme | None = None) -> bool:
    """Of a whole commission at least: not who sets up one programme."""
    reach = reach_of(user, CATALOGUE, write=True)
    if programme is None:
        return reach.everywhere or bool(reach.centres or reach.commissions)
    commission = programme.commission
    return reach.covers(centre_id=commission.centre_id, commission_id=commission.pk)


def programme_of(row: Programme | Intake) -> Programme:
    return row.programme if isinstance(row, Intake) else row


rules.add_perm("catalogue.view_programmes", can_somewhere(CATALOGUE))
rules.add_perm("catalogue.make_programmes", makes_programmes)
rules.add_perm("catalogue.manage_programmes", can(CATALOGUE, programme_of, write=True))


@visibility(Programme)
def visible_programmes(queryset: QuerySet, user: Any) -> QuerySet:
    return queryset.filter(within(user, CATALOGUE, "commission"))


@visibility(Intake)
def visible_intakes(queryset: QuerySet, user: Any) -> QuerySet:
    return queryset.filter(within(user, CATALOGUE, "programme__commission"))


@visibility(ProgrammeKind)
def visible_kinds(queryset: QuerySet, user: Any) -> QuerySet:
    return queryset if user.has_perm("catalogue.view_kinds") else queryset.none()
