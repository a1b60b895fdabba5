"""AES-CBC as DC-09 uses it: an initial vector of zeros, and random bytes in front (section 5.4).

A fixed initial vector means that encryption hides the content but does not stop a replay: the time stamp inside
and `duplicate_key` do that.
"""

import secrets
from binascii import Error as HexError
from binascii import hexlify, unhexlify
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from .errors import BadPadding, Unencodable

BLOCK = 16
KEY_SIZES = (16, 24, 32)

# Pad bytes must not look like the marks that end the pad, so these three become other random-looking bytes.
_PAD_SAFE = bytes.maketrans(b"|[]", b"!({")


@lru_cache(maxsize=4096)
def _cipher(key: bytes) -> Cipher[modes.CBC]:
    if not isinstance(key, bytes) or len(key) not in KEY_SIZES:
        raise Unencodable("an AES key is 16, 24 or 32 bytes")
    return Cipher(algorithms.AES(key), modes.CBC(bytes(BLOCK)))


def encrypt(key: bytes, clear: bytes, *, lower: bool = False) -> bytes:
    """Return `clear`, which starts with the end of its pad, as hexadecimal digits.

    16 to 31 random bytes go in front: a whole random first block hides equal messages although the initial
    vector never changes. `lower` writes the digits in lower case, for panels that do so themselves.
    """
    pad = secrets.token_bytes(BLOCK + -len(clear) % BLOCK).translate(_PAD_SAFE)
    digits = hexlify(_cipher(key).encryptor().update(pad + clear))
    return digits if lower else digits.upper()


def decrypt(key: bytes, digits: bytes) -> bytes:
    """Return the clear bytes, pad included, of a block of hexadecimal digits; raises BadPadding."""
    try:
        blocks = unhexlify(digits)
    except HexError as error:
        raise BadPadding("the encrypted part is not hexadecimal") from error
    if not blocks or len(blocks) % BLOCK:
        raise BadPadding("the encrypted part is not a whole number of AES blocks")
    return _cipher(key).decryptor().update(blocks)
