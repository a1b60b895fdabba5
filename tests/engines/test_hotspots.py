"""Hot spots: indices by hand, rankings that find what was planted and look at nothing that came later, and input without sense."""

import csv
from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reference import reference_path
from tirek_engines.hotspots import Method, Raster, accuracy, plan, rank
from tirek_engines.hotspots.ranking import _expectation_maximisation


def test_indices_by_hand():
    found = accuracy([5, 4, 3, 2, 1], [3, 0, 1, 4, 0], 2, cell_area=2.0, whole_area=10.0)
    assert (found.hits, found.best, found.total) == (3, 7, 8)
    assert found.pai == pytest.approx((3 / 8) / (4 / 10))
    assert found.pei == pytest.approx(3 / 7)
    # Four more fell outside all cells.
    assert accuracy([5, 4, 3, 2, 1], [3, 0, 1, 4, 0], 2, 2.0, 10.0, total=12).pai == pytest.approx((3 / 12) / (4 / 10))


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), min_size=1, max_size=7),
    st.integers(1, 7),
)
def test_ties_count_as_the_average_over_all_ways_to_break_them(cells, n):
    score, came = (np.array(values) for values in zip(*cells, strict=True))
    n = min(n, len(cells))
    best = max(score[list(chosen)].sum() for chosen in combinations(range(len(cells)), n))
    ways = [came[list(c)].sum() for c in combinations(range(len(cells)), n) if score[list(c)].sum() == best]
    found = accuracy(score, came, n, 1.0, len(cells))
    assert found.hits == pytest.approx(np.mean(ways))
    assert found.best == sum(sorted(came.tolist(), reverse=True)[:n])


def test_without_incidents_there_is_no_index():
    found = accuracy([1.0, 0.0], [0, 0], 1, 1.0, 2.0)
    assert np.isnan(found.pai)
    assert np.isnan(found.pei)
    outside = accuracy([1.0, 0.0], [0, 0], 1, 1.0, 2.0, total=3)
    assert outside.pai == 0


def test_points_fall_into_their_cells():
    raster = Raster.over([[0.0, 0.0], [9.9, 4.0]], 2.0)
    assert raster.shape == (5, 3)
    assert raster.cells([[0, 0], [1.99, 0], [2, 0], [0, 2], [9.9, 4], [-1, 0], [10, 0]]).tolist() == [
        0,
        0,
        3,
        1,
        14,
        -1,
        -1,
    ]
    assert raster.counts([[0, 0], [0.5, 0.5], [99, 99]]).sum() == 2
    assert raster.counts([[0, 0], [0, 0]], [0.5, 0.25])[0] == 0.75


def city(seed, years=4.0):
    """Incidents of a made city: a slope of density, chronic places, and repeats soon after near by. Days and metres."""
    rng = np.random.default_rng(seed)
    days = 365 * years
    spread = rng.beta([2, 2], [5, 3], (900, 2)) * 4000
    chronic = np.repeat(rng.random((12, 2)) * 4000, 25, axis=0)
    xy = np.concatenate([spread, chronic])
    time = rng.random(len(xy)) * days
    again = rng.choice(len(xy), 300)
    xy = np.concatenate([xy, xy[again] + rng.normal(0, 30, (300, 2))])
    time = np.concatenate([time, time[again] + rng.exponential(10, 300)])
    inside = time < days
    return np.clip(xy[inside], 0, 3999), time[inside]


@pytest.fixture(scope="module")
def made():
    return city(1)


def planned(made, **change):
    given = {
        "now": 1400.0,
        "horizon": 60.0,
        "sides": (100.0, 200.0),
        "areas": (4e5, 8e5),
        "whole_area": 16e6,
        "windows": 8,
    }
    return plan(*made, **(given | change))


def test_a_plan_beats_chance_and_names_what_it_tried(made):
    found = planned(made)
    xy, time = made
    came = (time >= 1400) & (time < 1460)
    raster = found.raster
    after = accuracy(found.score, raster.counts(xy[came]), found.cells, raster.side**2, 16e6, came.sum())
    assert after.pai > 4
    assert len(found.trials) == 2 * 2 * 2
    assert {trial.method for trial in found.trials} == set(Method)
    assert all(trial.low <= trial.pai + 1e-9 or trial.windows < 5 for trial in found.trials)
    best = max(found.trials, key=lambda trial: (trial.low, trial.pai))
    assert (best.side, best.cells, best.method) == (raster.side, found.cells, found.method)
    assert len(found.chosen) == found.cells
    assert found.weights.sum() == pytest.approx(1)


def test_a_plan_looks_at_nothing_that_came_later(made):
    xy, time = made
    later = time >= 1400
    changed = np.where(later[:, None], xy[::-1], xy)
    one, two = planned(made), planned((changed, time))
    assert one.trials == two.trials
    assert (one.score == two.score).all()


