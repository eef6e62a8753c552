"""Who may do what with accounts: everybody with their own."""

import rules

from candide.institution.access.enums import Capability
from candide.institution.access.scope import can_everywhere, is_staff_member


@rules.predicate
def is_signed_in(user) -> bool:
    return user.is_authenticated and user.is_active


@rules.predicate
def has_staff_account(user) -> bool:
    """A member of staff, or an account without file number that may become one."""
    return is_signed_in(user) and (not user.is_candidate or is_staff_member(user))


rules.add_perm("accounts.change_own", is_signed_in)
rules.add_perm("accounts.end_sessions", can_everywhere(Capability.MANAGE_INSTITUTION, write=True))
rules.add_perm("accounts.use_second_factor", has_staff_account)
