"""The choices at each facility as flat arrays, and bounds from prices (Lagrangian relaxation)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tirek_engines.budget.problem import Bools, Floats, Ints, Problem

NONE = -1  # the choice to buy nothing


@dataclass(frozen=True, slots=True)
class Options:
    """What may be chosen, sorted by facility and cost; exactly one option of each facility is taken.

    `package` is NONE for buying nothing, which stands only where it is allowed. `start[f]` is the first option of facility f.
    """

    facility: Ints
    package: Ints
    cost: Ints
    gain: Floats
    start: Ints

    @property
    def count(self) -> Ints:
        """1 for a package, 0 for nothing."""
        return np.asarray(self.package != NONE, dtype=np.int64)

    def taken(self, chosen: Ints) -> Ints:
        """Packages of chosen options (shape (n,), positions), in order."""
        packages = self.package[chosen]
        return np.sort(packages[packages != NONE])


@dataclass(frozen=True, slots=True)
class Prices:
    """Multipliers of the budget and of the districts' minima, all 0 or more: gain per coin, per facility, per coin."""

    money: float
    count: Floats
    least: Floats


@dataclass(frozen=True, slots=True)
class Priced:
    """A bound on every plan's gain, and how much of it each option costs: no plan with option o gains over bound - deficit[o]."""

    bound: float
    deficit: Floats
    best: Ints


def list_options(problem: Problem) -> Options:
    """All choices that can stand in an optimal plan.

    A facility with a forced package has that one. One that must fulfil mandatory requirements has those packages that do; where
    none does its demand cannot be kept and all packages stand. Packages that cost no less and gain no more than another of the
    facility are left out, unless a district has to spend money.
    """
    n, k = problem.facilities, len(problem)
    allowed = np.ones(k, dtype=np.bool_)
    allowed[problem.banned] = False
    tied = np.zeros(n, dtype=np.bool_)
    tied[problem.facility[problem.forced]] = True
    allowed[tied[problem.facility]] = False
    allowed[problem.forced] = True
    held = held_to_mandatory(problem, allowed)
    allowed &= ~held[problem.facility] | problem.fulfils
    nothing = np.flatnonzero(~tied & ~held)
    packages = np.flatnonzero(allowed)
    facility = np.concatenate([problem.facility[packages], nothing])
    package = np.concatenate([packages, np.full(len(nothing), NONE)])
    cost = np.concatenate([problem.cost[packages], np.zeros(len(nothing), dtype=np.int64)])
    gain = np.concatenate([problem.gain[packages], np.zeros(len(nothing))])
    order = np.lexsort((package, -gain, cost, facility))
    facility, package, cost, gain = facility[order], package[order], cost[order], gain[order]
    if not problem.min_money.any():
        # Where facilities are counted, a package is never the same as nothing.
        apart = (package == NONE) & (problem.min_count[problem.area[facility]] > 0)
        kept = _undominated(facility * 2 + apart, gain, 2 * n)
        facility, package, cost, gain = facility[kept], package[kept], cost[kept], gain[kept]
    start = np.searchsorted(facility, np.arange(n))
    return Options(facility, package, cost, gain, start)


def held_to_mandatory(problem: Problem, allowed: Bools) -> Bools:
    """Facilities that must fulfil mandatory requirements and have an allowed package that does; shape (n,)."""
    able = np.zeros(problem.facilities, dtype=np.bool_)
    able[problem.facility[allowed & problem.fulfils]] = True
    return problem.must & able


def price(problem: Problem, options: Options, prices: Prices, budget: int) -> Priced:
    """The Lagrangian bound at some prices: budget times its price, less the minima times theirs, plus each facility's best.

    Valid for any prices of 0 or more, however they were found: M. L. Fisher, "The Lagrangian relaxation method for solving
    integer programming problems", Management Science 27 (1981) 1-18.
    """
    area = problem.area[options.facility]
    value = options.gain + (prices.least[area] - prices.money) * options.cost + prices.count[area] * options.count
    top = np.maximum.reduceat(value, options.start) if len(value) else np.zeros(0)
    deficit = top[options.facility] - value
    bound = (
        float(top.sum())
        + prices.money * budget
        - float(prices.count @ problem.min_count)
        - float(prices.least @ problem.min_money)
    )
    # Options are sorted by cost: of equal ones the first is the cheapest.
    places = np.where(deficit == 0, np.arange(len(value)), len(value))
    best = np.minimum.reduceat(places, options.start) if len(value) else np.zeros(0, dtype=np.int64)
    return Priced(bound, deficit, best)


def best_price(problem: Problem, options: Options, budget: int) -> tuple[Prices, Priced]:
    """The price of money that makes the bound smallest where districts have no minima, by halving.

    What is best at that price costs no more than the budget, provided that the cheapest choice everywhere does.
    """
    zero = np.zeros(problem.areas)

    def at(money: float) -> tuple[Prices, Priced]:
        prices = Prices(money, zero, zero)
        return prices, price(problem, options, prices, budget)

    free = at(0.0)
    if int(options.cost[free[1].best].sum()) <= budget:
        return free
    low, high = 0.0, float(options.gain.max()) + 1.0  # at this price one coin outweighs any gain
    found = at(high)
    while high - low > 1e-13 * high:
        middle = (low + high) / 2
        tried = at(middle)
        if int(options.cost[tried[1].best].sum()) <= budget:
            high, found = middle, tried
        else:
            low = middle
    return found


def _undominated(group: Ints, gain: Floats, groups: int) -> Bools:
    """Which options gain more than every cheaper one of their group; they are sorted by cost within a group."""
    order = np.argsort(group, kind="stable")
    sorted_group = group[order]
    first = np.searchsorted(sorted_group, sorted_group)  # position where the group of each begins
    rank = np.arange(len(group)) - first
    best = np.full(groups, -np.inf)
    kept = np.zeros(len(group), dtype=np.bool_)
    for step in range(int(rank.max(initial=-1)) + 1):
        now = order[rank == step]
        more = gain[now] > best[group[now]]
        kept[now] = more
        best[group[now[more]]] = gain[now[more]]
    return kept
