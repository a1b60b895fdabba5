"""The scan statistic: every window tried one by one, hopeless and wrong data, calibration, planted clusters."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tirek_engines.clusters import Reason, fit_gumbel, passes, recurrence_months, scan
from tirek_engines.clusters.draw import by_shuffling, by_weight, draw_cases
from tirek_engines.clusters.likelihood import LEAST, RATIO, STEP, bucket_of, critical_counts, log_ratio
from tirek_engines.clusters.observe import log_ratio_bound

SPARSE, DENSE = 0.0, 1e9  # for passes.THROW: which of the two ways is taken


def ratio(c, m, n):
    """Kulldorff's log likelihood ratio as it is printed."""
    if c <= m:
        return 0.0
    return c * math.log(c / m) + ((n - c) * math.log((n - c) / (n - m)) if n > c else 0.0)


def steps(neighbours, centre):
    """Steps to each place that can be reached."""
    found, edge = {centre: 0}, [centre]
    while edge:
        edge = [q for p in edge for q in neighbours[p] if found.setdefault(q, found[p] + 1) == found[p] + 1]
        edge = list(dict.fromkeys(edge))
        if edge and len(found) == len(neighbours):
            break
    return found


def groups(case):
    """For each centre its windows as sets of places, from small to large."""
    xy, size = case["xy"], case["size"]
    for centre in range(len(xy)):
        if case["neighbours"] is None:
            away = {p: math.dist(xy[centre], xy[p]) for p in range(len(xy))}
            limit = case["radius"]
        else:
            away, limit = steps(case["neighbours"], centre), case["steps"]
        for far in sorted(set(away.values())):
            inside = frozenset(p for p in away if away[p] <= far)
            if (limit is not None and far > limit) or sum(size[p] for p in inside) > case["share"] * sum(size) * (
                1 + 1e-12
            ):
                break
            yield centre, inside


def every_window(case, expected, counts, looks):
    """Log likelihood ratio of every window: (value, centre, places, age of its end, months)."""
    ages, n = expected.shape[1], case["cases"].sum()
    for centre, inside in groups(case):
        rows = sorted(inside)
        for young in range(looks):
            for length in range(1, case["longest"] + 1):
                if young + length > ages:
                    continue
                c = int(counts[rows, young : young + length].sum())
                if c >= case["min_cases"]:
                    m = float(expected[rows, young : young + length].sum())
                    yield ratio(c, m, n), centre, inside, young, length


