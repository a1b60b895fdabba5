"""Baselines, models, analogues, trees and their mixture: known answers, and nothing of what comes later."""

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tests.reference import reference_path
from tirek_engines.forecast import Panel
from tirek_engines.forecast.ahead import baselines, forecast, mixture
from tirek_engines.forecast.analogues import Analogues
from tirek_engines.forecast.baselines import Beside, Everyone, Last, Recent, Seasonal, Zero, last, recent, seasonal
from tirek_engines.forecast.known import Known, Windows, fit, grid
from tirek_engines.forecast.mixture import Mixture, stack
from tirek_engines.forecast.models import Contagion, Counts, levels, shrunk
from tirek_engines.forecast.predictive import of_negative_binomial, support
from tirek_engines.forecast.trees import Trees

EVERY = (
    Zero(),
    Last(),
    Everyone("everyone"),
    Everyone("group", grouped=True),
    Recent("recent", 12),
    Beside(),
    Seasonal(),
    Counts("nb", 6.0),
    Counts("zinb", 6.0, inflated=True),
    Contagion(),
    Analogues("year", "year"),
    Analogues("fading", "fading", contrast=True),
    Analogues("blend", "blend"),
    Analogues("fitted", "fitted"),
    Trees("trees", rounds=5),
    Mixture("mixture", (Recent("a", 6), Recent("b", 12), Counts("c", 6.0)), origins=2),
)


def made(months=60, units=12, seed=0, missing=False):
    """A panel with levels between nearly nothing and 30 a month, groups and neighbours."""
    rng = np.random.default_rng(seed)
    counts = rng.poisson(np.geomspace(0.02, 30, units) * rng.gamma(2.0, 0.5, (months, units)))
    return Panel(
        counts,
        24000,
        groups=np.arange(units) % 3,
        neighbours=[[(u - 1) % units, (u + 1) % units] for u in range(units)],
        missing=rng.random(counts.shape) < 0.05 if missing else None,
    )


def known_of(panel, ahead=range(1, 7)):
    return Known.of(panel, np.array(ahead), grid(panel))


@pytest.mark.parametrize("part", EVERY, ids=lambda part: part.name)
def test_a_forecast_does_not_know_what_comes_later(part):
    whole = made(missing=True)
    then = whole.until(40)
    changed = np.array(whole.counts)
    changed[40:] = changed[40:][::-1] // 2
    values = grid(whole)
    asked = []
    for panel in (whole, Panel(changed, 24000, whole.groups, whole.neighbours, missing=whole.missing), then):
        known = Known.of(panel, np.arange(1, 7), values)
        asked.append(next(iter(part.walk(known, [40]))).predict(np.arange(12)).cdf)
    assert np.array_equal(asked[0], asked[1])
    assert np.array_equal(asked[0], asked[2])
    assert (np.diff(asked[0], axis=-1) > -1e-12).all()
    assert np.allclose(asked[0][..., -1], 1)
    assert (asked[0] >= 0).all()


@pytest.mark.parametrize("part", EVERY[:-1], ids=lambda part: part.name)
def test_a_walk_past_many_origins_ends_where_one_step_does(part):
    known = known_of(made())
    walked = list(part.walk(known, [30, 45, 60]))[-1].predict(np.arange(12)).cdf
    assert np.allclose(walked, fit(part, known).predict(np.arange(12)).cdf, atol=0.02)


@pytest.mark.parametrize("part", EVERY, ids=lambda part: part.name)
@pytest.mark.parametrize("months", [2, 5, 13])
def test_short_and_empty_pasts_are_no_accident(part, months):
    for counts in (np.zeros((months, 3), int), np.eye(months, 3, dtype=int)):
        known = known_of(Panel(counts, 24000))
        found = fit(part, known).predict(np.arange(3)).cdf
        assert np.isfinite(found).all()
        assert np.allclose(found[..., -1], 1)


def test_recent_values_and_what_is_missing():
    counts = np.array([[1.0, 5.0], [2.0, np.nan], [3.0, np.nan]])
    assert recent(counts, 2).tolist()[0] == [2, 3]
    assert np.isnan(recent(counts, 2)[1]).all()
    assert last(counts).tolist() == [3, 5]
    silent = Panel(np.array([[1, 5], [2, 0], [3, 0]]), 24000, missing=[[0, 0], [0, 1], [0, 1]])
    found = fit(Recent("recent", 2), known_of(silent)).predict(np.arange(2))
    assert found.mean[0].tolist() == [2.5, 2.5]  # of what is unknown, what is known of the others


