"""Who may look at statistics: who sees applications counts them, in the same reach."""

import rules

from candide.institution.access.enums import Capability
from candide.institution.access.scope import can_somewhere

rules.add_perm("statistics.view", can_somewhere(Capability.VIEW_APPLICATIONS))