@st.composite
def maps(draw):
    """Up to nine places on a small grid, up to ten months, few cases or many."""
    n, months = draw(st.integers(1, 9)), draw(st.integers(1, 10))
    xy = draw(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=n, max_size=n))
    rate = draw(st.sampled_from([0.05, 0.5, 4.0]))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    cases = rng.poisson(rate, (months, n))
    cases[:, 0] += rng.poisson(rate * 6, months) * draw(st.booleans())
    population = None
    if draw(st.booleans()):
        population = rng.integers(0, 4, (months, n) if draw(st.booleans()) else n).astype(float)
        cases = np.where(np.broadcast_to(population, cases.shape) > 0, cases, 0)
        if not population.any():
            population = population + 1
    neighbours = None
    if draw(st.booleans()):
        near = rng.random((n, n)) < 0.3
        neighbours = [np.flatnonzero((near | near.T)[p]).tolist() for p in range(n)]
    longest = min(draw(st.integers(1, 6)), max(months // 2, 1))
    return {
        "xy": xy,
        "cases": cases,
        "population": population,
        "neighbours": neighbours,
        "longest": longest,
        "share": draw(st.sampled_from([0.2, 0.5, 1.0])),
        "radius": draw(st.sampled_from([None, 0.0, 1.5, 3.0])) if neighbours is None else None,
        "steps": draw(st.sampled_from([None, 0, 2])) if neighbours is not None else None,
        "min_cases": draw(st.integers(1, 3)),
        "looks": draw(st.integers(1, min(3, months))),
    }


def run(case, **more):
    """Scan a map of `maps`."""
    return scan(
        case["cases"],
        np.array(case["xy"], dtype=float).reshape(-1, 2),
        population=case["population"],
        units="km",
        max_months=case["longest"],
        max_share=case["share"],
        max_radius_km=case["radius"],
        neighbours=case["neighbours"],
        max_steps=case["steps"],
        min_cases=case["min_cases"],
        looks=case["looks"],
        **more,
    )


def expectation(case):
    """Expected cases by place and age, and what shares are taken of."""
    cases, n = case["cases"], case["cases"].sum()
    ages = min(case["longest"] + case["looks"] - 1, len(cases))
    if case["population"] is None:
        size = cases.sum(axis=0)
        return np.outer(size, cases[::-1][:ages].sum(axis=1)) / n, size
    people = np.broadcast_to(case["population"], cases.shape)
    return people[::-1][:ages].T * n / people.sum(), people.sum(axis=0)


@settings(max_examples=150, deadline=None)
@given(maps())
def test_the_clusters_are_the_best_of_all_windows(case):
    result = run(case, replicates=0, most=4)
    if not case["cases"].any():
        assert result.reason is Reason.NO_CASES
        return
    expected, case["size"] = expectation(case)
    counts = case["cases"][::-1].T
    left = [w for w in every_window(case, expected, counts, 1) if w[0] > 1e-9]
    assert (result.reason is Reason.FOUND) == bool(left)
    for cluster in result.clusters:
        best = max(w[0] for w in left)
        assert cluster.llr == pytest.approx(best, rel=1e-9)
        places, length = frozenset(cluster.places.tolist()), cluster.last_month - cluster.first_month + 1
        assert any(w[0] == pytest.approx(best) and w[1:3] == (cluster.centre, places) and w[4] == length for w in left)
        assert cluster.last_month == len(case["cases"]) - 1
        assert cluster.observed == case["cases"][-length:, cluster.places].sum()
        assert cluster.expected == pytest.approx(expected[cluster.places, :length].sum())
        assert cluster.ratio == pytest.approx(cluster.observed / cluster.expected)
        assert cluster.radius_km == max(math.dist(case["xy"][cluster.centre], case["xy"][p]) for p in places)
        assert math.isnan(cluster.p)
        left = [w for w in left if not w[2] & places]
    assert len(result.clusters) == 4 or not left


@settings(max_examples=60, deadline=None)
@given(maps(), st.integers(0, 1000))
def test_replicates_get_the_best_of_all_windows(case, seed):
    drawn = {}

    def listen(source, keys, starts, place, age):
        draw_cases(source, keys, starts, place, age)
        drawn.update(starts=starts, place=place, age=age)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passes, "THROW", SPARSE)
        patch.setattr(passes, "draw_cases", listen)
        patch.setattr(passes, "RATIO", 3.0)  # teams even on a map as small
        patch.setattr(passes, "NEAR", 2)
        result = run(case, replicates=6, seed=seed, threads=1)
        patch.setattr(passes, "THROW", DENSE)
        dense = run(case, replicates=6, seed=seed, threads=1)
    assert result.maxima.tolist() == dense.maxima.tolist()
    if not drawn:
        assert result.reason is not Reason.FOUND
        return
    expected, case["size"] = expectation(case)
    maxima = []
    for r in range(6):
        counts = np.zeros(expected.shape, dtype=int)
        own = slice(drawn["starts"][r], drawn["starts"][r + 1])
        np.add.at(counts, (drawn["place"][own], drawn["age"][own]), 1)
        maxima.append(max((w[0] for w in every_window(case, expected, counts, case["looks"])), default=0.0))
    assert result.maxima == pytest.approx(sorted(maxima, reverse=True), rel=1e-9)


def town(n=300, total=900, months=36, seed=1, spread=0.8):
    """Places at random, some with many more people than others, and cases in proportion to them."""
    rng = np.random.default_rng(seed)
    people = rng.lognormal(0, spread, n)
    xy = rng.random((n, 2)) * 100
    cases = rng.multinomial(total, np.tile(people / people.sum(), months) / months).reshape(months, n)
    return cases, xy, people


@pytest.mark.parametrize("model", ["poisson", "permutation"])
@pytest.mark.parametrize("looks", [1, 3])
def test_both_ways_and_any_number_of_threads_give_the_same(model, looks, monkeypatch):
    cases, xy, people = town(spread=2.0, total=4000)
    kept = {
        "population": people if model == "poisson" else None,
        "units": "km",
        "replicates": 60,
        "seed": 4,
        "looks": looks,
    }
    results = []
    for throw, threads, memory in ((SPARSE, 1, 2**27), (DENSE, 1, 2**27), (SPARSE, 3, 2**14), (DENSE, 2, 2**14)):
        monkeypatch.setattr(passes, "THROW", throw)
        monkeypatch.setattr(passes, "MEMORY", memory)  # a small one makes several batches
        results.append(scan(cases, xy, threads=threads, **kept))
    first = results[0]
    assert cases.sum(axis=0).max() > 127  # more than the smallest type holds
    for other in results[1:]:
        assert other.maxima.tolist() == first.maxima.tolist()
        assert [(c.centre, c.llr, c.p) for c in other.clusters] == [(c.centre, c.llr, c.p) for c in first.clusters]
    assert scan(cases, xy, **{**kept, "seed": 5}).maxima.tolist() != first.maxima.tolist()


def test_the_order_of_places_does_not_matter():
    cases, xy, people = town(60, 300)
    mixed = np.random.default_rng(2).permutation(60)
    one = scan(cases, xy, units="km", population=people, replicates=0)
    other = scan(cases[:, mixed], xy[mixed], units="km", population=people[mixed], replicates=0)
    assert [c.llr for c in one.clusters] == pytest.approx([c.llr for c in other.clusters])
    for a, b in zip(one.clusters, other.clusters, strict=True):
        assert set(a.places.tolist()) == set(mixed[b.places].tolist())


def test_p_values_are_uniform_where_nothing_happens():
    found = {"poisson": [], "permutation": []}
    for seed in range(250):
        cases, xy, people = town(25, 60, 24, seed)
        for model, values in found.items():
            population = people if model == "poisson" else None
            result = scan(cases, xy, units="km", population=population, replicates=39, seed=seed, threads=1)
            values.append(result.clusters[0].p if result.clusters else 1.0)
    for values in found.values():
        for level in (0.05, 0.1, 0.25, 0.5):
            share = np.mean(np.array(values) <= level)
            assert abs(share - level) < 3 * math.sqrt(level * (1 - level) / 250)


@pytest.mark.parametrize("model", ["poisson", "permutation"])
def test_a_planted_cluster_is_found(model):
    rng = np.random.default_rng(3)
    lat, lon = np.meshgrid(49.5 + 0.1 * np.arange(15), 56.0 + 0.15 * np.arange(15), indexing="ij")
    where = np.column_stack([lat.ravel(), lon.ravel()])
    cases = rng.poisson(0.05, (48, 225))
    planted = [112, 111, 113, 97, 127]
    cases[-3:, planted] += rng.poisson(1.2, (3, 5))
    result = scan(cases, where, population=np.ones(225) if model == "poisson" else None, replicates=199)
    first = result.clusters[0]
    assert set(planted) <= set(first.places.tolist())
    assert len(first.places) < 15
    assert (first.first_month, first.last_month) == (45, 47)
    assert first.p == 1 / 200
    assert first.at_least
    assert first.recurrence_months == pytest.approx(200)
    assert first.recurrence_gumbel_months > 200
    assert 10 < first.radius_km < 25
    assert first.places[0] == first.centre
    assert result.gumbel.holds
    assert all(a.llr >= b.llr for a, b in zip(result.clusters, result.clusters[1:], strict=False))
    every = np.concatenate([c.places for c in result.clusters])
    assert len(every) == len(set(every.tolist()))


def test_the_permutation_model_leaves_out_places_and_months_that_always_have_many():
    rng = np.random.default_rng(5)
    cases = rng.poisson(0.2, (40, 49))
    cases[:, 24] += rng.poisson(4, 40)  # a place of its own
    cases[-2:] += rng.poisson(0.6, (2, 49))  # two months everywhere
    xy = np.argwhere(np.ones((7, 7))).astype(float)
    same = scan(cases, xy, units="km", replicates=99)
    assert same.clusters[0].p > 0.05
    assert scan(cases, xy, units="km", population=np.ones(49), replicates=99).clusters[0].p == 0.01


def test_windows_over_neighbours():
    cases = np.zeros((20, 6), dtype=int)
    cases[:, :] = 1
    cases[-2:, [0, 1, 2]] = 5
    chain = [[1], [2], [3], [4], [5], []]  # mutual without being told so
    xy = np.zeros((6, 2))  # coordinates play no part
    result = scan(cases, xy, population=np.ones(6), neighbours=chain, replicates=19)
    assert (result.clusters[0].centre, sorted(result.clusters[0].places.tolist())) == (1, [0, 1, 2])
    alone = scan(cases, xy, population=np.ones(6), neighbours=chain, max_steps=0, replicates=19)
    assert len(alone.clusters[0].places) == 1


def test_p_values_allow_for_earlier_looks():
    cases, xy, people = town(100, 300)
    cases[-1, [3, 4]] += 3
    one, many = (scan(cases, xy, units="km", population=people, looks=looks, replicates=999) for looks in (1, 12))
    assert one.clusters[0].llr == many.clusters[0].llr
    alone, among = one.clusters[0].p, many.clusters[0].p
    assert alone < 0.1
    assert alone < among < 24 * alone


@pytest.mark.parametrize(
    ("cases", "population", "reason"),
    [
        (np.zeros((12, 3), int), None, Reason.NO_CASES),
        (np.eye(12, 3, dtype=int)[::-1] * np.array([1, 0, 0]), None, Reason.TOO_FEW),
        (np.eye(12, 3, dtype=int)[::-1] * np.array([9, 0, 0]), None, Reason.ONE_PLACE),
        (np.array([[0, 0, 0]] * 11 + [[2, 3, 4]]), None, Reason.ONE_MONTH),
        (np.array([[2, 3, 4]] * 2 + [[0, 0, 0]] * 10), None, Reason.NO_RECENT),
        (np.array([[2, 3, 4]] * 2 + [[0, 0, 0]] * 10), [1, 1, 1], Reason.NO_RECENT),
        (np.array([[2, 3, 4]] * 12), [2, 3, 4], Reason.NO_EXCESS),
        (np.array([[2, 3, 4]] * 12), None, Reason.NO_EXCESS),
        (np.array([[9, 0, 0]] * 12), [1, 1, 1], Reason.FOUND),  # all in one place, which people say is unusual
        (np.array([[5]] * 12), [1], Reason.NO_EXCESS),
        (np.array([[5]] * 11 + [[50]]), [1], Reason.FOUND),
    ],
)
def test_what_can_be_said_of_little(cases, population, reason):
    places = cases.shape[1]
    result = scan(cases, np.eye(places, 2), population=population, max_share=1.0, replicates=19)
    assert result.reason is reason
    assert bool(result.clusters) == (reason is Reason.FOUND)
    assert result.cases == cases.sum()


GOOD = np.ones((12, 3), int)
XY = np.array([[50.0, 57.0], [50.1, 57.1], [50.2, 57.2]])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"cases": np.ones(12)}, r"\(months, places\)"),
        ({"cases": np.ones((0, 3))}, r"\(months, places\)"),
        ({"cases": [[1, 2], [3]]}, "rows of equal length"),
        ({"cases": [["a", "b", "c"]]}, "numbers"),
        (
            {"cases": np.where(GOOD.cumsum() == 5, np.nan, 1.0).reshape(12, 3)},
            "missing or infinite, the first in row 1",
        ),
        ({"cases": np.where(GOOD.cumsum() == 5, -1, 1).reshape(12, 3)}, "negative, the first in row 1"),
        ({"cases": np.where(GOOD.cumsum() == 5, 0.5, 1).reshape(12, 3)}, "not a whole number, the first in row 1"),
        ({"cases": np.full((12, 3), 10**9)}, "more than"),
        ({"coordinates": XY[:2]}, r"shape \(3, 2\)"),
        ({"coordinates": XY * np.nan}, "coordinates hold a value that is missing"),
        ({"coordinates": XY + np.array([90, 0])}, "latitude comes first"),
        ({"units": "miles"}, "degrees"),
        ({"population": np.ones(2)}, "population needs the shape"),
        ({"population": [-1, 1, 1]}, "negative"),
        ({"population": [0, 0, 0]}, "0 everywhere"),
        ({"population": [0, 1, 1]}, "the first in month 0 at place 0"),
        ({"population": [1, 1, 1], "model": "permutation"}, "takes none"),
        ({"model": "poisson"}, "needs a population"),
        ({"model": "bernoulli"}, "permutation"),
        ({"neighbours": [[1], [0]]}, "each of the 3 places"),
        ({"neighbours": [[1], [0], [3]]}, "not a place"),
        ({"neighbours": [[1], [0], [0.5]]}, "whole numbers"),
        ({"neighbours": [[1], [0], []], "max_radius_km": 5}, "max_steps"),
        ({"max_steps": 1}, "needs neighbours"),
        ({"max_steps": -1}, "0 or more"),
        ({"max_radius_km": -1}, "0 or more"),
        ({"max_months": 0}, "at least 1"),
        ({"max_share": 0}, "above 0"),
        ({"min_cases": 0}, "at least 1"),
        ({"most": 0}, "at least 1"),
        ({"replicates": -1}, "0 or more"),
        ({"looks": 13}, "number of months, 12"),
        ({"threads": 0}, "at least 1"),
    ],
)
def test_wrong_input_is_told(change, message):
    with pytest.raises(ValueError, match=message):
        scan(**{"cases": GOOD, "coordinates": XY, **change})


