"""The best windows of what was observed."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from tirek_engines.clusters.likelihood import log_ratio
from tirek_engines.clusters.windows import DIGITS, Block, Ground, Null, fill_keys, lay_out
from tirek_engines.jit import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Bools = NDArray[np.bool_]


@compiled
def log_ratio_bound(observed: int, expected: float, total: int) -> float:
    """Never below `log_ratio`, and without a logarithm; for observed > expected > 0.

    log x <= (x - 1) / sqrt(x) for x >= 1, and log(1 + x) >= x / (1 + x).
    """
    over = observed - expected
    return observed * over / math.sqrt(observed * expected) - over * (total - observed) / (total - expected)


@compiled
def _best(
    order: Ints, closes: Bools, count: int, null: Null, cases: Ints, most_months: int, least_cases: int
) -> tuple[float, int, int]:
    """Log likelihood ratio, number of places and number of months of the best window around a centre; (0, 0, 0) without any.

    `cases` has shape (places, ages). Of equals the first: the fewest places, then the fewest months.
    """
    expected, total = null.expected, null.total
    seen, mean = np.zeros(most_months, np.int64), np.zeros(most_months)
    best, places, months = 0.0, 0, 0
    news = False
    for k in range(count):
        p = order[k]
        for a in range(most_months):
            mean[a] += expected[p, a]
            seen[a] += cases[p, a]
            news |= cases[p, a] > 0
        if not (closes[k] and news):
            continue
        news = False
        c, m = 0, 0.0
        for a in range(most_months):
            c += seen[a]
            m += mean[a]
            if c >= least_cases and c > m and log_ratio_bound(c, m, total) * (1 + 1e-9) > best:
                found = log_ratio(c, m, total)
                if found > best:
                    best, places, months = found, k + 1, a + 1
    return best, places, months


@compiled
def observe(block: Block, null: Null, cases: Ints, most_months: int, least_cases: int) -> Floats:
    """The log likelihood ratio of the best window around each centre of a block."""
    found = np.zeros(block.team[-1])
    for i in range(len(found)):
        count = block.ends[i, block.bins[i]]
        found[i] = _best(block.order[i], block.closes[i], count, null, cases, most_months, least_cases)[0]
    return found


@compiled
def observe_apart(
    ground: Ground, null: Null, centre: int, apart: Longs, cases: Ints, most_months: int, least_cases: int
) -> tuple[float, int, Ints, int]:
    """Log likelihood ratio, key, places and number of months of the best window around a centre that holds none of `apart`.

    The key is that of the farthest place. The places are all in the window, also those where nothing can be.
    """
    n = len(ground.size)
    keys, queue, order = np.empty(n, np.uint32), np.empty(n, np.int32), np.empty(n, np.int32)
    closes, tally = np.empty(n, np.bool_), np.empty(DIGITS, np.int64)
    fill_keys(ground, centre, keys, queue)
    most_key = np.int64(ground.most_key)
    for p in apart:
        most_key = min(most_key, np.int64(keys[p]) - 1)
    count = lay_out(ground, keys, int(most_key), ground.most_size, order, closes, queue, tally)
    best, places, months = _best(order, closes, count, null, cases, most_months, least_cases)
    if places == 0:
        return 0.0, 0, order[:0], 0
    last = keys[order[places - 1]]
    inside = np.flatnonzero(keys <= last).astype(np.int32)
    return best, int(last), inside[np.argsort(keys[inside], kind="mergesort")], months
