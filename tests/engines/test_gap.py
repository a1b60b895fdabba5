"""Protection gaps: against a slow calculation in fractions, parts that add up, what measures change."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tirek_engines.score import Scenario, Standard, Status, gaps, measure_gaps, parts, scenario_gaps, what_if

POINTS = ("perimeter", "entrances", "inside", "communication", "response")
UNKNOWN, MET, UNMET, NOT = (int(status) for status in Status)


@st.composite
def cases(draw):
    """A standard, statuses of some facilities and a scenario's factors."""
    m, n = draw(st.integers(0, 12)), draw(st.integers(1, 4))
    weights = draw(st.lists(st.integers(1, 40), min_size=m, max_size=m))
    point = draw(st.lists(st.integers(0, 4), min_size=m, max_size=m))
    mandatory = draw(st.lists(st.booleans(), min_size=m, max_size=m))
    status = draw(st.lists(st.lists(st.integers(0, 3), min_size=m, max_size=m), min_size=n, max_size=n))
    factors = draw(st.lists(st.sampled_from([0, 1, 2, 5]), min_size=m, max_size=m))
    standard = Standard(weights, np.array(point, dtype=int), mandatory, POINTS)
    return standard, np.array(status, dtype=int).reshape(n, m), Scenario("any", np.array(factors, dtype=float))


def slowly(standard, row, factors):
    """Exact gaps (low, high) by point that has something applicable."""
    found = {}
    for p in range(len(POINTS)):
        sums = dict.fromkeys(range(4), Fraction(0))
        for j in np.flatnonzero(standard.point == p):
            sums[int(row[j])] += Fraction(int(standard.weights[j])) * int(factors[j])
        total = sums[UNMET] + sums[UNKNOWN] + sums[MET]
        if total:
            found[p] = (sums[UNMET] / total, (sums[UNMET] + sums[UNKNOWN]) / total)
    return found


@settings(max_examples=200, deadline=None)
@given(cases(), st.booleans())
def test_gaps_are_those_of_exact_fractions(case, in_scenario):
    standard, status, scenario = case
    found = gaps(standard, status, scenario if in_scenario else None)
    factors = scenario.factors if in_scenario else np.ones(len(standard))
    for i, row in enumerate(status):
        exact = slowly(standard, row, factors)
        assert set(np.flatnonzero(~np.isnan(found.point_low[i])).tolist()) == set(exact)
        for p, (low, high) in exact.items():
            assert found.point_low[i, p] == pytest.approx(float(low), abs=1e-12)
            assert found.point_high[i, p] == pytest.approx(float(high), abs=1e-12)
        if not exact:
            assert np.isnan(found.low[i])
            assert np.isnan(found.high[i])
            assert found.weakest[i] == -1
            continue
        assert found.low[i] == pytest.approx(float(max(low for low, _ in exact.values())), abs=1e-12)
        assert found.high[i] == pytest.approx(float(max(high for _, high in exact.values())), abs=1e-12)
        assert 0 <= found.low[i] <= found.high[i] <= 1
        assert found.point_low[i, found.weakest[i]] == found.low[i]
        hard = standard.mandatory & (factors > 0)
        assert found.flags[i].tolist() == (hard & (row == UNMET)).tolist()
        assert found.open_flags[i].tolist() == (hard & (row == UNKNOWN)).tolist()


@settings(max_examples=200, deadline=None)
@given(cases(), st.booleans())
def test_the_parts_add_up(case, in_scenario):
    standard, status, scenario = case
    chosen = scenario if in_scenario else None
    found = gaps(standard, status, chosen)
    for i, row in enumerate(status):
        pieces = parts(standard, row, chosen)
        for p in range(len(POINTS)):
            at = [part for part in pieces if part.point == p]
            low = sum(part.gap for part in at if part.status is Status.UNMET)
            high = sum(part.gap for part in at)
            if at:
                assert low == pytest.approx(found.point_low[i, p], abs=1e-9)
                assert high == pytest.approx(found.point_high[i, p], abs=1e-9)
                if p == found.weakest[i]:
                    assert low == pytest.approx(found.low[i], abs=1e-9)
        if pieces:
            assert sum(part.percent for part in pieces) == pytest.approx(found.percent_low[i], abs=1e-9)


@settings(max_examples=200, deadline=None)
@given(cases(), st.data())
def test_measures_never_widen_a_gap(case, data):
    standard, status, _ = case
    if not len(standard):
        return
    measures = data.draw(st.lists(st.sets(st.integers(0, len(standard) - 1)), max_size=5))
    ticked = data.draw(st.sets(st.integers(0, len(measures) - 1))) if measures else set()
    row = status[0]
    result = what_if(standard, row, measures, ticked)
    expected = row.copy()
    for number in ticked:
        for j in measures[number]:
            if expected[j] in (UNMET, UNKNOWN):
                expected[j] = MET
    assert result.status.tolist() == expected.tolist()
    assert result.changed == tuple(np.flatnonzero(row != expected).tolist())
    afterwards = gaps(standard, expected)
    assert np.array_equal(result.after.point_low, afterwards.point_low, equal_nan=True)
    if not np.isnan(result.before.low[0]):
        assert result.after.low[0] <= result.before.low[0] + 1e-12
        assert result.after.high[0] <= result.before.high[0] + 1e-12
    assert set(result.cleared) | set(result.remaining) == set(np.flatnonzero(result.before.flags[0]).tolist())
    assert not set(result.cleared) & set(result.remaining)
    assert set(result.points) == {int(standard.point[j]) for j in result.changed}
    assert set(result.idle) == {number for number in ticked if not any(row[j] in (0, 2) for j in measures[number])}
    alone = measure_gaps(standard, row, measures)
    for number, measure in enumerate(measures):
        one = what_if(standard, row, [measure]).after
        assert np.array_equal(alone.low[number : number + 1], one.low, equal_nan=True)
        assert np.array_equal(alone.flags[number], one.flags[0])