def test_a_scan_tells_how_far_it_is_and_can_be_stopped():
    cases, xy, people = town()
    heard = []
    scan(cases, xy, units="km", population=people, replicates=40, watcher=heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == 1
    result = scan(cases, xy, units="km", population=people, replicates=40, watcher=lambda share: True)
    assert (result.reason, result.clusters) == (Reason.STOPPED, ())


def test_recurrence():
    assert recurrence_months(1.0) == 1
    assert recurrence_months(0.002) == pytest.approx(500)
    assert recurrence_months(0.002, looks=1) * 12 == pytest.approx(recurrence_months(0.002, looks=12), rel=0.01)
    assert math.isnan(recurrence_months(float("nan")))


def test_gumbel_p_values_are_close_and_not_too_small():
    cases, xy, people = town(40, 200)
    maxima = scan(cases, xy, units="km", population=people, replicates=20_000, seed=1).maxima
    rng = np.random.default_rng(1)
    for _ in range(5):
        found = fit_gumbel(rng.choice(maxima, 999, replace=False))
        assert found.holds
        for share in (0.01, 0.001):
            assert 0.8 * share < found.p(np.quantile(maxima, 1 - share)) < 4 * share
    assert found.p(found.point(0.02)) == pytest.approx(0.02)
    sample = rng.gumbel(8, 1.3, 100_000)
    exact = fit_gumbel(sample)
    assert (exact.location, exact.scale) == pytest.approx((8, 1.3), rel=0.01)
    assert not fit_gumbel(np.concatenate([sample[:900], sample[900:1000] + 9])).holds  # more far out than it says
    assert math.isnan(fit_gumbel(sample[:50]).p(9))
    assert math.isnan(fit_gumbel(np.ones(999)).p(9))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 400), st.floats(1e-8, 300), st.integers(1, 3), st.integers(0, 60))
