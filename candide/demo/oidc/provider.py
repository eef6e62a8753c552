"""A small OpenID provider with fictitious students, for demonstrations and tests: the part of
OpenID Connect that signing in and out needs (authorization code with PKCE, RS256, back-channel
logout). No password is asked:
whoever reaches it signs in as anybody, so it only ever runs in a demonstration."""

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from candide.integrations.sis import demonstration

LOGOUT = "http://schemas.openid.net/event/backchannel-logout"
CODE_SECONDS = 60
TOKEN_SECONDS = 300
KEY_ID = "demonstration"


class ProtocolError(Exception):
    """What the client asked is not OpenID Connect as this provider knows it."""


@dataclass(frozen=True)
class Client:
    """The one application that may ask."""

    client_id: str
    secret: str
    redirect_uris: frozenset[str]
    logout_uri: str = ""


@dataclass(frozen=True)
class Grant:
    """What a code or an access token stands for."""

    sign_in: str
    redirect_uri: str
    challenge: str
    nonce: str
    visit: str
    expires_at: float


class Provider:
    def __init__(
        self, issuer: str, client: Client, *, clock: Callable[[], float] = time.time
    ) -> None:
        self.issuer = issuer
        self.client = client
        self.clock = clock
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._lock = Lock()
        self._codes: dict[str, Grant] = {}
        self._tokens: dict[str, Grant] = {}

    # -- What it is ------------------------------------------------------------------------------

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
            "end_session_endpoint": f"{self.issuer}/logout",
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
            "scopes_supported": ["openid", "profile", "email"],
            "backchannel_logout_supported": True,
            "backchannel_logout_session_supported": True,
        }

    def jwks(self) -> dict[str, Any]:
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return {"keys": [{**public, "kid": KEY_ID, "use": "sig", "alg": "RS256"}]}

    # -- Signing in ------------------------------------------------------------------------------

    def check_request(self, asked: Mapping[str, str]) -> None:
        """Raise `ProtocolError` unless `asked` is a sign-in this provider grants. Nothing is ever
        sent to an address that was not agreed on."""
        if asked.get("client_id") != self.client.client_id:
            raise ProtocolError("unknown client_id")
        if asked.get("redirect_uri") not in self.client.redirect_uris:
            raise ProtocolError("unknown redirect_uri")
        if asked.get("response_type") != "code":
            raise ProtocolError("only response_type=code")
        if asked.get("code_challenge_method") != "S256" or not asked.get("code_challenge"):
            raise ProtocolError("PKCE with S256 is required")

    def issue_code(self, sign_in: str, asked: Mapping[str, str], *, visit: str = "") -> str:
        """A code for the person who chose to be `sign_in` in a `visit` of this provider."""
        self.check_request(asked)
        if not any(student["sign_in"] == sign_in for student in students()):
            raise ProtocolError("unknown student")
        code = secrets.token_urlsafe(24)
        with self._lock:
            self._codes[code] = Grant(
                sign_in=sign_in,
                redirect_uri=asked["redirect_uri"],
                challenge=asked["code_challenge"],
                nonce=asked.get("nonce", ""),
                visit=visit,
                expires_at=self.clock() + CODE_SECONDS,
            )
        return code

    def exchange(self, form: Mapping[str, str], *, client_id: str, secret: str) -> dict[str, Any]:
        """Tokens for a code, once."""
        given = f"{client_id}\n{secret}".encode()
        if not hmac.compare_digest(
            given, f"{self.client.client_id}\n{self.client.secret}".encode()
        ):
            raise ProtocolError("invalid_client")
        with self._lock:
            grant = self._codes.pop(form.get("code", ""), None)
        if (
            grant is None
            or form.get("grant_type") != "authorization_code"
            or grant.expires_at < self.clock()
            or grant.redirect_uri != form.get("redirect_uri")
            or grant.challenge != challenge_of(form.get("code_verifier", ""))
        ):
            raise ProtocolError("invalid_grant")
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._tokens[token] = grant
        return {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": TOKEN_SECONDS,
            "id_token": self._id_token(grant),
        }

    def userinfo(self, token: str) -> dict[str, Any]:
        with self._lock:
            grant = self._tokens.get(token)
        if grant is None or grant.expires_at + TOKEN_SECONDS < self.clock():
            raise ProtocolError("invalid_token")
        return claims_of(grant.sign_in)

    def _id_token(self, grant: Grant) -> str:
        now = int(self.clock())
        claims = {
            "iss": self.issuer,
            "aud": self.client.client_id,
            "iat": now,
            "exp": now + TOKEN_SECONDS,
            "jti": secrets.token_urlsafe(12),
            **claims_of(grant.sign_in),
        }
        claims |= {
            name: value for name, value in (("nonce", grant.nonce), ("sid", grant.visit)) if value
        }
        return self._signed(claims)

    # -- Signing out -----------------------------------------------------------------------------

    def logout_token(self, **of: str) -> str:
        """That a visit is over (`sid`), or every visit of somebody (`sub`)."""
        now = int(self.clock())
        claims = {
            "iss": self.issuer,
            "aud": self.client.client_id,
            "iat": now,
            "exp": now + TOKEN_SECONDS,
            "jti": secrets.token_urlsafe(12),
            "events": {LOGOUT: {}},
            **of,
        }
        return self._signed(claims, typ="logout+jwt")

    def tell_ended(self, **of: str) -> int:
        """Tell the client, where it wants to know; the status of its answer, 0 where it was not
        told."""
        if not self.client.logout_uri:
            return 0
        told = {"logout_token": self.logout_token(**of)}
        return httpx.post(self.client.logout_uri, data=told, trust_env=False).status_code

    def _signed(self, claims: dict[str, Any], **header: str) -> str:
        headers = {"kid": KEY_ID, **header}
        return jwt.encode(claims, self._key, algorithm="RS256", headers=headers)


def students() -> list[dict[str, Any]]:
    """The students of the demonstration's student system, who can sign in here."""
    return [record for record in demonstration.records() if record.get("sign_in")]


def claims_of(sign_in: str) -> dict[str, Any]:
    """What French institutions commonly tell of a student; what is not known is left out."""
    record = next(student for student in students() if student["sign_in"] == sign_in)
    claims = {
        "sub": sign_in,
        "preferred_username": sign_in,
        "given_name": record["first_name"].title(),
        "family_name": record.get("usual_name") or record["birth_name"],
        "email": record.get("email", ""),
        "supannEtuId": record.get("student_number", ""),
    }
    return {name: value for name, value in claims.items() if value}


def challenge_of(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