def test_the_mixture_is_likelier_than_counts_where_places_are_smooth(made):
    found = planned(made, sides=(100.0,))
    xy, time = made
    came = (time >= 1400) & (time < 1460)
    raster = found.raster
    mixture = rank(raster, xy, time, now=1400.0, horizon=60.0, method=Method.MIXTURE, weights=found.weights)
    counts = raster.counts(xy[time < 1400]) + 0.01
    at = raster.cells(xy[came])
    at = at[at >= 0]
    assert np.log(mixture[at] / mixture.sum()).mean() > np.log(counts[at] / counts.sum()).mean() + 0.3


def test_counts_put_the_busier_surroundings_first_among_equals():
    near = np.array([[5.0, 5.0], [15.0, 5.0], [5.0, 15.0], [15.0, 15.0], [15.0, 15.0]])
    xy = np.concatenate([near, [[395.0, 395.0]]])
    raster = Raster.over(np.concatenate([xy, [[0.0, 0.0], [399.0, 399.0]]]), 10.0)
    score = rank(raster, xy, np.zeros(6), now=1.0, horizon=1.0)
    order = np.argsort(-score)[:5].tolist()
    assert order[0] == raster.cells([[15.0, 15.0]])[0]
    assert order[-1] == raster.cells([[395.0, 395.0]])[0]
    assert np.floor(score[order]).tolist() == [2, 1, 1, 1, 1]


def test_weights_come_nearer_to_what_the_draws_were_made_of():
    rng = np.random.default_rng(0)
    layers = rng.dirichlet(np.full(50, 0.3), 3)
    draws = rng.choice(50, 4_000, p=np.array([0.6, 0.3, 0.1]) @ layers)
    assert _expectation_maximisation(layers[:, draws]) == pytest.approx([0.6, 0.3, 0.1], abs=0.05)


@pytest.mark.reference
def test_portland_ranked_by_all_past_calls():
    """The window of March and April 2017 as any program must find it: calls, cells, and the hits of plain counts."""
    path = reference_path("flashpoints", "nij_burglary", "crimes_bur.csv")
    with path.open(encoding="utf-8") as file:
        rows = [(r["occ_date"], float(r["x_coordina"]), float(r["y_coordina"])) for r in csv.DictReader(file)]
    dates, xy = np.array([r[0] for r in rows]), np.array([r[1:] for r in rows])
    past, came = dates < "2017-03-01", (dates >= "2017-03-01") & (dates < "2017-05-01")
    assert (past.sum(), came.sum()) == (5096, 175)
    raster = Raster.over(xy[past], 300)
    found = accuracy(raster.counts(xy[past]), raster.counts(xy[came]), 232, 300**2, 147.71 * 5280**2, came.sum())

    # The same with dictionaries: those above the cut for sure, and what is left of the 232 cells spread over those at the cut.
    low = xy[past].min(axis=0)
    before, after = (
        Counter(tuple(cell) for cell in ((xy[when] - low) // 300).astype(int).tolist()) for when in (past, came)
    )
    cut = sorted(before.values(), reverse=True)[231]
    sure, tied = ([cell for cell, n in before.items() if n > cut], [cell for cell, n in before.items() if n == cut])
    hits = sum(after[cell] for cell in sure)
    hits += (232 - len(sure)) * sum(after[cell] for cell in tied) / len(tied)
    assert found.hits == pytest.approx(hits)
    assert found.pai == pytest.approx(hits / 175 * 147.71 * 5280**2 / (232 * 90_000))
    assert found.pai == pytest.approx(7.44, abs=0.01)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (([1.0], [1, 2], 1, 1.0, 1.0), "one score and one count"),
        (([np.nan], [1], 1, 1.0, 1.0), "one score"),
        (([1.0], [1], 2, 1.0, 1.0), "1 to all"),
        (([1.0], [1], 1, 0.0, 1.0), "more than 0"),
        (([1.0], [3], 1, 1.0, 1.0, 2), "fewer incidents"),
    ],
)
def test_rankings_without_sense_are_refused(given, message):
    with pytest.raises(ValueError, match=message):
        accuracy(*given)


def test_plans_without_sense_are_refused(made):
    with pytest.raises(ValueError, match="too short"):
        planned(made, now=500.0)
    with pytest.raises(ValueError, match="some past incidents"):
        planned(made, now=-1.0)
    with pytest.raises(ValueError, match="smaller than a cell"):
        planned(made, areas=(5_000.0,))
    with pytest.raises(ValueError, match="one known time"):
        planned((made[0][:-1], made[1]))
    with pytest.raises(ValueError, match="too many"):
        Raster.over([[0, 0], [1e6, 1e6]], 1.0)
    with pytest.raises(ValueError, match="must be some"):
        Raster.over(np.zeros((0, 2)), 1.0)
    with pytest.raises(ValueError, match="more than 0"):
        Raster.over([[0, 0]], 0.0)
    with pytest.raises(ValueError, match="weights"):
        rank(Raster.over([[0, 0], [5, 5]], 1.0), [[0, 0]], [0.0], now=1.0, horizon=1.0, method=Method.MIXTURE)
