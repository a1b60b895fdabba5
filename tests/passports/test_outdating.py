from datetime import date

import pytest
from django.utils import translation

from tests.passports.making import fill, make_contact, make_in_force, make_plan
from tirek.audit.models import Entry
from tirek.equipment.models import Item
from tirek.facilities.models import Building, Contact, Document, Entrance, Figures
from tirek.passports import content
from tirek.passports.actions import check_all
from tirek.passports.compare import differences, is_stale, of_the_day
from tirek.passports.models import Passport

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def hospital(small_province):
    return fill(small_province.facilities[0])


@pytest.fixture
def passport(hospital):
    return make_in_force(hospital)


def now(facility):
    return content.facts_of([facility.pk])[facility.pk]


def save(facility, **fields):
    type(facility).objects.filter(pk=facility.pk).update(**fields)


CHANGES = {
    "name": (lambda f: save(f, name_ru="Большая больница"), 1, "Name of the facility"),
    "category": (lambda f: save(f, category=1), 1, "Category"),
    "address in one language": (lambda f: save(f, address_kk="Басқа көше, 1"), 1, "Address"),
    "head": (lambda f: save(f, head="Somebody"), 1, "Head"),
    "agency": (lambda f: save(f, agency=None), 1, "Agency in charge"),
    "place": (lambda f: save(f, lat=50.6), 1, "Latitude, longitude"),
    "contact's phone": (lambda f: f.contacts.update(phone="+7 1"), 1, "Contacts: "),
    "contact gone": (lambda f: f.contacts.all().delete(), 1, "Contacts: "),
    "contact added": (lambda f: Contact.objects.create(facility=f, full_name="New", phone="2"), 1, "Contacts: New"),
    "opening": (lambda f: save(f, opening=[[0, 1440]] * 7), 2, "Opening hours"),
    "capacity": (lambda f: save(f, capacity=401), 2, "Capacity, people"),
    "people of one hour": (lambda f: save(f, visitors=[5] * 7 + [6] + [120] * 10 + [5] * 6), 2, "People by hour"),
    "building": (lambda f: f.buildings.update(people=10), 2, "Buildings: Main house, People at most"),
    "building added": (lambda f: Building.objects.create(facility=f, name="Annex"), 2, "Buildings: Annex"),
    "entrance": (lambda f: f.entrance_rows.update(kind="staff"), 2, "Ways in: Front door, Kind"),
    "entrance gone": (lambda f: Entrance.objects.filter(facility=f).delete(), 2, "Ways in: Front door"),
    "device taken out": (lambda f: f.equipment.filter(state="fault").update(state="retired"), 3, "Installed: Видеокамера, Q"),
    "site plan dated": (
        lambda f: f.documents.filter(kind="site_plan").update(dated=date(2026, 1, 2)), 4, "Plan: The site_plan, Date",
    ),
    "floor plan gone": (lambda f: f.documents.filter(kind="floor_plan").delete(), 5, "Floor plan: The floor_plan"),
    "another file": (lambda f: f.documents.filter(kind="utilities").update(file=make_plan()), 6, "Scheme: The utilities"),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_each_kind_of_change_is_found_and_named(hospital, passport, change):
    do, part, field = CHANGES[change]
    assert not is_stale(passport.facts, now(hospital))
    do(hospital)
    live = now(hospital)
    assert is_stale(passport.facts, live)
    [difference] = differences(passport.facts, live)
    assert difference.part == part
    assert difference.field.startswith(field)
    assert difference.before != difference.now


def test_a_newer_plan_takes_the_place_of_the_older(hospital, passport):
    old = hospital.documents.get(kind="floor_plan")
    new = Document.objects.create(facility=hospital, kind="floor_plan", title="Floor plan of 2026", file=make_plan())
    Document.objects.filter(pk=old.pk).update(replaced_by=new)
    found = differences(passport.facts, now(hospital))
    assert [(row.before == "—", row.now == "—") for row in found] == [(False, True), (True, False)]


def test_a_fault_or_a_notice_makes_no_passport_out_of_date(hospital, passport):
    hospital.equipment.update(state="fault")
    live = now(hospital)
    assert not is_stale(passport.facts, live)
    assert check_all() == 0
    assert [(row.before, row.now) for row in of_the_day(passport.facts, live)] == [("2", "0"), ("1", "3")]


def test_in_words_of_the_reader(hospital, passport):
    save(hospital, opening=[[540, 1080]] * 5 + [None, None])
    with translation.override("ru"):
        [ru] = differences(passport.facts, now(hospital))
    with translation.override("kk"):
        [kk] = differences(passport.facts, now(hospital))
    assert "пн" in ru.before.lower()
    assert "дс" in kk.before.lower()
    assert ru.field != kk.field


class TestMarks:
    def test_the_worker_marks_it_once_and_takes_the_mark_away(self, hospital, passport):
        save(hospital, capacity=900)
        assert check_all() == 1
        assert check_all() == 0
        marked = Passport.objects.get(pk=passport.pk)
        assert marked.stale_since
        assert Figures.objects.get(pk=hospital.pk).passport_state == "stale"
        save(hospital, capacity=400)
        assert check_all() == 1
        assert Passport.objects.get(pk=passport.pk).stale_since is None
        assert Figures.objects.get(pk=hospital.pk).passport_state == "in_force"
        assert Entry.objects.filter(verb="passports.outdate_passport").count() == 2

    def test_opening_the_page_marks_it_too(self, hospital, passport, client_for):
        Item.objects.filter(facility=hospital).first().delete()
        client = client_for(passport.agreed_by)
        page = client.get(passport.get_absolute_url())
        assert "Out of date" in page.content.decode()
        assert Passport.objects.get(pk=passport.pk).stale_since

    def test_all_facilities_in_few_queries(self, small_province, django_assert_max_num_queries):
        for facility in small_province.facilities:
            make_contact(facility)
            make_in_force(facility)
        with django_assert_max_num_queries(10):
            assert check_all() == 0
