"""Inviting a colleague: an account without file number, and a mail with a link to choose a
password. Signing in for the first time proves the mailbox, so nothing else is asked."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker, Refused, refuse_if
from candide.foundation.history.domain.log import log
from candide.institution.accounts.domain.links import make_link
from candide.institution.accounts.domain.words import clean_email, clean_name
from candide.institution.accounts.enums import AccountEvent, LinkPurpose
from candide.institution.accounts.mails import StaffInvitation
from candide.institution.accounts.models import MailedLink, User

VALID_FOR = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """Somebody who is to work here, as the person who invites knows them."""

    email: str
    first_name: str
    last_name: str
    language: str
    directory_id: str = ""


@transaction.atomic
def invite(colleague: Colleague, *, by: User, now: datetime) -> User:
    """Make the account and send the invitation."""
    try:
        with transaction.atomic():
            user = User.objects.create(
                email=clean_email(colleague.email),
                first_name=clean_name(colleague.first_name),
                last_name=clean_name(colleague.last_name).upper(),
                language=colleague.language,
                directory_id=colleague.directory_id,
                password=make_password(None),
                has_local_password=False,
                created_at=now,
            )
    except IntegrityError:  # the same address in another request, at this very moment
        raise Refused([_has_account()]) from None
    log(user, AccountEvent.INVITED, by=by)
    _send(user, now=now)
    return user


def invitation_blockers(user: User) -> list[Blocker]:
    """Why no invitation is sent again."""
    if user.is_candidate:
        return [_has_account()]
    if user.activated_at is not None:
        return [Blocker("came", _("This person has chosen a password already."))]
    if not user.is_active:
        return [Blocker("closed", _("This account is closed: reopen it first."))]
    return []


@transaction.atomic
def resend_invitation(user: User, *, by: User, now: datetime) -> None:
    """A new link, which replaces the last one."""
    user = User.objects.locked(user.pk)
    refuse_if(invitation_blockers(user))
    log(user, AccountEvent.INVITATION_SENT, by=by)
    _send(user, now=now)


def invited_until(user: User) -> datetime | None:
    """Until when the link works that somebody who has not come yet was sent."""
    if user.is_candidate or user.activated_at is not None:
        return None
    link = MailedLink.objects.filter(user=user, purpose=LinkPurpose.PASSWORD).first()
    return link.expires_at if link else None


def _send(user: User, *, now: datetime) -> None:
    until = now + VALID_FOR
    secret = make_link(user, LinkPurpose.PASSWORD, now=now, expires_at=until)
    StaffInvitation(user, secret=secret, until=until).send()


def _has_account() -> Blocker:
    return Blocker("has_account", _("There is an account with this address already."))
