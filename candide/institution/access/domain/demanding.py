"""What the institution demands of those who work here before they come in."""

from typing import Any

from candide.institution.access.enums import Capability
from candide.institution.access.scope import is_staff_member, reach_of
from candide.institution.catalogue.enums import SecondFactorDemand
from candide.institution.catalogue.models import Institution

ADMINISTERING = (Capability.MANAGE_INSTITUTION, Capability.MANAGE_STAFF)


def must_have_second_factor(user: Any) -> bool:
    """Whether a second factor is demanded of `user`: of nobody, of who administers the whole
    institution, or of all who work here."""
    demand = Institution.current().second_factor_for
    if demand == SecondFactorDemand.NOBODY:
        return False
    if user.is_superuser or demand == SecondFactorDemand.STAFF:
        return user.is_superuser or is_staff_member(user)
    return any(reach_of(user, each, write=True).everywhere for each in ADMINISTERING)
