"""The sample province: whole, schematic where it says so, the same every time, and gone without a trace."""

import pytest
import shapely
from django.db import transaction

from tirek.places import sample
from tirek.places.models import Area, AreaCell, PopulationCell
from tirek.places.queries import area_at, people_in
from tirek.places.shapes import from_geojson
from tirek_engines.geo import area_km2

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        said = []
        sample.load(said.append)
        yield said
        transaction.set_rollback(True)


def test_a_region_of_thirteen_districts(loaded):
    region = Area.objects.get(kind="region")
    assert (region.name_kk, region.name_ru) == ("Ақтөбе облысы", "Актюбинская область")
    assert region.children.count() == 13
    assert len(loaded) == 1
    assert not Area.objects.filter(is_sample=False).exists()
    assert not Area.objects.filter(source="").exists()


def test_districts_cover_the_region_without_gaps_or_overlaps(loaded):
    region = from_geojson(Area.objects.get(kind="region").boundary)
    districts = [from_geojson(area.boundary) for area in Area.objects.filter(kind="district")]
    assert all(district.is_valid for district in districts)
    assert sum(map(area_km2, districts)) == pytest.approx(area_km2(region), rel=1e-3)
    assert area_km2(shapely.union_all(districts)) == pytest.approx(area_km2(region), rel=1e-3)


def test_each_settlement_stands_in_its_district_with_names_in_three_languages(loaded):
    for town in Area.objects.filter(kind="settlement"):
        assert area_at(town.lat, town.lon) == town.parent
        assert town.name_kk
        assert town.name_ru
        assert town.name_en
        assert town.population


def test_everybody_is_placed(loaded):
    region = Area.objects.get(kind="region")
    assert people_in(region.boundary) == region.population


def test_loading_again_changes_nothing(loaded):
    before = list(Area.objects.order_by("pk").values_list("pk", "changed_at"))
    sample.load(print)
    assert before == list(Area.objects.order_by("pk").values_list("pk", "changed_at"))


def test_clearing_takes_all_of_it(loaded):
    assert sample.clear() == 30
    assert not Area.objects.exists()
    assert not AreaCell.objects.exists()
    assert not PopulationCell.objects.exists()
    assert sample.clear() == 0
