"""Who may look at the hand-over to the student system, and steer it."""

from typing import Any

import rules
from django.db.models import QuerySet

from candide.admissions.applications.rules import programme_of
from candide.admissions.handover.models import Delivery, PreEnrolment, SystemReport
from candide.core.visibility import visibility
from candide.institution.access.enums import Capability
from candide.institution.access.scope import (
    can,
    can_everywhere,
    can_somewhere,
    reach_of,
    shown_within,
)

HANDOVER = Capability.MANAGE_HANDOVER
TO_COMMISSION = "application__intake__programme__commission"
TO_STATUS = "application__dossier_status"


def programme_of_row(row: PreEnrolment) -> Any:
    return programme_of(row.application)


rules.add_perm(
    "handover.enter_code", can(Capability.ENTER_ENROLMENT_CODES, programme_of, write=True)
)
rules.add_perm("handover.list", can_somewhere(HANDOVER))
rules.add_perm("handover.view", can(HANDOVER, programme_of_row))
rules.add_perm("handover.steer_some", can_somewhere(HANDOVER, write=True))
rules.add_perm("handover.steer", can(HANDOVER, programme_of_row, write=True))
rules.add_perm("handover.deliver", can_everywhere(HANDOVER, write=True))
rules.add_perm("handover.view_reports", can_everywhere(HANDOVER))


@visibility(PreEnrolment)
def visible_pre_enrolments(queryset: QuerySet, user: Any) -> QuerySet:
    return queryset.filter(shown_within(user, HANDOVER, TO_COMMISSION, TO_STATUS))


def steered_by(queryset: QuerySet, user: Any) -> QuerySet:
    """The pre-enrolments `user` may hand over again or put aside."""
    return queryset.filter(shown_within(user, HANDOVER, TO_COMMISSION, TO_STATUS, write=True))


@visibility(Delivery)
def visible_deliveries(queryset: QuerySet, user: Any) -> QuerySet:
    return queryset if reach_of(user, HANDOVER, write=True).everywhere else queryset.none()


@visibility(SystemReport)
def visible_reports(queryset: QuerySet, user: Any) -> QuerySet:
    return queryset if reach_of(user, HANDOVER).everywhere else queryset.none()
