"""Acts on the register: who may, what they change, what they leave in the chain."""

import h3
import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from tirek.audit.models import Entry
from tirek.facilities import actions
from tirek.facilities.models import Contact, Facility, FacilityType
from tirek.places.rebuild import rebuild_population

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
CONTACT = {"full_name": "Guard", "position": "", "phone": "+7 (7132) 55-00-01", "hours": "", "order": 1}


@pytest.fixture
def admin(person, small_province):
    return person("administrator")


def fields(province, **more):
    kind = FacilityType.objects.get(code="school")
    place = {"lat": 50.5, "lon": 56.8, "area": province.settlements[0]}
    return {"code": "N-1", "type": kind, "name_ru": "Новая школа"} | place | more


def last():
    return Entry.objects.first()


def test_adding_a_facility(admin, small_province):
    facility = actions.add_facility(admin, fields(small_province))
    assert facility.cell == h3.latlng_to_cell(50.5, 56.8, 10)
    assert (last().verb, last().object_id) == ("facilities.add_facility", str(facility.pk))
    assert last().area_path == small_province.settlements[0].path


def test_adding_outside_the_own_part_is_refused_and_leaves_nothing(person, small_province):
    admin = person("administrator", small_province.districts[1])
    with pytest.raises(PermissionDenied):
        actions.add_facility(admin, fields(small_province))
    assert not Facility.objects.filter(code="N-1").exists()
    assert not Entry.objects.exists()


def test_changing_keeps_what_was_before_and_moves_the_cell(admin, small_province):
    facility = small_province.facilities[0]
    changed = actions.change_facility(admin, facility.pk, {"capacity": 900, "lat": 50.52})
    assert changed.cell != facility.cell
    assert last().before["capacity"] == 0
    assert last().after["capacity"] == 900
    assert "name_ru" not in last().after  # only what differs


def test_a_facility_cannot_be_moved_out_of_reach(person, small_province):
    admin = person("administrator", small_province.districts[0])
    with pytest.raises(PermissionDenied):
        actions.change_facility(admin, small_province.facilities[0].pk, {"area": small_province.settlements[2]})
    with pytest.raises(Facility.DoesNotExist):
        actions.change_facility(admin, small_province.facilities[2].pk, {"capacity": 1})


def test_contacts_are_added_changed_and_removed_with_a_trace(admin, small_province):
    facility = small_province.facilities[0]
    contact = actions.add_contact(admin, facility.pk, CONTACT)
    assert last().after["contacts"] == ["1. Guard, +7 (7132) 55-00-01"]
    actions.change_contact(admin, contact.pk, {"full_name": "Post"})
    assert (last().before["contacts"], last().after["contacts"]) == (
        ["1. Guard, +7 (7132) 55-00-01"],
        ["1. Post, +7 (7132) 55-00-01"],
    )
    actions.remove_contact(admin, contact.pk)
    assert last().after["contacts"] == []
    assert {entry.object_id for entry in Entry.objects.all()} == {str(facility.pk)}


def test_contacts_of_others_are_out_of_reach(person, admin, small_province):
    contact = actions.add_contact(admin, small_province.facilities[2].pk, CONTACT)
    other = person("inspector", small_province.districts[0])
    for act in (
        lambda: actions.change_contact(other, contact.pk, {}),
        lambda: actions.remove_contact(other, contact.pk),
    ):
        with pytest.raises(Facility.DoesNotExist):
            act()
    with pytest.raises(PermissionDenied):
        actions.add_contact(person("duty_officer"), small_province.facilities[0].pk, CONTACT)


def form(**more):
    kind = FacilityType.objects.get(code="school")
    plain = {"code": "N-1", "type": kind.pk, "name_ru": "Новая школа", "category": 2, "lat": "50.5", "lon": "56.8"}
    return plain | {"capacity": 10, "entrances": 1, "visitors": "", "area": ""} | more


def test_the_form_finds_the_area_by_the_place(client_for, admin, small_province):
    rebuild_population()
    response = client_for(admin).post(reverse("facilities:new"), form(visitors=" ".join(["5"] * 24)))
    facility = Facility.objects.get(code="N-1")
    assert response.url == facility.get_absolute_url()
    assert facility.area == small_province.settlements[0]
    assert facility.visitors == [5] * 24


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"name_ru": ""}, "a name in at least one language"),
        ({"visitors": "1 2 3"}, "24 numbers"),
        ({"visitors": "x " * 24}, "24 numbers"),
        ({"lat": "10", "lon": "10"}, "lies in no area"),
        ({"lat": "95"}, "85"),
    ],
)
def test_what_the_form_refuses(client_for, admin, small_province, more, said):
    page = client_for(admin).post(reverse("facilities:new"), form(**more)).content.decode()
    assert said in page
    assert not Facility.objects.filter(code="N-1").exists()


def test_editing_on_the_page(client_for, admin, small_province):
    facility = small_province.facilities[0]
    url = reverse("facilities:edit", args=[facility.pk])
    client = client_for(admin)
    assert facility.name_ru in client.get(url).content.decode()
    data = form(code=facility.code, name_ru="Больница № 2", area=facility.area_id, type=facility.type_id)
    assert client.post(url, data).url == facility.get_absolute_url()
    facility.refresh_from_db()
    assert facility.name_ru == "Больница № 2"


def test_an_agency_keeps_to_its_facilities(client_for, person, small_province):
    inspector = person("inspector", agency=small_province.agency)
    facility = small_province.facilities[0]
    data = form(code=facility.code, area=facility.area_id, type=facility.type_id, agency="")
    page = client_for(inspector).post(reverse("facilities:edit", args=[facility.pk]), data).content.decode()
    assert "outside what you may change" in page


def test_contacts_on_the_page(client_for, admin, small_province):
    client, facility = client_for(admin), small_province.facilities[0]
    new = reverse("facilities:contact_new", args=[facility.pk])
    assert "can be rung" in client.post(new, CONTACT | {"phone": "call me"}).content.decode()
    assert client.post(new, CONTACT).url == facility.get_absolute_url()
    contact = Contact.objects.get()
    client.post(reverse("facilities:contact_edit", args=[contact.pk]), CONTACT | {"full_name": "Post"})
    assert Contact.objects.get().full_name == "Post"
    client.post(reverse("facilities:contact_remove", args=[contact.pk]))
    assert not Contact.objects.exists()
