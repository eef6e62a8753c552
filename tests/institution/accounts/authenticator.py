"""A key that makes passkeys and signs with them, as a browser would tell of it."""

import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import sha256, websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

HOST = "testserver"
TOUCHED, VERIFIED = AuthenticatorData.FLAG.UP, AuthenticatorData.FLAG.UV
ATTESTED = AuthenticatorData.FLAG.AT


@dataclass
class Authenticator:
    """One passkey of one key; `is_verified`: it asks for a finger, a face or a PIN."""

    origin: str = f"https://{HOST}"
    host: str = HOST
    is_verified: bool = True
    name: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def made(self, options: Any) -> dict[str, Any]:
        """What the browser says of a new passkey; `options` as the page holds them."""
        public = ES256.from_cryptography_key(self.key.public_key())
        kept = AttestedCredentialData.create(b"\0" * 16, self.name, public)
        said = AuthenticatorData.create(
            sha256(self.host.encode()), self._flags() | ATTESTED, 0, kept
        )
        return self._credential(
            clientDataJSON=self._client_data("webauthn.create", options),
            attestationObject=AttestationObject.create("none", said, {}),
        )

    def used(self, options: Any) -> dict[str, Any]:
        """What the browser says with the passkey."""
        said = AuthenticatorData.create(sha256(self.host.encode()), self._flags(), 1)
        asked = self._client_data("webauthn.get", options)
        return self._credential(
            clientDataJSON=asked,
            authenticatorData=said,
            signature=self.key.sign(said + sha256(asked), ec.ECDSA(SHA256())),
        )

    def _flags(self) -> AuthenticatorData.FLAG:
        return TOUCHED | VERIFIED if self.is_verified else TOUCHED

    def _client_data(self, kind: str, options: Any) -> CollectedClientData:
        challenge = options["publicKey"]["challenge"]
        return CollectedClientData.create(kind, challenge, self.origin)

    def _credential(self, **parts: bytes) -> dict[str, Any]:
        return {
            "id": websafe_encode(self.name),
            "rawId": websafe_encode(self.name),
            "type": "public-key",
            "response": {name: websafe_encode(part) for name, part in parts.items()},
            "clientExtensionResults": {},
        }


def kept_by(authenticator: Authenticator) -> dict[str, Any]:
    """A credential as it is kept once it was checked."""
    return authenticator.made({"publicKey": {"challenge": websafe_encode(b"x" * 32)}})
