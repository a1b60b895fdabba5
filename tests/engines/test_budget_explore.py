"""Around a plan: the frontier, other weights, two plans side by side."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tirek_engines.budget import (
    Outcome,
    Problem,
    compare,
    frontier,
    largest_budget,
    least_budget,
    optimise,
    random_weights,
    sensitivity,
)


def sample(n=30, seed=1, **more):
    rng = np.random.default_rng(seed)
    cost = rng.integers(1, 400, n * 3) * 1000
    return Problem(
        np.repeat(np.arange(n), 3),
        cost,
        np.sqrt(cost) * rng.lognormal(0, 0.6, n * 3),
        area=rng.integers(0, 4, n),
        **more,
    )


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 1000), st.booleans())
def test_the_frontier_rises_and_each_point_is_what_optimise_finds(seed, minima):
    problem = sample(12, seed, **({"min_count": [1, 1, 0, 0]} if minima else {}))
    if minima and least_budget(problem) is None:
        return
    found = frontier(problem, steps=7, gap=0)
    assert len(found.plans) == 7
    assert found.budget[0] == least_budget(problem)
    assert (np.diff(found.gain) >= 0).all()
    assert (found.cost <= found.budget).all()
    for budget, gain, bound in zip(found.budget.tolist(), found.gain, found.bound, strict=True):
        alone = optimise(problem, budget)
        assert gain == pytest.approx(alone.gain, rel=1e-9)
        assert bound >= gain
    most = problem.gain.reshape(-1, 3).max(axis=1).sum()
    assert found.gain[-1] == pytest.approx(most)


def test_the_shadow_price_is_the_slope_of_the_frontier():
    problem = sample(120)
    found = frontier(problem, steps=8, gap=0)
    assert (np.diff(found.shadow_price) <= 0).all()  # each further coin gains less
    slope = np.diff(found.gain) / np.diff(found.budget)
    assert (slope <= found.shadow_price[:-1] * 1.05).all()
    assert (slope >= found.shadow_price[1:] * 0.95).all()


def test_chosen_budgets_come_in_rising_order():
    problem = sample()
    assert frontier(problem, [500_000, 90_000, 0]).budget.tolist() == [0, 90_000, 500_000]
    assert frontier(problem, []).plans == ()
    with pytest.raises(ValueError, match="one step"):
        frontier(problem, steps=0)


def test_a_frontier_can_be_stopped():
    problem = sample()
    heard = []

    def watcher(progress):
        heard.append(progress.seconds)
        return len(heard) >= 5

    found = frontier(problem, steps=50, watcher=watcher)
    assert 1 <= len(found.plans) < 50
    assert heard == sorted(heard)


def test_shares_over_weights_are_counts_of_plans():
    problem = sample()
    criteria = np.random.default_rng(2).random((len(problem), 3)) * problem.cost[:, None] ** 0.5
    weights = random_weights([1, 1, 1], 15, seed=7)
    budget = largest_budget(problem) // 3
    found = sensitivity(problem, budget, weights @ criteria.T)
    assert len(found.plans) == 15
    assert found.facility == pytest.approx(np.mean([plan.package >= 0 for plan in found.plans], axis=0))
    assert found.facility == pytest.approx(np.bincount(problem.facility, found.package, problem.facilities))
    everyone = np.sort(np.concatenate([found.always, found.sometimes, found.never]))
    assert everyone.tolist() == list(range(problem.facilities))
    assert len(found.always) > 0
    assert len(found.sometimes) > 0
    first = optimise(problem.replaced(gain=weights[0] @ criteria.T), budget, gap=1e-4)
    assert found.plans[0].chosen.tolist() == first.chosen.tolist()


def test_one_vector_of_weights_is_one_plan():
    problem = sample()
    found = sensitivity(problem, 3_000_000, problem.gain[None, :])
    assert len(found.sometimes) == 0
    assert found.always.tolist() == np.flatnonzero(found.plans[0].package >= 0).tolist()
    with pytest.raises(ValueError, match="each package"):
        sensitivity(problem, 3_000_000, problem.gain)


def test_random_weights():
    weights = random_weights([1, 1, 2], 4000, spread=0.5, seed=3)
    assert weights.sum(axis=1) == pytest.approx(np.ones(4000))
    assert weights.mean(axis=0) == pytest.approx([0.25, 0.25, 0.5], abs=0.01)
    assert (random_weights([1, 1, 2], 4000, spread=0.01).std(axis=0) < weights.std(axis=0)).all()
    assert np.array_equal(random_weights([1, 2], 3, seed=5), random_weights([1, 2], 3, seed=5))
    for base, spread in (([1, 0], 1), ([1, 1], 0)):
        with pytest.raises(ValueError, match="positive"):
            random_weights(base, 2, spread=spread)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 5_000_000), st.integers(0, 5_000_000))
def test_a_difference_leads_from_one_plan_to_the_other(first, second):
    problem = sample()
    a, b = optimise(problem, first, gap=1e-3), optimise(problem, second, gap=1e-3)
    change = compare(problem, a, b)
    assert a.cost + change.cost == b.cost
    assert a.gain + change.gain == pytest.approx(b.gain, abs=1e-6)
    assert change.area_cost.sum() == change.cost
    assert change.area_gain.sum() == pytest.approx(change.gain, abs=1e-6)
    has = set(np.flatnonzero(a.package >= 0)) - set(change.dropped) | set(change.added)
    assert has == set(np.flatnonzero(b.package >= 0))
    differ = np.flatnonzero(a.package != b.package).tolist()
    assert differ == sorted([*change.added.tolist(), *change.dropped.tolist(), *change.exchanged.tolist()])
    back = compare(problem, b, a)
    assert back.added.tolist() == change.dropped.tolist()


def test_plans_of_another_problem_are_refused():
    a, b = optimise(sample(3), 100), optimise(sample(4), 100)
    with pytest.raises(ValueError, match="this problem"):
        compare(sample(4), a, b)


def test_a_person_s_choices_stand_in_every_plan():
    problem = sample(forced=[0], banned=[4, 5])
    for plan in frontier(problem, steps=5).plans:
        assert plan.outcome is not Outcome.INFEASIBLE
        assert 0 in plan.chosen
        assert not {4, 5} & set(plan.chosen.tolist())
