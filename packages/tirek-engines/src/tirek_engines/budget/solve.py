"""The best plan for a budget: a small core of the choices decided by HiGHS, the rest proven irrelevant by their price.

Nearly all choices are clear at the right price of money; only a few facilities stand on the edge. The Lagrangian bound says for
every option how much a plan that holds it loses at least. HiGHS decides among the options that lose little (the core); when the
loss of every other one exceeds the distance between the bound and the plan found, that plan is optimal for the whole problem:
E. Balas and E. Zemel, "An algorithm for large zero-one knapsack problems", Operations Research 28 (1980) 1130-1154;
D. Pisinger, "A minimal algorithm for the multiple-choice knapsack problem", European Journal of Operational Research 83 (1995)
394-410.
"""

from __future__ import annotations

import math

import numpy as np

from tirek_engines.budget.highs import (
    Clock,
    choose,
    district_sums,
    least_money,
    least_shortfall,
    relaxed_prices,
)
from tirek_engines.budget.options import Options, Priced, Prices, best_price, held_to_mandatory, list_options, price
from tirek_engines.budget.problem import Floats, Ints, Outcome, Plan, Problem, Watcher, relative_gap

EXACT = 1e-9  # a relative gap no larger than this is rounding
_CORE = 64  # facilities in the first core


def optimise(
    problem: Problem,
    budget: int,
    *,
    gap: float = 0.0,
    time_limit: float | None = 60.0,
    watcher: Watcher | None = None,
    start: Plan | None = None,
) -> Plan:
    """The plan of largest gain within a budget that keeps all demands, with a proven bound.

    maximise    sum of gain over chosen packages
    subject to  at most one package a facility; cost <= budget; facilities that must have one that fulfils what is mandatory;
                min_count and min_money of each district; forced and banned packages.

    Where demands cannot all be kept the plan is a best effort, INFEASIBLE, and says what is missing. If the mandatory alone
    exceeds the budget: forced packages, then facilities by priority (larger first, cheaper first among equals), each with its
    cheapest package that fulfils, as far as the money goes; nothing else is bought. If only the districts' minima exceed it: the
    minima that fall short by the smallest sum of shares, and the best plan that keeps these.

    Parameters
    ----------
    problem : Problem
    budget : int
        In the smallest coin, 0 or more.
    gap : float
        Stop when (bound - gain) / gain is proven to be this small; 0 for the optimum.
    time_limit : float or None
        Seconds.
    watcher : callable, optional
        Told a `Progress` now and then; returns True to stop with the best plan so far. What it raises is raised again.
    start : Plan, optional
        A plan at hand of the same packages; used if it keeps the demands.

    Returns
    -------
    Plan

    Raises
    ------
    ValueError
        If the budget or the gap is negative.
    """
    if budget < 0 or not gap >= 0:
        raise ValueError("the budget and the gap must be 0 or more")
    clock = Clock(time_limit, watcher)
    budget = int(budget)
    options = list_options(problem)
    if problem.forced.size or problem.must.any():
        cheapest = int(options.cost[options.start].sum())
        if cheapest > budget:
            return _mandatory_first(problem, options, budget, clock)
    plan = _search(problem, options, budget, gap, clock, start)
    if plan is None:
        return _short_of_minima(problem, options, budget, gap, clock)
    return plan


def least_budget(problem: Problem, time_limit: float | None = 60.0) -> int | None:
    """The least money that keeps all demands; None if no money does (or, with minima, none was found in time)."""
    options = list_options(problem)
    if not problem.has_minima:
        return int(options.cost[options.start].sum())
    return least_money(problem, options, Clock(time_limit, None))


def largest_budget(problem: Problem) -> int:
    """The money beyond which nothing more is gained, whatever the districts' minima."""
    options = list_options(problem)
    zero = np.zeros(problem.areas)
    return int(options.cost[price(problem, options, Prices(0.0, zero, zero), 0).best].sum())


def _search(
    problem: Problem, options: Options, budget: int, gap: float, clock: Clock, start: Plan | None
) -> Plan | None:
    """Grow the core until the rest cannot matter; None if the demands cannot be kept."""
    incumbent, gain = _known(problem, options, budget, start)
    if problem.has_minima:
        prices = relaxed_prices(problem, options, budget, clock)
        if prices is None:
            return None
        priced = price(problem, options, prices, budget)
    else:
        prices, priced = best_price(problem, options, budget)
    incumbent, gain = _better(problem, options, budget, priced.best, incumbent, gain)
    bound, second = max(priced.bound, gain), _second(options, priced)
    size = _CORE
    while not _close(gain, bound, gap) and not clock.tell(gain, bound):
        # An option that loses more than this cannot be in a better plan. Rounding of sums stays far below the last term.
        slack = bound - gain + 1e-9 * max(abs(bound), 1.0)
        loss = float(np.partition(second, size)[size]) if size < len(second) else np.inf
        whole = loss >= slack
        kept = priced.deficit <= min(loss, slack)
        answer = choose(problem, options, kept, budget, gap, clock, gain)
        if answer.chosen is not None:
            incumbent, gain = _better(problem, options, budget, answer.chosen, incumbent, gain)
        rest = -np.inf if whole or kept.all() else priced.bound - float(priced.deficit[~kept].min())
        bound = max(min(bound, max(answer.bound, rest)), gain)
        if incumbent is None and (whole or kept.all()) and answer.proven:
            return None
        if not answer.proven or whole:
            break
        size *= 4
    clock.tell(gain, bound)
    clock.check()
    if incumbent is None:
        # Out of time before any plan was found: the cheapest that is mandatory, which misses minima.
        return _plan(problem, options, options.start, budget, Outcome.STOPPED, bound, prices.money, clock)
    reached = relative_gap(gain, bound)
    outcome = Outcome.OPTIMAL if reached <= EXACT else Outcome.WITHIN_GAP if reached <= gap else Outcome.STOPPED
    return _plan(problem, options, incumbent, budget, outcome, bound, prices.money, clock)


