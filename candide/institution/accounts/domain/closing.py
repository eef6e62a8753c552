"""Closing an account and opening it again: whoever is signed in with it is signed out at once."""

from django.db import transaction

from candide.foundation.history.domain.log import log
from candide.institution.accounts.enums import AccountEvent
from candide.institution.accounts.models import MailedLink, User


@transaction.atomic
def close_account(
    user: User, *, by: User | None, event: AccountEvent = AccountEvent.CLOSED
) -> None:
    """Nobody signs in with it any more; sessions end, and links that were mailed are void."""
    user = User.objects.locked(user.pk)
    if not user.is_active:
        return
    user.is_active = False
    user.session_epoch += 1
    user.save(update_fields=["is_active", "session_epoch"])
    MailedLink.objects.filter(user=user).delete()
    log(user, event, by=by)


@transaction.atomic
def reopen_account(user: User, *, by: User) -> None:
    """The person signs in as before. The directory is not followed any more: it would close the
    account of somebody who left again, in the night."""
    user = User.objects.locked(user.pk)
    if user.is_active:
        return
    user.is_active, user.directory_id = True, ""
    user.save(update_fields=["is_active", "directory_id"])
    log(user, AccountEvent.REOPENED, by=by)