STANDARD = Standard([3, 1, 2, 2, 4], [0, 0, 1, 1, 2], [True, False, True, False, False], POINTS)


def test_the_weakest_point_counts_and_not_the_mean():
    found = gaps(STANDARD, [MET, MET, UNMET, UNMET, MET])
    assert found.low.tolist() == found.high.tolist() == [1.0]
    assert POINTS[found.weakest[0]] == "entrances"
    assert found.percent_low[0] == pytest.approx(100 * 8 / 12)
    assert np.flatnonzero(found.flags[0]).tolist() == [2]


def test_what_is_unknown_widens_the_interval_and_is_not_taken_as_good_or_bad():
    found = gaps(STANDARD, [UNKNOWN, UNMET, MET, MET, NOT])
    assert (found.low[0], found.high[0]) == (0.25, 1.0)
    assert np.flatnonzero(found.open_flags[0]).tolist() == [0]
    assert (found.percent_low[0], found.percent_high[0]) == (50.0, 87.5)


def test_of_two_equally_weak_points_the_less_known_comes_first():
    found = gaps(STANDARD, [MET, MET, MET, UNKNOWN, MET])
    assert POINTS[found.weakest[0]] == "entrances"


def test_one_measure_at_two_equally_weak_points_does_not_help_and_both_do():
    row = [UNMET, UNMET, UNMET, UNMET, MET]
    measures = [{0, 1}, {2, 3}]
    assert measure_gaps(STANDARD, row, measures).low.tolist() == [1.0, 1.0]
    result = what_if(STANDARD, row, measures)
    assert result.after.low.tolist() == [0.0]
    assert (result.points, result.cleared, result.remaining) == ((0, 1), (0, 2), ())


def test_a_scenario_counts_only_what_matters_in_it():
    vehicle = Scenario.of("a vehicle at the gate", STANDARD, {"perimeter": 2}, {1: 0, 4: 1})
    assert vehicle.factors.tolist() == [2, 0, 0, 0, 1]
    status = [[MET, UNMET, UNMET, UNMET, UNMET], [UNMET, MET, MET, MET, MET]]
    low, high = scenario_gaps(STANDARD, status, [vehicle, Scenario.of("a fire inside", STANDARD, {"inside": 1})])
    assert low.tolist() == high.tolist() == [[1.0, 1.0], [1.0, 0.0]]
    assert gaps(STANDARD, status, vehicle).flags.tolist() == [[False] * 5, [True] + [False] * 4]
    result = what_if(STANDARD, status[0], [{1, 4}], scenario=vehicle)
    assert result.changed == (1, 4)
    assert result.points == (2,)


def test_without_scenarios_there_are_no_columns():
    low, high = scenario_gaps(STANDARD, [[MET] * 5] * 3, [])
    assert low.shape == high.shape == (3, 0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Standard([1, 2], [0], [True, False], POINTS), "one weight"),
        (lambda: Standard([0], [0], [True], POINTS), "positive"),
        (lambda: Standard([float("nan")], [0], [True], POINTS), "positive"),
        (lambda: Standard([1], [5], [True], POINTS), "one of the points"),
        (lambda: Standard([1], [0.5], [True], POINTS), "whole number"),
        (lambda: gaps(STANDARD, [MET] * 4), "each of the 5"),
        (lambda: gaps(STANDARD, [MET] * 4 + [4]), "a status is"),
        (lambda: gaps(STANDARD, [MET] * 4 + [-1]), "a status is"),
        (lambda: gaps(STANDARD, [1.0] * 5), "a status is"),
        (lambda: parts(STANDARD, [[MET] * 5] * 2), "one facility"),
        (lambda: what_if(STANDARD, [MET] * 5, [{5}]), "does not exist"),
        (lambda: what_if(STANDARD, [MET] * 5, [{-1}]), "does not exist"),
        (lambda: what_if(STANDARD, [MET] * 5, [{1}], [1]), "no measure 1"),
        (lambda: Scenario.of("x", STANDARD, {"roof": 1}), "no point 'roof'"),
        (lambda: Scenario.of("x", STANDARD, None, {9: 1}), "no requirement 9"),
        (lambda: Scenario.of("x", STANDARD, {"inside": -1}), "0 or more"),
        (lambda: gaps(STANDARD, [MET] * 5, Scenario("x", np.ones(3))), "each of the 5"),
    ],
)
def test_what_has_no_sense_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_standard_cannot_be_changed_behind_its_back():
    with pytest.raises(ValueError, match="read-only"):
        STANDARD.weights[0] = 9
