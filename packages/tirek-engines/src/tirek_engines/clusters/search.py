"""The largest log likelihood ratio of each replicate in the windows of a block.

Two ways to the same numbers. *Sparse*: the cases of a replicate are thrown into the bins of a centre one by one. *Dense*: the
places around a centre are added up from near to far. Both work on several replicates at once, its lanes, and then test a bin as
a whole: where the count of a time window at its end is below what its smallest window needs, no window in it beats what the
replicate has already. The few other bins are climbed through window by window. A team's scout goes first and says how far its
centres need to look at all.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tirek_engines.clusters.likelihood import LEVELS, STEP, log_ratio
from tirek_engines.clusters.windows import MOST_BINS, Block, Null
from tirek_engines.jit import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Shorts = NDArray[np.uint16]
Bools = NDArray[np.bool_]
Counts = NDArray[np.signedinteger]

LANES = 32  # replicates that are looked at together


@compiled
def level_of(best: float) -> int:
    """The row of `critical_counts` for a replicate."""
    return min(LEVELS - 1, int(best / STEP))


@compiled
def accumulate(flat: Counts) -> None:
    """Cases by age become cases up to that age; `flat` has shape (ages * LANES,)."""
    for q in range(len(flat) - LANES):
        flat[q + LANES] += flat[q]


@compiled
def add_rows(rows: Counts, order: Ints, start: int, end: int, summed: Counts) -> None:
    """Add the rows order[start] to order[end - 1] of `rows` to `summed`."""
    width = rows.shape[1]
    k = start
    while k + 4 <= end:  # fewer stores
        a, b, c, d = order[k], order[k + 1], order[k + 2], order[k + 3]
        for q in range(width):
            summed[q] += rows[a, q] + rows[b, q] + rows[c, q] + rows[d, q]
        k += 4
    while k < end:
        a = order[k]
        for q in range(width):
            summed[q] += rows[a, q]
        k += 1


@compiled
def any_above(younger: Counts, summed: Counts, null: Null, need: Ints, lookup: Ints, b: int, room: Counts) -> bool:
    """Whether any lane has enough cases in any time window of a bin.

    younger[a, lane] are the cases younger than a, and `summed` the same from age 1 on, flat; `room` is as long. The sign bits
    are gathered, not the answers: loops this plain run on whole vectors.
    """
    young, old = null.young, null.old
    for j in range(null.recent):
        least = need[lookup[b, j]]
        for r in range(LANES):
            room[j * LANES + r] = least
    for q in range(null.recent * LANES):
        room[q] = summed[q] - room[q]
    signs = -1
    for q in range(null.recent * LANES):
        signs &= room[q]
    for j in range(null.recent, len(young)):
        i, o, least = young[j], old[j], need[lookup[b, j]]
        for r in range(LANES):
            room[r] = younger[o, r] - younger[i, r] - least
        for r in range(LANES):
            signs &= room[r]
    return signs >= 0


@compiled
def above(younger: Counts, lane: int, null: Null, need: Ints, lookup: Ints, b: int) -> bool:
    """Whether one lane has enough cases in any time window of a bin."""
    for j in range(len(null.young)):  # noqa: SIM110  (numba compiles no any() over a generator)
        if younger[null.old[j], lane] - younger[null.young[j], lane] >= need[lookup[b, j]]:
            return True
    return False


@compiled
def climb(counts: Counts, lane: int, block: Block, i: int, b: int, null: Null, younger: Counts, best: float) -> float:
    """The largest log likelihood ratio in bin b of row i, window by window, or `best` if that is larger.

    counts[p, a, lane] are the cases of place p up to age a; younger[a, lane] those younger than a up to the bin's end.
    """
    expected, young, old = null.expected, null.young, null.old
    order, closes, lookup = block.order[i], block.closes[i], block.lookup[i, b]
    need = null.table[level_of(best)]
    start, end, ages = block.ends[i, b], block.ends[i, b + 1], expected.shape[1]
    seen, mean = np.zeros(ages + 1, np.int64), block.cumulated[i, b].copy()
    for a in range(ages):
        seen[a + 1] = younger[a + 1, lane]
    for k in range(start, end):
        for a in range(ages):
            seen[a + 1] -= counts[order[k], a, lane]
    for k in range(start, end):
        p = order[k]
        for a in range(ages):
            seen[a + 1] += counts[p, a, lane]
            mean[a] += expected[p, a]
        if not closes[k]:
            continue
        for j in range(len(young)):
            count = seen[old[j]] - seen[young[j]]
            if count >= need[lookup[j]]:
                best = max(best, log_ratio(count, mean[young[j] : old[j]].sum(), null.total))
    return best


@compiled
def scan_dense(block: Block, null: Null, rows: Counts, like: Counts, best: Floats) -> None:
    """Raise `best`, shape (replicates,), to the largest log likelihood ratio of each replicate.

    rows[s, p] are the cases of place p up to each age, for LANES replicates, flat; `like` an empty array of the type to count in.
    """
    ages = null.expected.shape[1]
    flat = np.zeros((ages + 1) * LANES, like.dtype)
    younger, summed = flat.reshape(ages + 1, LANES), flat[LANES:]
    room = np.zeros(ages * LANES, like.dtype)
    for s in range(len(rows)):
        first = s * LANES
        count = min(LANES, len(best) - first)
        lanes = rows[s].reshape(-1, ages, LANES)
        for i in range(block.team[-1]):
            need = null.table[level_of(best[first : first + count].min())]
            flat[:] = 0
            order, ends, lookup = block.order[i], block.ends[i], block.lookup[i]
            for b in range(block.bins[i]):
                add_rows(rows[s], order, ends[b], ends[b + 1], summed)
                if any_above(younger, summed, null, need, lookup, b, room):
                    for r in range(count):
                        own = null.table[level_of(best[first + r])]
                        if above(younger, r, null, own, lookup, b):
                            best[first + r] = climb(lanes, r, block, i, b, null, younger, best[first + r])


class Desk(NamedTuple):
    """Room to work on one replicate: cases by bin and age, which bins have any, and what `climb` needs. Left as it was found."""

    thrown: Ints
    hit: Bools
    younger: Ints
    alone: Ints


@compiled
def _clear_desk(places: int, ages: int) -> Desk:
    return Desk(
        np.zeros((MOST_BINS + 1, ages), np.int32),
        np.zeros(MOST_BINS + 1, np.bool_),
        np.zeros((ages + 1, 1), np.int32),
        np.zeros((places, ages, 1), np.int32),
    )


@compiled
def _throw(place: Ints, age: Shorts, where: Shorts, bins: int, desk: Desk) -> None:
    """Throw cases into the bins of a centre; into one more those beyond."""
    for e in range(len(place)):
        b = min(where[place[e]], bins)
        desk.thrown[b, age[e]] += 1
        desk.hit[b] = True
    desk.younger[:] = 0
    desk.thrown[bins] = 0
    desk.hit[bins] = False


@compiled
def _take(desk: Desk, b: int) -> None:
    """Add the cases of a bin to those younger than each age, and forget them."""
    more = 0
    for a in range(desk.thrown.shape[1]):
        more += desk.thrown[b, a]
        desk.younger[a + 1, 0] += more
        desk.thrown[b, a] = 0
    desk.hit[b] = False


@compiled
def _limit(block: Block, scout: int, null: Null, place: Ints, age: Shorts, least: Ints, desk: Desk) -> int:
    """The last bin of a scout that has enough cases in any time window; -1 for none.

    least[b, j] is what bin b needs in time window j; it does not fall with b.
    """
    bins, limit, young, old = block.bins[scout], -1, null.young, null.old
    _throw(place, age, block.bin_of[scout], bins, desk)
    for b in range(bins):
        if desk.hit[b]:
            _take(desk, b)
        elif limit < b - 1:
            continue  # no more cases than in the bin before, which has too few
        found = 0
        for j in range(null.recent):
            found |= desk.younger[j + 1, 0] >= least[b, j]
        for j in range(null.recent, len(young)):
            found |= desk.younger[old[j], 0] - desk.younger[young[j], 0] >= least[b, j]
        if found:
            limit = b
    return limit


@compiled
def _look(block: Block, i: int, bins: int, null: Null, place: Ints, age: Shorts, desk: Desk, best: float) -> float:
    """The largest log likelihood ratio of one replicate in the first bins of row i, or `best` if that is larger."""
    where, lookup = block.bin_of[i], block.lookup[i]
    _throw(place, age, where, bins, desk)
    need = null.table[level_of(best)]
    for b in range(bins):
        if not desk.hit[b]:
            continue  # as many cases as before, and more expected
        _take(desk, b)
        if above(desk.younger, 0, null, need, lookup, b):
            for e in range(len(place)):
                if where[place[e]] == b:
                    for a in range(age[e], desk.alone.shape[1]):
                        desk.alone[place[e], a, 0] += 1
            best = climb(desk.alone, 0, block, i, b, null, desk.younger, best)
            for e in range(len(place)):
                desk.alone[place[e], :, 0] = 0
            need = null.table[level_of(best)]
    return best


@compiled
def start_sparse(
    block: Block,
    null: Null,
    centres: Longs,
    place: Ints,
    age: Shorts,
    starts: Longs,
    stops: Longs,
    first: Longs,
    holder: Ints,
    best: Floats,
) -> None:
    """As `scan_sparse`, but around each centre only for the replicates that have a case there.

    holder[first[p]], ..., holder[first[p + 1] - 1] are the replicates with a case at place p, in order. This is where most of the
    best windows are, or nearly: what it finds spares `scan_sparse` most of its work.
    """
    desk = _clear_desk(len(null.expected), null.expected.shape[1])
    for i in range(len(centres)):
        before = -1
        for h in range(first[centres[i]], first[centres[i] + 1]):
            r = holder[h]
            if r != before:
                own = slice(starts[r], stops[r])
                best[r] = _look(block, i, block.bins[i], null, place[own], age[own], desk, best[r])
                before = r


@compiled
def scan_sparse(block: Block, null: Null, place: Ints, age: Shorts, starts: Longs, stops: Longs, best: Floats) -> None:
    """As `scan_dense`, with the cases starts[r] to stops[r] - 1 of replicate r one by one.

    A scout goes first: what is impossible in its larger windows need not be looked for around the centres of its team.
    """
    centres = block.team[-1]
    desk = _clear_desk(len(null.expected), null.expected.shape[1])
    least = np.empty((MOST_BINS, len(null.young)), np.int32)
    most = (stops - starts).max()
    near, when = np.empty(most, np.int32), np.empty(most, np.uint16)
    for g in range(len(block.team) - 1):
        scout, level = centres + g, -1
        bins, where, lookup = block.bins[scout], block.bin_of[scout], block.lookup[scout]
        for r in np.argsort(best):
            own = slice(starts[r], stops[r])
            if bins == 0:  # alone, without a scout
                i = block.team[g]
                best[r] = _look(block, i, block.bins[i], null, place[own], age[own], desk, best[r])
                continue
            if level_of(best[r]) > level:  # a level that is too low would be right too, only slower
                level = level_of(best[r])
                for b in range(bins):
                    for j in range(len(null.young)):
                        least[b, j] = null.table[level, lookup[b, j]]
            limit = _limit(block, scout, null, place[own], age[own], least, desk)
            if limit < 0:
                continue
            kept = 0
            for e in range(starts[r], stops[r]):
                if where[place[e]] <= limit:
                    near[kept], when[kept] = place[e], age[e]
                    kept += 1
            for i in range(block.team[g], block.team[g + 1]):
                best[r] = _look(block, i, block.upto[i, limit], null, near[:kept], when[:kept], desk, best[r])
