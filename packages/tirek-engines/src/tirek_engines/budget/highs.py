"""HiGHS behind three calls: maximise over a part of the options, prices of the relaxation, the least that minima demand.

Q. Huangfu and J. A. J. Hall, "Parallelizing the dual revised simplex method", Mathematical Programming Computation 10 (2018)
119-142; HiGHS, https://highs.dev.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from tirek_engines.budget.options import Options, Prices
from tirek_engines.budget.problem import Bools, Floats, Ints, Problem, Progress, Watcher

_LEAST_SCALE = 1024.0  # HiGHS's tolerances are absolute: gains are brought to this size by a power of two


class Clock:
    """Time left, and whether somebody asked to stop. What a watcher raises is kept, and raised again by `check`."""

    def __init__(self, limit: float | None, watcher: Watcher | None) -> None:
        self.begun = time.perf_counter()
        self.limit = limit
        self.watcher = watcher
        self.stopped = False
        self.error: BaseException | None = None

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self.begun

    @property
    def left(self) -> float:
        """Seconds left, 0 when stopped."""
        if self.stopped:
            return 0.0
        return float("inf") if self.limit is None else max(self.limit - self.seconds, 0.0)

    def tell(self, gain: float, bound: float) -> bool:
        """Tell the watcher; True when it is time to end."""
        if self.watcher is not None and not self.stopped:
            try:
                self.stopped = bool(self.watcher(Progress(self.seconds, gain, bound)))
            except BaseException as error:  # it must not cross C++; `check` raises it again
                self.error, self.stopped = error, True
        return self.left <= 0

    def check(self) -> None:
        """Raise what the watcher raised."""
        if self.error is not None:
            raise self.error


@dataclass(frozen=True, slots=True)
class Answer:
    """The best choice found (positions of options, shape (n,); None if there is none) and a bound on all of them."""

    chosen: Ints | None
    bound: float
    proven: bool


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows under construction: bounds, and (row, column, value) triples."""

    lower: list[Floats]
    upper: list[Floats]
    row: list[Ints]
    column: list[Ints]
    value: list[Floats]

    def add(self, lower: Floats, upper: Floats, row: Ints, column: Ints, value: Floats) -> None:
        """Add rows; `row` counts from the first of them."""
        offset = sum(len(bounds) for bounds in self.lower)
        self.lower.append(lower)
        self.upper.append(upper)
        self.row.append(row + offset)
        self.column.append(column)
        self.value.append(value)


def choose(
    problem: Problem, options: Options, kept: Bools, budget: int, gap: float, clock: Clock, above: float = -np.inf
) -> Answer:
    """The choice of largest gain among kept options, exactly or to a relative gap.

    Facilities with one kept option are settled beforehand; the rest goes to HiGHS. `above` is a gain already at hand, told to
    the watcher.
    """
    n = problem.facilities
    number = np.bincount(options.facility[kept], minlength=n)
    settled = np.flatnonzero(kept & (number[options.facility] == 1))
    free = np.flatnonzero(kept & (number[options.facility] > 1))
    gain = float(options.gain[settled].sum())
    left = budget - int(options.cost[settled].sum())
    counts, money = district_sums(problem, options, settled)
    chosen = np.full(n, -1, dtype=np.int64)
    chosen[options.facility[settled]] = settled
    need_count, need_money = problem.min_count - counts, problem.min_money - money
    if not len(free):
        kept_all = left >= 0 and (need_count <= 0).all() and (need_money <= 0).all()
        return Answer(chosen, gain, True) if kept_all else Answer(None, -np.inf, True)
    scale = _scale(options.gain[free])
    model, _ = _model(problem, options, free, left, need_count, need_money)
    model.col_cost_ = options.gain[free] * scale
    model.sense_ = highspy.ObjSense.kMaximize
    model.offset_ = gain * scale
    model.integrality_ = [highspy.HighsVarType.kInteger] * len(free)
    solver = _solver(clock)
    solver.setOptionValue("mip_rel_gap", gap)
    solver.setOptionValue("mip_abs_gap", 0.0)

    def heard(event: Any) -> None:
        out = event.data_out
        if clock.tell(max(above, out.mip_primal_bound / scale), out.mip_dual_bound / scale):
            event.interrupt()

    solver.cbMipInterrupt += heard
    solver.passModel(model)
    solver.run()
    clock.check()
    status, info = solver.getModelStatus(), solver.getInfo()
    if status == highspy.HighsModelStatus.kInfeasible:
        return Answer(None, -np.inf, True)
    bound = float(info.mip_dual_bound) / scale
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Answer(None, bound, False)
    taken = free[np.asarray(solver.getSolution().col_value) > 0.5]
    chosen[options.facility[taken]] = taken
    return Answer(chosen, bound, status == highspy.HighsModelStatus.kOptimal)


