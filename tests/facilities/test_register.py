"""The register: filters, map, search, and what each person sees of it."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from tests.fixtures import make_facility, square
from tirek.facilities.models import Contact, Facility, FacilityType
from tirek.facilities.queries import facilities_in, hours, peak, people_now
from tirek.facilities.registry import sections
from tirek.facilities.search import find_facilities
from tirek.facilities.types import TYPES
from tirek.ui.sections import Section, Sections

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
REGISTER = "facilities:register"


@pytest.fixture
def officer(client_for, person, small_province):
    return client_for(person("duty_officer"))


def listed(client, **query):
    page = client.get(reverse(REGISTER), query).content.decode()
    return {name for name in ("Hospital", "School", "Market") if f">{name}</a>" in page}


def on_the_map(client, **query):
    return {row[4] for row in client.get(reverse("facilities:map_json"), query).json()["rows"]}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, {"Hospital", "School", "Market"}),
        ({"q": "hosp"}, {"Hospital"}),
        ({"q": "hospital aral"}, {"Hospital"}),
        ({"q": "hospital saryn"}, set()),
        ({"category": "1"}, {"School"}),
        ({"box": "56.7,50.4,56.9,50.6"}, {"Hospital"}),
        ({"box": "nonsense"}, {"Hospital", "School", "Market"}),
        ({"box": "1,2,3"}, {"Hospital", "School", "Market"}),
    ],
)
def test_the_table_and_the_map_follow_the_same_filters(officer, small_province, query, names):
    Facility.objects.filter(pk=small_province.facilities[1].pk).update(category=1)
    assert listed(officer, **query) == names
    assert on_the_map(officer, **query) == names


def test_by_area_and_by_type(officer, small_province):
    north = small_province.districts[0]
    assert listed(officer, area=north.pk) == {"Hospital", "School"}
    market = FacilityType.objects.get(code="market")
    Facility.objects.filter(pk=small_province.facilities[2].pk).update(type=market)
    assert listed(officer, type=market.pk) == {"Market"}


@pytest.mark.parametrize(
    "order",
    [
        "name",
        "-name",
        "district",
        "-district",
        "type",
        "-category",
        "protection",
        "-notices",
        "due",
        "-due",
        "inspected",
        "-inspected",
    ],
)
def test_each_order(officer, order):
    assert listed(officer, sort=order) == {"Hospital", "School", "Market"}


def test_a_person_of_the_south_sees_the_south(client_for, person, small_province):
    client = client_for(person("duty_officer", small_province.districts[1]))
    assert listed(client) == on_the_map(client) == {"Market"}
    assert client.get(small_province.facilities[0].get_absolute_url()).status_code == 404


def test_a_contact_sees_the_own_facility_only(client_for, person, small_province):
    nurse = person("facility_contact")
    Contact.objects.create(facility=small_province.facilities[1], person=nurse, full_name="Nurse", phone="+7 700")
    assert listed(client_for(nurse)) == {"School"}


def test_an_empty_register_says_how_to_begin(client_for, person):
    page = client_for(person("administrator")).get(reverse(REGISTER)).content.decode()
    assert "No facilities yet" in page
    assert reverse("facilities:new") in page


def test_the_page_shows_whom_to_ring_and_in_which_order(officer, small_province):
    facility = small_province.facilities[0]
    facility.visitors = [0] * 8 + [300] * 10 + [20] * 6
    facility.notes = "The gate in the yard."
    facility.save()
    for order, name in ((2, "Second"), (1, "First")):
        Contact.objects.create(facility=facility, full_name=name, phone=f"+7 (7132) 55-00-0{order}", order=order)
    page = officer.get(facility.get_absolute_url()).content.decode()
    assert page.index("First") < page.index("Second")
    assert 'href="tel:+77132550001"' in page
    assert "The gate in the yard." in page
    assert "at most 300 at 8:00" in page
    assert reverse("facilities:edit", args=[facility.pk]) not in page  # an officer changes nothing here


@pytest.mark.parametrize("tab", ["map", "history", "nonsense"])
def test_other_tabs(officer, small_province, tab):
    assert officer.get(small_province.facilities[0].get_absolute_url(), {"tab": tab}).status_code == 200


def test_people_now_by_local_time(small_province):
    facility = make_facility("Round the clock", small_province.settlements[0], visitors=list(range(24)))
    at = datetime(2026, 3, 2, 21, 59, tzinfo=ZoneInfo("Asia/Aqtobe"))
    assert people_now(facility, at) == 21
    assert peak(facility) == 23
    assert [hour.hour for hour in hours(facility, at) if hour.is_now] == [21]
    assert people_now(small_province.facilities[0]) is None
    assert hours(small_province.facilities[0]) == []


def test_facilities_in_a_shape(person, small_province):
    shape = square(50.5, 57.0, 0.3)
    assert {f.name_en for f in facilities_in(shape)} == {"Hospital", "School"}
    south = person("duty_officer", small_province.districts[1])
    assert facilities_in(shape, south) == []
    triangle = {"type": "Polygon", "coordinates": [[[56.5, 50.2], [57.5, 50.2], [56.5, 50.9], [56.5, 50.2]]]}
    assert {f.name_en for f in facilities_in(triangle)} == {"Hospital"}  # the school is in its box only


def test_the_search_finds_what_the_person_may_see(person, small_province):
    assert [hit.title for hit in find_facilities(person("duty_officer"), "market")] == ["Market"]
    assert find_facilities(person("duty_officer", small_province.districts[0]), "market") == []
    assert find_facilities(person("coordinator"), "market") == []


def test_the_search_puts_a_name_before_an_address_and_shows_the_address_that_it_found(person, small_province):
    area = small_province.facilities[0].area
    make_facility("On that street", area, category=1, address_ru="проспект Абая, 77")
    make_facility("Library of Абая", area, category=3)
    hits = find_facilities(person("duty_officer"), "абая")
    assert [hit.title for hit in hits] == ["Library of Абая", "On that street"]
    assert "Абая" not in hits[0].subtitle
    assert hits[1].subtitle.endswith(", проспект Абая, 77")


def test_other_apps_put_sections_on_the_page(rf, small_province):
    own = Sections()
    own.add(lambda request, facility: Section("late", "Late", "x.html", order=90))
    own.add(lambda request, facility: None)
    own.add(lambda request, facility: Section("early", "Early", "x.html", order=10))
    assert [section.key for section in own.collect(rf.get("/"), small_province.facilities[0])] == ["early", "late"]
    assert isinstance(sections, Sections)


def test_every_type_is_there_with_three_names():
    assert set(FacilityType.objects.values_list("code", flat=True)) >= {code for code, *_names in TYPES}
    assert all(kind.name_kk and kind.name_ru and kind.name_en for kind in FacilityType.objects.all())


def test_points_are_light(officer, small_province):
    found = officer.get(reverse("facilities:map_json")).json()
    row = next(row for row in found["rows"] if row[4] == "Hospital")
    hospital = small_province.facilities[0]
    assert row == [hospital.pk, hospital.lat, hospital.lon, found["types"].index("Hospital"), "Hospital", 0]
