"""Who comes into the staff's pages at all."""

import rules

from candide.institution.access.scope import is_staff_member


@rules.predicate
def works_here(user) -> bool:
    return is_staff_member(user)


@rules.predicate
def is_candidate(user) -> bool:
    """Signed in with a candidate's account, and not a member of staff [AUTH-03]."""
    return (
        user.is_authenticated
        and user.is_active
        and user.file_number is not None
        and not is_staff_member(user)
    )


rules.add_perm("staff.enter", works_here)
rules.add_perm("candidate.enter", is_candidate)
