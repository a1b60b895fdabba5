"""A stocktake from its start to what a person confirms."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from tests.equipment.makers import make_item
from tests.fixtures import make_person
from tirek.audit.act import Refused
from tirek.audit.models import Entry
from tirek.equipment import actions
from tirek.equipment.models import Item, Scan, Stocktake
from tirek.facilities.models import Building, Figures

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
State = Item.State


@pytest.fixture
def inspector(small_province):
    return make_person("inspector", small_province.districts[0])


@pytest.fixture
def hospital(small_province):
    return small_province.facilities[0]


@pytest.fixture
def school(small_province):
    return small_province.facilities[1]


@pytest.fixture
def stand(inspector, hospital, school):
    """Three at the hospital, one written off, one at the school; a stocktake at the hospital."""
    items = {
        "here": make_item(hospital, tag="H-1"),
        "gone": make_item(hospital, tag="H-2"),
        "lost": make_item(hospital, tag="H-3", state=State.MISSING),
        "retired": make_item(hospital, tag="H-4", state=State.RETIRED),
        "school": make_item(school, tag="S-1"),
    }
    return actions.start_stocktake(inspector, hospital), items


def test_a_walk_through_the_hospital(inspector, hospital, stand):
    take, items = stand
    scan = lambda label, **more: actions.scan_label(inspector, take.pk, label, **more).kind  # noqa: E731
    assert scan("H-1") == "found"
    assert scan("h-1") == "twice"
    assert scan("https://tirek.example/equipment/t/S-1/") == "facility"
    assert scan("H-3") == "state"
    assert scan("H-4") == "state"
    assert scan("INV 12") == "unknown"
    assert scan("INV 12") == "twice"
    actions.close_stocktake(inspector, take.pk)
    take.refresh_from_db()
    assert {key: take.result[key] for key in ("found", "misplaced", "missing", "unknown")} == {
        "found": 1, "misplaced": 3, "missing": 1, "unknown": 1,
    }  # fmt: skip
    assert take.result["items"]["missing"] == [items["gone"].pk]
    assert Item.objects.get(tag="H-2").state == State.WORKS, "nothing changes before a person confirms"

    moves = [items["school"].pk, items["lost"].pk]
    assert actions.apply_stocktake(inspector, take.pk, missing=[items["gone"].pk], moves=moves) == 3
    assert Item.objects.get(tag="H-2").state == State.MISSING
    assert Item.objects.get(tag="H-3").state == State.WORKS
    assert Item.objects.get(tag="S-1").facility == hospital
    assert Item.objects.get(tag="H-4").state == State.RETIRED, "it was not confirmed"
    assert Figures.objects.get(facility=hospital).equipment_faulty == 1
    assert actions.apply_stocktake(inspector, take.pk, missing=[items["gone"].pk], moves=moves) == 0
    assert "Stocktake of" in Entry.objects.filter(verb="equipment.move_item").latest("pk").why


def test_only_what_it_found_can_be_confirmed(inspector, stand):
    take, items = stand
    actions.scan_label(inspector, take.pk, "H-1")
    with pytest.raises(Refused, match="Close"):
        actions.apply_stocktake(inspector, take.pk, missing=[items["gone"].pk])
    actions.close_stocktake(inspector, take.pk)
    assert (
        actions.apply_stocktake(
            inspector, take.pk, missing=[items["here"].pk, items["school"].pk], moves=[items["gone"].pk]
        )
        == 0
    )


def test_a_scan_that_is_sent_again_has_the_same_answer(inspector, stand):
    take, _items = stand
    for label, kind in (("H-1", "found"), ("S-1", "facility"), ("??", "unknown")):
        for _again in range(3):
            assert actions.scan_label(inspector, take.pk, label, client_id=f"id-{label}").kind == kind
    assert Scan.objects.filter(stocktake=take).count() == 3


def test_another_room_is_misplaced_only_if_it_is_said(inspector, hospital, stand):
    take, items = stand
    north, south = (Building.objects.create(facility=hospital, name=name) for name in ("North", "South"))
    Item.objects.filter(pk=items["here"].pk).update(building=north)
    assert actions.scan_label(inspector, take.pk, "H-1", building=south).kind == "place"
    actions.close_stocktake(inspector, take.pk)
    actions.apply_stocktake(inspector, take.pk, moves=[items["here"].pk])
    assert Item.objects.get(tag="H-1").building == south


def test_one_at_a_time_and_none_after_the_end(inspector, hospital, school, stand):
    take, _items = stand
    with pytest.raises(Refused, match="open here already"):
        actions.start_stocktake(inspector, hospital)
    actions.close_stocktake(inspector, take.pk)
    with pytest.raises(Refused, match="closed"):
        actions.scan_label(inspector, take.pk, "H-2")
    with pytest.raises(Refused, match="closed"):
        actions.close_stocktake(inspector, take.pk)
    actions.start_stocktake(inspector, hospital)


def test_not_in_another_district_and_not_without_equipment(small_province, inspector):
    with pytest.raises(PermissionDenied):
        actions.start_stocktake(inspector, small_province.facilities[2])
    with pytest.raises(Refused, match="nothing to count"):
        actions.start_stocktake(inspector, small_province.facilities[1])
    stranger = make_person("inspector", small_province.districts[1])
    make_item(small_province.facilities[0])
    take = actions.start_stocktake(inspector, small_province.facilities[0])
    with pytest.raises(Stocktake.DoesNotExist):
        actions.scan_label(stranger, take.pk, "x")


def test_a_label_of_a_facility_out_of_sight_tells_nothing_of_it(small_province, inspector, stand, client_for):
    take, _items = stand
    make_item(small_province.facilities[2], tag="M-1", place="the safe")
    answer = client_for(inspector).post(reverse("equipment:stocktake_scan", args=[take.pk]), {"label": "M-1"})
    assert answer.json()["kind"] == "facility"
    assert answer.json()["detail"] == ""
    answer = client_for(inspector).post(reverse("equipment:stocktake_scan", args=[take.pk]), {"label": "S-1"})
    assert "School" in answer.json()["detail"]


def test_a_broken_scan_is_refused_in_words(inspector, stand, client_for):
    take, _items = stand
    url = reverse("equipment:stocktake_scan", args=[take.pk])
    for data in ({"label": ""}, {}, {"label": " "}):
        assert client_for(inspector).post(url, data).status_code == 409
    odd = {"label": "H-1", "building": "²", "at": "9" * 40, "client_id": "c" * 200, "place": "p" * 500}
    assert client_for(inspector).post(url, odd).json()["kind"] == "found"


@pytest.fixture
def closed(inspector, stand):
    """The same stocktake an hour after its start; nothing was scanned, and it was closed ten minutes ago."""
    take, items = stand
    hour_ago = timezone.now() - timedelta(hours=1)
    Stocktake.objects.filter(pk=take.pk).update(started_at=hour_ago)
    actions.close_stocktake(inspector, take.pk)
    Stocktake.objects.filter(pk=take.pk).update(closed_at=timezone.now() - timedelta(minutes=10))
    take.refresh_from_db()
    return take, items


def before_the_close(take):
    return take.closed_at - timedelta(minutes=5)


def test_what_was_scanned_before_the_close_counts_after_it(inspector, closed):
    take, items = closed
    assert items["here"].pk in take.result["items"]["missing"]
    other = make_person("inspector")
    answer = actions.scan_label(other, take.pk, "H-1", client_id="late-1", at=before_the_close(take))
    assert answer.kind == "found"
    actions.scan_label(other, take.pk, "S-1", client_id="late-2", at=before_the_close(take))
    take.refresh_from_db()
    assert {key: take.result[key] for key in ("found", "misplaced", "missing", "unknown")} == {
        "found": 1, "misplaced": 1, "missing": 2, "unknown": 0,
    }  # fmt: skip
    assert items["here"].pk in take.result["items"]["found"]
    assert take.scans.get(item=items["here"]).at == before_the_close(take)
    entry = Entry.objects.filter(verb="equipment.take_stocktake").latest("pk")
    assert (entry.before, entry.after) == ({"misplaced": 0}, {"misplaced": 1})
    assert "after it" in entry.why


def test_a_late_scan_judges_nothing_but_its_own_item(inspector, stand):
    take, items = stand
    actions.scan_label(inspector, take.pk, "H-1")
    Stocktake.objects.filter(pk=take.pk).update(started_at=timezone.now() - timedelta(hours=1))
    actions.close_stocktake(inspector, take.pk)
    take.refresh_from_db()
    Item.objects.filter(pk=items["here"].pk).update(
        state=Item.State.RETIRED
    )  # since the counting, by whoever knows why
    actions.scan_label(inspector, take.pk, "S-1", client_id="late-1", at=before_the_close(take))
    actions.scan_label(inspector, take.pk, "no-such", client_id="late-2", at=before_the_close(take))
    take.refresh_from_db()
    assert items["here"].pk in take.result["items"]["found"]
    assert str(items["here"].pk) not in take.result["why"]
    assert (take.result["found"], take.result["misplaced"], take.result["unknown"]) == (1, 1, 1)


def test_a_scan_of_after_the_close_is_refused(inspector, closed):
    take, _items = closed
    for at in (None, take.closed_at, timezone.now(), take.started_at - timedelta(days=1)):
        with pytest.raises(Refused, match="closed"):
            actions.scan_label(inspector, take.pk, "H-1", client_id="after", at=at)
    assert not take.scans.exists()


def test_once_it_is_written_down_nothing_is_counted_anew(inspector, closed):
    take, items = closed
    at = before_the_close(take)
    actions.scan_label(inspector, take.pk, "H-1", client_id="late-1", at=at)
    assert actions.apply_stocktake(inspector, take.pk, missing=[items["here"].pk, items["gone"].pk]) == 1
    take.refresh_from_db()
    result = take.result
    with pytest.raises(Refused, match="written down already"):
        actions.scan_label(inspector, take.pk, "H-2", client_id="late-2", at=at)
    assert actions.scan_label(inspector, take.pk, "H-1", client_id="late-1", at=at).kind == "found", (
        "it was taken before"
    )
    assert actions.scan_label(inspector, take.pk, "H-1", client_id="late-3", at=at).kind == "twice"
    take.refresh_from_db()
    assert take.result == result


def test_a_late_scan_comes_through_the_page_of_the_closed_stocktake(inspector, closed, client_for):
    take, _items = closed
    client = client_for(inspector)
    page = client.get(take.get_absolute_url()).content.decode()
    scan = reverse("equipment:stocktake_scan", args=[take.pk])
    assert f'data-scan="{scan}"' in page
    assert "/assets/stocktake-" in page
    at = str(int(before_the_close(take).timestamp() * 1000))
    assert client.post(scan, {"label": "H-1", "client_id": "late-1", "at": at}).json()["kind"] == "found"
    late = client.post(scan, {"label": "H-2", "client_id": "late-2", "at": str(int(timezone.now().timestamp() * 1000))})
    assert (late.status_code, late.content.decode()) == (409, "This stocktake is closed. Start a new one.")
