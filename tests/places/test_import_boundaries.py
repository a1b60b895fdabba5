"""Importing boundaries: what is found, what is repaired, what is refused, and what a second run does."""

import json

import numpy as np
import pyogrio
import pytest
import shapely
from django.core.exceptions import PermissionDenied

from tests.fixtures import square
from tirek.audit.act import Refused
from tirek.audit.models import Entry
from tirek.places.actions import import_boundaries, preview_boundaries
from tirek.places.models import Area, AreaCell
from tirek.places.queries import area_at

pytestmark = pytest.mark.django_db
BOW_TIE = {"type": "Polygon", "coordinates": [[[57, 50], [58, 51], [58, 50], [57, 51], [57, 50]]]}
# GDAL would follow this one to another file.
VRT = b'<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'
L_SHAPE = shapely.Polygon([(57, 50), (59, 50), (59, 51), (58, 51), (58, 52), (57, 52)])


def run(path, kind="district", **options):
    return import_boundaries(None, path, kind, system="test", **options)


def test_new_areas_stand_in_the_tree_and_are_found(districts):
    plan = run(districts)
    assert plan.counts == {"add": 2, "change": 0, "same": 0, "skip": 0}
    west = Area.objects.get(code="W")
    assert (west.name_ru, west.population, west.path, west.source) == (
        "Западный район",
        5000,
        f"{west.pk}/",
        "areas.geojson",
    )
    assert area_at(50.5, 57.5) == west
    assert area_at(50.5, 58.99).code == "E"
    assert area_at(50.5, 59.2) is None


def test_a_preview_writes_nothing(districts):
    preview_boundaries(None, districts)
    assert not Area.objects.exists()
    assert not Entry.objects.exists()


def test_a_second_run_finds_nothing_new(districts):
    run(districts)
    before = list(Area.objects.values()), AreaCell.objects.count(), Entry.objects.count()
    assert {row.deed for row in preview_boundaries(None, districts).rows} == {"same"}
    with pytest.raises(Refused, match="Nothing"):
        run(districts)
    assert before == (list(Area.objects.values()), AreaCell.objects.count(), Entry.objects.count())


def test_one_act_leaves_one_entry(districts):
    run(districts)
    entry = Entry.objects.get()
    assert entry.verb == "places.import_area"
    assert entry.after["import"]["counts"]["add"] == 2
    assert entry.after["import"]["codes"] == ["W", "E"]


def test_a_changed_boundary_changes_the_look_up(districts, geojson):
    run(districts)
    moved = geojson(({"code": "W", "name_ru": "Западный район"}, square(53.5, 57.5, 0.5)), name="moved.geojson")
    assert run(moved).counts["change"] == 1
    assert area_at(50.5, 57.5) is None
    west = area_at(53.5, 57.5)
    assert (west.code, west.population) == ("W", 5000)  # what the file does not say stays
    assert (west.lat, west.lon) == (53.5, 57.5)


def test_found_by_a_name_in_any_language_without_a_code(districts, geojson):
    run(districts)
    again = geojson(({"kk": "шығыс", "name": "East"}, square(50.5, 58.5, 0.4)), name="again.geojson")
    plan = run(again)
    assert plan.rows[0].area.code == "E"
    assert Area.objects.get(code="E").name_en == "East"
    assert Area.objects.count() == 2


def test_names_that_mean_two_areas_are_refused(geojson):
    run(
        geojson(
            ({"code": "1", "name": "Abay"}, square(50, 57, 0.1)), ({"code": "2", "name": "Abay"}, square(50, 58, 0.1))
        )
    )
    (row,) = preview_boundaries(None, geojson(({"name": "Abay"}, square(50, 57, 0.2)), name="b.json")).rows
    assert row.errors == ["Several areas have this name. Give the row a code."]


def test_districts_go_into_their_region_whichever_comes_first(districts, geojson):
    run(districts)
    region = geojson(({"code": "R", "name": "Region"}, square(50.5, 58, 1.5)), name="region.geojson")
    run(region, "region")
    top = Area.objects.get(code="R")
    assert {a.path for a in Area.objects.filter(kind="district")} == {f"{top.pk}/{a.pk}/" for a in top.children.all()}
    assert top.children.count() == 2


