"""Packages: the cheapest sets, growing, deterministic."""

from __future__ import annotations

import itertools
import random

from tirek.upgrades.packages import MOST, Option, Place, Step, cheapest, choose, reachable, steps


def _brute(wanted: int, options: list[Option]) -> int:
    """The least money that meets all that can be met, by trying everything."""
    wanted &= reachable(options)
    best = None
    for n in range(len(options) + 1):
        for chosen in itertools.combinations(options, n):
            if not wanted & ~reachable(chosen):
                cost = sum(option.cost for option in chosen)
                best = cost if best is None else min(best, cost)
    assert best is not None
    return best


def test_cheapest_is_the_cheapest():
    rng = random.Random(7)
    for _ in range(150):
        options = [Option(rng.randrange(0, 50), rng.randrange(1, 256)) for _ in range(rng.randrange(1, 9))]
        wanted = rng.randrange(256)
        found = cheapest(wanted, options)
        assert found.cost == _brute(wanted, options)
        assert not wanted & reachable(options) & ~found.meets
        assert found.cost == sum(options[n].cost for n in found.chosen)


def test_nothing_wanted_costs_nothing():
    assert cheapest(0, [Option(5, 1)]) == Step((), 0, 0)
    assert cheapest(4, [Option(5, 1)]) == Step((), 0, 0)


def test_steps_begin_with_the_mandatory_and_grow_by_the_weakest_point():
    places = [Place(((1, 1.0), (2, 1.0)), 2.0), Place(((4, 3.0), (8, 1.0)), 4.0)]
    options = [Option(10, 1), Option(10, 2), Option(10, 4), Option(10, 8)]
    found = steps(0b0111, 0b0001, places, options, start=True)
    assert [step.meets for step in found] == [0b0001, 0b0101, 0b0111]  # three quarters are missing at the second point
    free = steps(0b0111, 0b0001, places, options, start=False)
    assert [step.meets for step in free] == [0b0011, 0b0111]


def test_what_no_measure_meets_is_left_out():
    places = [Place(((1, 1.0), (2, 1.0)), 2.0)]
    assert [step.meets for step in steps(0b11, 0, places, [Option(1, 1)], start=True)] == [1]
    assert steps(0b11, 0b10, places, [], start=True) == []


def test_at_most_five_each_once_and_always_the_same():
    rng = random.Random(3)
    for _ in range(60):
        options = [Option(rng.randrange(1, 90), 1 << n) for n in range(12)]
        places = [Place(tuple((1 << n, 1.0 + n) for n in range(k, k + 3)), 10.0) for k in (0, 3, 6, 9)]
        found = steps(0b111111111111, 0b101, places, options, start=True)
        gains = [float(n) for n in range(len(found))]
        chosen = choose(found, gains, 0b101)
        assert chosen == choose(found, gains, 0b101)
        assert 1 <= len(chosen) <= MOST
        assert len(set(chosen.values())) == len(chosen)
        assert not 0b101 & ~found[chosen["mandatory"]].meets
        assert max(chosen.values()) == len(found) - 1  # everything is always offered
