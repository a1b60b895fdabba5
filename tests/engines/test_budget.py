"""Plans for a budget: published optima, every plan tried, another solver, demands that cannot be kept."""

import csv
import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from tests.reference import reference_path
from tirek_engines.budget import Outcome, Problem, largest_budget, least_budget, optimise
from tirek_engines.budget.options import Prices, list_options, price


def keeps(problem, packages, *, minima=True):
    """Whether a plan, as a package or None for each facility, keeps all demands but the budget."""
    taken = {package for package in packages if package is not None}
    if not set(problem.forced.tolist()) <= taken or taken & set(problem.banned.tolist()):
        return False
    if any(problem.must[f] and (package is None or not problem.fulfils[package]) for f, package in enumerate(packages)):
        return False
    for area in range(problem.areas if minima else 0):
        here = [p for f, p in enumerate(packages) if p is not None and problem.area[f] == area]
        if len(here) < problem.min_count[area] or problem.cost[here].sum() < problem.min_money[area]:
            return False
    return True


def every(problem, *, minima=True):
    """Cost and gain of every plan that keeps all demands but the budget."""
    own = [[None, *np.flatnonzero(problem.facility == f).tolist()] for f in range(problem.facilities)]
    for packages in product(*own):
        if keeps(problem, packages, minima=minima):
            taken = [package for package in packages if package is not None]
            yield int(problem.cost[taken].sum()), math.fsum(problem.gain[taken].tolist())


@st.composite
def problems(draw):
    """Up to six facilities with up to three packages each, in two districts."""
    n = draw(st.integers(1, 6))
    facility = [f for f in range(n) for _ in range(draw(st.integers(0, 3)))]
    k = len(facility)
    numbers = st.one_of(st.integers(0, 12), st.integers(0, 9_999_999))
    cost = draw(st.lists(numbers, min_size=k, max_size=k))
    gain = draw(st.lists(st.one_of(st.integers(0, 9), st.floats(0.001, 50)), min_size=k, max_size=k))
    flags = st.lists(st.booleans(), min_size=k, max_size=k)
    minima = draw(st.booleans())
    choice = draw(st.lists(st.sampled_from(["", "", "", "", "in", "out"]), min_size=k, max_size=k))
    forced, banned = [], [i for i in range(k) if choice[i] == "out"]
    for i in range(k):
        if choice[i] == "in" and facility[i] not in {facility[j] for j in forced}:
            forced.append(i)
    return Problem(
        np.array(facility, dtype=int),
        np.array(cost, dtype=int),
        gain,
        facilities=n,
        must=draw(st.lists(st.sampled_from([False, False, True]), min_size=n, max_size=n)),
        fulfils=draw(flags),
        priority=draw(st.lists(st.integers(0, 3), min_size=n, max_size=n)),
        area=draw(st.lists(st.integers(0, 1), min_size=n, max_size=n)),
        min_count=draw(st.lists(st.integers(0, 2), min_size=2, max_size=2)) if minima else [0, 0],
        min_money=draw(st.lists(st.one_of(st.just(0), numbers), min_size=2, max_size=2)) if minima else [0, 0],
        forced=forced,
        banned=banned,
    )


def well_formed(problem, plan):
    """What holds for every plan, also a best effort."""
    assert plan.cost == problem.cost[plan.chosen].sum() <= plan.budget
    assert plan.gain == pytest.approx(problem.gain[plan.chosen].sum())
    assert len(set(problem.facility[plan.chosen].tolist())) == len(plan.chosen)
    assert sorted(plan.package[plan.package >= 0].tolist()) == plan.chosen.tolist()
    assert not set(plan.chosen.tolist()) & set(problem.banned.tolist())
    helped = {int(problem.facility[p]) for p in plan.chosen if problem.fulfils[p]}
    assert set(plan.unmet.tolist()) == set(np.flatnonzero(problem.must).tolist()) - helped
    for area in range(problem.areas):
        here = [p for p in plan.chosen if problem.area[problem.facility[p]] == area]
        assert plan.short_count[area] == max(problem.min_count[area] - len(here), 0)
        assert plan.short_money[area] == max(problem.min_money[area] - problem.cost[here].sum(), 0)


