"""Who may see and run jobs."""

import rules

from candide.institution.access.enums import Capability
from candide.institution.access.scope import can_everywhere

rules.add_perm("jobs.view", can_everywhere(Capability.MANAGE_INSTITUTION))
rules.add_perm("jobs.run", can_everywhere(Capability.MANAGE_INSTITUTION, write=True))
