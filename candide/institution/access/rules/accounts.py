"""Who may do what with accounts: everybody with their own."""

import rules


@rules.predicate
def is_signed_in(user) -> bool:
    return user.is_authenticated and user.is_active


@rules.predicate
def has_staff_account(user) -> bool:
    """An account without file number; the second factor is theirs."""
    return is_signed_in(user) and not user.is_candidate


rules.add_perm("accounts.change_own", is_signed_in)
rules.add_perm("accounts.use_second_factor", has_staff_account)
