"""The optional second factor of staff: a code from a telephone, and recovery codes. The sign-in
itself asks for it through django-allauth."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, validate_totp_code
from django.db import transaction
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker, refuse_if
from candide.foundation.history.domain.log import log
from candide.institution.accounts.enums import AccountEvent
from candide.institution.accounts.mails import SignInChanged
from candide.institution.accounts.models import User


def has_second_factor(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def unused_recovery_codes(user: User) -> list[str]:
    """The codes left, each good for one sign-in without the telephone."""
    kept = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return RecoveryCodes(kept).get_unused_codes() if kept else []


def activation_blockers(user: User, *, secret: str, code: str) -> list[Blocker]:
    """Why `code` does not prove that the telephone knows `secret`."""
    if has_second_factor(user):
        return [Blocker("already_on", _("The second factor is already switched on."))]
    if not validate_totp_code(secret, code):
        return [
            Blocker(
                "wrong_code",
                _("This code is not the one expected. Check the clock of your telephone."),
            )
        ]
    return []


@transaction.atomic
def switch_on(user: User, *, secret: str, code: str, now: datetime) -> None:
    """Ask for a code at every sign-in from now on, and draw recovery codes."""
    user = User.objects.locked(user.pk)
    refuse_if(activation_blockers(user, secret=secret, code=code))
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    _tell(user, "second_factor_on")


def switching_off_blockers(*, is_demanded: bool) -> list[Blocker]:
    """Why the second factor stays; `is_demanded`: the institution wants it of this person."""
    if not is_demanded:
        return []
    message = _("Your institution asks for a second factor: it stays switched on.")
    return [Blocker("demanded", message)]


@transaction.atomic
def switch_off(user: User, *, is_demanded: bool = False) -> None:
    """The password alone signs in again; nothing happens when it did already."""
    refuse_if(switching_off_blockers(is_demanded=is_demanded))
    user = User.objects.locked(user.pk)
    if has_second_factor(user):
        Authenticator.objects.filter(user=user).delete()
        _tell(user, "second_factor_off")


@transaction.atomic
def renew_recovery_codes(user: User) -> None:
    """New recovery codes; the old ones no longer work."""
    user = User.objects.locked(user.pk)
    if has_second_factor(user):
        Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
        RecoveryCodes.activate(user)
        _tell(user, "recovery_codes")


def _tell(user: User, change: str) -> None:
    log(user, AccountEvent.SECOND_FACTOR_CHANGED, by=user, change=change)
    SignInChanged(user, change=change).send()