@settings(max_examples=400, deadline=None)
@given(problems(), st.one_of(st.integers(0, 40), st.integers(0, 30_000_000)))
def test_the_plan_is_the_best_of_all_plans(problem, budget):
    plan = optimise(problem, budget)
    well_formed(problem, plan)
    possible = list(every(problem))
    affordable = [gain for cost, gain in possible if cost <= budget]
    if affordable:
        assert plan.outcome is Outcome.OPTIMAL
        assert plan.gain == pytest.approx(max(affordable), rel=1e-9, abs=1e-9)
        assert plan.bound == plan.gain
        assert (plan.gap, plan.missing, len(plan.unmet)) == (0, 0, 0)
        assert set(problem.forced.tolist()) <= set(plan.chosen.tolist())
        assert plan.shadow_price >= 0
    else:
        assert plan.outcome is Outcome.INFEASIBLE
        assert math.isnan(plan.bound)
        if possible:
            assert plan.missing == min(cost for cost, _ in possible) - budget
        without = [cost for cost, _ in every(problem, minima=False)]
        if without and min(without) <= budget:
            assert not len(plan.unmet)  # the mandatory comes first: only minima are short
            assert plan.short_count.any() or plan.short_money.any()


@settings(max_examples=100, deadline=None)
@given(problems())
def test_the_least_budget_is_the_cheapest_of_all_plans(problem):
    possible = [cost for cost, _ in every(problem)]
    least = least_budget(problem)
    if possible:
        assert least == min(possible)
        assert optimise(problem, least).outcome is Outcome.OPTIMAL
    elif problem.has_minima and not problem.must.any():
        assert least is None


@settings(max_examples=100, deadline=None)
@given(problems(), st.floats(0, 5), st.integers(0, 1000))
def test_any_prices_give_a_bound(problem, money, budget):
    prices = Prices(money, np.array([0.5, 2.0]), np.array([0.0, 0.1]))
    bound = price(problem, list_options(problem), prices, budget).bound
    gains = [gain for cost, gain in every(problem) if cost <= budget]
    assert max(gains, default=-math.inf) <= bound + 1e-6


def read_knapsack(name):
    """Costs in millionths, gains, capacity in millionths, optimum."""
    folder = reference_path("facilities", "knapsack")
    lines = [line.split() for line in (folder / f"{name}.txt").read_text().splitlines() if line.strip()]
    n, capacity = int(lines[0][0]), round(float(lines[0][1]) * 1_000_000)
    gains = [float(line[0]) for line in lines[1 : n + 1]]
    costs = [round(float(line[1]) * 1_000_000) for line in lines[1 : n + 1]]
    return costs, gains, capacity, float((folder / f"{name}.opt").read_text())


@pytest.mark.reference
def test_all_published_knapsack_optima():
    names = sorted(path.stem for path in reference_path("facilities", "knapsack").glob("*.opt"))
    assert len(names) == 10
    for name in names:
        costs, gains, capacity, optimum = read_knapsack(name)
        plan = optimise(Problem(np.arange(len(costs)), costs, gains), capacity)
        assert plan.outcome is Outcome.OPTIMAL
        assert plan.gain == pytest.approx(optimum, abs=1e-4), name


