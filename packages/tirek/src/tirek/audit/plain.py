"""Values as the chain keeps them: the same before they are stored and after they are read back, on both databases.

PostgreSQL keeps numbers of a JSON document as exact decimals (1e16 comes back as an integer, -0.0 as 0.0) and refuses
the character U+0000; neither database keeps NaN. What is stored and what is hashed therefore has one normal form.
"""

from __future__ import annotations

import hashlib
import json
import math
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

REPLACEMENT = "\ufffd"


class _Encoder(DjangoJSONEncoder):
    """Dates, decimals and UUIDs as Django writes them; bytes as their hash; anything else as its text."""

    def default(self, o: Any) -> Any:
        if isinstance(o, bytes | bytearray | memoryview):
            return f"sha256:{hashlib.sha256(o).hexdigest()}"
        try:
            return super().default(o)
        except TypeError:
            return str(o)


def plain(value: Any) -> Any:
    """`value` in normal form: None, bool, int, float with a fraction, str, list, dict with text keys."""
    return normal(json.loads(json.dumps(value, cls=_Encoder)))


def normal(value: Any) -> Any:
    """The normal form of a value that came out of a JSON document. Idempotent."""
    if isinstance(value, str):
        return text(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            return str(value)
        return int(value) if value.is_integer() else value
    if isinstance(value, dict):
        return {text(key): normal(item) for key, item in value.items()}
    if isinstance(value, list):
        return [normal(item) for item in value]
    return value


def text(value: str) -> str:
    """Text that both databases store as it is: without U+0000 and without halves of surrogate pairs."""
    if value.isascii() and "\0" not in value:
        return value
    return value.replace("\0", REPLACEMENT).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def canonical(value: Any) -> bytes:
    """Canonical JSON in UTF-8: sorted keys, no spaces, no escapes beyond those that JSON demands."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
