"""Random cases under the null hypothesis: what `scan` compares the observed ones with.

Each replicate has a stream of its own that depends on the seed and its number only, so that results do not depend on how many
threads work, nor on how many replicates come after.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tirek_engines.jit import compiled

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Words = NDArray[np.uint64]
Longs = NDArray[np.int64]
Shorts = NDArray[np.uint16]
Counts = NDArray[np.signedinteger]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_27, _30, _31, _32 = np.uint64(27), np.uint64(30), np.uint64(31), np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)


@compiled
def word(state: Words) -> np.uint64:
    """The next 64 random bits of a stream, `state` of shape (1,).

    SplitMix64: G. L. Steele, D. Lea and C. H. Flood, "Fast splittable pseudorandom number generators", OOPSLA (2014) 453-472.
    """
    state[0] += _GOLDEN
    z = state[0]
    z = (z ^ (z >> _30)) * _MIX_1
    z = (z ^ (z >> _27)) * _MIX_2
    return np.uint64(z ^ (z >> _31))


@compiled
def below(state: Words, end: np.uint64) -> np.uint64:
    """A whole number from 0 to `end` - 1, each as likely; `end` below 2^32.

    D. Lemire, "Fast random integer generation in an interval", ACM Transactions on Modeling and Computer Simulation 29 (2019) 3.
    """
    product = (word(state) >> _32) * end
    if product & _LOW < end:
        least = ((_LOW ^ end) + np.uint64(1)) % end
        while product & _LOW < least:
            product = (word(state) >> _32) * end
    return product >> _32


@compiled
def alias_table(weights: Floats) -> tuple[Floats, Ints]:
    """Tables that draw from positive weights in constant time: chance to stay, and where to go otherwise.

    A. J. Walker, "An efficient method for generating discrete random variables with general distributions", ACM Transactions on
    Mathematical Software 3 (1977) 253-256; built as M. D. Vose showed, IEEE Transactions on Software Engineering 17 (1991) 972-975.
    """
    n = len(weights)
    stay = weights * (n / weights.sum())
    other = np.arange(n).astype(np.int32)
    small, large = np.empty(n, np.int32), np.empty(n, np.int32)
    smalls = larges = 0
    for i in range(n):
        if stay[i] < 1:
            small[smalls] = i
            smalls += 1
        else:
            large[larges] = i
            larges += 1
    while smalls and larges:
        smalls -= 1
        i, j = small[smalls], large[larges - 1]
        other[i] = j
        stay[j] -= 1 - stay[i]
        if stay[j] < 1:
            larges -= 1
            small[smalls] = j
            smalls += 1
    for k in range(smalls):  # what rounding left over
        stay[small[k]] = 1.0
    for k in range(larges):
        stay[large[k]] = 1.0
    return stay, other


class Source(NamedTuple):
    """What replicates are drawn from: by weight where `stay` has entries, by shuffling otherwise.

    stay, other, values : `alias_table`, and what its entries stand for: place * ages + age
    places : int, shape (n,), the place of every case
    ages : int, shape (m,), the ages that m of them get
    width : number of ages
    """

    stay: Floats
    other: Ints
    values: Ints
    places: Ints
    ages: Ints
    width: int


def by_weight(expected: Floats) -> Source:
    """Cases at places and ages in proportion to what is expected there, shape (places, ages)."""
    flat = expected.ravel()
    values = np.flatnonzero(flat).astype(np.int32)
    nothing = np.empty(0, np.int32)
    return Source(*alias_table(flat[values]), values, nothing, nothing, expected.shape[1])


def by_shuffling(places: NDArray[np.int64], ages: NDArray[np.int64]) -> Source:
    """The months of cases exchanged among all of them: `places` holds cases by place, `ages` those by age."""
    nothing = np.empty(0, np.int32)
    by_place, by_age = (np.repeat(np.arange(len(by), dtype=np.int32), by) for by in (places, ages))
    return Source(np.empty(0), nothing, nothing, by_place, by_age, len(ages))


@compiled
def _draw(source: Source, key: np.uint64, deck: Ints, found: Ints) -> None:
    """Fill `found` with place * width + age of each case."""
    state = np.array([key], np.uint64)
    if len(source.stay):
        n = np.uint64(len(source.stay))
        for e in range(len(found)):
            i = np.int64(below(state, n))
            if np.float64(word(state) >> np.uint64(11)) * 2.0**-53 >= source.stay[i]:
                i = np.int64(source.other[i])
            found[e] = source.values[i]
    else:  # the first steps of a Fisher-Yates shuffle
        deck[:] = source.places
        n = np.uint64(len(deck))
        for e in range(len(found)):
            i = e + np.int64(below(state, n - np.uint64(e)))
            found[e] = deck[i] * source.width + source.ages[e]
            deck[i] = deck[e]


@compiled
def draw_cases(source: Source, keys: Words, starts: Longs, place: Ints, age: Shorts) -> None:
    """The cases of replicate r to starts[r], ..., starts[r + 1] - 1 of `place` and `age`."""
    deck = np.empty(len(source.places), np.int32)
    for r in range(len(keys)):
        found = place[starts[r] : starts[r + 1]]
        _draw(source, keys[r], deck, found)
        for e in range(len(found)):
            age[starts[r] + e] = found[e] % source.width
            found[e] //= source.width


@compiled
def draw_rows(source: Source, keys: Words, counts: Longs, lanes: int, rows: Counts, most: int) -> bool:
    """The cases of each place up to each age, `lanes` replicates side by side: shape (ceil(R / lanes), places, ages * lanes).

    False where a count exceeds `most`, what the type of `rows` can hold.
    """
    rows[:] = 0
    deck, drawn = np.empty(len(source.places), np.int32), np.empty(counts.max(), np.int32)
    for r in range(len(keys)):
        found = drawn[: counts[r]]
        _draw(source, keys[r], deck, found)
        s, lane = r // lanes, r % lanes
        for code in found:
            p, a = code // source.width, code % source.width
            for q in range(a, source.width):
                rows[s, p, q * lanes + lane] += 1
            if rows[s, p, (source.width - 1) * lanes + lane] >= most:
                return False
    return True
