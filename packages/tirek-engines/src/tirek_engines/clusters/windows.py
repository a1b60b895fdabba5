"""Windows around a centre: places from near to far, in groups of equally far ones, and what is expected in them.

A window is a centre and a number of whole groups. Places are *live* when cases can be there under the null hypothesis; others
change nothing and are left out here. Months are counted as ages, 0 for the last. Windows are gathered in *bins* of windows about
as large: a bin is passed over at once where even all its cases in its smallest window would be too few.

Centres that lie close together form a *team* with one of them, the first, as its *scout*. Every window of the team lies in one of
the scout's that is a little larger; what is impossible there need not be looked for around each centre.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tirek_engines.clusters.likelihood import bucket_of
from tirek_engines.jit import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Keys = NDArray[np.uint32]
Bools = NDArray[np.bool_]
Shorts = NDArray[np.uint16]

UNREACHED = np.uint32(0xFFFFFFFF)
FARTHEST = 2**32 - 2  # a key that every place that can be reached has
FINEST = 2.0**24  # parts of the extent that distances are told apart by: equal ones stay equal whatever the rounding
SLACK = 2  # keys are rounded: what three of them may be off together
MOST_BINS = 512
_DIGIT = 12
DIGITS = 1 << _DIGIT


class Ground(NamedTuple):
    """Where places lie, and how large a window may be.

    points : float, shape (3, n)
    unit : the length of one key
    starts, neighbours : of place p: neighbours[starts[p]:starts[p + 1]]; both empty where windows are circles
    live : int, the live places
    size : float, shape (n,), what the share is a share of
    most_key, most_size : the largest window
    """

    points: Floats
    unit: float
    starts: Longs
    neighbours: Ints
    live: Ints
    size: Floats
    most_key: int
    most_size: float


class Null(NamedTuple):
    """What is expected, and the time windows.

    expected : float, shape (n, ages)
    whole : float, shape (n,), its sum over ages
    young, old : int, shape (j,): time window j holds the ages young[j] to old[j] - 1
    recent : how many of them, the first ones, begin with age 0; they are 1, 2, 3, ... long
    table : `critical_counts`
    total : cases in all
    fineness : how many standard deviations of its count a bin is wide
    """

    expected: Floats
    whole: Floats
    young: Longs
    old: Longs
    recent: int
    table: Ints
    total: int
    fineness: float


class Block(NamedTuple):
    """The windows of some centres, and then of the scouts of their teams; a row for each.

    order[i, k] : the place that comes k-th
    closes[i, k] : whether a window ends with it
    bins[i] : how many bins
    ends[i, b + 1] : the number of places up to the end of bin b; ends[i, 0] = 0
    cumulated[i, b, a] : expected at age a in the places before bin b
    lookup[i, b, j] : column of `critical_counts` for the smallest window of bin b in time window j; of a scout: the least of all
        windows that lie in its bin's largest window but not in that of the bin before
    upto[i, s] : how many bins lie in the windows up to the scout's bin s
    bin_of[i, p] : the bin of a place; bins[i] for one outside
    team : int, shape (teams + 1,): the centres team[g] to team[g + 1] - 1 have the scout in row `centres + g`
    """

    order: Ints
    closes: Bools
    bins: Ints
    ends: Ints
    cumulated: Floats
    lookup: Ints
    upto: Ints
    bin_of: Shorts
    team: Longs


def empty_block(places: int, ages: int, times: int, team: Longs) -> Block:
    """Room for a block."""
    rows = int(team[-1]) + len(team) - 1
    return Block(
        np.empty((rows, places), np.int32),
        np.empty((rows, places), np.bool_),
        np.zeros(rows, np.int32),
        np.zeros((rows, MOST_BINS + 1), np.int32),
        np.empty((rows, MOST_BINS + 1, ages)),
        np.empty((rows, MOST_BINS, times), np.int32),
        np.zeros((rows, MOST_BINS), np.int32),
        np.empty((rows, places), np.uint16),
        team,
    )


@compiled
def fill_keys(ground: Ground, centre: int, keys: Keys, queue: Ints) -> None:
    """How far each place is from a centre: distance in units, or steps over neighbours."""
    if len(ground.starts):
        _ring_keys(ground.starts, ground.neighbours, centre, keys, queue)
    else:
        _far_keys(ground.points, centre, ground.unit, keys)


@compiled
def _far_keys(points: Floats, centre: int, unit: float, keys: Keys) -> None:
    x, y, z = points[0], points[1], points[2]
    here, there, above, each = x[centre], y[centre], z[centre], 1 / unit
    for p in range(len(keys)):
        dx, dy, dz = x[p] - here, y[p] - there, z[p] - above
        keys[p] = np.uint32(np.int32(np.sqrt(dx * dx + dy * dy + dz * dz) * each + 0.5))


@compiled
def _ring_keys(starts: Longs, neighbours: Ints, centre: int, keys: Keys, queue: Ints) -> None:
    keys[:] = UNREACHED
    keys[centre] = 0
    queue[0] = centre
    head, tail = 0, 1
    while head < tail:
        p = queue[head]
        head += 1
        for e in range(starts[p], starts[p + 1]):
            q = neighbours[e]
            if keys[q] == UNREACHED:
                keys[q] = keys[p] + np.uint32(1)
                queue[tail] = q
                tail += 1


@compiled
def _sort(keys: Keys, order: Ints, count: int, spare: Ints, tally: Longs) -> None:
    """Sort the first `count` places of `order` by key, equal ones as they stood: a radix sort."""
    most = np.uint32(0)
    for k in range(count):
        most = max(most, keys[order[k]])
    shift = 0
    while shift < 32 and (most >> np.uint32(shift)) > 0:
        tally[:] = 0
        for k in range(count):
            tally[(keys[order[k]] >> np.uint32(shift)) & np.uint32(DIGITS - 1)] += 1
        total = 0
        for i in range(DIGITS):
            here = tally[i]
            tally[i] = total
            total += here
        for k in range(count):
            digit = (keys[order[k]] >> np.uint32(shift)) & np.uint32(DIGITS - 1)
            spare[tally[digit]] = order[k]
            tally[digit] += 1
        order[:count] = spare[:count]
        shift += _DIGIT


@compiled
def lay_out(
    ground: Ground, keys: Keys, most_key: int, most_size: float, order: Ints, closes: Bools, spare: Ints, tally: Longs
) -> int:
    """Fill `order` with the live places from near to far, and `closes` with whether a window ends there; returns how many.

    Whole groups are taken while they are no farther than `most_key` and no larger together than `most_size`.
    """
    count = 0
    for p in ground.live:
        if keys[p] <= most_key:
            order[count] = p
            count += 1
    _sort(keys, order, count, spare, tally)
    taken, total = 0, 0.0
    for k in range(count):
        total += ground.size[order[k]]
        closes[k] = k + 1 == count or keys[order[k + 1]] != keys[order[k]]
        if closes[k]:
            if total > most_size:
                break
            taken = k + 1
    return taken


@compiled
def _divide(null: Null, block: Block, i: int, count: int) -> None:
    """Divide the first `count` places of row i into bins."""
    order, closes, ends = block.order[i], block.closes[i], block.ends[i]
    cumulated, lookup = block.cumulated[i], block.lookup[i]
    expected, buckets = null.expected, null.table.shape[1]
    ages = expected.shape[1]
    summed = np.zeros(ages)
    total, ceiling = 0.0, -1.0
    bins = 0
    cumulated[0] = 0.0
    for k in range(count):
        p = order[k]
        for a in range(ages):
            summed[a] += expected[p, a]
        total += null.whole[p]
        if not closes[k]:
            continue
        if bins == 0 or (total > ceiling and bins < MOST_BINS):
            # The first window of a new bin. How far a bin reaches is a matter of speed, not of correctness.
            ceiling = total + min(0.25 * total, null.fineness * np.sqrt(total))
            for j in range(len(null.young)):
                lookup[bins, j] = bucket_of(summed[null.young[j] : null.old[j]].sum(), buckets)
            bins += 1
        ends[bins] = k + 1
        cumulated[bins] = summed
    block.bins[i] = bins


@compiled
def _place_bins(block: Block, i: int) -> None:
    bin_of, order, ends = block.bin_of[i], block.order[i], block.ends[i]
    bin_of[:] = block.bins[i]
    for b in range(block.bins[i]):
        for k in range(ends[b], ends[b + 1]):
            bin_of[order[k]] = b


@compiled
def fill_block(ground: Ground, null: Null, centres: Longs, block: Block) -> None:
    """Fill the rows of a block; `centres` are the places that the first rows are around."""
    places = len(ground.size)
    keys, queue = np.empty(places, np.uint32), np.empty(places, np.int32)
    tally = np.empty(DIGITS, np.int64)
    farthest = np.zeros((len(centres), MOST_BINS), np.int64)
    for g in range(len(block.team) - 1):
        first, last = block.team[g], block.team[g + 1]
        scout = len(centres) + g
        away = np.zeros(last - first, np.int64)
        if last - first > 1:
            fill_keys(ground, centres[first], keys, queue)
            for i in range(first, last):
                away[i - first] = keys[centres[i]]
        needed = 0
        for i in range(first, last):
            fill_keys(ground, centres[i], keys, queue)
            count = lay_out(
                ground, keys, ground.most_key, ground.most_size, block.order[i], block.closes[i], queue, tally
            )
            _divide(null, block, i, count)
            _place_bins(block, i)
            for b in range(block.bins[i]):
                farthest[i, b] = np.int64(keys[block.order[i, block.ends[i, b + 1] - 1]]) + away[i - first] + SLACK
                needed = max(needed, farthest[i, b])
        if last - first == 1:
            block.bins[scout] = 0
            continue
        fill_keys(ground, centres[first], keys, queue)
        count = lay_out(ground, keys, needed, np.inf, block.order[scout], block.closes[scout], queue, tally)
        _divide(null, block, scout, count)
        _place_bins(block, scout)
        bins, ends = block.bins[scout], block.ends[scout]
        lookup = block.lookup[scout]
        lookup[:bins] = null.table.shape[1] - 1
        for i in range(first, last):
            block.upto[i, :bins] = 0
            s = 0
            for b in range(block.bins[i]):
                # The first bin of the scout that ends beyond; in the last one is everything that is needed.
                while s + 1 < bins and keys[block.order[scout, ends[s + 1] - 1]] < farthest[i, b]:
                    s += 1
                block.upto[i, s] = b + 1
                for j in range(len(null.young)):
                    lookup[s, j] = min(lookup[s, j], block.lookup[i, b, j])
            for s in range(1, bins):
                block.upto[i, s] = max(block.upto[i, s], block.upto[i, s - 1])
        for s in range(bins - 2, -1, -1):
            for j in range(len(null.young)):
                lookup[s, j] = min(lookup[s, j], lookup[s + 1, j])