def test_rows_with_errors_are_left_out_and_named(geojson):
    path = geojson(
        ({"code": "1", "name": "Good"}, square(50, 57, 0.1)),
        ({"code": "2"}, square(50, 58, 0.1)),
        ({"code": "3", "name": "No shape"}, None),
        ({"code": "4", "name": "A point"}, {"type": "Point", "coordinates": [57, 50]}),
        ({"code": "5", "name": "Bad number", "population": "many"}, square(50, 59, 0.1)),
        ({"code": "1", "name": "Twice"}, square(50, 60, 0.1)),
        ({"code": "6", "name": "Far out"}, square(50, 500, 0.1)),
    )
    plan = run(path)
    assert plan.counts == {"add": 1, "change": 0, "same": 0, "skip": 6}
    assert [number for number, _error in plan.errors] == [2, 3, 4, 5, 6, 7]
    assert [area.name for area in Area.objects.all()] == ["Good"]


def test_an_invalid_polygon_is_repaired_and_it_is_said(geojson):
    plan = run(geojson(({"code": "1", "name": "Bow tie"}, BOW_TIE)))
    assert "repaired" in plan.rows[0].remarks[0]
    area = Area.objects.get()
    assert shapely.is_valid(shapely.from_geojson(json.dumps(area.boundary)))
    assert area_at(50.5, 57.25) == area
    assert area_at(50.9, 57.5) is None


def write_gpkg(path, shapes, crs, **columns):
    pyogrio.raw.write(
        path,
        np.array([shapely.to_wkb(shape) for shape in shapes]),
        [np.array(values, dtype=object) for values in columns.values()],
        list(columns),
        geometry_type="Polygon",
        crs=crs,
        driver="GPKG",
    )


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3857", "EPSG:32640"])
def test_geopackage_in_any_coordinate_system(tmp_path, crs):
    pyproj = pytest.importorskip("pyproj")
    transform = pyproj.Transformer.from_crs("OGC:CRS84", crs, always_xy=True).transform
    path = tmp_path / "areas.gpkg"
    write_gpkg(path, [shapely.transform(L_SHAPE, transform, interleaved=False)], crs, code=["L"], name_kk=["Бұрыш"])
    run(path)
    area = Area.objects.get(name_kk="Бұрыш")
    assert shapely.equals_exact(shapely.from_geojson(json.dumps(area.boundary)).normalize(), L_SHAPE.normalize(), 2e-5)
    assert area_at(51.5, 57.5) == area
    assert area_at(51.5, 58.5) is None


def test_metres_without_a_coordinate_system_are_refused(tmp_path):
    path = tmp_path / "areas.gpkg"
    with pytest.warns(UserWarning, match="crs"):
        write_gpkg(path, [shapely.box(500_000, 5_500_000, 600_000, 5_600_000)], None, name=["Somewhere"])
    with pytest.raises(Refused, match="coordinate system"):
        run(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"{not json", "neither"),
        (VRT, "neither"),
        (b'{"type": "FeatureCollection", "features": 5}', "cannot be read|no shapes"),
        (b"SQLite format 3\0 and no more", "cannot be read"),
    ],
)  # fmt: skip
def test_files_that_are_something_else(tmp_path, content, said):
    path = tmp_path / "areas.geojson"
    path.write_bytes(content)
    with pytest.raises(Refused, match=said):
        run(path)


def test_chosen_columns_win_over_the_guess(geojson):
    path = geojson(({"A": "1", "B": "Из столбца", "name_ru": "не это"}, square(50, 57, 0.1)))
    run(path, fields={"code": "A", "name_ru": "B"})
    assert Area.objects.get().name_ru == "Из столбца"


def test_numbers_of_a_register_get_its_name(geojson):
    run(geojson(({"wof_id": 421168753, "name": "Aqtobe"}, square(50, 57, 0.1))))
    assert Area.objects.get().code == "wof:421168753"


def test_a_person_writes_only_in_the_own_part(person, small_province, geojson):
    north, _south = small_province.districts
    admin = person("administrator", north)
    inside, outside = square(50.5, 57.0, 0.02), square(49.5, 57.0, 0.02)
    path = geojson(({"code": "1", "name": "Mine"}, inside), ({"code": "2", "name": "Not mine"}, outside))
    plan = import_boundaries(admin, path, "settlement")
    assert [row.deed for row in plan.rows] == ["add", "skip"]
    assert Area.objects.get(code="1").parent == north
    with pytest.raises(PermissionDenied):
        preview_boundaries(person("duty_officer"), path)


def test_sample_areas_become_real_ones(small_province, geojson):
    Area.objects.update(is_sample=True)
    path = geojson(({"code": "KZ-1", "name": "North district"}, square(50.5, 57.0, 0.4)))
    run(path)
    area = Area.objects.get(code="KZ-1")
    assert area.pk == small_province.districts[0].pk
    assert not area.is_sample
