"""Signals that stand beside the incidents: figures by area and month with their uncertainty, imported or computed.

They are context. Whether one enters a model is for the models to prove: `tirek flashpoints bench --register` tries it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tirek.incidents.models import Signal
from tirek.incidents.months import last_day
from tirek.incidents.registry import Figures, signal_sources
from tirek.incidents.series import end_of
from tirek.places.models import Area


def names() -> list[str]:
    """Every signal there is: the computed ones, then those that were imported."""
    computed = [source.name for source in signal_sources()]
    imported = Signal.objects.order_by("name").values_list("name", flat=True).distinct()
    return [*computed, *(name for name in imported if name not in computed)]


def table(areas: Sequence[Area], first: int, last: int, *, known_on: date | None = None) -> dict[str, Figures]:
    """All signals of `areas` from month `first` to `last`: {name: Figures}, arrays of shape (months, areas).

    An imported signal holds for its very area, not for what lies in it or around it. `known_on` leaves out what the register was
    told later; a computed signal is what its register says now. Raises ValueError when `last` lies before `first`.
    """
    if last < first:
        raise ValueError(f"the last month ({last}) lies before the first ({first})")
    found = {source.name: source.compute(areas, first, last) for source in signal_sources()}
    return _imported(areas, first, last, known_on) | found


def known_then(areas: Sequence[Area], first: int, last: int) -> dict[str, NDArray[np.float64]]:
    """Of each signal the newest value that was known when a month had ended: {name: array (months, areas)}, NaN before any.

    What came in late is not there before it came; a value stands until a newer one is known. A computed signal is what its register
    says now of each month, and stands in the same way.
    """
    found = {source.name: source.compute(areas, first, last).value.copy() for source in signal_sources()}
    for values in found.values():
        _carry(values)
    return _imported_then(areas, first, last) | found


def _imported_then(areas: Sequence[Area], first: int, last: int) -> dict[str, NDArray[np.float64]]:
    column = {area.pk: i for i, area in enumerate(areas)}
    ends = [end_of(last_day(month)) for month in range(first, last + 1)]
    found: dict[str, NDArray[np.float64]] = {}
    # From older months to newer ones: a newer one stands in the place of an older one from the month on in which it was known.
    rows = Signal.objects.filter(area__in=column, month__lte=last).order_by("month", "pk")
    for name, area, month, value, known_at in rows.values_list("name", "area", "month", "value", "known_at"):
        values = found.setdefault(name, np.full((len(ends), len(areas)), np.nan))
        values[max(0, month - first, bisect_right(ends, known_at)) :, column[area]] = value
    return found


def _carry(values: NDArray[np.float64]) -> None:
    """Let each value stand until the next one, in place."""
    for row in range(1, len(values)):
        values[row] = np.where(np.isfinite(values[row]), values[row], values[row - 1])


def _imported(areas: Sequence[Area], first: int, last: int, known_on: date | None) -> dict[str, Figures]:
    column = {area.pk: i for i, area in enumerate(areas)}
    rows = Signal.objects.filter(area__in=column, month__gte=first, month__lte=last)
    if known_on is not None:
        rows = rows.filter(known_at__lt=end_of(known_on))
    shape = (last - first + 1, len(areas))
    found: dict[str, dict[str, Any]] = {}
    for name, area, month, *values in rows.values_list("name", "area", "month", "value", "low", "high"):
        arrays = found.setdefault(name, {key: np.full(shape, np.nan) for key in ("value", "low", "high")})
        for key, value in zip(("value", "low", "high"), values, strict=True):
            if value is not None:
                arrays[key][month - first, column[area]] = value
    return {name: Figures(**arrays) for name, arrays in found.items()}
