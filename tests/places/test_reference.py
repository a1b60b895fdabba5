"""A whole real province: Aktobe from Who's On First, Mesoshapes and GeoNames."""

import csv
import json
import time
from collections import Counter

import pytest
import shapely
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.reference import reference_path
from tirek.places.actions import import_boundaries, import_settlements
from tirek.places.models import Area, AreaCell
from tirek.places.queries import area_at, areas_at, people_in, smallest_area_holding
from tirek.places.shapes import from_geojson
from tirek_engines.geo import area_km2

pytestmark = [pytest.mark.django_db, pytest.mark.reference]
REGION_KM2 = 300_960


@pytest.fixture(scope="module")
def province(django_db_setup, django_db_blocker):
    """The plans of the three imports; done once for all tests here, and rolled back."""
    region = reference_path("places", "aktobe_region_adm1.geojson")
    with django_db_blocker.unblock(), transaction.atomic():
        yield [
            import_boundaries(None, region, "region", system="test"),
            import_boundaries(None, region.with_name("aktobe_districts_adm2.geojson"), "district", system="test"),
            import_settlements(None, region.with_name("aktobe_settlements.csv"), system="test"),
        ]
        transaction.set_rollback(True)


@pytest.fixture
def rows():
    with reference_path("places", "aktobe_settlements.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_province_is_whole(province, rows):
    assert [plan.counts["add"] for plan in province] == [1, 13, 664]
    assert not any(plan.errors for plan in province)
    region = Area.objects.get(kind="region")
    assert area_km2(from_geojson(region.boundary)) == pytest.approx(REGION_KM2, rel=0.005)
    districts = [from_geojson(area.boundary) for area in region.children.all()]
    assert len(districts) == 13
    whole, parts = from_geojson(region.boundary), shapely.union_all(districts)
    overlap = shapely.intersection(whole, parts).area / shapely.union(whole, parts).area
    assert overlap == pytest.approx(0.994, abs=0.0015)


def test_each_district_has_the_area_that_its_source_states(province):
    source = json.loads(reference_path("places", "aktobe_districts_adm2.geojson").read_text())["features"]
    for feature in source:
        area = Area.objects.get(code=feature["properties"]["hasc"])
        assert area.name_kk == feature["properties"]["name_kk"]
        assert area_km2(from_geojson(area.boundary)) == pytest.approx(feature["properties"]["area_km2"], rel=0.002)


def test_every_settlement_is_in_its_district_and_found_there(province, rows):
    english = dict(Area.objects.filter(kind="district").values_list("name_en", "pk"))
    settlements = Area.objects.filter(kind="settlement")
    assert Counter(settlements.values_list("parent__name_en", flat=True)) == Counter(row["district"] for row in rows)
    for row in rows:
        assert area_at(float(row["lat"]), float(row["lon"])).pk == english[row["district"]]


def test_a_look_up_reads_an_index_and_a_few_rows(province):
    with CaptureQueriesContext(connection) as captured:
        found = areas_at(50.27969, 57.20718)
    assert [area.kind for area in found] == ["region", "district"]
    assert len(captured) <= 2
    sql = captured[0]["sql"]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            steps = [row[3] for row in cursor.fetchall()]
            assert all(step.startswith("SEARCH") for step in steps), steps
        cursor.execute(sql)
        assert len(cursor.fetchall()) <= 3
    assert AreaCell.objects.count() > 5000


def test_a_look_up_is_quick(province, rows):
    taken = []
    for row in rows:
        started = time.perf_counter()
        area_at(float(row["lat"]), float(row["lon"]))
        taken.append(time.perf_counter() - started)
    taken.sort()
    half, most = taken[len(taken) // 2], taken[len(taken) * 99 // 100]
    print(f"\nlook-up of a point: p50 {half * 1e3:.1f} ms, p99 {most * 1e3:.1f} ms, {AreaCell.objects.count()} cells")
    assert half < 0.02


def test_people_of_a_district_stand_in_its_boundary(province):
    # Villages at the border spill over a little.
    for district in Area.objects.filter(kind="district").exclude(code="KZ.AT.AQ"):
        assert people_in(district.boundary) == pytest.approx(district.population, rel=0.03)


def test_a_district_holds_itself(province):
    for district in Area.objects.filter(kind="district"):
        assert smallest_area_holding(district.boundary) == district
