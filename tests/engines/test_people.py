"""People by cell: totals are kept, density falls, sums over shapes are exact."""

import h3
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tirek_engines.geo import circle, distances, people_in, settlement_radius, spread_population
from tirek_engines.geo.cells import hexagons


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.floats(49, 51), st.floats(56, 58), st.one_of(st.just(0), st.integers(1, 60_000))), max_size=6)
)
def test_nobody_is_lost(settlements):
    lat, lon, people = ([row[i] for row in settlements] for i in range(3))
    spread = spread_population(lat, lon, people)
    assert spread.people.sum() == pytest.approx(sum(people), rel=1e-12)
    assert len(set(spread.cells)) == len(spread.cells) == len(spread.home)
    assert (spread.people > 0).all()
    assert all(h3.get_resolution(cell) == 9 for cell in spread.cells)


def test_density_falls_from_the_centre_and_ends_at_the_radius():
    spread = spread_population([50.28], [57.2], [300_000])
    centres = np.array([h3.cell_to_latlng(cell) for cell in spread.cells])
    away = distances(50.28, 57.2, centres[:, 0], centres[:, 1])
    order = np.argsort(away)
    inner, outer = spread.people[order[:50]].mean(), spread.people[order[-400:-200]].mean()
    assert inner > 2 * outer
    assert away.max() < float(settlement_radius(300_000)) + 250


def test_the_radius_is_that_of_the_published_scaling():
    # P^(3/4) / 357 square miles; 357 people ** (4/3) fill one square mile.
    assert settlement_radius(357 ** (4 / 3)) ** 2 * np.pi == pytest.approx(2_589_988, rel=1e-6)


def test_a_hamlet_smaller_than_a_cell_has_one():
    spread = spread_population([50.28], [57.2], [3])
    assert spread.people.sum() == 3
    assert len(spread.cells) <= 4


def test_people_live_inside_a_known_boundary():
    boundary = shapely.box(57.2, 50.2, 57.23, 50.22)
    spread = spread_population([50.21], [57.215], [8_000], [boundary])
    assert people_in(shapely.buffer(boundary, 0.01), spread.cells, spread.people) == pytest.approx(8_000)
    assert people_in(boundary, spread.cells, spread.people) > 7_000


def test_a_boundary_too_small_for_any_sample():
    spread = spread_population([50.21], [57.215], [5], [circle(50.21, 57.215, 5)])
    assert spread.people.sum() == pytest.approx(5)


def test_neighbours_share_cells_and_each_keeps_its_home():
    spread = spread_population([50.28, 50.292], [57.2, 57.217], [20_000, 500])
    assert spread.people.sum() == pytest.approx(20_500)
    ours = spread_population([50.28], [57.2], [20_000])
    assert set(ours.cells) < set(spread.cells)
    assert {home for cell, home in zip(spread.cells, spread.home, strict=True) if cell not in ours.cells} == {1}


@pytest.mark.parametrize(
    ("arrays", "message"), [(([50], [57], [-1]), "negative"), (([50, 51], [57], [1]), "one latitude")]
)
def test_wrong_arrays_are_refused(arrays, message):
    with pytest.raises(ValueError, match=message):
        spread_population(*arrays)


def test_part_of_a_cell_counts_as_that_part():
    cell = h3.latlng_to_cell(50.28, 57.2, 9)
    (hexagon,) = hexagons([cell])
    west, south, east, north = hexagon.bounds
    half = shapely.box(west, south, (west + east) / 2, north)
    expected = shapely.intersection(half, hexagon).area / hexagon.area
    assert people_in(half, [cell], [1_000]) == pytest.approx(1_000 * expected)
    assert people_in(shapely.box(*hexagon.bounds), [cell], [1_000]) == pytest.approx(1_000)


@settings(max_examples=15, deadline=None)
@given(st.floats(50.2, 50.36), st.floats(57.05, 57.35), st.floats(60, 20_000))
def test_sums_agree_with_cutting_every_cell(lat, lon, radius):
    """The short cut for cells that lie wholly inside or outside changes nothing."""
    spread = spread_population([50.28], [57.2], [90_000])
    shape = circle(lat, lon, radius)
    polygons = hexagons(spread.cells)
    slow = (shapely.area(shapely.intersection(shape, polygons)) / shapely.area(polygons) * spread.people).sum()
    assert people_in(shape, spread.cells, spread.people) == pytest.approx(slow, abs=1e-6)


def test_parts_sum_to_the_whole():
    spread = spread_population([50.28], [57.2], [200_000])
    whole = circle(50.28, 57.2, 3_000)
    halves = [shapely.box(56, 49, 57.2037, 52), shapely.box(57.2037, 49, 58, 52)]
    parts = sum(people_in(shapely.intersection(whole, half), spread.cells, spread.people) for half in halves)
    assert parts == pytest.approx(people_in(whole, spread.cells, spread.people))


def test_no_cells_no_people():
    assert people_in(circle(50, 57, 100), [], []) == 0
    with pytest.raises(ValueError, match="each cell"):
        people_in(circle(50, 57, 100), [h3.latlng_to_cell(50, 57, 9)], [])
    with pytest.raises(ValueError, match="one resolution"):
        people_in(circle(50, 57, 100), [h3.latlng_to_cell(50, 57, r) for r in (8, 9)], [1, 1])