def relaxed_prices(problem: Problem, options: Options, budget: int, clock: Clock) -> Prices | None:
    """Prices of the budget and of the districts' minima from the linear relaxation; None if even that cannot be kept.

    When time runs out they are zeros, which are valid, only weak.
    """
    everything = np.arange(len(options.package))
    scale = _scale(options.gain)
    model, places = _model(problem, options, everything, budget, problem.min_count, problem.min_money)
    model.col_cost_ = -options.gain * scale
    solver = _solver(clock)
    solver.cbSimplexInterrupt += _interrupting(clock)
    solver.passModel(model)
    solver.run()
    clock.check()
    if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        return None
    duals = np.asarray(solver.getSolution().row_dual, dtype=np.float64) / scale
    money, count, least = 0.0, np.zeros(problem.areas), np.zeros(problem.areas)
    if len(duals) == places.rows:
        money = max(-float(duals[places.budget]), 0.0) / places.unit
        count[places.counted] = np.maximum(duals[places.count : places.count + len(places.counted)], 0.0)
        least[places.funded] = np.maximum(duals[places.money : places.money + len(places.funded)], 0.0) / places.unit
    return Prices(money, count, least)


def least_money(problem: Problem, options: Options, clock: Clock) -> int | None:
    """The least money that keeps all demands; None if no money does, or time ran out."""
    everything = np.arange(len(options.package))
    model, _ = _model(problem, options, everything, None, problem.min_count, problem.min_money)
    model.col_cost_ = options.cost.astype(np.float64)
    model.integrality_ = [highspy.HighsVarType.kInteger] * len(everything)
    solver = _solver(clock)
    solver.cbMipInterrupt += _interrupting(clock)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.passModel(model)
    solver.run()
    clock.check()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    taken = np.asarray(solver.getSolution().col_value) > 0.5
    return int(options.cost[taken].sum())


def least_shortfall(problem: Problem, options: Options, budget: int, clock: Clock) -> tuple[Ints, Ints] | None:
    """Minima that can be kept within the budget, short of the asked ones by the smallest sum of shares; None out of time."""
    everything = np.arange(len(options.package))
    k, columns = len(everything), problem.areas
    model, places = _model(problem, options, everything, budget, problem.min_count, problem.min_money, short=True)
    shares = [1.0 / problem.min_count[places.counted], 1.0 / problem.min_money[places.funded]]
    cost = np.concatenate([np.zeros(k), *shares])
    slack = len(cost) - k
    model.col_cost_ = cost
    model.col_lower_ = np.zeros(k + slack)
    model.col_upper_ = np.concatenate([np.ones(k), np.full(slack, highspy.kHighsInf)])
    kind = highspy.HighsVarType
    model.integrality_ = [kind.kInteger] * k + [kind.kContinuous] * slack
    solver = _solver(clock)
    solver.cbMipInterrupt += _interrupting(clock)
    solver.setOptionValue("mip_rel_gap", 1e-4)
    solver.passModel(model)
    solver.run()
    clock.check()
    if solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    taken = np.flatnonzero(np.asarray(solver.getSolution().col_value)[:k] > 0.5)
    area = problem.area[options.facility[taken]]
    counts = np.bincount(area, options.count[taken], columns).astype(np.int64)
    money = district_sums(problem, options, taken)[1]
    return np.minimum(problem.min_count, counts), np.minimum(problem.min_money, money)


def district_sums(problem: Problem, options: Options, chosen: Ints) -> tuple[Ints, Ints]:
    """How many facilities of each district have a package, and how much money goes there; exact."""
    area = problem.area[options.facility[chosen]]
    counts, money = np.zeros(problem.areas, dtype=np.int64), np.zeros(problem.areas, dtype=np.int64)
    np.add.at(counts, area, options.count[chosen])
    np.add.at(money, area, options.cost[chosen])
    return counts, money


