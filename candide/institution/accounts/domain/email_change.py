"""Changing the e-mail address: the old one stays until the new one is validated by a link sent to
it, and both are told [ACC-27…31]."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker, Refused, refuse_if
from candide.foundation.history.domain.log import log
from candide.institution.accounts.domain.links import LinkState, locked_link, make_link, state_of
from candide.institution.accounts.domain.words import clean_email
from candide.institution.accounts.enums import AccountEvent, LinkPurpose
from candide.institution.accounts.mails import (
    AddressAlreadyUsed,
    EmailChangeAsked,
    EmailChanged,
    EmailChangeNotice,
)
from candide.institution.accounts.models import MailedLink, User

VALID_FOR = timedelta(hours=24)


def email_change_blockers(user: User, email: str) -> list[Blocker]:
    """Why `user` may not ask for `email`. That somebody else has it is never told here [ACC-04]."""
    if clean_email(email) == user.email:
        return [Blocker("same_email", _("This is already the address of your account."))]
    return []


@transaction.atomic
def ask_email_change(user: User, *, email: str, now: datetime, by: User | None = None) -> None:
    """Send a validation link to the new address and a notice to the present one. `by` is who asks
    for somebody else."""
    user = User.objects.locked(user.pk)
    refuse_if(email_change_blockers(user, email))
    email = clean_email(email)
    until = now + VALID_FOR
    secret = make_link(user, LinkPurpose.EMAIL, now=now, expires_at=until, email=email)
    log(user, AccountEvent.EMAIL_CHANGE_ASKED, by=by or user)
    EmailChangeNotice(user, new_email=email).send()
    owner = User.objects.filter(email=email).first()
    if owner is None:
        EmailChangeAsked(user, secret=secret, until=until, to=email).send()
    elif owner.is_active:
        AddressAlreadyUsed(owner).send()


def pending_change(user: User, *, now: datetime) -> MailedLink | None:
    """The change `user` asked for and did not validate yet."""
    return MailedLink.objects.filter(
        user=user, purpose=LinkPurpose.EMAIL, used_at=None, expires_at__gte=now
    ).first()


@transaction.atomic
def forget_change(user: User) -> None:
    """The person keeps the present address after all."""
    MailedLink.objects.filter(user=user, purpose=LinkPurpose.EMAIL).delete()


def validation_blockers(link: MailedLink | None, *, now: datetime) -> list[Blocker]:
    """Why the link validates nothing."""
    state = state_of(link, now=now)
    messages = {
        LinkState.USED: _("This address has already been validated."),
        LinkState.EXPIRED: _("This link has expired. Ask for the change again."),
        LinkState.UNKNOWN: _(
            "This link is not, or no longer, valid. Only the last link we sent works."
        ),
    }
    if state in messages:
        return [Blocker(state.value, messages[state])]
    assert link is not None  # noqa: S101 -- a valid link is one
    return _taken(link.email) if User.objects.filter(email=link.email).exists() else []


def _taken(email: str) -> list[Blocker]:
    """Told only to whoever holds the mailbox."""
    return [
        Blocker(
            "email_taken",
            _("%(email)s is by now the address of another account.") % {"email": email},
        )
    ]


@transaction.atomic
def validate_email(secret: str, *, now: datetime) -> User:
    """Make the new address the account's. Both addresses are told; a link to choose a password
    that waits in the former mailbox is worth nothing any more."""
    link = locked_link(secret, LinkPurpose.EMAIL)
    refuse_if(validation_blockers(link, now=now))
    assert link is not None  # noqa: S101 -- no blocker, so there is one
    user, old = link.user, link.user.email
    user.email, user.is_search_due = link.email, True
    try:
        with transaction.atomic():
            user.save(update_fields=["email", "is_search_due"])
    except IntegrityError:  # taken by another account at this very moment
        raise Refused(_taken(link.email)) from None
    link.used_at = now
    link.save(update_fields=["used_at"])
    MailedLink.objects.filter(user=user, purpose=LinkPurpose.PASSWORD).delete()
    log(user, AccountEvent.EMAIL_CHANGED, by=user)
    EmailChanged(user, new_email=user.email, to=old).send()
    EmailChanged(user, new_email=user.email).send()
    return user
