"""Counts of areas with contagion and without: planted, not planted, few, and without sense."""

import numpy as np
import pytest
from scipy.stats import nbinom

from tirek_engines.contagion import Lacking, Verdict, fit_areas
from tirek_engines.contagion.areas import AreaModel
from tirek_engines.contagion.counts import sweep, tables

MONTHS, AREAS = 120, 20
RING = [np.array([(i - 1) % AREAS, (i + 1) % AREAS]) for i in range(AREAS)]
SPREAD = sum(np.roll(np.eye(AREAS), shift, axis=0) for shift in (1, -1)) / 2


def planted(seed, own, around, *, base=0.6, k=3.0, tau=0.6, season=0.4, months=MONTHS):
    """Counts as in the model, areas in a ring; each place has a level of its own."""
    rng = np.random.default_rng(seed)
    places, y, found = rng.normal(0, tau, AREAS), np.zeros(AREAS), []
    for month in range(months + 24):
        mu = own * y + around * SPREAD @ y + base * np.exp(places + season * np.sin(2 * np.pi * month / 12))
        y = rng.poisson(rng.gamma(k, mu / k)).astype(float)
        found.append(y)
    return np.array(found[24:])


@pytest.mark.parametrize(("own", "around"), [(0.3, 0.2), (0.5, 0.0), (0.0, 0.0)])
def test_the_interval_covers_what_was_planted(own, around):
    fits = [fit_areas(planted(seed, own, around), RING) for seed in range(10)]
    r = own + around
    assert np.mean([fit.R for fit in fits]) == pytest.approx(r, abs=0.03)
    assert np.mean([fit.own for fit in fits]) == pytest.approx(own, abs=0.05)
    assert sum(fit.R_low <= r <= fit.R_high for fit in fits) >= 7  # of 90 % intervals; fewer in 1 of 80 such tests
    clear = sum(fit.verdict is Verdict.CONTAGION for fit in fits)
    assert clear == 10 if r else clear <= 1
    if r:
        assert np.mean([fit.epidemic_share.mean() for fit in fits]) == pytest.approx(r, abs=0.06)
        assert max(fit.p for fit in fits) < 1e-6


def test_without_neighbours_and_with_population():
    counts = planted(3, 0.4, 0.0)
    people = np.where(np.arange(AREAS) % 2, 1000.0, 4000.0)
    found = fit_areas(counts, population=people)
    assert found.around == 0
    assert found.R_low < 0.4 < found.R_high
    # Places take up what the population does not explain.
    assert found.own == pytest.approx(fit_areas(counts).own, abs=0.03)


def test_one_area():
    found = fit_areas(planted(5, 0.5, 0.0, base=3.0)[:, :1])
    assert found.enough
    assert found.R_low <= found.R <= found.R_high
    assert found.predict(3, 50).shape == (3, 1, 50)


def test_slope_and_likelihood_of_a_table():
    rng = np.random.default_rng(0)
    areas, months, k = 3, 40, 1.7
    y = rng.poisson(2, (areas, months))
    pulls, x = rng.random((2, areas, months)) * 3, rng.normal(size=(months, 2))
    used = rng.random((areas, months)) > 0.2
    size, places = np.array([0.5, 1.0, 2.0]), np.array([0.2, -0.1, 0.4])

    def run(theta):
        level = np.exp(x @ theta[3:])
        size_k = float(np.exp(theta[2]))
        values, which = np.unique(y, return_inverse=True)
        return sweep(
            y,
            which.reshape(y.shape),
            used,
            pulls,
            np.exp(theta[:2]),
            x,
            level,
            size,
            size_k,
            tables(values, size_k),
            0.0,
            places,
        )

    theta = np.array([-1.0, -0.5, np.log(k), 0.1, -0.2])
    value, slope, information, of_places, shared = run(theta)
    mu = np.einsum("c,cit->it", np.exp(theta[:2]), pulls) + np.outer(size * np.exp(places), np.exp(x @ theta[3:]))
    exact = nbinom.logpmf(y, k, k / (k + mu))[used].sum()
    factorials = np.array([np.log(np.arange(1, n + 1)).sum() for n in y[used]])
    assert value - factorials.sum() == pytest.approx(exact)
    moves = 1e-6 * np.eye(5)
    assert slope == pytest.approx([(run(theta + m)[0] - run(theta - m)[0]) / 2e-6 for m in moves], abs=1e-5)
    # Expected information: that of log lambda against the sum by hand.
    weight = used / (mu * (1 + mu / k))
    assert information[0, 0] == pytest.approx((weight * (np.exp(-1) * pulls[0]) ** 2).sum())
    endemic = np.outer(size * np.exp(places), np.exp(x @ theta[3:]))
    assert of_places == pytest.approx((weight * endemic**2).sum(axis=1))
    assert shared[:, 0] == pytest.approx((weight * endemic * np.exp(-1) * pulls[0]).sum(axis=1))


def test_places_are_moved_to_their_best():
    model = AreaModel(planted(1, 0.3, 0.2), SPREAD, np.ones(AREAS), 0, np.zeros((MONTHS, AREAS), bool), 1)
    theta, places = model.start(0.3), np.zeros(AREAS)
    best = model.evaluate(theta, 0.5, True, places)[0]
    for move in (-0.05, 0.05):
        for area in (0, 7):
            moved = places.copy()
            moved[area] += move
            loose = model.evaluate(theta, 1e9, True, moved.copy())  # as good as free: moves away from where it was put
            assert model.evaluate(theta, 0.5, True, moved)[0] == pytest.approx(best)
            assert loose[0] > best  # no penalty left