def test_seasonal_values_are_those_of_the_month():
    counts = np.arange(36.0)[:, None]  # the first row is a January
    found = seasonal(counts, last_month=24000 + 35, ahead=np.array([1, 12]), width=0)
    assert found[:, 0].tolist() == [[0, 12, 24], [11, 23, 35]]


def test_neighbours_lend_their_months():
    panel = Panel(np.tile([0, 6, 30], (12, 1)), 24000, neighbours=[[1], [0, 2], [1]])
    assert fit(Beside(), known_of(panel)).predict(np.arange(3)).mean[0] == pytest.approx([3, 12, 18])


@given(st.floats(0.01, 40), st.floats(0.1, 50), st.floats(0, 0.8))
def test_negative_binomials_are_those_of_the_books(mean, size, zero):
    values = support(60)
    found = of_negative_binomial([mean], [size], values, [zero]).cdf[0]
    book = zero + (1 - zero) * stats.nbinom.cdf(values, size, size / (size + mean))
    assert np.allclose(found[:-1], book[:-1], atol=1e-9)


def test_levels_are_shrunk_as_far_as_units_are_alike():
    rng = np.random.default_rng(0)
    months = np.full(400, 24.0)
    alike = shrunk(rng.poisson(48, 400).astype(float), months, 2.0, 1.0)
    assert np.abs(alike - 2).max() < 0.3
    rates = rng.gamma(2.0, 1.0, 400)
    total = rng.poisson(rates * 24).astype(float)
    found = shrunk(total, months, float(total.sum() / months.sum()), 1.0)
    assert np.square(found - rates).mean() < np.square(total / 24 - rates).mean()
    groups = np.arange(400) // 100
    assert np.allclose(levels(np.zeros(400), months, groups, 1.0), 0)


def test_contagion_is_found_where_it_is():
    rng = np.random.default_rng(5)
    alone, spreading = rng.poisson(4.0, (2, 200, 30))
    for t in range(3, 200):
        spreading[t] = rng.poisson(1.0 + 0.75 * spreading[t - 3 : t].mean(axis=0))
    shares = [fit(Contagion(), known_of(Panel(y, 24000))).share for y in (alone, spreading)]
    assert shares[0][0] < 0.1
    assert 0.5 < shares[1][0] < 0.9
    assert (np.diff(shares[1]) <= 0).all()


def test_analogues_are_in_proportion():
    """Units that always double are forecast to double, whatever their level."""
    start = np.array([1, 2, 4, 8, 16, 32])
    counts = (start * 2.0 ** np.arange(0, 5, 0.1)[:, None]).astype(int)  # doubles in ten months
    found = fit(Analogues("blend", "blend"), known_of(Panel(counts, 24000), [10])).predict(np.arange(6))
    truth = start * 2.0**5.9
    assert np.abs(np.log(found.mean[0] / truth)).max() < 0.2


def test_trees_tell_quiet_from_lively_units():
    rng = np.random.default_rng(1)
    counts = rng.poisson(np.repeat([0.01, 5.0], 60), (40, 120))
    found = fit(Trees("trees"), known_of(Panel(counts, 24000))).predict(np.array([3, 100]))
    assert found.cdf[0, 0, 0] > 0.9
    assert found.cdf[0, 1, 0] < 0.1
    assert found.mean[0, 1] == pytest.approx(5, rel=0.15)


def test_signals_reach_the_trees_that_look_at_them():
    """A covariate that foretells what comes is used by one kind and ignored by the other."""
    rng = np.random.default_rng(2)
    signal = rng.integers(0, 2, (61, 80))
    counts = rng.poisson(0.05 + 4.0 * signal[:-1])  # each month follows the signal of the month before
    panel = Panel(counts, 24000, covariates=signal[1:, :, None].astype(float))
    for looks, differ in ((True, True), (False, False)):
        found = fit(Trees("trees", covariates=looks), known_of(panel, [1])).predict(np.arange(80))
        means = [found.mean[0, signal[-1] == s].mean() for s in (0, 1)]
        assert (means[1] > 2 * means[0] + 1) == differ


@settings(max_examples=25)
@given(st.integers(2, 4), st.integers(0, 10**6))
def test_weights_are_the_best_on_the_simplex(k, seed):
    rng = np.random.default_rng(seed)
    root = rng.random((k, 6))
    gram, cross, prior = root @ root.T, rng.random(k), np.full(k, 1 / k)
    found = stack(gram, cross, prior, 0.1)
    scale = np.trace(gram) / k

    def cost(w):
        return w @ gram @ w - 2 * w @ cross + 0.1 * scale * np.square(w - prior).sum()

    assert found.sum() == pytest.approx(1)
    assert (found >= 0).all()
    others = rng.dirichlet(np.ones(k), 300)
    assert cost(found) <= min(cost(w) for w in others) + 1e-9