def _close(gain: float, bound: float, gap: float) -> bool:
    return relative_gap(gain, bound) <= max(gap, 1e-12)


def _second(options: Options, priced: Priced) -> Floats:
    """For each facility how much its second-best option loses; infinite where it has one option."""
    loss = priced.deficit.copy()
    loss[priced.best] = np.inf
    return np.asarray(np.minimum.reduceat(loss, options.start) if len(loss) else loss, dtype=np.float64)


def _known(problem: Problem, options: Options, budget: int, start: Plan | None) -> tuple[Ints | None, float]:
    """A plan at hand as chosen options, if all its packages are among them."""
    if start is None or len(start.package) != problem.facilities:
        return None, -np.inf
    match = options.package == start.package[options.facility]
    chosen = np.flatnonzero(match)
    if len(chosen) != problem.facilities:
        return None, -np.inf
    return _better(problem, options, budget, chosen, None, -np.inf)


def _better(
    problem: Problem, options: Options, budget: int, chosen: Ints, incumbent: Ints | None, gain: float
) -> tuple[Ints | None, float]:
    """The better of two choices; checked in whole numbers, whatever the solver's tolerances."""
    counts, money = district_sums(problem, options, chosen)
    keeps = int(options.cost[chosen].sum()) <= budget and (counts >= problem.min_count).all()
    if not (keeps and (money >= problem.min_money).all()):
        return incumbent, gain
    found = math.fsum(options.gain[chosen].tolist())
    return (chosen, found) if found > gain else (incumbent, gain)


def _plan(
    problem: Problem,
    options: Options,
    chosen: Ints,
    budget: int,
    outcome: Outcome,
    bound: float,
    money: float,
    clock: Clock,
    missing: int = 0,
) -> Plan:
    """What was chosen, in the terms of the problem."""
    packages = options.taken(chosen)
    by_facility = np.full(problem.facilities, -1, dtype=np.int64)
    by_facility[problem.facility[packages]] = packages
    helped = np.zeros(problem.facilities, dtype=np.bool_)
    helped[problem.facility[packages]] = problem.fulfils[packages]
    unmet = np.flatnonzero(problem.must & ~helped)
    counts, spent = district_sums(problem, options, chosen)
    short_count = np.maximum(problem.min_count - counts, 0)
    short_money = np.maximum(problem.min_money - spent, 0)
    if outcome is not Outcome.STOPPED and (missing or len(unmet) or short_count.any() or short_money.any()):
        outcome = Outcome.INFEASIBLE
    gain = math.fsum(problem.gain[packages].tolist())
    if outcome is Outcome.INFEASIBLE:
        bound = money = float("nan")
    else:
        bound = gain if outcome is Outcome.OPTIMAL else bound
    return Plan(
        outcome=outcome,
        budget=budget,
        cost=int(problem.cost[packages].sum()),
        gain=gain,
        bound=bound,
        gap=relative_gap(gain, bound),
        shadow_price=money,
        chosen=packages,
        package=by_facility,
        missing=missing,
        unmet=unmet[np.lexsort((unmet, -problem.priority[unmet]))],
        short_count=short_count,
        short_money=short_money,
        seconds=clock.seconds,
    )


def _mandatory_first(problem: Problem, options: Options, budget: int, clock: Clock) -> Plan:
    """Forced packages, then the cheapest that fulfils at each facility by priority, as far as the money goes."""
    needed = least_money(problem, options, clock) if problem.has_minima else None
    if needed is None:
        needed = int(options.cost[options.start].sum())
    tied = np.zeros(problem.facilities, dtype=np.bool_)
    tied[problem.facility[problem.forced]] = True
    allowed = np.ones(len(problem), dtype=np.bool_)
    allowed[problem.banned] = False
    held = held_to_mandatory(problem, allowed) & ~tied
    forced = np.flatnonzero(tied)
    asked = np.flatnonzero(held)
    cheapest = options.cost[options.start]
    order = np.concatenate([forced, asked[np.lexsort((asked, cheapest[asked], -problem.priority[asked]))]])
    left, bought = budget, []
    for facility in order.tolist():
        if cheapest[facility] <= left:
            left -= int(cheapest[facility])
            bought.append(int(options.start[facility]))
    chosen = np.array(bought, dtype=np.int64)
    nan = float("nan")
    return _plan(problem, options, chosen, budget, Outcome.INFEASIBLE, nan, nan, clock, needed - budget)


def _short_of_minima(problem: Problem, options: Options, budget: int, gap: float, clock: Clock) -> Plan:
    """The best plan that keeps as much of the districts' minima as the money allows."""
    needed = least_money(problem, options, clock)
    kept = least_shortfall(problem, options, budget, clock)
    missing = max(needed - budget, 0) if needed is not None else 0
    nan = float("nan")
    if kept is None:
        return _plan(problem, options, options.start, budget, Outcome.STOPPED, nan, nan, clock, missing)
    eased = problem.replaced(min_count=kept[0], min_money=kept[1])
    best = _search(eased, list_options(eased), budget, gap, clock, None)
    package = np.full(problem.facilities, -1) if best is None else best.package
    chosen = np.flatnonzero(options.package == package[options.facility])
    return _plan(problem, options, chosen, budget, Outcome.INFEASIBLE, nan, nan, clock, missing)