def test_predictions_cover_what_comes():
    inside, seen = 0, 0
    for seed in range(4):
        counts = planted(40 + seed, 0.3, 0.2)
        found = fit_areas(counts[:-6], RING, interval=False)
        draws = found.predict(6, 400, seed=1)
        low, high = np.quantile(draws, [0.05, 0.95], axis=2)
        inside += int(((low <= counts[-6:]) & (counts[-6:] <= high)).sum())
        seen += low.size
        assert draws.mean(axis=2) == pytest.approx(found.mean(6), rel=0.35)
        assert np.isnan(found.R_low)
    assert 0.88 <= inside / seen <= 0.98


def test_the_same_seed_gives_the_same_draws():
    found = fit_areas(planted(2, 0.3, 0.1), RING, interval=False)
    assert (found.predict(3, 100, seed=4) == found.predict(3, 100, seed=4)).all()
    assert (found.predict(3, 100, seed=4) != found.predict(3, 100, seed=5)).any()


def test_counts_do_not_grow_without_end():
    rng = np.random.default_rng(0)
    counts = np.zeros((60, 3))
    counts[0] = 3
    for month in range(1, 60):
        counts[month] = rng.poisson(1.15 * counts[month - 1] + 0.3)
    counts = np.minimum(counts, 2_000)
    draws = fit_areas(counts, interval=False).predict(12, 200)
    assert draws.max() <= 5 * counts.max() + 20


def test_what_recent_months_add_is_told_by_area():
    counts = planted(6, 0.4, 0.0)
    counts[-1] = 0
    counts[-1, 4] = 12
    found = fit_areas(counts, RING, interval=False)
    assert found.next_share.argmax() == 4
    assert found.next_share[4] > 0.6
    assert found.next_share[10] < 0.05


def test_silent_months_are_left_out():
    counts = planted(7, 0.3, 0.2)
    silent = np.zeros(counts.shape, bool)
    silent[30:50, :5] = True
    silent[-1, 7] = True
    empty = np.where(silent, np.nan, counts)
    found, as_nought = fit_areas(empty, RING, missing=silent), fit_areas(np.where(silent, 0, counts), RING)
    whole = fit_areas(counts, RING)
    assert abs(found.R - whole.R) < 0.03
    assert abs(found.R - whole.R) < abs(as_nought.R - whole.R)
    assert found.predict(2, 50).shape == (2, AREAS, 50)


@pytest.mark.parametrize(
    ("counts", "lacking"),
    [
        (np.zeros((120, 20)), Lacking.TOO_FEW),
        (np.eye(120, 20), Lacking.TOO_FEW),
        (np.ones((12, 20)), Lacking.TOO_SHORT),
        (np.where(np.arange(120)[:, None] == 60, 5, 0) * np.ones((1, 20)), Lacking.TOO_RARE),
        (np.zeros((0, 3)), Lacking.TOO_SHORT),
    ],
)
def test_with_little_nothing_is_said(counts, lacking):
    found = fit_areas(counts)
    assert not found.enough
    assert found.lacking is lacking
    assert found.verdict is Verdict.NOT_ENOUGH
    assert np.isnan([found.R, found.R_low, found.R_high, *found.epidemic_share]).all()
    assert found.weight == 0
    with pytest.raises(ValueError, match="nothing can be predicted"):
        found.predict(1)
    with pytest.raises(ValueError, match="nothing can be predicted"):
        found.mean(1)


@pytest.mark.parametrize("kind", ["all in one area", "all the same", "sparse", "one burst", "huge"])
def test_odd_tables_come_to_an_end(kind):
    counts = np.zeros((120, 6))
    if kind == "all in one area":
        counts[:, 2] = np.arange(120) % 3
    elif kind == "all the same":
        counts[:] = 2
    elif kind == "sparse":
        counts[np.arange(0, 120, 5), np.arange(24) % 6] = 1
    elif kind == "one burst":
        counts[60:72, 3] = 40
    else:
        counts[:] = 10**6 + 1000 * (np.arange(720).reshape(120, 6) % 7)
    found = fit_areas(counts, [[1], [0, 2], [1, 3], [2, 4], [3, 5], [4]])
    assert found.enough
    assert 0 <= found.R_low <= found.R <= found.R_high
    draws = found.predict(3, 40)
    assert (draws >= 0).all()
    assert np.isfinite(found.mean(3)).all()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"counts": [1, 2]}, "months and areas"),
        ({"counts": [[-1.0]]}, "whole numbers"),
        ({"counts": [[0.5]]}, "whole numbers"),
        ({"counts": [[np.nan]]}, "missing"),
        ({"counts": [[1]], "population": [0]}, "population above 0"),
        ({"counts": [[1]], "neighbours": []}, "each area has its neighbours"),
        ({"counts": [[1, 1]], "neighbours": [[0], []]}, "must be other areas"),
        ({"counts": [[1]], "missing": [True]}, "shape of the counts"),
        ({"counts": [[1]], "level": 0.0}, "level"),
    ],
)
def test_arguments_without_sense_are_refused(given, message):
    with pytest.raises(ValueError, match=message):
        fit_areas(**given)
