"""Doing once what a program asks several times: it names what it writes by a key of its own."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker, Refused
from candide.institution.tokens.models import KeptAnswer, Token

KEPT = timedelta(days=3)


class KeyReused(Refused):
    """The key stands for something else already."""


@dataclass(frozen=True)
class Told:
    """What a program is answered, and whether it was answered that before."""

    body: dict[str, Any]
    is_repeated: bool


@transaction.atomic
def once(
    act: Callable[[], dict[str, Any]], *, token: Token, key: str, asked: Any, now: datetime
) -> Told:
    """Do `act` and keep what it answers under `key`; or, where that is kept, answer it again. Of
    two at once the second waits for the first. Where `act` refuses nothing is kept: the same may
    be tried again. Raises `KeyReused` where the key came with something other than `asked`."""
    fingerprint = _fingerprint(asked)
    kept = KeptAnswer.objects.filter(token=token, key=key).first()
    if kept is not None:
        return _again(kept, fingerprint)
    try:
        with transaction.atomic():
            kept = KeptAnswer.objects.create(token=token, key=key, fingerprint=fingerprint, at=now)
    except IntegrityError:
        return _again(KeptAnswer.objects.get(token=token, key=key), fingerprint)
    kept.body = act()
    kept.save(update_fields=["body"])
    return Told(kept.body, is_repeated=False)


def old_answers(*, now: datetime) -> QuerySet[KeptAnswer]:
    """Those kept long enough."""
    return KeptAnswer.objects.filter(at__lt=now - KEPT)


def _again(kept: KeptAnswer, fingerprint: str) -> Told:
    if kept.fingerprint != fingerprint:
        message = _("This key was used for something else. Take another one.")
        raise KeyReused([Blocker("key_reused", message)])
    return Told(kept.body, is_repeated=True)


def _fingerprint(asked: Any) -> str:
    return hashlib.sha256(json.dumps(asked, sort_keys=True, default=str).encode()).hexdigest()