def test_the_mixture_trusts_what_was_right():
    """Counts that alternate between two levels by the year: the last year is the worst guide, two years a good one."""
    rng = np.random.default_rng(3)
    counts = rng.poisson(np.where(np.arange(96) // 12 % 2, 12.0, 2.0)[:, None], (96, 30))
    parts = (Recent("year", 12), Recent("two years", 24))
    known = known_of(Panel(counts, 24000), range(1, 13))
    weights = fit(Mixture("mixture", parts, origins=8), known).weights
    assert weights[1] > 0.9


def test_windows_agree_with_slices():
    rng = np.random.default_rng(4)
    counts = np.where(rng.random((30, 5)) < 0.2, np.nan, rng.poisson(2.0, (30, 5)).astype(float))
    counts[:, 4] = np.nan
    windows = Windows(counts)
    for origin, months in ((30, 12), (7, 12), (1, 1)):
        part = counts[max(origin - months, 0) : origin, :4]
        some = np.isfinite(part).any(axis=0)
        assert np.allclose(windows.mean(origin, months)[:4][some], np.nanmean(part[:, some], axis=0))
        assert windows.number(origin, months)[:4].tolist() == np.isfinite(part).sum(axis=0).tolist()
        two = np.isfinite(part).sum(axis=0) > 1
        assert np.allclose(
            windows.variance(origin, months)[:4][two], np.nanvar(part[:, two], axis=0, ddof=1), atol=1e-4
        )
    assert windows.mean(30, 12)[4] == 0


def test_what_is_left_out_of_a_mixture():
    names = {part.name for part in mixture(made()).parts}
    assert {"neighbours", "group", "seasonal", "trees"} <= names
    plain = {part.name for part in mixture(Panel(np.zeros((30, 4), int), 24000), trees=False).parts}
    assert not plain & {"neighbours", "group", "seasonal", "trees"}
    assert {part.name for part in baselines()} >= {"zero", "last", "bootstrap", "conflictology", "neighbours", "zinb"}


def test_a_forecast_comes_whole_or_by_parts():
    panel = made()
    found = forecast(panel, horizons=3, lead=3, component=Counts("nb", 6.0))
    whole = found.predict()
    assert whole.cdf.shape[:2] == (3, 12)
    pieces = [part.cdf for _, part in found.chunks(5)]
    assert np.array_equal(np.concatenate(pieces, axis=1), whole.cdf)
    with pytest.raises(ValueError, match="two months"):
        forecast(Panel([[1]], 24000))
    with pytest.raises(ValueError, match="1 or more"):
        forecast(panel, lead=0)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"counts": [[1, -1]]}, "cannot be negative: month 0, unit 1"),
        ({"counts": [[1.5]]}, "whole numbers"),
        ({"counts": [1, 2]}, "months, units"),
        ({"counts": [["a"]]}, "numbers"),
        ({"counts": [[10**8]]}, "a mistake"),
        ({"neighbours": [[1]]}, "neighbours of 2 units"),
        ({"neighbours": [[1], [2]]}, "index of a unit"),
        ({"groups": [1]}, "groups has shape"),
        ({"population": [1, -5]}, "0 or more"),
        ({"missing": [[True]]}, "missing has shape"),
        ({"covariates": np.zeros((1, 2))}, "covariates have shape"),
    ],
)
def test_a_panel_says_what_is_wrong(change, words):
    with pytest.raises(ValueError, match=words):
        Panel(**{"counts": [[1, 2]], "first_month": 24000, **change})


@pytest.mark.reference
def test_the_benchmark_of_the_challenge_is_ours():
    """The published conflictology draws of 2019 are the counts of the months t-14 to t-3 of what was known."""
    folder = reference_path("flashpoints", "views_cm")
    published = pq.read_table(folder / "bm_cm_conflictology12_2019.parquet").column("outcome").to_numpy()
    published = np.sort(published.reshape(12, -1, 12)[0], axis=1)
    counts = pq.read_table(folder / "cm_actuals_2018.parquet").column("outcome").to_numpy().reshape(12, -1)[:10]
    mine = np.sort(recent(counts.astype(float), 10), axis=1)
    # January to October are ten of the twelve months; the other two are in none of these files
    assert all(not (set(a) - set(b)) for a, b in zip(mine.tolist(), published.tolist(), strict=True))
