"""What an OpenID Connect provider says by itself: whose visit is over (« déconnexion unique »), as
OpenID Connect Back-Channel Logout 1.0 has it. It is believed where it is signed with a key the
provider publishes, made for us, a moment ago, and heard for the first time. Signing in is
django-allauth's."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import jwt
from django.core.cache import cache

from candide.integrations.fetching import TooLong, fetch

LONGEST = 200_000  # bytes of an answer
LONGEST_TOKEN = 10_000
AGE_SECONDS, LEEWAY_SECONDS = 300, 60
KEYS_SECONDS, PAUSE_SECONDS = 600, 30
EVENT = "http://schemas.openid.net/event/backchannel-logout"
# Public keys alone: whoever knows a shared secret, or signs nothing, says nothing here.
ALGORITHMS = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)


class Refused(Exception):
    """The token is not one to act on; the message says why, without what it holds."""


@dataclass(frozen=True, kw_only=True)
class EndedVisit:
    """What is over at the provider: the visit `session` names, else every visit of `subject`."""

    subject: str = ""
    session: str = ""


@contextmanager
def ended_visit(token: str, *, discovery: str, client_id: str, now: float) -> Iterator[EndedVisit]:
    """What a logout token says; `discovery` is where the provider describes itself. Raises
    `Refused`, also where the provider cannot be asked for its keys. Where what follows fails, the
    token was not heard: the provider tries it again."""
    if not token or len(token) > LONGEST_TOKEN:
        raise Refused("no token")
    try:
        claims = _verified(token, discovery, client_id)
    except jwt.PyJWTError as error:
        raise Refused(type(error).__name__) from None
    _check(claims, now=now)
    subject, session = claims.get("sub", ""), claims.get("sid", "")
    if not (isinstance(subject, str) and isinstance(session, str) and (subject or session)):
        raise Refused("neither sub nor sid")
    heard = _key("heard", f"{claims['iss']} {claims['jti']}")
    if not cache.add(heard, 1, 2 * AGE_SECONDS):
        raise Refused("heard before")
    try:
        yield EndedVisit(subject=subject, session=session)
    except BaseException:
        cache.delete(heard)
        raise


def _check(claims: Mapping[str, Any], *, now: float) -> None:
    """What a logout token says of itself; a token one signs in with is none."""
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(EVENT), dict):
        raise Refused("no logout")
    if "nonce" in claims:
        raise Refused("nonce")
    made, ends = claims["iat"], claims.get("exp", now)
    if not isinstance(made, int | float) or not isinstance(ends, int | float):
        raise Refused("no times")
    if not -LEEWAY_SECONDS <= now - made <= AGE_SECONDS or now > ends + LEEWAY_SECONDS:
        raise Refused("not of now")


# -- Signature -------------------------------------------------------------------------------------


def _verified(token: str, discovery: str, client_id: str) -> dict[str, Any]:
    """The claims, once issuer, audience and signature are right."""
    header = jwt.get_unverified_header(token)
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise Refused("algorithm")
    known, key = _issuer_and_key(discovery, header.get("kid"))
    return jwt.decode(
        token,
        jwt.PyJWK.from_dict(key, algorithm=algorithm).key,
        algorithms=[algorithm],
        audience=client_id,
        issuer=known,
        # Times are ours to judge.
        options={
            "require": ["iss", "aud", "iat", "jti"],
            "verify_iat": False,
            "verify_exp": False,
        },
    )


def _issuer_and_key(discovery: str, key_id: Any) -> tuple[str, dict[str, Any]]:
    """Who the provider is, and its key of that name. A name that is new has the provider asked
    again, though not at every call of whoever makes names up."""
    place = _key("keys", discovery)
    known = cache.get(place)
    found = _key_of(known, key_id)
    if found is None and cache.add(_key("asked", discovery), 1, PAUSE_SECONDS):
        known = _published(discovery)
        cache.set(place, known, KEYS_SECONDS)
        found = _key_of(known, key_id)
    if found is None:
        raise Refused("unknown key")
    return known["issuer"], found


def _key_of(known: Any, key_id: Any) -> dict[str, Any] | None:
    """The key that has this name; without a name, the only one there is."""
    keys = known["keys"] if known else []
    if key_id is None:
        return keys[0] if len(keys) == 1 else None
    return next((key for key in keys if key.get("kid") == key_id), None)


def _published(discovery: str) -> dict[str, Any]:
    """Issuer and signing keys, as the provider publishes them."""
    try:
        told = json.loads(fetch(discovery, longest=LONGEST))
        keys = json.loads(fetch(told["jwks_uri"], longest=LONGEST))["keys"]
        signing = [key for key in keys if key.get("use", "sig") == "sig"]
        return {"issuer": str(told["issuer"]), "keys": signing}
    except (httpx.HTTPError, TooLong):
        raise Refused("the provider does not answer") from None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise Refused("the provider does not publish keys") from None


def _key(kind: str, of: str) -> str:
    """Under what something is remembered, on all machines."""
    return f"oidc-{kind}-{hashlib.sha256(of.encode()).hexdigest()}"
