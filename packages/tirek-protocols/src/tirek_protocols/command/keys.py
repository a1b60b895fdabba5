"""Ed25519 keys (RFC 8032) as 32 raw bytes, and the short name that a message carries of its key."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from .errors import BadSignature, Malformed

Raw = bytes  # the classes below have a property called `bytes`

KEY_BYTES = 32
KEY_ID_BYTES = 8
SIGNATURE_BYTES = 64


def key_id(public: Raw) -> Raw:
    """The first 8 bytes of SHA-256 of a raw public key."""
    return hashlib.sha256(public).digest()[:KEY_ID_BYTES]


@dataclass(frozen=True, slots=True)
class VerifyKey:
    """A public key. Raises `Malformed` unless given exactly 32 bytes."""

    bytes: Raw

    def __post_init__(self) -> None:
        if not isinstance(self.bytes, Raw) or len(self.bytes) != KEY_BYTES:
            raise Malformed(f"A public key is {KEY_BYTES} bytes.")

    @classmethod
    def from_bytes(cls, raw: Raw) -> VerifyKey:
        return cls(raw)

    @property
    def key_id(self) -> Raw:
        return key_id(self.bytes)

    def verify(self, signature: Raw, message: Raw) -> None:
        """Raise `BadSignature` unless `signature` was made over `message` by the private half."""
        try:
            Ed25519PublicKey.from_public_bytes(self.bytes).verify(signature, message)
        except (InvalidSignature, ValueError) as error:
            raise BadSignature("The signature does not fit the message.") from error


@dataclass(frozen=True, slots=True, eq=False)
class SigningKey:
    """A private key. Its `repr` shows nothing secret."""

    _key: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def generate(cls) -> SigningKey:
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_bytes(cls, raw: Raw) -> SigningKey:
        """The key with this 32-byte seed. Raises `Malformed` for any other length."""
        if not isinstance(raw, Raw) or len(raw) != KEY_BYTES:
            raise Malformed(f"A private key is {KEY_BYTES} bytes.")
        return cls(Ed25519PrivateKey.from_private_bytes(raw))

    @property
    def bytes(self) -> Raw:
        """The 32-byte seed: keep it in a file that only its owner can read."""
        return self._key.private_bytes_raw()

    @property
    def public(self) -> VerifyKey:
        return VerifyKey(self._key.public_key().public_bytes_raw())

    def sign(self, message: Raw) -> Raw:
        """A 64-byte signature."""
        return self._key.sign(message)
