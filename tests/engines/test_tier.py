"""Consequence tiers: every combination of points, bands as published, adjustments with a reason."""

import csv
from itertools import product

import numpy as np
import pytest

from tests.reference import reference_path
from tirek_engines.score import (
    Factors,
    Tier,
    consequence,
    dependence_points,
    people_points,
    scenario_points,
    service_points,
    size_points,
    tiers,
)

EVERY = list(product((1, 2, 3, 4), repeat=5))


@pytest.mark.reference
def test_all_1024_combinations_fall_into_the_published_bands():
    lines = reference_path("facilities", "fsl_nasa_npr1620.csv").read_text(encoding="utf-8").splitlines()
    bands = [
        (int(row["sum_min"]), int(row["sum_max"]), row["level"])
        for row in csv.DictReader(line for line in lines if not line.startswith("#"))
    ]
    assert len(EVERY) == 1024
    together = tiers(EVERY)
    for points, many in zip(EVERY, together, strict=True):
        (level,) = [name for low, high, name in bands if low <= sum(points) <= high]
        found = consequence(Factors(*points))
        assert found.tier.name == level == Tier(many).name
        assert found.total == sum(points) == sum(value for _, value in found.factors.parts())


def test_how_many_combinations_each_tier_has():
    # Counted by the coefficients of (x + x^2 + x^3 + x^4)^5.
    ways = np.array([1])
    for _ in range(5):
        ways = np.convolve(ways, [0, 1, 1, 1, 1])
    expected = [ways[5:8].sum(), ways[8:13].sum(), ways[13:18].sum(), ways[18:21].sum()]
    assert np.bincount(tiers(EVERY), minlength=5)[1:].tolist() == expected == [21, 491, 491, 21]


def test_more_points_never_lower_the_tier():
    by_points = dict(zip(EVERY, tiers(EVERY).tolist(), strict=True))
    for points, tier in by_points.items():
        for i in range(5):
            if points[i] < 4:
                assert by_points[(*points[:i], points[i] + 1, *points[i + 1 :])] >= tier


@pytest.mark.parametrize("adjustment", [-1, 0, 1])
def test_an_adjustment_moves_by_one_and_stays_within(adjustment):
    for points, many in zip(EVERY, tiers(EVERY, adjustment).tolist(), strict=True):
        found = consequence(Factors(*points), adjustment, "  the only hospital within 200 km ")
        assert found.tier == many == min(max(found.preliminary + adjustment, 1), 4)
        assert found.reason == "the only hospital within 200 km"


def test_an_adjustment_without_a_reason_is_refused():
    with pytest.raises(ValueError, match="reason"):
        consequence(Factors(1, 2, 3, 4, 1), 1, "  ")
    with pytest.raises(ValueError, match="adjusted by -1, 0 or 1"):
        consequence(Factors(1, 2, 3, 4, 1), 2, "very much")


def test_each_facility_may_have_its_own_adjustment():
    assert tiers([[1, 1, 1, 1, 1], [2, 2, 2, 2, 2]], [1, -1]).tolist() == [2, 1]


@pytest.mark.parametrize(
    ("points", "adjustments"), [([[1, 2, 3, 4]], 0), ([[0, 1, 1, 1, 1]], 0), ([[1.5] * 5], 0), ([[1] * 5], 2)]
)
def test_points_without_sense_are_refused(points, adjustments):
    with pytest.raises(ValueError, match=r"five factors|1, 2, 3 or 4|-1, 0 or 1"):
        tiers(points, adjustments)


def test_a_factor_out_of_range_is_named():
    with pytest.raises(ValueError, match="dependence must be 1, 2, 3 or 4 points, not 5"):
        Factors(1, 1, 1, 1, 5)


@pytest.mark.parametrize(
    ("helper", "amounts"),
    [
        (people_points, [(0, 1), (100, 1), (101, 2), (250, 2), (251, 3), (750, 3), (751, 4)]),
        (size_points, [(0, 1), (929, 1), (930, 2), (9_290, 2), (9_291, 3), (23_225, 3), (23_226, 4)]),
        (scenario_points, [(0, 1), (1, 1), (2, 2), (3, 3), (4, 4), (9, 4)]),
        (dependence_points, [(0, 1), (1_000, 1), (1_001, 2), (10_000, 2), (100_000, 3), (100_001, 4)]),
        (service_points, [(0, 4), (4, 4), (4.5, 3), (24, 3), (25, 2), (72, 2), (73, 1), (float("inf"), 1)]),
    ],
)
def test_thresholds(helper, amounts):
    assert [(amount, helper(amount)) for amount, _ in amounts] == amounts
    for wrong in (-1, float("nan")):
        with pytest.raises(ValueError, match="cannot be"):
            helper(wrong)
