"""Farrington-Noufaily: the regression beside statsmodels, false alarms, planted outbreaks, and when nothing can be said."""

from __future__ import annotations

import numpy as np
import pytest

from tirek_engines.clusters.farrington import _fit, _period, farrington


def quiet(months=120, areas=40, level=4.0, seed=1):
    """Poisson counts with a season and no trend."""
    rng = np.random.default_rng(seed)
    season = 1 + 0.3 * np.sin(2 * np.pi * np.arange(months) / 12)
    return rng.poisson(level * season[:, None], (months, areas))


def test_the_regression_is_that_of_statsmodels():
    api = pytest.importorskip("statsmodels.api")
    counts = quiet(60, 3)
    when = np.arange(60) - 66
    level = _period(when, 1, 4)
    design = np.stack([np.ones(60), *((level == k).astype(float) for k in (1, 2, 3)), when / 12], axis=1)
    weights = np.random.default_rng(2).uniform(0.2, 2, (3, 60))
    mu, leverage, beta = _fit(counts.T.astype(float), weights, design)
    for area in range(3):
        slow = api.GLM(counts[:, area], design, family=api.families.Poisson(), var_weights=weights[area]).fit()
        np.testing.assert_allclose(beta[area], slow.params, rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(mu[area], slow.mu, rtol=1e-5)
        np.testing.assert_allclose(leverage[area], slow.get_hat_matrix_diag(), rtol=1e-4)


@pytest.mark.parametrize("periods", [1, 4, 10])
def test_the_year_is_cut_into_periods(periods):
    level = _period(np.arange(-36, 0), 1, periods)
    assert set(level) == set(range(periods))
    assert list(level[[-12, -11, -13, -1]]) == [0] * 4 if periods > 1 else True
    if periods == 10:
        assert all((level[-12:] == k).sum() == 1 for k in range(1, 10))


def test_false_alarms_are_rare_where_nothing_happens():
    found = farrington(quiet(120, 400), last=6)
    assert found.enough.all()
    assert found.alarm.mean() < 0.02
    assert (found.score > 1).mean() < 0.02
    assert np.abs(found.expected.mean() / quiet(120, 400)[-6:].mean() - 1) < 0.05


def test_an_outbreak_is_found_and_one_of_the_past_does_not_hide_it():
    counts = quiet(120, 2, level=3.0, seed=4)
    counts[-1, :] = 16
    counts[70:73, 1] = 40
    found = farrington(counts)
    assert found.alarm.tolist() == [[True, True]]
    assert found.score.min() >= 1
    loud = farrington(counts).upper[0, 1]
    counts[70:73, 1] = 3
    assert loud < 2 * farrington(counts).upper[0, 1]


def test_the_season_is_known():
    months = np.arange(120)
    busy = np.where(np.isin(months % 12, (10, 11, 0)), 12, 2)[:, None]
    counts = np.random.default_rng(5).poisson(busy, (120, 30))
    assert farrington(counts).alarm.mean() < 0.1  # the last month is a busy one, as every year
    moved = np.roll(counts, -6, axis=0)
    moved[-1] = 12  # as busy, in a month that never is
    assert farrington(moved).alarm.mean() > 0.7


def test_a_trend_is_not_led_beyond_what_was_seen():
    counts = np.round(np.linspace(1, 20, 120)).astype(int)[:, None]
    assert farrington(counts).expected[0, 0] <= counts[:114].max()


def test_few_incidents_in_the_last_months_are_no_alarm():
    counts = np.zeros((120, 1), int)
    counts[::12] = 1
    counts[-1] = 3
    found = farrington(counts)
    assert found.enough.all()
    assert found.score[0, 0] > 1
    assert not found.alarm.any()


@pytest.mark.parametrize(
    "counts",
    [np.zeros((120, 1), int), np.eye(120, 1, dtype=int), np.ones((40, 1), int)],
    ids=["no incidents", "one", "too short"],
)
def test_too_little_is_said_to_be_too_little(counts):
    found = farrington(counts)
    assert not found.enough.any()
    assert not found.alarm.any()
    assert np.isnan(found.expected).all()


def test_months_that_are_not_known_count_for_nothing():
    counts = quiet(120, 2)
    missing = np.zeros(counts.shape, bool)
    missing[40:60, 0] = True
    counts[40:60, 0] = 0
    missing[-1, 1] = True
    found = farrington(counts, missing=missing)
    assert found.enough.tolist() == [[True, False]]
    told = farrington(np.where(missing, 99, counts), missing=missing)
    np.testing.assert_allclose(found.expected[0, 0], told.expected[0, 0])


@pytest.mark.parametrize(
    ("counts", "options", "words"),
    [
        ([1, 2, 3], {}, "table"),
        (np.full((60, 1), -1), {}, "not negative"),
        (np.full((60, 1), 0.5), {}, "whole"),
        (np.full((60, 1), np.nan), {}, "whole"),
        (np.ones((60, 1)), {"last": 61}, "last"),
        (np.ones((60, 1)), {"alpha": 0}, "alpha"),
        (np.ones((60, 1)), {"periods": 11}, "periods"),
        (np.ones((60, 1)), {"years": 2}, "years"),
        (np.ones((60, 1)), {"missing": [[True]]}, "shape"),
        (np.full((60, 1), "a"), {}, "numbers"),
    ],
)
def test_bad_input_is_refused_in_words(counts, options, words):
    with pytest.raises(ValueError, match=words):
        farrington(counts, **options)