def test_critical_counts_miss_nothing(total, expected, least, level):
    table = critical_counts(total, 300.0, least)
    need = table[level, bucket_of(expected, table.shape[1])]
    for count in range(least, min(need, total + 1)):
        assert log_ratio(count, expected, total) <= level * STEP
    if need <= total and expected > LEAST and need > least:  # and hardly too low
        assert log_ratio(need, expected / RATIO / 1.001, total) > level * STEP - 1e-9


@given(st.integers(2, 500), st.data())
def test_the_bound_is_above_the_log_likelihood_ratio(total, data):
    count = data.draw(st.integers(1, total))
    expected = data.draw(st.floats(1e-6, count * 0.999))
    assert log_ratio(count, expected, total) == pytest.approx(ratio(count, expected, total))
    assert log_ratio_bound(count, expected, total) >= log_ratio(count, expected, total) * (1 - 1e-12)


def test_draws_by_weight_follow_the_weights():
    weights = np.array([[1.0, 0.0], [2.0, 5.0], [0.0, 2.0]])
    starts = np.array([0, 20_000, 20_000])  # the second replicate is empty
    place, age = np.empty(20_000, np.int32), np.empty(20_000, np.uint16)
    draw_cases(by_weight(weights), np.array([1, 2], np.uint64), starts, place, age)
    counts = np.zeros((3, 2))
    np.add.at(counts, (place, age), 1)
    assert counts[weights == 0].tolist() == [0, 0]
    seen, wanted = counts[weights > 0], weights[weights > 0] * 2000
    assert ((seen - wanted) ** 2 / wanted).sum() < 16.3  # chi-square, 3 degrees of freedom, 0.1 %


def test_draws_by_shuffling_keep_months_and_do_not_invent_cases():
    places, ages = np.array([3, 0, 5, 1]), np.array([2, 3])
    keys = np.arange(3000, dtype=np.uint64)
    starts = np.arange(3001) * 5
    place, age = np.empty(15_000, np.int32), np.empty(15_000, np.uint16)
    draw_cases(by_shuffling(places, ages), keys, starts, place, age)
    drawn = place.reshape(-1, 5)
    assert (np.sort(age.reshape(-1, 5), axis=1) == [0, 0, 1, 1, 1]).all()
    for p, most in enumerate(places.tolist()):
        own = (drawn == p).sum(axis=1)
        assert own.max() <= most
        mean, spread = 5 * most / 9, math.sqrt(5 * most / 9 * (1 - most / 9) * 4 / 8)  # hypergeometric
        assert abs(own.mean() - mean) <= 4 * spread / math.sqrt(3000)
