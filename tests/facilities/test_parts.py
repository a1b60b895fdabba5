"""What belongs to a facility: buildings, entrances, documents; figures and the register's filters by them."""

from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from tirek.audit.act import Refused
from tirek.audit.models import Entry
from tirek.facilities import actions, figures, queries
from tirek.facilities.models import Building, Contact, Document, Entrance, Facility, Figures

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def picture(colour="white"):
    target = BytesIO()
    Image.new("RGB", (300, 200), colour).save(target, "PNG")
    return SimpleUploadedFile("plan.png", target.getvalue())


@pytest.fixture
def admin(person, small_province):
    return person("administrator")


def test_buildings_and_entrances_on_the_page(client_for, admin, small_province):
    client, hospital = client_for(admin), small_province.facilities[0]
    client.post(reverse("facilities:building_new", args=[hospital.pk]), {"name": "Main house", "floors": 5, "order": 1})
    house = Building.objects.get()
    door = {"name": "Gate", "kind": "vehicle", "building": house.pk, "control": "barrier", "order": 1}
    client.post(reverse("facilities:entrance_new", args=[hospital.pk]), door)
    entrance = Entrance.objects.get()
    client.post(reverse("facilities:entrance_edit", args=[entrance.pk]), door | {"control": "guard"})
    page = client.get(hospital.get_absolute_url()).content.decode()
    assert "Main house" in page
    assert "guard" in page
    assert Entry.objects.first().after["entrance_rows"] == ["Gate, for vehicles, Main house, guard"]
    client.post(reverse("facilities:building_remove", args=[house.pk]))
    entrance.refresh_from_db()
    assert entrance.building is None


def test_a_building_of_another_facility_is_not_offered(client_for, admin, small_province):
    hospital, school, _market = small_province.facilities
    own = actions.add_building(admin, hospital.pk, {"name": "Own"})
    others = actions.add_building(admin, school.pk, {"name": "Not ours"})
    url = reverse("facilities:entrance_new", args=[hospital.pk])
    data = {"name": "Door", "kind": "main", "control": "", "order": 1}
    client_for(admin).post(url, data | {"building": others.pk})
    assert not Entrance.objects.exists()
    client_for(admin).post(url, data | {"building": own.pk})
    assert Entrance.objects.get().building == own


def test_a_contact_with_an_account_sees_the_facility(client_for, admin, person, small_province):
    hospital, keeper = small_province.facilities[0], person("facility_contact")
    url = reverse("facilities:contact_new", args=[hospital.pk])
    data = {"full_name": "Aigul", "phone": "+7 701 000 00 00", "order": 1}
    assert client_for(keeper).get(hospital.get_absolute_url()).status_code == 404
    client_for(admin).post(url, data | {"person": keeper.pk})
    assert client_for(keeper).get(hospital.get_absolute_url()).status_code == 200
    assert Entry.objects.first().after["contacts"][-1].endswith(f"({keeper.username})")


def test_an_account_without_the_role_is_not_tied_to_a_facility(client_for, admin, person, small_province):
    hospital, analyst = small_province.facilities[0], person("analyst")
    url = reverse("facilities:contact_new", args=[hospital.pk])
    answer = client_for(admin).post(url, {"full_name": "A", "phone": "101", "order": 1, "person": analyst.pk})
    assert "person" in answer.context["form"].errors
    with pytest.raises(Refused, match="facility contact"):
        actions.add_contact(admin, hospital.pk, {"full_name": "A", "phone": "101", "person": analyst})
    assert not hospital.contacts.filter(person=analyst).exists()


def test_versions_of_a_document(client_for, admin, person, small_province):
    client, hospital = client_for(admin), small_province.facilities[0]
    new = {"kind": "site_plan", "title": "Site", "dated": "2020-05-01"}
    client.post(reverse("facilities:document_new", args=[hospital.pk]), new | {"file": picture()})
    first = Document.objects.get()
    assert first.file.kind == "plan"
    replace = reverse("facilities:document_replace", args=[first.pk])
    client.post(replace, {"file": picture("black"), "dated": "2026-05-01"})
    first.refresh_from_db()
    second = first.replaced_by
    assert (second.title, str(second.dated)) == ("Site", "2026-05-01")
    page = client.get(hospital.get_absolute_url(), {"tab": "documents"}).content.decode()
    assert "1 version before" in page
    assert second.file.thumbnail_url in page
    assert "newer version in its place" in client.post(replace, {"file": picture("red")}).content.decode()
    assert Document.objects.count() == 2
    south = client_for(person("inspector", small_province.districts[1]))
    assert client.get(second.file.get_absolute_url()).status_code == 200
    assert south.get(second.file.get_absolute_url()).status_code == 404
    client.post(reverse("facilities:document_remove", args=[second.pk]))
    assert [paper.document for paper in queries.documents(hospital)] == [first]


