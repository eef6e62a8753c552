"""Forgotten identifiers (« J'ai oublié mes identifiants ») and the password [ACC-22…25]."""

from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker, refuse_if
from candide.foundation.history.domain.log import log
from candide.institution.accounts.domain.links import LinkState, locked_link, make_link, state_of
from candide.institution.accounts.domain.words import clean_email
from candide.institution.accounts.enums import AccountEvent, LinkPurpose
from candide.institution.accounts.mails import ForgottenIdentifiers, PasswordChanged, rehearse
from candide.institution.accounts.models import MailedLink, User
from candide.institution.catalogue.models import Institution


@transaction.atomic
def send_identifiers(email: str, *, now: datetime) -> None:
    """Mail the login and a link to choose a password to the owner of `email`; nothing to an
    address without account. Works before activation, and does not activate [ACC-22]."""
    user = User.objects.filter(email=clean_email(email)).select_related("merged_into").first()
    if user is not None and user.merged_into is not None:
        user = user.merged_into  # of the same person, whom the account that stays belongs to
    if user is None or not user.is_active:
        rehearse(ForgottenIdentifiers)
        return
    user = User.objects.locked(user.pk)
    secret, until = make_password_link(user, now=now)
    log(user, AccountEvent.RESET_ASKED)
    ForgottenIdentifiers(user, secret=secret, until=until).send()


def make_password_link(user: User, *, now: datetime, next_page: str = "") -> tuple[str, datetime]:
    """The secret of a link to choose a password, and until when it is good."""
    until = now + timedelta(hours=Institution.current().password_reset_hours)
    secret = make_link(user, LinkPurpose.PASSWORD, now=now, expires_at=until, next_page=next_page)
    return secret, until


def reset_blockers(link: MailedLink | None, *, now: datetime) -> list[Blocker]:
    """Why the link lets nobody choose a password."""
    state = state_of(link, now=now)
    messages = {
        LinkState.USED: _("This link has already been used: your password is chosen."),
        LinkState.EXPIRED: _("This link has expired. Ask for a new one."),
        LinkState.UNKNOWN: _(
            "This link is not, or no longer, valid. Only the last link we sent works."
        ),
    }
    return [Blocker(state.value, messages[state])] if state in messages else []


@transaction.atomic
def reset_password(secret: str, *, password: str, now: datetime) -> User:
    """Choose a password by the mailed link; ends every session of the account."""
    link = locked_link(secret, LinkPurpose.PASSWORD)
    refuse_if(reset_blockers(link, now=now))
    assert link is not None  # noqa: S101 -- no blocker, so there is one
    link.used_at = now
    link.save(update_fields=["used_at"])
    _set_password(link.user, password)
    _welcome(link.user, now=now)
    return link.user


def _welcome(user: User, *, now: datetime) -> None:
    """A member of staff who was invited has come: the link proved the mailbox. A candidate
    activates by a link of its own [ACC-22]."""
    if not user.is_candidate and user.activated_at is None:
        user.activated_at = now
        user.save(update_fields=["activated_at"])
        log(user, AccountEvent.ACTIVATED, by=user)


@transaction.atomic
def change_password(user: User, *, password: str) -> User:
    """The signed-in holder, who gave the old password, chooses a new one [ACC-25]."""
    user = User.objects.locked(user.pk)
    _set_password(user, password)
    return user


def forget_merged_passwords(user: User) -> None:
    """Those of the accounts merged into this one, which signed in too until now."""
    User.objects.filter(merged_into=user).update(password=make_password(None))


def _set_password(user: User, password: str) -> None:
    """Whoever may have known the old password also loses a change of address they asked for."""
    user.password = make_password(password)
    user.has_local_password = True
    user.save(update_fields=["password", "has_local_password"])
    MailedLink.objects.filter(user=user, purpose=LinkPurpose.EMAIL).delete()
    forget_merged_passwords(user)
    log(user, AccountEvent.PASSWORD_CHANGED, by=user)
    PasswordChanged(user).send()
