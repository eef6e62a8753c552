"""Activating an account by the link in the mail, and having the link sent again [ACC-17…21]."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError, QuerySet
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker, Refused, refuse_if
from candide.foundation.history.domain.log import log
from candide.institution.accounts.domain.identifiers import make_password_link
from candide.institution.accounts.domain.links import (
    LinkState,
    locked_link,
    make_activation_link_again,
    state_of,
)
from candide.institution.accounts.domain.sso import Identity, attach
from candide.institution.accounts.domain.words import clean_email
from candide.institution.accounts.enums import AccountEvent, LinkPurpose
from candide.institution.accounts.mails import (
    AccountAlreadyActive,
    ActivationResent,
    ActivationTooLate,
    rehearse,
)
from candide.institution.accounts.models import MailedLink, User
from candide.institution.mails.domain.outbox import erase_mails


@dataclass(frozen=True, kw_only=True)
class Activated:
    """An account that became usable, and where its holder was going. Who could not sign in yet,
    because no password was typed and nothing is attached, chooses a password by the secret."""

    user: User
    next_page: str
    password_secret: str = ""


def activation_blockers(link: MailedLink | None, *, now: datetime) -> list[Blocker]:
    """Why the link activates nothing."""
    state = state_of(link, now=now)
    if state is LinkState.USED or (link and link.user.activated_at):
        return [Blocker("already_active", _("This account is already active: you can sign in."))]
    if state is LinkState.EXPIRED:
        return [
            Blocker("too_late", _("The time to activate this account has passed: create it again."))
        ]
    if state is LinkState.UNKNOWN:
        return [
            Blocker(
                "unknown",
                _("This link is not, or no longer, valid. Only the last link we sent works."),
            )
        ]
    return []


def is_asked_for_by(link: MailedLink, identity: Identity | None) -> bool:
    """Whether the account was asked for by the very person the institution signed in as
    `identity`."""
    return identity is not None and identity.is_of_same_person(link.identity)


@transaction.atomic
def activate(secret: str, *, now: datetime, identity: Identity | None = None) -> Activated:
    """Make the account usable. The sign-in of the institution is attached only where the visit
    that opens the mail came through it, as `identity`: anybody can type the address of somebody
    else [ACC-03]."""
    link = locked_link(secret, LinkPurpose.ACTIVATION)
    refuse_if(activation_blockers(link, now=now))
    assert link is not None  # noqa: S101 -- no blocker, so there is one
    user = link.user
    is_attached = is_asked_for_by(link, identity)
    if identity is not None and is_attached:
        attach(user, identity)
    user.activated_at = now
    user.save(update_fields=["activated_at"])
    link.used_at = now
    link.save(update_fields=["used_at"])
    log(user, AccountEvent.ACTIVATED, by=user)
    password_secret = ""
    if not user.has_local_password and not is_attached:
        password_secret, _until = make_password_link(user, now=now, next_page=link.next_page)
    return Activated(user=user, next_page=link.next_page, password_secret=password_secret)


@transaction.atomic
def resend_activation(email: str, *, now: datetime) -> None:
    """Send a new link to the owner of `email`, or tell them why not; nothing to an address without
    account. The time to activate is not extended [ACC-19]."""
    user = User.objects.filter(email=clean_email(email), is_active=True).first()
    if user is None:
        rehearse(ActivationResent)
        return
    user = User.objects.locked(user.pk)
    if not user.awaits_activation:
        AccountAlreadyActive(user).send()
        return
    until = user.activation_due_at
    if until is None or now > until:
        ActivationTooLate(user).send()
        return
    secret = make_activation_link_again(user, now=now, until=until)
    log(user, AccountEvent.ACTIVATION_SENT, by=user)
    ActivationResent(user, secret=secret, until=until).send()


def never_activated(*, now: datetime) -> QuerySet[User]:
    """Accounts whose time to activate has passed [ACC-21]."""
    return User.objects.filter(
        activated_at=None, file_number__isnull=False, activation_due_at__lt=now
    ).order_by("pk")


@transaction.atomic
def clean_up(user: User, *, now: datetime) -> None:
    """Remove an account never activated, and the mails to it. Its number stays issued for good.
    One for which staff began a file is a candidate's, and stays."""
    user = User.objects.locked(user.pk)
    if not never_activated(now=now).filter(pk=user.pk).exists():
        raise Refused([Blocker("activated", _("The account was activated in time."))])
    try:
        with transaction.atomic():
            log(user, AccountEvent.CLEANED)
            erase_mails(users=[user.pk], about=[(user._meta.label_lower, user.pk)])
            user.delete()
    except ProtectedError:
        raise Refused([Blocker("has_file", _("A file was begun for this account."))]) from None
