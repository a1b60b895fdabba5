"""How much likelier a window's cases are with a rate of its own, and how many cases a window needs for that."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from tirek_engines.jit import compiled

STEP = 0.25  # between the levels that critical counts are tabulated for
LEVELS = 160  # up to a log likelihood ratio of 40; what lies above is treated as 40
RATIO = 1.01  # between the expected counts that critical counts are tabulated for
LEAST = 1e-6  # below this a window's expected count is treated as 0


@compiled
def log_ratio(observed: int, expected: float, total: int) -> float:
    """c log(c/m) + (n-c) log((n-c)/(n-m)): c observed, m expected in the window, n cases in all; 0 unless c > m.

    M. Kulldorff, "A spatial scan statistic", Communications in Statistics: Theory and Methods 26 (1997) 1481-1496, conditioned
    on n. It rises with c and falls with m.
    """
    if observed <= expected * (1 + 1e-12):  # and not by rounding alone
        return 0.0
    if expected <= 0:
        return math.inf
    found = observed * math.log(observed / expected)
    rest = total - observed
    if rest > 0:
        found += rest * math.log(rest / (total - expected))
    return found


@compiled
def critical_counts(total: int, most: float, least_cases: int) -> NDArray[np.int32]:
    """The least count whose log likelihood ratio exceeds a level, for expected counts up to `most`; shape (LEVELS, buckets).

    Row i is for the level i * STEP; column j for expected counts from LEAST * RATIO^(j-1) to LEAST * RATIO^j, and is right for
    the lower end, so that no window above the level is missed; column 0 for those below LEAST. Where no count exceeds the
    level, total + 1.
    """
    buckets = 2 + max(0, math.ceil(math.log(max(most, LEAST) / LEAST) / math.log(RATIO)))
    table = np.empty((LEVELS, buckets), np.int32)
    for i in range(LEVELS):
        level = i * STEP * (1 - 1e-12)
        count = least_cases
        table[i, 0] = count
        for j in range(1, buckets):
            expected = LEAST * RATIO ** (j - 1) * (1 - 1e-9)
            while count <= total and log_ratio(count, expected, total) <= level:
                count += 1
            table[i, j] = count
    return table


@compiled
def bucket_of(expected: float, buckets: int) -> int:
    """The column of `critical_counts` for an expected count."""
    if expected < LEAST:
        return 0
    return min(buckets - 1, 1 + int(math.log(expected / LEAST) / math.log(RATIO)))
