"""Pages: the list and its filters, the record, labels, the tab of a facility, the table."""

import shutil
import subprocess
import time
from datetime import timedelta

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from tests.equipment.makers import kind, make_item
from tests.fixtures import make_person
from tirek.equipment.labels import MOST, labels_pdf
from tirek.equipment.models import Item
from tirek.jobs.running import run_waiting
from tirek.sheets import actions as sheets
from tirek.sheets.registry import sheet_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
State = Item.State


@pytest.fixture
def inspector(small_province):
    return make_person("inspector", small_province.districts[0])


def tags(response):
    return sorted(row.record.tag for row in response.context["table"].rows)


def test_filters(small_province, client_for):
    hospital, school, market = small_province.facilities
    today = timezone.localdate()
    make_item(hospital, tag="A", next_test_on=today - timedelta(days=1))
    make_item(hospital, "siren", tag="B", state=State.FAULT, warranty_until=today + timedelta(days=9))
    make_item(school, tag="C", state=State.RETIRED, next_test_on=today - timedelta(days=1))
    make_item(market, tag="D", serial="XK")
    client, url = client_for(make_person("analyst")), reverse("equipment:items")
    asked = lambda **query: tags(client.get(url, query))  # noqa: E731
    assert asked() == ["A", "B", "D"]
    assert asked(due="test") == ["A"]
    assert asked(due="warranty") == ["B"]
    assert asked(state=["retired"]) == ["C"]
    assert asked(group=["sound"]) == ["B"]
    assert asked(kind=[kind().pk]) == ["A", "D"]
    assert asked(facility=hospital.code.lower()) == ["A", "B"]
    assert asked(area=small_province.districts[1].pk) == ["D"]
    assert asked(q="siren hospital") == ["B"]
    assert asked(q="xk") == ["D"]


def test_the_code_on_a_label_opens_the_record(small_province, client_for):
    hospital, _school, market = small_province.facilities
    contact = make_person("facility_contact")
    hospital.contacts.create(full_name="Guard", phone="101", person=contact)
    mine, other = make_item(hospital, tag="Т-Ә 7"), make_item(market)
    client = client_for(contact)
    assert client.get(reverse("equipment:tag", args=[mine.tag])).url == mine.get_absolute_url()
    assert client.get(mine.get_absolute_url()).status_code == 200
    assert client.get(reverse("equipment:tag", args=[other.tag])).status_code == 404
    assert client.get(reverse("equipment:tag", args=["nothing"])).status_code == 404


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext reads the PDF")
def test_labels_say_what_stands_on_them(small_province, inspector, client_for, tmp_path):
    hospital = small_province.facilities[0]
    hospital.name_en = "Ақтөбе облыстық ауруханасы, ӘҒҚҢӨҰҮҺІ"
    hospital.save()
    first, second = make_item(hospital, tag="H-1", place="hall"), make_item(hospital, tag="H-2")
    client, url = client_for(inspector), reverse("equipment:labels")
    whole, one = client.get(url, {"facility": hospital.code}), client.get(url, {"id": [second.pk]})
    texts = []
    for number, answer in enumerate((whole, one)):
        path = tmp_path / f"{number}.pdf"
        path.write_bytes(answer.content)
        texts.append(subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout)
    for word in (first.tag, second.tag, "hall", "Camera", "ӘҒҚҢӨҰҮҺІ"):
        assert word in texts[0]
    assert first.tag not in texts[1]
    assert second.tag in texts[1]


def test_ten_sheets_of_labels_take_a_second(small_province):
    items = [make_item(small_province.facilities[0]) for _ in range(MOST)]
    rows = list(Item.objects.filter(pk__in=[item.pk for item in items]).select_related("kind", "facility", "building"))
    labels_pdf(rows[:3], lambda item: f"https://tirek.example/equipment/t/{item.tag}/")  # reads the fonts
    started = time.process_time()
    labels_pdf(rows, lambda item: f"https://tirek.example/equipment/t/{item.tag}/")
    assert time.process_time() - started <= 1.0


def test_too_many_labels_are_refused(small_province, inspector, client_for):
    for _ in range(MOST + 1):
        make_item(small_province.facilities[0])
    answer = client_for(inspector).get(reverse("equipment:labels"))
    assert (answer.status_code, b"Narrow" in answer.content) == (409, True)


def test_add_through_the_page(small_province, inspector, client_for):
    hospital, _school, market = small_province.facilities
    client, url = client_for(inspector), reverse("equipment:new")
    data = {"kind": kind().pk, "count": 2, "quantity": 1, "state": "works"}
    answer = client.post(f"{url}?facility={hospital.code}", data)
    assert answer.url == f"{hospital.get_absolute_url()}?tab=equipment"
    assert Item.objects.filter(facility=hospital).count() == 2
    assert b"No facility has this code" in client.get(url, {"facility": market.code}).content
    assert b"none of" in client.post(f"{url}?facility={hospital.code}", {**data, "count": 1, "tag": "a/b"}).content


def test_the_tab_counts_what_works(small_province, inspector, client_for):
    hospital = small_province.facilities[0]
    for number in range(19):
        make_item(hospital, state=State.FAULT if number == 0 else State.WORKS)
    answer = client_for(inspector).get(hospital.get_absolute_url(), {"tab": "equipment"})
    assert b"19 in all, 18 work" in answer.content
    assert b"not all work" in answer.content


def test_the_table_goes_out_and_comes_back_the_same(small_province):
    administrator = make_person("administrator")
    hospital = small_province.facilities[0]
    make_item(hospital, tag="A", serial="=1+1", installed_on=timezone.localdate(), quantity=3)
    sheet = sheet_of("equipment")
    rows = [sheet.header(), *sheet.table(sheet.records(administrator, QueryDict()))]
    content = "\n".join(";".join("" if cell is None else str(cell) for cell in row) for row in rows).encode()
    content += (
        f"\nB;camera;{hospital.code};;yard".encode() + b"\nC;camera;nowhere\nA/2;camera;" + hospital.code.encode()
    )
    job = sheets.bring(administrator, sheet, content, "equipment.csv")
    run_waiting()
    job.refresh_from_db()
    assert {deed: job.counts[deed] for deed in ("same", "add", "error")} == {"same": 1, "add": 1, "error": 2}
    sheets.write(administrator, job.pk, leave_out_errors=True)
    run_waiting()
    assert Item.objects.get(tag="B").place == "yard"
    assert Item.objects.count() == 2


def _query(text):
    from django.http import QueryDict

    return QueryDict(text)
