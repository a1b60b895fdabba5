"""What is said with "about"."""

from __future__ import annotations

import math


def about(value: float) -> int:
    """Two figures, three from a hundred thousand on. Finer ones would promise what nobody counted."""
    if not value:
        return 0
    size = math.floor(math.log10(abs(value)))
    return int(round(value, min(0, (2 if size >= 5 else 1) - size)))
