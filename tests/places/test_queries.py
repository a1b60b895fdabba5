"""What is where, in the small province: a region of two districts with two settlements each."""

import pytest

from tests.fixtures import make_area, square
from tirek.places import queries
from tirek.places.models import Area
from tirek.places.rebuild import rebuild_population
from tirek_engines.geo import ancestors

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _peopled(small_province):
    rebuild_population()


def names(geometry):
    return queries.area_names_in(geometry, "en")


def test_the_deepest_area_at_a_point(small_province):
    assert queries.area_at(50.5, 56.8) == small_province.settlements[0]
    assert queries.area_at(50.5, 57.0) == small_province.districts[0]
    assert queries.area_at(50.0, 57.9) == small_province.region
    assert queries.area_at(10, 10) is None
    assert [area.kind for area in queries.areas_at(50.5, 56.8)] == ["region", "district", "settlement"]


def test_many_points_at_once_give_the_same_answers(small_province):
    points = [(50.5, 56.8), (10, 10), (49.5, 57.0)]
    assert queries.areas_at_each(points) == [queries.areas_at(*point) for point in points]
    assert queries.areas_at_each([]) == []


def test_people_in_a_shape():
    assert queries.people_in(square(50.5, 57.0, 0.5)) == 60_000
    assert queries.people_in(square(50, 57, 2)) == 100_000
    assert queries.people_in(square(40, 40, 1)) == 0
    west = queries.people_in(square(50.5, 56.75, 0.05))  # the west half of Aral
    assert 20_000 < west < 30_000


def test_a_long_thin_shape_is_no_harder():
    line = [[x / 100, 50.5 + 0.3 * (x % 2)] for x in range(5550, 5850)]
    ring = [*line, *([x, y + 0.001] for x, y in reversed(line)), line[0]]
    assert 0 < queries.people_in({"type": "Polygon", "coordinates": [ring]}) < 60_000


def test_people_by_settlement_the_most_first(small_province):
    found = queries.people_by_settlement(square(50.5, 57.0, 0.5))
    aral, bulak = small_province.settlements[:2]
    assert list(found) == [aral.pk, bulak.pk]
    assert found[bulak.pk] == pytest.approx(10_000)


def test_cells_hold_the_shape_and_none_lies_in_another():
    shape = queries.circle(50.5, 56.8, 3_000)
    cells = queries.cells_in(shape)
    assert cells & set(ancestors(50.5, 56.8))
    assert all(len(cells & set(ancestors(*point))) <= 1 for point in [(50.5, 56.8), (50.51, 56.81), (50.49, 56.79)])


def test_the_smallest_area_that_holds_a_shape(small_province):
    assert queries.smallest_area_holding(queries.circle(50.5, 56.8, 500)) == small_province.settlements[0]
    assert queries.smallest_area_holding(queries.circle(50.5, 57.0, 9_000)) == small_province.districts[0]
    assert queries.smallest_area_holding(queries.circle(50.0, 57.0, 20_000)) == small_province.region
    for area in Area.objects.all():
        assert queries.smallest_area_holding(area.boundary) == area


def test_a_shape_across_the_border_belongs_to_the_region_that_holds_most_of_it(small_province):
    other = make_area("region", "Other", 50.0, 59.0, 1.0)
    assert queries.smallest_area_holding(square(50, 58.1, 0.5)) == other
    assert queries.smallest_area_holding(square(50, 57.9, 0.5)) == small_province.region
    assert queries.smallest_area_holding(square(10, 10, 0.5)) is None
    Area.objects.create(kind="region", code="drawn-later", name_en="Without a boundary", path="999/")
    assert queries.smallest_area_holding(square(10, 10, 0.5)) is None


def test_names_of_what_a_shape_covers():
    assert names(queries.circle(50.5, 56.8, 500)) == ["Aral", "North"]
    assert names(square(50.5, 56.85, 0.2)) == ["Aral", "North"]
    assert names(square(50.5, 57.0, 0.45)) == ["North"]
    assert names(square(50.0, 57.0, 0.6)) == ["North", "South"]
    assert names(square(50.0, 57.0, 1.0)) == ["Region"]
    assert names(square(10, 10, 1)) == []
    assert queries.area_names_in(square(50.5, 57.0, 0.45), "kk") == ["North kk"]


def test_a_city_is_not_named_twice():
    region = Area.objects.get(kind="region")
    city = make_area("district", "Aktobe city", 50.0, 57.8, 0.1, region)
    make_area("settlement", "Aktobe", 50.0, 57.8, 0.05, city, population=5000)
    rebuild_population()
    assert names(square(50.0, 57.8, 0.06)) == ["Aktobe city"]


def test_the_settlement_of_a_place_without_a_boundary(small_province):
    north = small_province.districts[0]
    Area.objects.create(
        kind="settlement",
        parent=north,
        path=f"{north.path}999/",
        code="x",
        name_en="Dot",
        lat=50.7,
        lon=57,
        population=900,
    )
    rebuild_population()
    assert queries.settlement_at(50.7, 57).name_en == "Dot"
    assert queries.settlement_at(50.5, 56.8) == small_province.settlements[0]
    assert queries.settlement_at(50.3, 57.0) is None


def test_the_tree_of_a_person_is_theirs(person, small_province):
    whole = queries.tree(person("duty_officer"))
    assert [branch.area for branch in whole] == [small_province.region]
    assert [child.area for child in whole[0].children] == list(small_province.districts)
    part = queries.tree(person("duty_officer", small_province.districts[1]))
    assert [branch.area for branch in part] == [small_province.districts[1]]
    assert len(part[0].children) == 2


def test_people_placed(small_province):
    assert queries.people_placed(small_province.districts[0]) == 60_000


def test_many_places_at_once_are_the_same_as_one_by_one():
    points = [(50.5, 56.8), (50.5, 57.0), (49.5, 57.2), (10.0, 10.0), (50.52, 56.83)]
    one_by_one = [queries.settlement_at(*point) or queries.area_at(*point) for point in points]
    assert queries.place_at_each(points) == one_by_one
    assert one_by_one[3] is None
    assert queries.place_at_each([]) == []
