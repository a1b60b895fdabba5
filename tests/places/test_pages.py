"""The pages of places: tree, area, map, and an import from upload to confirmation."""

import json

import pytest
from django.urls import reverse

from tests.fixtures import square
from tirek.places import uploads
from tirek.places.models import Area
from tirek.places.rebuild import rebuild_population
from tirek.places.search import find_areas

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client_for, person, small_province):
    return client_for(person("administrator"))


def test_the_tree_and_a_filtered_list(admin):
    assert "Aral" in admin.get(reverse("places:areas")).content.decode()
    page = admin.get(reverse("places:areas"), {"q": "sar", "kind": "settlement"}).content.decode()
    assert "Saryn" in page
    assert "Bulak" not in page


def test_an_empty_tree_says_how_to_begin(client_for, person):
    page = client_for(person("administrator")).get(reverse("places:areas")).content.decode()
    assert reverse("places:import") in page
    assert "without them nobody can be warned" in page


def test_a_page_of_an_area_counts_what_is_in_it(admin, small_province):
    rebuild_population()
    page = admin.get(small_province.districts[0].get_absolute_url()).content.decode()
    assert "Hospital" in page  # facilities by type, a section of another app
    assert reverse("facilities:register") + f"?area={small_province.districts[0].pk}" in page
    assert page.count("60,000") == 2  # stated, and placed on the map


def test_the_map_is_kept_until_an_area_changes(admin, small_province):
    url = reverse("places:map_json")
    first = admin.get(url)
    features = {f["properties"]["name"]: f for f in first.json()["features"]}
    assert features["North"]["geometry"]["type"] == "Polygon"
    assert features["North"]["properties"]["url"] == small_province.districts[0].get_absolute_url()
    assert admin.get(url, headers={"If-None-Match": first["ETag"]}).status_code == 304
    area = small_province.districts[0]
    area.name_en = "Far North"
    area.save()
    assert admin.get(url, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_the_map_holds_what_the_person_may_see(client_for, person, small_province):
    north, south = small_province.districts
    client = client_for(person("duty_officer", south))
    seen = {f["id"] for f in client.get(reverse("places:map_json")).json()["features"]}
    assert seen == set(Area.objects.filter(path__startswith=south.path).values_list("pk", flat=True))
    assert client.get(reverse("places:map_json"), {"within": north.pk}).status_code == 404


def test_an_area_is_changed_by_whom_it_is_entrusted_to(admin, client_for, person, small_province):
    north = small_province.districts[0]
    url = reverse("places:area_edit", args=[north.pk])
    fields = {"name_kk": "Солтүстік", "name_ru": "Север", "name_en": "North", "population": "61000"}
    assert admin.post(url, fields).status_code == 302
    north.refresh_from_db()
    assert (north.name_kk, north.population) == ("Солтүстік", 61000)
    assert client_for(person("administrator", small_province.districts[1])).get(url).status_code == 404
    assert client_for(person("duty_officer")).get(url).status_code == 403


def upload(client, path, what="district"):
    with path.open("rb") as file:
        return client.post(reverse("places:import"), {"what": what, "file": file})


def test_an_import_from_upload_to_the_tree(admin, geojson, small_province):
    path = geojson(({"code": "W", "name": "West"}, square(50, 56.3, 0.2)), ({"code": "X"}, square(50, 57, 0.2)))
    assert upload(admin, path).url == reverse("places:preview")
    page = admin.get(reverse("places:preview")).content.decode()
    assert "The row has no name." in page
    assert not Area.objects.filter(code="W").exists()
    response = admin.post(reverse("places:confirm"), follow=True)
    assert "1 area was imported." in response.content.decode()
    assert Area.objects.get(code="W").parent == small_province.region
    # The file is used up. Only its own content counts: another test may be uploading at the same time.
    assert path.read_bytes() not in [left.read_bytes() for left in uploads.folder().glob(f"*/{path.name}")]
    assert admin.get(reverse("places:preview")).url == reverse("places:import")


def test_other_columns_are_chosen_in_the_preview(admin, geojson):
    upload(admin, geojson(({"code": "W", "name": "no", "title": "Yes"}, square(50, 56.3, 0.2))))
    chosen = {"chosen": "1", "code": "code", "name_en": "title"}
    assert "Yes" in admin.get(reverse("places:preview"), chosen).content.decode()
    admin.post(reverse("places:confirm"), chosen)
    assert Area.objects.get(code="W").name_en == "Yes"


def test_a_table_of_settlements_by_the_page(admin, table):
    upload(admin, table("code,name,lat,lon,population\nS,Ayat,50.4,57.1,70\n"), "settlements")
    admin.post(reverse("places:confirm"))
    assert Area.objects.get(code="S").parent.name_en == "North"


@pytest.mark.parametrize(("name", "what"), [("areas.geojson", "settlements"), ("areas.exe", "district")])
def test_a_file_of_the_wrong_sort_is_refused_at_once(admin, geojson, name, what):
    response = upload(admin, geojson(({"name": "W"}, square(50, 56, 0.2)), name=name), what)
    assert response.status_code == 200
    assert "must be a file ending in" in response.content.decode()


def test_a_file_that_cannot_be_read_leads_back_with_the_reason(admin, tmp_path):
    path = tmp_path / "areas.geojson"
    path.write_text(json.dumps([]))
    upload(admin, path)
    response = admin.get(reverse("places:preview"), follow=True)
    assert response.redirect_chain == [(reverse("places:import"), 302)]
    assert "file" in response.content.decode()


def test_confirming_twice_says_that_the_file_is_gone(admin, geojson):
    upload(admin, geojson(({"code": "W", "name": "West"}, square(50, 56.3, 0.2))))
    admin.post(reverse("places:confirm"))
    assert "no longer here" in admin.post(reverse("places:confirm"), follow=True).content.decode()


@pytest.mark.parametrize("key", ["../../etc/passwd", "nothing/here.csv", ""])
def test_only_uploads_are_found(key):
    assert uploads.find(key) is None


def test_the_search_finds_areas_in_any_language(person, small_province):
    officer = person("duty_officer")
    assert [hit.title for hit in find_areas(officer, "nor")] == ["North"]
    assert find_areas(officer, "Aral kk")[0].url == small_province.settlements[0].get_absolute_url()
    assert not find_areas(person("duty_officer", small_province.districts[1]), "Aral")
