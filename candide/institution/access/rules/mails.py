"""Who may see and resend mails."""

import rules

from candide.institution.access.enums import Capability
from candide.institution.access.scope import can_everywhere

rules.add_perm("mails.view_outbox", can_everywhere(Capability.VIEW_OUTBOX))
rules.add_perm("mails.retry", can_everywhere(Capability.VIEW_OUTBOX, write=True))
