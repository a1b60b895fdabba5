"""Covers hold their shape; an exact cover addresses its devices, no other, and is the smallest."""

import h3
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tirek_engines.geo import ancestors, circle, cover, exact_cover, range_of
from tirek_engines.geo.cells import parents, to_numbers, to_texts

RNG = np.random.default_rng(7)
near = st.floats(-0.02, 0.02)


def a_star(lat, lon, size, spikes=9):
    """A shape with thin arms, so that many cells are only touched."""
    turn = np.linspace(0, 2 * np.pi, 2 * spikes, endpoint=False)
    reach = np.where(np.arange(2 * spikes) % 2, 0.2, 1.0) * size
    return shapely.Polygon(np.column_stack([lon + reach * np.cos(turn), lat + 0.6 * reach * np.sin(turn)]))


@pytest.mark.parametrize(
    "shape",
    [a_star(50, 57, 2.5), a_star(50, 57, 0.05), a_star(-1, 0.3, 0.8), circle(69, 33, 40_000)],
    ids=["province", "town", "equator", "north"],
)
def test_a_cover_holds_every_point_and_its_whole_cells_only_points_inside(shape):
    covering = cover(shape)
    whole = dict(zip(covering.cells, covering.whole, strict=True))
    west, south, east, north = shape.bounds
    margin = (east - west) / 10
    lats = RNG.uniform(south - margin, north + margin, 3000)
    lons = RNG.uniform(west - margin, east + margin, 3000)
    inside = shapely.intersects_xy(shape, lons, lats)
    for lat, lon, is_inside in zip(lats, lons, inside, strict=True):
        found = [whole[cell] for cell in ancestors(lat, lon) if cell in whole]
        assert len(found) <= 1
        assert found or not is_inside
        assert is_inside or found != [True]


def test_a_cover_is_small_and_as_fine_as_asked():
    shape = shapely.box(57, 50, 58, 51)
    assert len(cover(shape, 9).cells) < len(h3.uncompact_cells(cover(shape, 9).cells, 9)) / 5
    assert max(h3.get_resolution(cell) for cell in cover(shape, 6).cells) == 6
    assert max(h3.get_resolution(cell) for cell in cover(circle(50, 57, 80)).cells) == 10


def test_a_shape_in_parts_with_a_hole():
    parts = [shapely.box(57, 50, 57.2, 50.2), shapely.box(58, 50, 58.2, 50.2)]
    shape = shapely.difference(shapely.union_all(parts), circle(50.1, 57.1, 2_000))
    held = set(cover(shape).cells)
    assert held & set(ancestors(50.19, 57.01))
    assert held & set(ancestors(50.1, 58.1))
    assert not held & set(ancestors(50.1, 57.1))
    assert not held & set(ancestors(50.1, 57.6))


@pytest.mark.parametrize("resolution", [2, 16])
def test_resolutions_that_do_not_exist_are_refused(resolution):
    with pytest.raises(ValueError, match="resolution"):
        cover(shapely.box(57, 50, 58, 51), resolution)


def test_an_empty_shape_has_no_cover():
    with pytest.raises(ValueError, match="empty"):
        cover(shapely.Polygon())


@given(st.floats(-80, 80), st.floats(-179, 179), st.integers(0, 9))
def test_parents_are_those_of_h3(lat, lon, resolution):
    cell = h3.latlng_to_cell(lat, lon, 9)
    assert to_texts(parents(to_numbers([cell]), resolution)) == [h3.cell_to_parent(cell, resolution)]


@settings(max_examples=30)
@given(st.floats(-80, 80), st.floats(-179, 179), st.integers(5, 9))
def test_descendants_lie_in_the_range_and_others_do_not(lat, lon, resolution):
    cell = h3.latlng_to_cell(lat, lon, resolution)
    first, last = range_of(cell, 9)
    assert {first, last} <= set(h3.cell_to_children(cell, 9))
    assert all(first <= child <= last for child in h3.cell_to_children(cell, 9))
    for other in h3.grid_ring(cell, 1):
        assert not first <= h3.cell_to_center_child(other, 9) <= last


def test_a_cell_has_no_coarser_descendants():
    with pytest.raises(ValueError, match="finer"):
        range_of(h3.latlng_to_cell(50, 57, 9), 8)


device = st.builds(lambda lat, lon: h3.latlng_to_cell(50 + lat, 57 + lon, 10), near, near)


def is_addressed(cell, cells):
    return any(h3.cell_to_parent(cell, r) in cells for r in range(h3.get_resolution(cell) + 1))


@settings(max_examples=150, deadline=None)
@given(st.lists(device, max_size=40), st.lists(device, max_size=40), st.integers(0, 10))
def test_an_exact_cover_is_exact(selected, others, coarsest):
    cells, leftovers = exact_cover(selected, others, coarsest)
    named = {selected[i] for i in leftovers}
    assert named <= set(others)  # only those that share their cell are named
    assert not any(is_addressed(other, cells) for other in others)
    assert all(is_addressed(cell, cells) != (cell in named) for cell in selected)


@settings(max_examples=150, deadline=None)
@given(st.lists(device, max_size=25), st.lists(device, max_size=25))
def test_an_exact_cover_is_the_smallest(selected, others):
    """No cell of it can be left out or made coarser, and none lies inside another: so no smaller set exists."""
    cells, _leftovers = exact_cover(selected, others, coarsest=3)
    for cell in cells:
        assert any(is_addressed(one, [cell]) for one in selected)
        assert not is_addressed(cell, [other for other in cells if other != cell])
        if h3.get_resolution(cell) > 3:
            coarser = h3.cell_to_parent(cell, h3.get_resolution(cell) - 1)
            assert any(is_addressed(other, [coarser]) for other in others)


def test_a_whole_province_is_addressed_by_a_handful_of_cells():
    devices = [
        h3.latlng_to_cell(lat, lon, 10)
        for lat, lon in zip(RNG.uniform(46, 51, 10_000), RNG.uniform(54, 64, 10_000), strict=True)
    ]
    cells, leftovers = exact_cover(devices, [])
    assert not leftovers
    assert len(cells) == len({h3.cell_to_parent(device, 3) for device in devices}) < 60


def test_who_stands_beside_another_is_named():
    here = h3.latlng_to_cell(50, 57, 10)
    assert exact_cover([here, here], [here]) == ([], [0, 1])
    assert exact_cover([], [here]) == ([], [])


def test_devices_of_two_resolutions_are_refused():
    with pytest.raises(ValueError, match="one resolution"):
        exact_cover([h3.latlng_to_cell(50, 57, 10)], [h3.latlng_to_cell(50, 57, 9)])