@pytest.mark.reference
@pytest.mark.parametrize(("budget", "gain"), [(100, 456), (150, 666), (200, 801), (250, 826)])
def test_the_published_example_of_six_risks(budget, gain):
    with reference_path("facilities", "toy_milp.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    costs, gains = [int(row["cost"]) for row in rows], [float(row["reduction"]) for row in rows]
    assert optimise(Problem(np.arange(len(rows)), costs, gains), budget).gain == gain


def province(n, seed=1, districts=14):
    """Facilities with five packages each: lognormal costs in whole thousands of tenge, gains that grow with cost."""
    rng = np.random.default_rng(seed)
    cost = (rng.lognormal(13.5, 1.0, n * 5) // 1000 * 1000).astype(np.int64) * 100
    gain = (cost / 1e8) ** 0.6 * rng.lognormal(0, 0.5, n * 5)
    return np.repeat(np.arange(n), 5), cost, gain, rng.integers(0, districts, n)


def by_scipy(problem, budget):
    """The optimum by scipy's HiGHS on the whole problem, unreduced and modelled anew."""
    k, n = len(problem), problem.facilities
    rows, lower, upper = [], [], []
    for f in range(n):
        own = (problem.facility == f).astype(float)
        rows += [own, own * problem.fulfils]
        lower += [0, float(problem.must[f])]
        upper += [1, 1]
    where = problem.area[problem.facility]
    for area in range(problem.areas):
        rows += [(where == area).astype(float), (where == area) * problem.cost / 1e5]
        lower += [problem.min_count[area], problem.min_money[area] / 1e5]
        upper += [np.inf, np.inf]
    rows.append(problem.cost / 1e5)
    lower.append(0)
    upper.append(budget / 1e5)
    found = milp(
        -problem.gain,
        integrality=np.ones(k),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(np.array(rows), lower, upper),
        options={"mip_rel_gap": 1e-9},
    )
    assert found.success
    return -found.fun


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("minima", [False, True])
def test_another_solver_on_the_whole_problem_agrees(seed, minima):
    facility, cost, gain, area = province(80, seed, districts=4)
    rng = np.random.default_rng(seed)
    budget = int(cost.sum()) // 8
    problem = Problem(
        facility,
        cost,
        gain,
        must=rng.random(80) < 0.1,
        fulfils=np.tile([False, False, False, True, True], 80),
        area=area,
        min_count=[12, 3, 15, 0] if minima else None,
        min_money=[0, budget // 4, budget // 3, 0] if minima else None,
    )
    plan = optimise(problem, budget)
    well_formed(problem, plan)
    assert plan.outcome is Outcome.OPTIMAL
    assert plan.gain == pytest.approx(by_scipy(problem, budget), rel=1e-7)


def test_two_thousand_facilities_exactly():
    facility, cost, gain, _ = province(2_000)
    plan = optimise(Problem(facility, cost, gain), int(cost.sum()) // 20)
    assert plan.outcome is Outcome.OPTIMAL
    assert plan.gap <= 1e-9
    rough = optimise(Problem(facility, cost, gain), int(cost.sum()) // 20, gap=1e-4)
    assert rough.gain <= plan.gain <= rough.bound
    assert rough.gap <= 1e-4


def test_all_that_is_worth_it_is_bought_when_money_abounds():
    problem = Problem([0, 0, 1], [5, 9, 7], [3.0, 3.0, 0.0])
    assert largest_budget(problem) == 5
    plan = optimise(problem, 100)
    assert plan.chosen.tolist() == [0]
    assert (plan.shadow_price, plan.gain_per_money) == (0, 0.6)
    nothing = optimise(problem, 0)
    assert nothing.chosen.tolist() == []
    assert math.isnan(nothing.gain_per_money)


def test_nothing_to_choose_from():
    plan = optimise(Problem([], [], [], facilities=3), 10)
    assert (plan.outcome, plan.gain, plan.package.tolist()) == (Outcome.OPTIMAL, 0, [-1, -1, -1])
    assert optimise(Problem([], [], []), 10).outcome is Outcome.OPTIMAL


def test_mandatory_comes_before_gain():
    problem = Problem([0, 1], [10, 10], [1.0, 99.0], must=[True, False], fulfils=[True, False])
    plan = optimise(problem, 10)
    assert plan.chosen.tolist() == [0]
    assert plan.outcome is Outcome.OPTIMAL


def test_when_money_does_not_suffice_for_the_mandatory():
    problem = Problem(
        [0, 1, 2, 3, 3], [40, 30, 30, 5, 8], [1, 1, 1, 50, 60],
        must=[True, True, True, False], fulfils=[True, True, True, False, False], priority=[1, 3, 2, 9], forced=[3],
    )  # fmt: skip
    plan = optimise(problem, 50)
    assert plan.outcome is Outcome.INFEASIBLE
    assert plan.missing == 105 - 50
    assert plan.chosen.tolist() == [1, 3]  # what is forced, then by priority as far as the money goes
    assert plan.unmet.tolist() == [2, 0]
    assert optimise(problem, 50 + plan.missing).outcome is Outcome.OPTIMAL


def test_a_mandatory_demand_without_a_package_is_named():
    problem = Problem([0, 1], [10, 20], [2.0, 3.0], must=[True, False], fulfils=[False, False])
    plan = optimise(problem, 30)
    assert (plan.outcome, plan.missing) == (Outcome.INFEASIBLE, 0)
    assert plan.unmet.tolist() == [0]
    assert plan.chosen.tolist() == [0, 1]


def test_minima_beyond_the_money_fall_short_by_the_least():
    problem = Problem([0, 1, 2, 3], [10, 10, 10, 10], [5, 4, 3, 2], area=[0, 0, 1, 1], min_count=[2, 2])
    plan = optimise(problem, 30)
    assert (plan.outcome, plan.missing) == (Outcome.INFEASIBLE, 10)
    assert plan.short_count.sum() == 1
    assert plan.chosen.tolist() == [0, 1, 2]
    enough = optimise(problem, 40)
    assert enough.outcome is Outcome.OPTIMAL


def test_a_minimum_that_no_money_reaches():
    problem = Problem([0, 1], [10, 10], [5, 4], area=[0, 1], min_count=[0, 2])
    plan = optimise(problem, 100)
    assert (plan.outcome, plan.missing) == (Outcome.INFEASIBLE, 0)
    assert plan.short_count.tolist() == [0, 1]
    assert plan.chosen.tolist() == [0, 1]
    assert least_budget(problem) is None


def test_large_money_stays_exact():
    coin = 10**13  # a hundred billion tenge, and one coin
    problem = Problem([0, 1, 2], [coin, coin + 1, coin - 1], [10, 10.5, 9.9])
    assert optimise(problem, 2 * coin).chosen.tolist() == [1, 2]
    assert optimise(problem, 2 * coin - 1).chosen.tolist() == [0, 2]


def hard(n=400):
    """Costs and gains almost proportional, with no common divisor: nothing is clear by price."""
    rng = np.random.default_rng(3)
    cost = rng.integers(10**9, 2 * 10**9, n * 5)
    return Problem(np.repeat(np.arange(n), 5), cost, cost + 1e8), int(cost.sum()) // 10


def test_time_runs_out_with_a_plan_and_an_honest_gap():
    problem, budget = hard()
    plan = optimise(problem, budget, time_limit=0.0)
    well_formed(problem, plan)
    assert plan.outcome is Outcome.STOPPED
    assert 0 < plan.gap < 0.1
    assert optimise(problem, budget, time_limit=5.0).gain <= plan.bound


def test_somebody_stops_it():
    problem, budget = hard()
    heard = []

    def watcher(progress):
        heard.append(progress)
        return len(heard) >= 2

    plan = optimise(problem, budget, watcher=watcher)
    assert plan.outcome is Outcome.STOPPED
    assert plan.seconds < 5
    assert heard[0].gain <= heard[0].bound
    assert heard[0].gap >= 0


def test_what_a_watcher_raises_comes_out():
    class Gone(Exception):
        pass

    def watcher(progress):
        raise Gone

    problem, budget = hard()
    with pytest.raises(Gone):
        optimise(problem, budget, watcher=watcher)


def test_stopped_before_any_plan_with_minima():
    facility, cost, gain, area = province(200)
    problem = Problem(facility, cost, gain, area=area, min_count=np.full(14, 5), min_money=np.full(14, 10**9))
    plan = optimise(problem, int(cost.sum()) // 5, time_limit=0.0)
    well_formed(problem, plan)
    assert plan.outcome is Outcome.STOPPED


def test_a_plan_at_hand_is_a_start():
    problem, budget = hard()
    first = optimise(problem, budget, time_limit=1.0)
    again = optimise(problem, budget, time_limit=0.0, start=first)
    assert again.gain >= first.gain


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"cost": [1]}, "cost has shape"),
        ({"cost": [1, -1]}, "cost must be 0"),
        ({"cost": [1.5, 1]}, "whole numbers"),
        ({"cost": [2**52, 2**52]}, r"2\^53"),
        ({"gain": [1, float("nan")]}, "hold numbers"),
        ({"gain": [1, -1]}, "negative"),
        ({"facility": [0, -1]}, "does not exist"),
        ({"facilities": 1}, "does not exist"),
        ({"must": [True]}, "must has shape"),
        ({"area": [0, 2], "min_count": [1, 1]}, "does not exist"),
        ({"min_count": [1], "min_money": [1, 2]}, "each district"),
        ({"min_count": [-1]}, "must be 0"),
        ({"forced": [2]}, "does not exist"),
        ({"forced": [1], "banned": [1]}, "forced in and banned"),
        ({"facility": [0, 0], "forced": [0, 1]}, "two packages"),
    ],
)
def test_problems_without_sense_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        Problem(**({"facility": [0, 1], "cost": [1, 2], "gain": [1, 2]} | arguments))


@pytest.mark.parametrize(("budget", "gap"), [(-1, 0), (1, -1), (1, float("nan"))])
def test_budgets_and_gaps_without_sense_are_refused(budget, gap):
    with pytest.raises(ValueError, match="0 or more"):
        optimise(Problem([0], [1], [1]), budget, gap=gap)
