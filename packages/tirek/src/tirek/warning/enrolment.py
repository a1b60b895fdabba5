"""One-time codes: shown once, kept as a hash, dead after use or after a while."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

CODE_VALID = timedelta(hours=24)
# Without letters and digits that are mistaken for each other when a code is read aloud.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
GROUPS, GROUP = 4, 4


def new_code() -> str:
    """A code such as `7KQ2-M9XD-4TRW-HBNA`: 79 bits, so it cannot be guessed within its day."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))


def hash_of(code: str) -> str:
    """SHA-256 of a code as people may type it: case, spaces and dashes do not matter."""
    plain = "".join(c for c in code.upper() if c.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