def test_what_is_no_document(client_for, admin, small_province):
    url = reverse("facilities:document_new", args=[small_province.facilities[0].pk])
    evil = SimpleUploadedFile("plan.png", b"<html><script>alert(1)</script></html>")
    page = client_for(admin).post(url, {"kind": "site_plan", "title": "Site", "file": evil}).content.decode()
    assert "allowed type" in page
    assert not Document.objects.exists()


def test_who_is_on_duty_now(client_for, admin, small_province):
    hospital = small_province.facilities[0]
    for name, hours in (("Post", "around the clock"), ("Nobody", "0:00-0:01"), ("Unknown", "by agreement")):
        Contact.objects.create(facility=hospital, full_name=name, phone="+7 700", hours=hours)
    page = client_for(admin).get(hospital.get_absolute_url()).content.decode()
    assert page.count("on duty now") == 1


def figure(facility, **fields):
    Figures.objects.update_or_create(facility=facility, defaults=fields)


def test_filters_by_figures_and_the_head(client_for, admin, small_province):
    hospital, school, market = small_province.facilities
    today = timezone.localdate()
    figure(hospital, protection=92.0, notices_open=2, notices_overdue=1, next_due=today - timedelta(days=9))
    figure(school, protection=48.0, notices_open=1, next_due=today + timedelta(days=4), inspected_on=today)
    client = client_for(admin)

    def found(**query):
        page = client.get(reverse("facilities:register"), query).content.decode()
        return {name for name in ("Hospital", "School", "Market") if f">{name}</a>" in page}

    assert found(notices="open") == {"Hospital", "School"}
    assert found(notices="overdue") == {"Hospital"}
    assert found(notices="none") == {"Market"}
    assert found(inspected="never") == {"Hospital", "Market"}
    assert found(inspected="this_year") == found(inspected="year") == {"School"}
    assert found(protection="50") == {"School"}
    assert found(protection="unknown") == {"Market"}
    assert found(passport="none") == {"Hospital", "School", "Market"}
    Facility.objects.filter(pk=market.pk).update(state="removed")
    assert found() == {"Hospital", "School"}
    assert found(state="removed") == {"Market"}
    page = client.get(reverse("facilities:register"), {"all": "1"}).content.decode()
    assert "overdue 9 days" in page
    assert page.index(">Hospital</a>") < page.index(">School</a>")
    head = queries.head(admin)
    assert (head.listed, head.inspected, head.notices, head.overdue, head.oldest_days) == (2, 1, 3, 1, 9)
    assert head.protection == 70.0


def test_pages_of_fifty(client_for, admin, small_province):
    answer = client_for(admin).get(reverse("facilities:register"), {"per_page": "50"})
    assert answer.context["table"].page.paginator.per_page == 50
    assert client_for(admin).get(reverse("facilities:register"), {"per_page": "7"}).status_code == 200


def test_counting_says_which_copies_were_wrong(small_province, monkeypatch):
    hospital = small_province.facilities[0]
    figures.recount_all()
    monkeypatch.setattr(figures, "_counters", [lambda ids: {hospital.pk: {"notices_open": 2}}])
    figure(small_province.facilities[1], notices_open=5)
    said = StringIO()
    with pytest.raises(SystemExit):
        call_command("count_figures", stdout=said)
    assert "3 facilities counted, 2 copies were wrong" in said.getvalue()
    assert hospital.code in said.getvalue()
    assert {f.facility_id: f.notices_open for f in Figures.objects.all()}[hospital.pk] == 2
    said = StringIO()
    call_command("count_figures", stdout=said)
    assert "0 copies were wrong" in said.getvalue()


def test_hours_on_the_form(client_for, admin, small_province):
    hospital = small_province.facilities[0]
    url = reverse("facilities:edit", args=[hospital.pk])
    data = {
        "code": hospital.code, "type": hospital.type_id, "name_ru": "Больница", "category": 1, "lat": "50.5", "lon": "56.8",
        "area": hospital.area_id, "capacity": 1, "entrances": 1,
    }  # fmt: skip
    client = client_for(admin)
    assert "cannot be read as hours" in client.post(url, data | {"opening": "often"}).content.decode()
    client.post(url, data | {"opening": "Mon-Fri 8-18", "owner": "Region", "staff": "12"})
    hospital.refresh_from_db()
    assert hospital.opening == [[480, 1080]] * 5 + [None, None]
    assert "Mon–Fri 8:00–18:00" in client.get(hospital.get_absolute_url()).content.decode()
    assert 'value="Mon–Fri 8:00–18:00"' in client.get(url).content.decode()
