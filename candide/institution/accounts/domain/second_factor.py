"""The second factor of staff: a code from a telephone, passkeys (« clés d'accès ») that a browser
or a key holds, and recovery codes. The sign-in itself asks for it through django-allauth."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, validate_totp_code
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker, refuse_if
from candide.foundation.history.domain.log import log
from candide.institution.accounts.enums import AccountEvent
from candide.institution.accounts.mails import SignInChanged
from candide.institution.accounts.models import User

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
MOST_PASSKEYS = 20
LOCAL = "localhost"


@dataclass(frozen=True)
class Passkey:
    """A passkey under the name its holder gave it."""

    pk: int
    name: str
    added_at: datetime
    used_at: datetime | None


# -- What somebody has -----------------------------------------------------------------------------


def has_second_factor(user: User) -> bool:
    """Whether signing in asks for more than a password: a code or a passkey."""
    return _factors(user).exists()


def has_code(user: User) -> bool:
    """Whether the telephone of `user` makes codes."""
    return _factors(user).filter(type=Authenticator.Type.TOTP).exists()


def passkeys_of(user: User) -> list[Passkey]:
    """Oldest first."""
    return [
        Passkey(
            pk=kept.pk,
            name=kept.data["name"],
            added_at=kept.created_at,
            used_at=kept.last_used_at,
        )
        for kept in _passkeys(user).order_by("pk")
    ]


def unused_recovery_codes(user: User) -> list[str]:
    """The codes left, each good for one sign-in without the second factor."""
    kept = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return RecoveryCodes(kept).get_unused_codes() if kept else []


def _factors(user: User) -> QuerySet[Authenticator]:
    return Authenticator.objects.filter(user=user, type__in=FACTORS)


def _passkeys(user: User) -> QuerySet[Authenticator]:
    return _factors(user).filter(type=Authenticator.Type.WEBAUTHN)


# -- The code of the telephone ---------------------------------------------------------------------


def activation_blockers(user: User, *, secret: str, code: str) -> list[Blocker]:
    """Why `code` does not prove that the telephone knows `secret`."""
    if has_code(user):
        return [Blocker("already_on", _("The code of the telephone is already switched on."))]
    if not validate_totp_code(secret, code):
        return [
            Blocker(
                "wrong_code",
                _("This code is not the one expected. Check the clock of your telephone."),
            )
        ]
    return []


@transaction.atomic
def switch_on(user: User, *, secret: str, code: str, now: datetime) -> bool:
    """Ask for a code at every sign-in from now on; whether recovery codes were drawn."""
    user = User.objects.locked(user.pk)
    refuse_if(activation_blockers(user, secret=secret, code=code))
    TOTP.activate(user, secret)
    is_first = _draw_first_codes(user)
    _tell(user, "second_factor_on")
    return is_first


def switching_off_blockers(user: User, *, is_demanded: bool) -> list[Blocker]:
    """Why the code stays; `is_demanded`: the institution wants a second factor of this person."""
    others = _factors(user).exclude(type=Authenticator.Type.TOTP)
    return _last_one_blockers(others, is_demanded=is_demanded)


@transaction.atomic
def switch_off(user: User, *, is_demanded: bool = False) -> None:
    """No more codes of the telephone; nothing happens when there were none."""
    user = User.objects.locked(user.pk)
    refuse_if(switching_off_blockers(user, is_demanded=is_demanded))
    if has_code(user):
        Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
        _forget_idle_codes(user)
        _tell(user, "second_factor_off")


# -- Passkeys --------------------------------------------------------------------------------------


def passkey_host() -> str:
    """The name passkeys are made for, that of the address people type, whatever a proxy says; empty
    where browsers make none: for a bare address, or without TLS."""
    parts = urlsplit(settings.BASE_URL)
    host = parts.hostname or ""
    is_safe = parts.scheme == "https" or host == LOCAL or host.endswith(f".{LOCAL}")
    return host if is_safe and not _is_number(host) else ""


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def adding_blockers(user: User, *, name: str = "") -> list[Blocker]:
    """Why `user` may not add a passkey called `name`."""
    if not passkey_host():
        message = _("Passkeys need an address with a name and https: ask who runs this service.")
        return [Blocker("not_here", message)]
    kept = [each.name.casefold() for each in passkeys_of(user)]
    if len(kept) >= MOST_PASSKEYS:
        return [Blocker("too_many", _("You have enough passkeys: remove one first."))]
    if name.casefold() in kept:
        message = _("You have a passkey of this name already.")
        return [Blocker("same_name", message, about="field:name")]
    return []


@transaction.atomic
def add_passkey(user: User, *, name: str, credential: Mapping[str, Any]) -> bool:
    """Keep a passkey the browser made and that was checked; whether recovery codes were drawn."""
    user = User.objects.locked(user.pk)
    refuse_if(adding_blockers(user, name=name))
    WebAuthn.add(user, name, dict(credential))
    is_first = _draw_first_codes(user)
    _tell(user, "passkey_added")
    return is_first


def removing_blockers(user: User, passkey: int, *, is_demanded: bool) -> list[Blocker]:
    """Why the passkey stays; `is_demanded` as for the code."""
    return _last_one_blockers(_factors(user).exclude(pk=passkey), is_demanded=is_demanded)


@transaction.atomic
def remove_passkey(user: User, passkey: int, *, is_demanded: bool = False) -> None:
    """A passkey that was lost or is not used any more signs in no more; nothing happens when it
    did not."""
    user = User.objects.locked(user.pk)
    refuse_if(removing_blockers(user, passkey, is_demanded=is_demanded))
    if _passkeys(user).filter(pk=passkey).delete()[0]:
        _forget_idle_codes(user)
        _tell(user, "passkey_removed")


# -- Recovery codes --------------------------------------------------------------------------------


@transaction.atomic
def renew_recovery_codes(user: User) -> None:
    """New recovery codes; the old ones no longer work."""
    user = User.objects.locked(user.pk)
    if has_second_factor(user):
        Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
        RecoveryCodes.activate(user)
        _tell(user, "recovery_codes")


def _draw_first_codes(user: User) -> bool:
    """Whoever adds a second factor has recovery codes from then on."""
    codes = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES)
    if codes.exists():
        return False
    RecoveryCodes.activate(user)
    return True


def _forget_idle_codes(user: User) -> None:
    if not has_second_factor(user):
        Authenticator.objects.filter(user=user).delete()


def _last_one_blockers(others: QuerySet[Authenticator], *, is_demanded: bool) -> list[Blocker]:
    if not is_demanded or others.exists():
        return []
    message = _("Your institution asks for a second factor: the last one stays.")
    return [Blocker("demanded", message)]


def _tell(user: User, change: str) -> None:
    log(user, AccountEvent.SECOND_FACTOR_CHANGED, by=user, change=change)
    SignInChanged(user, change=change).send()
