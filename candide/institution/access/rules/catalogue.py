"""Who may set up what is offered."""

import rules

from candide.institution.access.enums import Capability
from candide.institution.access.scope import can_everywhere, can_somewhere

rules.add_perm("catalogue.manage", can_somewhere(Capability.MANAGE_CATALOGUE, write=True))
rules.add_perm(
    "catalogue.manage_institution", can_everywhere(Capability.MANAGE_INSTITUTION, write=True)
)
