"""Monthly counts of one area, for drawings: as the register holds them today."""

from __future__ import annotations

from tirek.flashpoints.charts import HISTORY
from tirek.incidents import series
from tirek.places.models import Area


def counts_of(area: Area, last: int, months: int = HISTORY) -> tuple[list[int], list[bool]]:
    """Reported incidents of the months up to `last`, oldest first, and where a zero means that nobody reported."""
    first = last - months + 1
    counts = series.monthly([area], first, last)[:, 0]
    silent = series.reporting([area], first, last)[:, 0]
    return [int(n) for n in counts], [bool(s) for s in silent]