@dataclass(frozen=True, slots=True)
class _Places:
    """Where rows stand in a model, and how many coins one unit in rows of money is."""

    unit: int
    rows: int
    budget: int
    count: int
    money: int
    counted: Ints
    funded: Ints


def _model(
    problem: Problem,
    options: Options,
    columns: Ints,
    budget: int | None,
    need_count: Ints,
    need_money: Ints,
    short: bool = False,
) -> tuple[highspy.HighsLp, _Places]:
    """Variables 0 to 1 for some options; rows: one option a facility, the budget, districts' counts and money.

    With `short`, each district's row has a slack column that makes up for what is missing.
    """
    facility, cost = options.facility[columns], options.cost[columns]
    owners, local = np.unique(facility, return_inverse=True)
    k, m = len(columns), len(owners)
    # Rows of money are divided by what their numbers share: the solver then works with small whole numbers.
    unit = max(int(np.gcd.reduce(cost)) if k else 1, 1)
    position = np.arange(k)
    rows = _Rows([], [], [], [], [])
    rows.add(np.ones(m), np.ones(m), local, position, np.ones(k))
    infinite = highspy.kHighsInf
    spent = np.flatnonzero(cost)
    if budget is not None:
        top = np.array([float(budget // unit)])
        rows.add(np.array([-infinite]), top, np.zeros(len(spent), dtype=np.int64), spent, cost[spent] / unit)
    area = problem.area[facility]
    counted, funded = np.flatnonzero(need_count > 0), np.flatnonzero(need_money > 0)
    at_count = m + (budget is not None)
    bought = np.flatnonzero(options.package[columns] >= 0)
    slack = k
    needs: list[tuple[Ints, Ints, Floats, Floats, float]] = [
        (counted, bought, np.ones(k), need_count[counted].astype(np.float64), 1.0),
        (funded, spent, cost / unit, np.ceil(need_money[funded] / unit), 1.0 / unit),
    ]
    for wanted, who, amount, need, piece in needs:
        inside = who[np.isin(area[who], wanted)]
        own = np.searchsorted(wanted, area[inside])
        extra = np.arange(len(wanted) if short else 0)
        rows.add(
            need,
            np.full(len(wanted), infinite),
            np.concatenate([own, extra]),
            np.concatenate([inside, slack + extra]),
            np.concatenate([amount[inside], np.full(len(extra), piece)]),
        )
        slack += len(extra)
    row, column, value = np.concatenate(rows.row), np.concatenate(rows.column), np.concatenate(rows.value)
    order = np.argsort(column, kind="stable")
    model = highspy.HighsLp()
    model.num_col_ = slack
    model.col_lower_ = np.zeros(slack)
    model.col_upper_ = np.ones(slack)
    model.row_lower_ = np.concatenate(rows.lower)
    model.row_upper_ = np.concatenate(rows.upper)
    model.num_row_ = sum(len(bounds) for bounds in rows.lower)
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.searchsorted(column[order], np.arange(slack + 1)).astype(np.int32)
    model.a_matrix_.index_ = row[order].astype(np.int32)
    model.a_matrix_.value_ = value[order]
    places = _Places(unit, model.num_row_, m, at_count, at_count + len(counted), counted, funded)
    return model, places


class _Silent(highspy.Highs):
    """Says nothing, not even its name: the first call in a process prints that, and highspy's constructor already makes one."""

    def enableCallbacks(self) -> None:
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def _solver(clock: Clock) -> highspy.Highs:
    solver = _Silent()  # type: ignore[no-untyped-call]
    solver.setOptionValue("time_limit", min(clock.left, 1e9))
    return solver


def _interrupting(clock: Clock) -> Callable[[Any], None]:
    def heard(event: Any) -> None:
        if clock.tell(float("nan"), float("nan")):
            event.interrupt()

    return heard


def _scale(gain: Floats) -> float:
    """A power of two that makes the largest gain at least 1,024; exact in floating point."""
    largest = float(gain.max(initial=0.0))
    return 2.0 ** max(float(np.ceil(np.log2(_LEAST_SCALE / largest))), 0.0) if largest > 0 else 1.0
