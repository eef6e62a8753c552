"""A program comes in with its token, and has the reach of its scopes in its centres."""

from datetime import datetime, timedelta
from typing import Any

import rules

from candide.core.clock import localdate
from candide.institution.access.enums import Capability
from candide.institution.access.scope import Reach
from candide.institution.tokens.domain.making import digest_of
from candide.institution.tokens.enums import Scope
from candide.institution.tokens.models import LastUse, Token

NOTED_EVERY = timedelta(minutes=10)
_LONGEST = 200
_SEES = (Capability.VIEW_APPLICATIONS, False)
# The capabilities each scope stands for, and whether to write: rules ask for nothing else.
GRANTED: dict[Scope, tuple[tuple[Capability, bool], ...]] = {
    Scope.READ_APPLICATIONS: (_SEES,),
    Scope.READ_CANDIDATES: (_SEES,),
    Scope.READ_DOCUMENTS: (_SEES,),
    Scope.READ_DECISIONS: (_SEES,),
    Scope.READ_STATISTICS: (_SEES,),
    Scope.READ_HANDOVER: ((Capability.MANAGE_HANDOVER, False),),
    Scope.SET_STATUS: (_SEES, (Capability.SET_DOSSIER_STATUS, True)),
    Scope.ENTER_DECISIONS: (_SEES, (Capability.ENTER_DECISIONS, True)),
}


class Program:
    """Who asks, as rules and visibility see it: signed in, a reach like a member of staff's, and
    no person. What it does is logged of nobody, with the token beside (`caused_by`)."""

    is_authenticated = True
    is_anonymous = False
    is_active = True
    is_superuser = False
    is_candidate = False
    file_number = None
    pk = 0  # of no account

    def __init__(self, token: Token) -> None:
        self.token = token
        self._candide_reaches = reaches_of(token)

    def may(self, scope: Scope) -> bool:
        return scope in self.token.scopes

    def has_perm(self, permission: str, subject: Any = None) -> bool:
        return rules.has_perm(permission, self, subject)


def reaches_of(token: Token) -> dict[tuple[str, bool], Reach]:
    """(capability, may write) → where; nothing of a token of no centre."""
    centres = set() if token.is_everywhere else set(token.centres.values_list("pk", flat=True))
    reach = Reach(everywhere=token.is_everywhere, centres=centres)
    if not reach:
        return {}
    return {
        (capability, level): reach
        for scope in token.scopes
        for capability, write in GRANTED[Scope(scope)]
        for level in {False, write}
    }


def live_token(secret: str, *, now: datetime) -> Token | None:
    """The token of this secret, if it still opens anything."""
    if not secret or len(secret) > _LONGEST:
        return None
    token = Token.objects.select_related("last_use").filter(digest=digest_of(secret)).first()
    return token if token is not None and token.is_live(localdate(now)) else None


def note_use(token: Token, *, now: datetime) -> None:
    """Write down that a token was used, unless that was done a moment ago."""
    last: LastUse | None = getattr(token, "last_use", None)
    if last is None or last.at <= now - NOTED_EVERY:
        LastUse.objects.update_or_create(token=token, defaults={"at": now})
