"""Closing the account of a candidate, and opening it again."""

from django.db import transaction
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker, refuse_if
from candide.institution.access.domain.last_manager import last_manager_blockers, lock_rights
from candide.institution.accounts.domain.closing import close_account, reopen_account
from candide.institution.accounts.models import User


def switching_blockers(user: User) -> list[Blocker]:
    """Why an account may not be closed, or, closed, opened again."""
    if user.merged_into_id is not None:
        return [Blocker("merged", _("This account was merged into another one for good."))]
    return last_manager_blockers(person=user) if user.is_active else []


@transaction.atomic
def switch(user: User, *, is_active: bool, by: User) -> None:
    """Nobody signs in with a closed account; nothing of it is lost."""
    lock_rights()
    user = User.objects.get(pk=user.pk)
    if user.is_active == is_active:
        return
    refuse_if(switching_blockers(user))
    if is_active:
        reopen_account(user, by=by)
    else:
        close_account(user, by=by)
