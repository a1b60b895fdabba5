"""The register as a table: there and back, errors by row, nothing twice."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tirek.accounts.models import Person
from tirek.audit.models import Entry
from tirek.facilities.models import Contact, Facility, FacilityType
from tirek.jobs.running import run_waiting
from tirek.places.rebuild import rebuild_population
from tirek.sheets import actions as sheets
from tirek.sheets.models import Import
from tirek.sheets.registry import sheet_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
HEAD = "code;name_ru;type;category;lat;lon;agency;opening;visitors;contact1_name;contact1_phone;capacity"
GOOD = "N-1;Новая школа;school;3;50,5;56,8;health;Пн-Пт 8-18;;Ибраев;+7 (7132) 55-00-02;120"


@pytest.fixture
def admin(person, small_province):
    rebuild_population()
    return person("administrator")


def bring(user, *lines, head=HEAD):
    text = "\n".join([head, *lines]).encode()
    found = sheets.bring(user, sheet_of("facilities"), SimpleUploadedFile("f.csv", text), "f.csv")
    run_waiting()
    found.refresh_from_db()
    return found


def write(user, found, **more):
    sheets.write(user, found.pk, **more)
    run_waiting()
    found.refresh_from_db()
    return found


def test_a_row_becomes_a_facility(admin, small_province):
    found = write(admin, bring(admin, GOOD))
    assert found.state == Import.State.WRITTEN
    facility = Facility.objects.get(code="N-1")
    assert (facility.type.code, facility.category, facility.capacity) == ("school", 3, 120)
    assert facility.area == small_province.settlements[0]
    assert facility.agency == small_province.agency
    assert facility.opening == [[480, 1080]] * 5 + [None, None]
    assert facility.cell
    assert "новая школа" in facility.words
    assert [(c.full_name, c.phone) for c in facility.contacts.all()] == [("Ибраев", "+7 (7132) 55-00-02")]
    assert facility.figures.notices_open == 0
    entry = Entry.objects.filter(verb="facilities.import_facility").get()
    assert entry.after["contacts"] == ["1. Ибраев, +7 (7132) 55-00-02"]
    assert entry.area_path == small_province.settlements[0].path


def test_the_second_time_everything_is_the_same(admin):
    write(admin, bring(admin, GOOD))
    assert bring(admin, GOOD).counts == {"same": 1}


def test_only_what_differs_is_changed(admin):
    write(admin, bring(admin, GOOD))
    found = bring(admin, "N-1;130;+7 (7132) 55-00-03", head="code;capacity;contact1_phone")
    assert found.counts == {"change": 1}
    write(admin, found)
    facility = Facility.objects.get(code="N-1")
    assert (facility.capacity, facility.name_ru, facility.category) == (130, "Новая школа", 3)
    assert facility.contacts.get().phone == "+7 (7132) 55-00-03"
    entry = Entry.objects.filter(verb="facilities.import_facility").first()
    assert set(entry.after) == {"capacity", "contacts"}


def test_every_error_by_row(admin):
    found = bring(
        admin,
        GOOD,
        "N-2;;school;2;50.5;56.8;;;;;;",
        "N-3;Школа;nonsense;2;50.5;56.8;;;;;;",
        "N-4;Школа;school;7;50.5;56.8;;;;;;",
        "N-5;Школа;school;2;10;10;;;;;;",
        "N-6;Школа;school;2;50.5;56.8;;often;1 2 3;;;",
        "N-7;Школа;school;2;50.5;56.8;;;;Ибраев;;",
        "N-8;Школа;school;2;;;;;;;;",
        "N-1;Школа;school;2;50.5;56.8;;;;;;",
    )
    assert found.counts == {"add": 1, "error": 8}
    said = {row.number: " ".join(text for _column, text in row.errors) for row in found.rows.filter(deed="error")}
    for number, words in {
        3: "a name in at least one language", 4: "nonsense", 5: "not one of", 6: "lies in no area",
        7: "24 numbers", 8: "can be rung", 9: "Must not be empty", 10: "same as row 2",
    }.items():  # fmt: skip
        assert words in said[number], number
    assert "cannot be read as hours" in said[7]
    assert not Facility.objects.filter(code__startswith="N-").exists()
    write(admin, found, leave_out_errors=True)
    assert Facility.objects.filter(code__startswith="N-").count() == 1


def test_out_of_reach(person, admin, small_province):
    south = person("administrator", small_province.districts[1])
    hospital = small_province.facilities[0]
    found = bring(south, f"{hospital.code};9", "N-9;1", head="code;capacity")
    said = [text for row in found.rows.all() for _column, text in row.errors]
    assert any("outside what you may change" in text for text in said)
    found = bring(south, GOOD)
    assert found.counts == {"error": 1}


def test_there_and_back(client_for, admin, small_province):
    write(admin, bring(admin, GOOD))
    for order in (1, 2, 3, 4):
        contact = {"full_name": f"Guard {order}", "phone": f"+7 700 {order}", "order": order}
        Contact.objects.create(facility=small_province.facilities[0], **contact)
    answer = client_for(admin).get(reverse("sheets:export", args=["facilities", "csv"]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert len(rows) == 4
    found = sheets.bring(admin, sheet_of("facilities"), SimpleUploadedFile("f.csv", text.encode()), "f.csv")
    run_waiting()
    found.refresh_from_db()
    assert found.counts == {"same": 4}, [row.errors or row.changes for row in found.rows.all()]


def test_the_export_keeps_the_filters(client_for, person, small_province):
    market = FacilityType.objects.get(code="market")
    Facility.objects.filter(pk=small_province.facilities[2].pk).update(type=market)
    client = client_for(person("chief"))
    page = client.get(reverse("facilities:register"), {"type": market.pk}).content.decode()
    assert f"{reverse('sheets:export', args=['facilities', 'csv'])}?type={market.pk}" in page
    answer = client.get(reverse("sheets:export", args=["facilities", "csv"]), {"type": market.pk})
    assert len(b"".join(answer.streaming_content).decode().strip().splitlines()) == 2
    assert (
        client_for(person("coordinator")).get(reverse("sheets:export", args=["facilities", "csv"])).status_code == 403
    )


CONTACTS = "code;contact1_name;contact1_phone;contact2_name;contact2_phone;contact3_name;contact3_phone"


@pytest.fixture
def hospital(small_province, person):
    """A director and a deputy, both with accounts, and a guard without one."""
    made = small_province.facilities[0]
    for order, (name, account) in enumerate([("Ибраев", "director"), ("Оспанова", "deputy"), ("Вахта", "")], start=1):
        reader = person("facility_contact", username=account) if account else None
        Contact.objects.create(facility=made, full_name=name, phone=f"+7 700 {order}", order=order, person=reader)
    return made


def readers(facility):
    rows = facility.contacts.select_related("person").order_by("order", "pk")
    return [(c.full_name, c.phone, c.person.username if c.person else "") for c in rows]


def changes_of(found):
    return {key: (old, new) for row in found.rows.all() for key, old, new in row.changes}


def test_a_new_name_does_not_take_over_the_account_of_the_old_one(admin, hospital, client_for):
    row = f"{hospital.code};Сериков;+7 700 1;Оспанова;+7 700 2;Вахта;+7 700 3"
    found = bring(admin, row, head=CONTACTS)
    told = {"contact1_name": ("Ибраев", "Сериков"), "contact1_account": ("director", "")}
    assert changes_of(found) == told
    page = client_for(admin).get(found.get_absolute_url()).content.decode()
    assert "contact 1: account in Tirek" in page
    write(admin, found)
    assert readers(hospital) == [
        ("Сериков", "+7 700 1", ""), ("Оспанова", "+7 700 2", "deputy"), ("Вахта", "+7 700 3", ""),
    ]  # fmt: skip
    old = Person.objects.get(username="director")
    assert hospital not in Facility.objects.restrict(old, "view")
    entry = Entry.objects.filter(verb="facilities.import_facility").get()
    assert entry.before["contacts"][0] == "1. Ибраев, +7 700 1 (director)"
    assert entry.after["contacts"][:2] == ["1. Сериков, +7 700 1", "2. Оспанова, +7 700 2 (deputy)"]
    assert bring(admin, row, head=CONTACTS).counts == {"same": 1}


def test_who_moves_up_a_row_keeps_the_account(admin, hospital):
    row = f"{hospital.code};оспанова ;+7 700 2;Вахта;+7 700 3;;"
    found = bring(admin, row, head=CONTACTS)
    told = changes_of(found)
    assert told["contact1_account"] == ("director", "deputy")
    assert told["contact2_account"] == ("deputy", "")
    write(admin, found)
    assert readers(hospital) == [("оспанова", "+7 700 2", "deputy"), ("Вахта", "+7 700 3", "")]
    assert bring(admin, row, head=CONTACTS).counts == {"same": 1}


def test_two_who_change_places_take_everything_along(admin, hospital):
    Contact.objects.create(facility=hospital, full_name="Fourth", phone="+7 700 4", order=4)
    head = "code;contact1_name;contact2_name"
    found = bring(admin, f"{hospital.code};Оспанова;Ибраев", head=head)
    assert changes_of(found)["contact1_phone"] == ("+7 700 1", "+7 700 2"), "the telephone goes with the person"
    write(admin, found)
    assert readers(hospital) == [
        ("Оспанова", "+7 700 2", "deputy"), ("Ибраев", "+7 700 1", "director"),
        ("Вахта", "+7 700 3", ""), ("Fourth", "+7 700 4", ""),
    ]  # fmt: skip


def test_a_new_one_above_pushes_the_others_down(admin, hospital):
    row = f"{hospital.code};Сериков;+7 700 9;Ибраев;+7 700 1;Оспанова;+7 700 2"
    write(admin, bring(admin, row, head=CONTACTS))
    assert readers(hospital) == [
        ("Сериков", "+7 700 9", ""), ("Ибраев", "+7 700 1", "director"), ("Оспанова", "+7 700 2", "deputy"),
    ]  # fmt: skip


def test_another_telephone_leaves_the_account(admin, hospital):
    write(admin, bring(admin, f"{hospital.code};+7 700 8", head="code;contact1_phone"))
    assert readers(hospital)[0] == ("Ибраев", "+7 700 8", "director")


def test_a_new_name_without_a_telephone_takes_over_nobody_elses(admin, hospital):
    found = bring(admin, f"{hospital.code};Сериков;Ибраев", head="code;contact1_name;contact2_name")
    assert [text for row in found.rows.all() for _column, text in row.errors] == [
        "Give a phone number that can be rung."
    ]
