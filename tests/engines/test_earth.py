"""Distances, circles and areas against figures that others computed."""

import numpy as np
import pytest
import shapely

from tirek_engines.geo import area_km2, circle, distances, point_in


def degrees(d, m, s):
    return d + m / 60 + s / 3600


def test_flinders_peak_to_buninyong():
    # Geocentric Datum of Australia technical manual, chapter 4: 54,972.271 m.
    lat = -degrees(37, 57, 3.72030), -degrees(37, 39, 10.15610)
    lon = degrees(144, 25, 29.52440), degrees(143, 55, 35.38390)
    assert distances(lat[0], lon[0], lat[1], lon[1]) == pytest.approx(54972.271, abs=0.1)


def test_a_degree_of_the_equator_and_no_way_at_all():
    assert distances(0, 0, 0, 1) == pytest.approx(111_319.491, abs=0.01)
    assert distances(50, 57, 50, 57) == 0


def test_distances_broadcast():
    assert distances([50, 51], [57, 57], 50, 57).shape == (2,)


@pytest.mark.parametrize("radius", [50, 2_000, 150_000])
def test_every_corner_of_a_circle_is_as_far_as_asked(radius):
    ring = shapely.get_coordinates(circle(50.28, 57.2, radius).exterior)
    away = distances(50.28, 57.2, ring[:, 1], ring[:, 0])
    assert away == pytest.approx(np.full(len(ring), radius), rel=2e-6)


def test_a_circle_runs_counter_clockwise_and_has_its_area():
    drawn = circle(50.28, 57.2, 2_000, points=720)
    assert drawn.exterior.is_ccw
    assert area_km2(drawn) == pytest.approx(np.pi * 4, rel=1e-3)


@pytest.mark.parametrize("radius", [0, -5, 3_000_000, float("nan")])
def test_a_circle_without_sense_is_refused(radius):
    with pytest.raises(ValueError, match="radius"):
        circle(50, 57, radius)


def test_the_whole_earth_has_its_area():
    # WGS 84: 510,065,622 square kilometres.
    assert area_km2(shapely.box(-180, -90, 180, 90)) == pytest.approx(510_065_622, rel=1e-6)


def test_a_hole_is_not_area_and_nothing_is_none():
    whole, hole = shapely.box(57, 50, 58, 51), shapely.box(57.2, 50.2, 57.4, 50.4)
    assert area_km2(shapely.difference(whole, hole)) == pytest.approx(area_km2(whole) - area_km2(hole))
    assert area_km2(shapely.Polygon()) == 0


def test_points_in_a_shape_its_edge_included():
    shape = shapely.box(57, 50, 58, 51)
    assert point_in(shape, [50.5, 50.0, 49.9], [57.5, 57.0, 57.5]).tolist() == [True, True, False]
