"""Packages of measures for one facility: a few sensible ones out of all that could be bought. Pure: numbers in, numbers out.

Requirements and measures are bits of whole numbers. A package is the cheapest set of measures that meets what it is meant to
meet (found by branch and bound; after `MOST_NODES` steps the best so far). The sets that packages are meant to meet grow: first
everything mandatory, then the weakest point besides, then the next weakest, until nothing is left that a measure could meet.
Of these steps at most five are offered (`choose`). The same input gives the same packages in the same order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MOST_NODES = 2_000
MOST = 5


@dataclass(frozen=True, slots=True)
class Option:
    """A measure at a facility: what it costs there, and the requirements that it meets, as bits."""

    cost: int
    meets: int


@dataclass(frozen=True, slots=True)
class Step:
    """A set of measures (their numbers), what it costs, what it meets."""

    chosen: tuple[int, ...]
    cost: int
    meets: int


def reachable(options: Sequence[Option]) -> int:
    """All that some measure meets."""
    found = 0
    for option in options:
        found |= option.meets
    return found


def cheapest(wanted: int, options: Sequence[Option]) -> Step:
    """The cheapest measures that together meet all of `wanted` that any measure meets."""
    wanted &= reachable(options)
    useful = [n for n, option in enumerate(options) if option.meets & wanted]
    best = _prune(_greedy(wanted, options, useful), wanted, options)
    best_cost = sum(options[n].cost for n in best)
    bits = _bits(wanted)
    covers = {
        bit: sorted((n for n in useful if options[n].meets & bit), key=lambda n: (options[n].cost, n)) for bit in bits
    }
    taken: list[int] = []
    nodes = 0

    def search(left: int, cost: int) -> None:
        nonlocal best, best_cost, nodes
        nodes += 1
        if nodes > MOST_NODES or cost >= best_cost:
            return
        if not left:
            best, best_cost = list(taken), cost
            return
        bit = min((b for b in bits if b & left), key=lambda b: len(covers[b]))
        for n in covers[bit]:
            taken.append(n)
            search(left & ~options[n].meets, cost + options[n].cost)
            taken.pop()

    if any(len(covers[bit]) > 1 for bit in bits):
        search(wanted, 0)
    return _step(best, options)


def _greedy(wanted: int, options: Sequence[Option], useful: list[int]) -> list[int]:
    taken = []
    while wanted:
        n = min(useful, key=lambda n: (_price(options[n], wanted), n))
        taken.append(n)
        wanted &= ~options[n].meets
    return taken


def _price(option: Option, wanted: int) -> float:
    """Money for each requirement met."""
    n = (option.meets & wanted).bit_count()
    return option.cost / n if n else float("inf")


def _prune(taken: list[int], wanted: int, options: Sequence[Option]) -> list[int]:
    """Without what the others make superfluous, the dearest first."""
    kept = list(taken)
    for n in sorted(taken, key=lambda n: (-options[n].cost, n)):
        rest = [other for other in kept if other != n]
        if not wanted & ~reachable([options[other] for other in rest]):
            kept = rest
    return kept


def _step(taken: Sequence[int], options: Sequence[Option]) -> Step:
    chosen = tuple(sorted(taken))
    return Step(chosen, sum(options[n].cost for n in chosen), reachable([options[n] for n in chosen]))


def _bits(mask: int) -> list[int]:
    found = []
    while mask:
        bit = mask & -mask
        found.append(bit)
        mask ^= bit
    return found


@dataclass(frozen=True, slots=True)
class Place:
    """One point of protection: its requirements as bits with their weights, and the weight of all that apply."""

    weights: tuple[tuple[int, float], ...]
    applicable: float

    @property
    def mask(self) -> int:
        return sum(bit for bit, _weight in self.weights)

    def gap(self, unmet: int) -> float:
        if not self.applicable:
            return 0.0
        return sum(weight for bit, weight in self.weights if bit & unmet) / self.applicable


def steps(unmet: int, mandatory: int, places: Sequence[Place], options: Sequence[Option], start: bool) -> list[Step]:
    """Packages that grow from everything mandatory (or from nothing, with `start` False) to all that can be met."""
    able = unmet & reachable(options)
    wanted = able & mandatory if start else 0
    found = [cheapest(wanted, options)] if wanted else []
    while able & ~wanted:
        met = found[-1].meets if found else 0
        left = unmet & ~met
        open_places = [place for place in places if place.mask & able & ~wanted & ~met]
        if not open_places:
            break
        weakest = max(open_places, key=lambda place: place.gap(left))
        wanted |= able & weakest.mask
        found.append(cheapest(wanted, options))
    unique: list[Step] = []
    for step in found:
        if step.chosen and all(step.chosen != other.chosen for other in unique):
            unique.append(step)
    return unique


def choose(found: Sequence[Step], gains: Sequence[float], mandatory: int) -> dict[str, int]:
    """At most five of the steps, by what they are good for: {kind: number}. A step stands once, under its first kind."""
    if not found:
        return {}
    kinds: list[tuple[str, int]] = []
    numbers = range(len(found))
    if mandatory:
        fulfilling = [n for n in numbers if not mandatory & ~found[n].meets]
        kinds.append(("mandatory", min(fulfilling, key=lambda n: (found[n].cost, n))))
    helping = [n for n in numbers if gains[n] > 0]
    full = max(numbers, key=lambda n: (found[n].meets.bit_count(), -found[n].cost))
    if helping:
        kinds.append(("weakest", min(helping, key=lambda n: (found[n].cost, n))))
        kinds.append(("value", max(helping, key=lambda n: (gains[n] / max(found[n].cost, 1), -found[n].cost))))
    kinds.append(("full", full))
    half = min(numbers, key=lambda n: (abs(2 * found[n].cost - found[full].cost), n))
    kinds.append(("half", half))
    chosen: dict[str, int] = {}
    for kind, n in kinds:
        if n not in chosen.values():
            chosen[kind] = n
    return dict(list(chosen.items())[:MOST])
