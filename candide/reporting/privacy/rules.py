"""Who may erase a person: administrators; and the person."""

import rules

from candide.admissions.candidates.rules import has_no_role, is_within_reach
from candide.institution.access.enums import Capability
from candide.institution.access.rules.staff import is_candidate
from candide.institution.access.scope import can_everywhere

rules.add_perm(
    "privacy.erase",
    can_everywhere(Capability.MANAGE_INSTITUTION, write=True)
    & can_everywhere(Capability.ADMINISTER_CANDIDATES, write=True)
    & is_within_reach
    & has_no_role,
)
rules.add_perm("privacy.view", can_everywhere(Capability.MANAGE_INSTITUTION))
rules.add_perm("privacy.view_readings", can_everywhere(Capability.MANAGE_INSTITUTION))
rules.add_perm("privacy.search_history", can_everywhere(Capability.MANAGE_INSTITUTION))
rules.add_perm("privacy.own", is_candidate)
