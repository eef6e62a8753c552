"""What staff change of a candidate's account (« administration du compte ») [27.4]."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker, Refused, refuse_if
from candide.foundation.history.domain.log import log
from candide.institution.accounts.domain.email_change import ask_email_change
from candide.institution.accounts.domain.identifiers import forget_merged_passwords
from candide.institution.accounts.domain.opening import (
    AccountEntry,
    address_blockers,
    entry_blockers,
    link_blockers,
    send_link,
    tidy_entry,
)
from candide.institution.accounts.domain.words import clean_email
from candide.institution.accounts.enums import AccountEvent
from candide.institution.accounts.models import MailedLink, User


def entry_of(user: User) -> AccountEntry:
    """What the account says now."""
    return AccountEntry(
        last_name=user.last_name,
        first_name=user.first_name,
        language=user.language,
        student_number=user.student_number,
        is_continuing_education=user.is_continuing_education,
    )


@transaction.atomic
def change_account(
    user: User, entry: AccountEntry, *, by: User, seen: AccountEntry | None = None
) -> list[str]:
    """Save what changed; which fields that is. `seen` is what was looked at: refuses "changed" when
    somebody changed it since."""
    user = User.objects.locked(user.pk)
    before, entry = entry_of(user), tidy_entry(entry)
    refuse_if([*_changed(before, seen), *entry_blockers(entry, user=user)])
    changed = [name for name in vars(entry) if getattr(entry, name) != getattr(before, name)]
    if not changed:
        return []
    for name in changed:
        setattr(user, name, getattr(entry, name))
    user.is_search_due = True
    try:
        with transaction.atomic():
            user.save(update_fields=[*changed, "is_search_due"])
    except IntegrityError:  # the same student number in another request, at this very moment
        raise Refused(entry_blockers(entry, user=user)) from None
    log(user, AccountEvent.CHANGED, by=by, fields=changed)
    return changed


def _changed(now: AccountEntry, seen: AccountEntry | None) -> list[Blocker]:
    if seen is None or seen == now:
        return []
    return [Blocker("changed", _("Somebody changed this meanwhile. Look at it before you go on."))]


# -- E-mail address --------------------------------------------------------------------------------


def new_address_blockers(user: User, email: str) -> list[Blocker]:
    """Why the account cannot get this address."""
    found = [*link_blockers(user), *address_blockers(email, user=user)]
    if clean_email(email) == user.email:
        message = _("This is already the address of the account.")
        found.append(Blocker("same_email", message, "field:email"))
    return found


@transaction.atomic
def change_address(user: User, *, email: str, by: User, now: datetime) -> None:
    """Have the address changed: once the new one is confirmed by the link sent to it. An account
    nobody activated yet has it at once, since activating it confirms the address."""
    user = User.objects.locked(user.pk)
    refuse_if(new_address_blockers(user, email))
    if not user.awaits_activation:
        ask_email_change(user, email=email, now=now, by=by)
        return
    user.email, user.is_search_due = clean_email(email), True
    try:
        with transaction.atomic():
            user.save(update_fields=["email", "is_search_due"])
    except IntegrityError:  # taken by another account at this very moment
        raise Refused(address_blockers(email, user=user)) from None
    log(user, AccountEvent.EMAIL_CHANGED, by=by)
    send_link(user, now=now)


# -- Signing in ------------------------------------------------------------------------------------


def activating_blockers(user: User) -> list[Blocker]:
    """Why staff may not activate the account themselves."""
    if not user.awaits_activation:
        return [Blocker("active", _("This account is already active."))]
    return link_blockers(user)


@transaction.atomic
def activate_for(user: User, *, by: User, now: datetime) -> None:
    """Activate the account of somebody who was identified otherwise (« compte validé »). The
    person still chooses the password by a link."""
    user = User.objects.locked(user.pk)
    refuse_if(activating_blockers(user))
    user.activated_at = now
    user.save(update_fields=["activated_at"])
    log(user, AccountEvent.ACTIVATED_FOR, by=by)
    send_link(user, now=now)


@transaction.atomic
def reset_sign_in(user: User, *, by: User, now: datetime) -> None:
    """Take every way to sign in away, end every session, and send a link to choose a password: for
    who lost the telephone with the codes, or whose account somebody else got into."""
    user = User.objects.locked(user.pk)
    refuse_if(link_blockers(user))
    user.set_unusable_password()
    user.has_local_password = False
    user.student_login = ""
    user.session_epoch += 1
    user.save(update_fields=["password", "has_local_password", "student_login", "session_epoch"])
    forget_merged_passwords(user)
    SocialAccount.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    MailedLink.objects.filter(user=user).delete()
    log(user, AccountEvent.SIGN_IN_RESET, by=by)
    send_link(user, now=now)
