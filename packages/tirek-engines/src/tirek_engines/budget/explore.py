"""Around one plan: more or less money, other weights, another plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tirek_engines.budget.problem import Floats, Ints, Plan, Problem, Progress, Watcher
from tirek_engines.budget.solve import largest_budget, least_budget, optimise


@dataclass(frozen=True, slots=True)
class Frontier:
    """The best plan for each budget, in rising order; arrays have shape (b,). `shadow_price` is gain for one more coin."""

    budget: Ints
    cost: Ints
    gain: Floats
    bound: Floats
    gap: Floats
    shadow_price: Floats
    plans: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """How plans change over s vectors of gains.

    Attributes
    ----------
    facility : array of float, shape (n,)
        Share of the plans that the facility has a package in.
    package : array of float, shape (k,)
        Share of the plans that hold the package.
    always, sometimes, never : array of int
        Facilities in all plans, in some, in none.
    plans : tuple of Plan, length s
    """

    facility: Floats
    package: Floats
    always: Ints
    sometimes: Ints
    never: Ints
    plans: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """From plan a to plan b.

    Attributes
    ----------
    added, dropped, exchanged : array of int
        Facilities that only b has a package for, only a, and both but another.
    cost : int
        Money of b less that of a.
    gain : float
        Gain of b less that of a, by the problem's gains.
    area_cost : array of int, shape (a,)
    area_gain : array of float, shape (a,)
        The same in each district.
    """

    added: Ints
    dropped: Ints
    exchanged: Ints
    cost: int
    gain: float
    area_cost: Ints
    area_gain: Floats


def frontier(
    problem: Problem,
    budgets: Iterable[int] | None = None,
    *,
    steps: int = 20,
    gap: float = 1e-4,
    time_limit: float | None = 60.0,
    watcher: Watcher | None = None,
) -> Frontier:
    """The best plan for each of some budgets.

    Each plan is a start for the next, so that gains never fall as money rises. Without budgets: `steps` of them, evenly from the
    least that keeps all demands to what buys everything worth buying.

    Parameters
    ----------
    problem : Problem
    budgets : iterable of int, optional
    steps : int
    gap : float
        Relative gap of each plan.
    time_limit : float or None
        Seconds for all plans together, shared evenly among those that are left.
    watcher : callable, optional
        As in `optimise`, with seconds since the start of the whole; when it returns True the plans so far are returned.

    Returns
    -------
    Frontier

    Raises
    ------
    ValueError
        As `optimise`, or if there are no steps.
    """
    if budgets is None:
        if steps < 1:
            raise ValueError("a frontier has one step or more")
        first = least_budget(problem) or 0
        asked = np.linspace(first, max(largest_budget(problem), first), steps).round().astype(np.int64).tolist()
    else:
        asked = sorted(int(budget) for budget in budgets)
    plans = _series([(problem, budget) for budget in asked], gap, time_limit, watcher, chain=True)
    return Frontier(
        np.array([plan.budget for plan in plans], dtype=np.int64),
        np.array([plan.cost for plan in plans], dtype=np.int64),
        np.array([plan.gain for plan in plans]),
        np.array([plan.bound for plan in plans]),
        np.array([plan.gap for plan in plans]),
        np.array([plan.shadow_price for plan in plans]),
        tuple(plans),
    )


def random_weights(base: ArrayLike, samples: int, *, spread: float = 1.0, seed: int = 0) -> Floats:
    """Vectors of weights around a base, from a Dirichlet distribution with parameters base * c / spread, c the number of weights.

    Parameters
    ----------
    base : array of float, shape (c,)
        Positive; only proportions count. Equal ones with spread 1 give every vector of weights the same chance.
    samples : int
    spread : float
        Small stays near the base.
    seed : int

    Returns
    -------
    array of float, shape (samples, c)
        Rows add up to 1.

    Raises
    ------
    ValueError
        If a weight or the spread is not positive.
    """
    weights = np.asarray(base, dtype=np.float64)
    if weights.ndim != 1 or not (np.isfinite(weights) & (weights > 0)).all() or not spread > 0:
        raise ValueError("weights and spread must be positive")
    return np.random.default_rng(seed).dirichlet(weights / weights.mean() / spread, samples)


def sensitivity(
    problem: Problem,
    budget: int,
    gains: ArrayLike,
    *,
    gap: float = 1e-4,
    time_limit: float | None = 60.0,
    watcher: Watcher | None = None,
) -> Sensitivity:
    """How the best plan changes when gains do, above all because weights do.

    The share of plans that a facility is in is its core index: J. Liesiö, P. Mild and A. Salo, "Preference programming for robust
    portfolio modeling and project selection", European Journal of Operational Research 181 (2007) 1488-1505; over random weights
    as in R. Lahdelma, J. Hokkanen and P. Salminen, "SMAA: stochastic multiobjective acceptability analysis", European Journal of
    Operational Research 106 (1998) 137-143.

    Parameters
    ----------
    problem : Problem
    budget : int
    gains : array of float, shape (s, k)
        The packages' gains under each vector of weights; with criteria of shape (k, c): `random_weights(...) @ criteria.T`.
    gap, time_limit, watcher
        As in `frontier`.

    Returns
    -------
    Sensitivity
        Of the plans reached when it was stopped.

    Raises
    ------
    ValueError
        As `optimise`, or if the shape is not (s, k).
    """
    each = np.asarray(gains, dtype=np.float64)
    if each.ndim != 2 or each.shape[1] != len(problem):
        raise ValueError(f"a gain for each package in each row: (s, {len(problem)}), not {each.shape}")
    plans = _series([(problem.replaced(gain=row), budget) for row in each], gap, time_limit, watcher, chain=False)
    count = max(len(plans), 1)
    package = np.zeros(len(problem))
    facility = np.zeros(problem.facilities)
    for plan in plans:
        package[plan.chosen] += 1
        facility[plan.package >= 0] += 1
    return Sensitivity(
        facility / count,
        package / count,
        np.flatnonzero(facility == count),
        np.flatnonzero((facility > 0) & (facility < count)),
        np.flatnonzero(facility == 0),
        tuple(plans),
    )


def compare(problem: Problem, a: Plan, b: Plan) -> Difference:
    """What changes from plan a to plan b, both of this problem's packages.

    Raises
    ------
    ValueError
        If a plan is of another number of facilities.
    """
    if not len(a.package) == len(b.package) == problem.facilities:
        raise ValueError("both plans must be of this problem's facilities")
    has_a, has_b = a.package >= 0, b.package >= 0
    cost, gain = np.zeros(problem.areas, dtype=np.int64), np.zeros(problem.areas)
    for plan, sign in ((a, -1), (b, 1)):
        area = problem.area[problem.facility[plan.chosen]]
        np.add.at(cost, area, sign * problem.cost[plan.chosen])
        np.add.at(gain, area, sign * problem.gain[plan.chosen])
    return Difference(
        np.flatnonzero(has_b & ~has_a),
        np.flatnonzero(has_a & ~has_b),
        np.flatnonzero(has_a & has_b & (a.package != b.package)),
        b.cost - a.cost,
        float(problem.gain[b.chosen].sum() - problem.gain[a.chosen].sum()),
        cost,
        gain,
    )


def _series(
    tasks: list[tuple[Problem, int]], gap: float, time_limit: float | None, watcher: Watcher | None, chain: bool
) -> list[Plan]:
    """Plans one after another until time is up or the watcher says stop; the one that was being made still counts."""
    plans: list[Plan] = []
    spent, stopped = 0.0, False
    for place, (problem, budget) in enumerate(tasks):
        begun = spent

        def heard(progress: Progress, begun: float = begun) -> bool:
            nonlocal stopped
            if watcher is not None and watcher(Progress(begun + progress.seconds, progress.gain, progress.bound)):
                stopped = True
            return stopped

        share = None if time_limit is None else max(time_limit - spent, 0.0) / (len(tasks) - place)
        start = plans[-1] if chain and plans else None
        plans.append(
            optimise(problem, budget, gap=gap, time_limit=share, watcher=heard if watcher else None, start=start)
        )
        spent += plans[-1].seconds
        if stopped:
            break
    return plans
