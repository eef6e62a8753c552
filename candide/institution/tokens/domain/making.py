"""Making and revoking tokens (« jetons d’accès »)."""

import hashlib
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker, refuse_if
from candide.core.clock import localdate
from candide.core.deadlines import long_date
from candide.foundation.history.domain.log import log
from candide.institution.catalogue.models import ApplicationCentre
from candide.institution.tokens.enums import Scope, TokenEvent
from candide.institution.tokens.models import Token

LASTS_AT_MOST = timedelta(days=400)
PREFIX = "candide"


@dataclass(frozen=True)
class Wish:
    """A token as it is asked for."""

    name: str
    scopes: Sequence[Scope]
    expires_on: date
    is_everywhere: bool = False
    centres: Sequence[ApplicationCentre] = field(default_factory=tuple)


def making_blockers(wish: Wish, *, today: date) -> list[Blocker]:
    """Why there is no such token; `about` is the field to change."""
    return [*_reach(wish), *_days(wish, today)]


@transaction.atomic
def make_token(wish: Wish, *, by: Any, now: datetime) -> tuple[Token, str]:
    """A token, and its secret, which nobody is told a second time."""
    refuse_if(making_blockers(wish, today=localdate(now)))
    mark = secrets.token_hex(4)
    secret = f"{PREFIX}_{mark}_{secrets.token_urlsafe(32)}"
    token = Token.objects.create(
        name=wish.name,
        scopes=sorted(wish.scopes),
        is_everywhere=wish.is_everywhere,
        expires_on=wish.expires_on,
        mark=mark,
        digest=digest_of(secret),
        made_at=now,
        made_by=by,
    )
    token.centres.set(() if wish.is_everywhere else wish.centres)
    log(
        token,
        TokenEvent.MADE,
        by=by,
        scopes=token.scopes,
        centres=None if wish.is_everywhere else sorted(centre.pk for centre in wish.centres),
        to=wish.expires_on.isoformat(),
    )
    return token, secret


@transaction.atomic
def revoke_token(token: Token, *, by: Any, now: datetime) -> None:
    """Have a token open nothing from now on."""
    token = Token.objects.all().locked(token.pk)
    if token.revoked_at is not None:
        refuse_if([Blocker("revoked", _("This token was revoked already."))])
    token.revoked_at, token.revoked_by = now, by
    token.save(update_fields=["revoked_at", "revoked_by"])
    log(token, TokenEvent.REVOKED, by=by)


def digest_of(secret: str) -> str:
    """What is kept of a secret. It is random and long: one round of SHA-256 is enough, and the
    token is found by it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _reach(wish: Wish) -> Iterator[Blocker]:
    if not wish.scopes:
        yield Blocker("no_scope", _("Choose what the token is for."), "field:scopes")
    if wish.is_everywhere and wish.centres:
        message = _("Choose centres, or the whole institution, not both.")
        yield Blocker("two_reaches", message, "field:centres")
    if not wish.is_everywhere and not wish.centres:
        message = _("Choose the centres, or the whole institution.")
        yield Blocker("no_reach", message, "field:centres")


def _days(wish: Wish, today: date) -> Iterator[Blocker]:
    if wish.expires_on < today:
        yield Blocker("past", _("The last day cannot be past."), "field:expires_on")
    last = today + LASTS_AT_MOST
    if wish.expires_on > last:
        message = _("A token lasts until %(day)s at most; then another takes its place.")
        yield Blocker("too_long", message % {"day": long_date(last)}, "field:expires_on")
