"""AES keys of panels, kept encrypted with a key of the installation (AES-256-GCM, NIST SP 800-38D).

Who copies the database without `TIREK_HOME/keys` gets no panel key. A sealed key is a nonce of 12 bytes and what GCM returns.
"""

from __future__ import annotations

import secrets
from binascii import Error as HexError
from binascii import unhexlify
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE = 12
SIZES = (16, 24, 32)
PURPOSE = b"tirek panel key 1"


class BadKey(ValueError):
    """A panel key that is not 128, 192 or 256 bits of hexadecimal, or that this installation cannot open."""


@lru_cache(maxsize=4)
def _sealer(home: str) -> AESGCM:
    return AESGCM(settings.HOME.secret_bytes("panel-keys", lambda: secrets.token_bytes(32)))


def _installation() -> AESGCM:
    return _sealer(str(settings.HOME.root))


def read_hex(text: str) -> bytes:
    """The key that a technician typed: 32, 48 or 64 hexadecimal digits; blanks and dashes are forgiven. Raises BadKey."""
    digits = "".join(text.split()).replace("-", "").replace(":", "")
    try:
        key = unhexlify(digits)
    except (HexError, ValueError) as error:
        raise BadKey("not hexadecimal") from error
    if len(key) not in SIZES:
        raise BadKey("not 16, 24 or 32 bytes")
    return key


def seal(key: bytes) -> bytes:
    """Encrypt a panel's key for the database."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + _installation().encrypt(nonce, key, PURPOSE)


def unseal(sealed: bytes) -> bytes:
    """The panel's key. Raises BadKey when it was sealed by another installation or was changed."""
    sealed = bytes(sealed)
    try:
        return _installation().decrypt(sealed[:NONCE], sealed[NONCE:], PURPOSE)
    except (InvalidTag, ValueError) as error:
        raise BadKey("sealed by another installation, or changed") from error
