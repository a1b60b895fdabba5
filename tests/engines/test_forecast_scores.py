"""Scores: against their definitions, against another implementation, against published figures."""

import numpy as np
import pyarrow.parquet as pq
import pytest
import scoringrules
from hypothesis import given
from hypothesis import strategies as st

from tests.reference import reference_path
from tirek_engines.forecast import scores
from tirek_engines.forecast.predictive import Predictive, below, mix, of_draws, products, support

counts = st.lists(st.integers(0, 40), min_size=1, max_size=12)


@st.composite
def predictives(draw):
    """A distribution on a grid with gaps, and its probabilities on all whole numbers up to the last grid value."""
    values = np.array(sorted({0, *draw(st.lists(st.integers(1, 30), min_size=1, max_size=6))}))
    masses = np.array(draw(st.lists(st.integers(0, 9), min_size=len(values), max_size=len(values))), dtype=float)
    masses[-1] += 1
    cdf = np.cumsum(masses) / masses.sum()
    whole = np.interp(np.arange(values[-1] + 1), values, cdf)
    return Predictive(values, cdf[None]), whole


@given(counts, st.integers(0, 60))
def test_crps_of_draws_is_its_definition(draws, y):
    x = np.array(draws, dtype=float)
    naive = np.abs(x - y).mean() - np.abs(x[:, None] - x).mean() / 2
    assert scores.crps_draws(draws, y) == pytest.approx(naive, abs=1e-9)
    values, number = np.unique(x, return_counts=True)
    assert scores.crps_masses(values, number, y) == pytest.approx(naive, abs=1e-9)


@given(predictives(), st.integers(0, 50), st.integers(0, 8))
def test_scores_of_a_grid_are_sums_over_whole_numbers(made, y, place):
    forecast, whole = made
    cdf = np.concatenate((whole, np.ones(60)))
    x = np.arange(len(cdf))
    came = (x >= y).astype(float)
    assert forecast.crps([y])[0] == pytest.approx(((cdf - came) ** 2).sum())
    assert forecast.mean[0] == pytest.approx((1 - cdf).sum())
    threshold = forecast.values[min(place, len(forecast.values) - 1)]
    tail = (((cdf - came) ** 2)[threshold:]).sum()
    assert scores.threshold_crps(forecast, [y], int(threshold))[0] == pytest.approx(tail)
    assert forecast.at_most([y])[0] == pytest.approx(cdf[y])
    assert forecast.above(y)[0] == pytest.approx(1 - cdf[y])
    for q in (0.05, 0.5, 0.95):
        assert forecast.quantile(q)[0] == np.flatnonzero(cdf >= q - 1e-9)[0]


@given(st.lists(st.integers(1, 40), min_size=1, max_size=6), st.integers(0, 50), st.integers(0, 10**6))
def test_the_crps_of_mixtures_is_made_of_products(steps, y, seed):
    values = np.array(sorted({0, *steps}))
    rng = np.random.default_rng(seed)
    parts = [Predictive(values, np.cumsum(rng.dirichlet(np.ones(len(values))))[None, None]) for _ in range(3)]
    for part in parts:
        part.cdf[..., -1] = 1.0
    weights = rng.dirichlet(np.ones(3))
    gram, cross = products(parts, np.array([[y]]))
    made = weights @ gram[:, :, 0, 0] @ weights - 2 * weights @ cross[:, 0, 0] + y
    assert mix(weights, parts).crps([[y]])[0, 0] == pytest.approx(made)
    whole = [1 - np.interp(np.arange(values[-1] + 1), values, part.cdf[0, 0]) for part in parts]
    assert gram[0, 1, 0, 0] == pytest.approx(whole[0] @ whole[1])
    assert below(parts[2], np.array([[y]]))[0, 0] == pytest.approx(whole[2][:y].sum())


def test_another_implementation_says_the_same():
    rng = np.random.default_rng(1)
    draws = rng.negative_binomial(0.5, 0.02, (40, 200)).astype(float)
    y = rng.negative_binomial(0.5, 0.02, 40).astype(float)
    assert np.allclose(scores.crps_draws(draws, y), scoringrules.crps_ensemble(y, draws, estimator="qd"))
    low, high = np.quantile(draws, [0.05, 0.95], axis=1)
    assert np.allclose(scores.interval_score_draws(draws, y), scoringrules.interval_score(y, low, high, 0.1))
    threshold = scoringrules.twcrps_ensemble(y, draws, a=25.0, estimator="qd")
    assert np.allclose(scores.threshold_crps_draws(draws, y, 25.0), threshold)
    assert np.allclose(scores.brier([0.2, 0.7], [0, 1]), [0.04, 0.09])


def test_draws_and_their_distribution_score_alike():
    rng = np.random.default_rng(2)
    draws = rng.integers(0, 60, (30, 50))
    y = rng.integers(0, 80, 30)
    forecast = of_draws(draws, support(60))
    assert np.allclose(forecast.crps(y), scores.crps_draws(draws, y))
    assert np.allclose(scores.ignorance(scores.bin_probabilities(forecast), y), scores.ignorance_draws(draws, y))


def test_ignorance_adds_one_draw_to_each_bin():
    zeros = np.zeros((1, 1000))
    assert scores.ignorance_draws(zeros, [0])[0] == pytest.approx(-np.log2(1001 / 1011))
    assert scores.ignorance_draws(zeros, [5])[0] == pytest.approx(np.log2(1011))
    assert scores.bin_of([0, 1, 2, 3, 5, 6, 10, 11, 500, 501, 1000, 1001]).tolist() == [
        0, 1, 1, 2, 2, 3, 3, 4, 8, 9, 9, 10,
    ]  # fmt: skip


def test_the_transform_of_what_a_forecast_draws_is_uniform():
    rng = np.random.default_rng(3)
    forecast = of_draws(rng.negative_binomial(1, 0.2, (1, 4000)), support(80))
    many = Predictive(forecast.values, np.repeat(forecast.cdf, 5000, axis=0))
    y = many.draws(1, rng)[:, 0]
    found = np.histogram(scores.pit(many, y, rng), bins=10, range=(0, 1))[0] / 5000
    assert np.abs(found - 0.1).max() < 0.02


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: scores.crps_draws(np.zeros((3, 0)), np.zeros(3)), "one draw"),
        (lambda: scores.crps_masses([0, 0], [1, 1], 0), "values rise"),
        (lambda: scores.crps_masses([0, 1], [0, 0], 0), "not all 0"),
        (lambda: scores.interval_score(0, 1, 0, level=1.0), "between 0 and 1"),
        (lambda: scores.threshold_crps(of_draws([[1]], support(9)), [1], 10), "no value"),
    ],
)
def test_what_cannot_be_scored_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()


@pytest.mark.reference
def test_published_benchmarks():
    """Means over the windows 2018-2021 that others reached: last-Poisson 20.11, bootstrap 25.67, within 0.3 %."""
    folder = reference_path("flashpoints", "views_cm")
    for name, published in (("last_poisson", 20.11), ("bootstrap", 25.67)):
        found = []
        for year in range(2018, 2022):
            draws = pq.read_table(folder / f"v1_bm_cm_{name}_{year}.parquet").column("outcome").to_numpy()
            actual = pq.read_table(folder / f"toboden_cm_actuals_{year}.parquet").column("ged_sb").to_numpy()
            found.append(scores.crps_draws(draws.reshape(len(actual), -1), actual).mean())
        assert np.mean(found) == pytest.approx(published, rel=0.003)
