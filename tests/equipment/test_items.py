"""Acts on equipment: what they change, what they refuse, who may."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from tests.equipment.makers import kind, make_item
from tests.fixtures import make_person
from tirek.audit.act import Refused
from tirek.audit.models import Entry
from tirek.equipment import actions, queries
from tirek.equipment.actions.linked import Device, follow, items_for
from tirek.equipment.actions.testing import Proof, record_proofs
from tirek.equipment.models import Item, ItemTest, Kind
from tirek.facilities.models import Building, Figures
from tirek.ui import registry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
State = Item.State


@pytest.fixture
def inspector(small_province):
    return make_person("inspector", small_province.districts[0])


@pytest.fixture
def hospital(small_province):
    return small_province.facilities[0]


@pytest.fixture
def market(small_province):
    return small_province.facilities[2]


def faulty(facility):
    return Figures.objects.get(facility=facility).equipment_faulty


def test_add_many_equal_ones(inspector, hospital):
    made = actions.add_items(inspector, {"kind": kind(), "facility": hospital, "place": "hall"}, count=3)
    assert [item.tag for item in made] == ["T-000001", "T-000002", "T-000003"]
    assert {item.place for item in made} == {"hall"}
    assert list(Entry.objects.filter(verb="equipment.add_item").order_by("pk").values_list("object_id", flat=True)) == [
        str(item.pk) for item in made
    ]
    assert [one.tag for one in actions.add_items(inspector, {"kind": kind(), "facility": hospital})] == ["T-000004"]


def test_numbers_of_others_do_not_matter(inspector, hospital):
    make_item(hospital, tag="T-00ABCD")
    make_item(hospital, tag="T-000041")
    make_item(hospital, tag="T-9")
    assert actions.add_items(inspector, {"kind": kind(), "facility": hospital})[0].tag == "T-000042"


def test_a_number_is_taken_once(inspector, hospital):
    make_item(hospital, tag="A 7")
    with pytest.raises(Refused, match="A 7 is taken"):
        actions.add_items(inspector, {"kind": kind(), "facility": hospital}, tag="A 7")
    with pytest.raises(Refused, match="Only one item"):
        actions.add_items(inspector, {"kind": kind(), "facility": hospital}, tag="A 8", count=2)


def test_nobody_adds_elsewhere(inspector, market):
    with pytest.raises(PermissionDenied):
        actions.add_items(inspector, {"kind": kind(), "facility": market})


def test_a_contact_sees_only_the_own_facility_and_changes_nothing(hospital, market):
    contact = make_person("facility_contact")
    hospital.contacts.create(full_name="Guard", phone="101", person=contact)
    mine = make_item(hospital)
    make_item(market)
    assert list(queries.items(contact)) == [mine]
    with pytest.raises(PermissionDenied):
        actions.record_test(contact, mine.pk, passed=True)


def test_change_counts_what_is_faulty(inspector, hospital):
    item = make_item(hospital, quantity=4)
    actions.set_item_state(inspector, item.pk, State.FAULT, "cable")
    assert faulty(hospital) == 4
    actions.set_item_state(inspector, item.pk, State.WORKS)
    assert faulty(hospital) == 0
    entry = Entry.objects.filter(verb="equipment.change_item").latest("pk")
    assert (entry.before["state"], entry.after["state"]) == ("fault", "works")


def test_a_building_of_another_facility_is_refused(inspector, hospital, market):
    item = make_item(hospital)
    with pytest.raises(Refused, match="does not belong"):
        actions.change_item(inspector, item.pk, {"building": Building.objects.create(facility=market, name="A")})


def test_move_within_reach_and_no_further(small_province, inspector, hospital, market):
    item = make_item(hospital, state=State.FAULT)
    actions.move_item(inspector, item.pk, small_province.facilities[1], place="gate")
    item.refresh_from_db()
    assert (item.facility, item.place) == (small_province.facilities[1], "gate")
    assert (faulty(hospital), faulty(item.facility)) == (0, 1)
    with pytest.raises(PermissionDenied):
        actions.move_item(inspector, item.pk, market)
    with pytest.raises(Item.DoesNotExist):
        actions.move_item(inspector, make_item(market).pk, hospital)


def test_retire_wants_a_reason_and_keeps_the_record(inspector, hospital):
    item = make_item(hospital, next_test_on=timezone.localdate())
    with pytest.raises(Refused, match="reason"):
        actions.retire_item(inspector, item.pk, "  ")
    with pytest.raises(Refused, match="reason"):
        actions.set_item_state(inspector, item.pk, State.RETIRED)
    actions.retire_item(inspector, item.pk, "burnt")
    item.refresh_from_db()
    assert (item.state, item.state_note, item.next_test_on) == (State.RETIRED, "burnt", None)
    with pytest.raises(Refused, match="already"):
        actions.retire_item(inspector, item.pk, "again")


def test_a_test_sets_the_next_one_and_the_state(inspector, hospital):
    item, today = make_item(hospital, "panic_button"), timezone.localdate()
    actions.record_test(inspector, item.pk, passed=True)
    item.refresh_from_db()
    assert (item.last_test_on, item.last_test_passed, item.next_test_on) == (today, True, today + timedelta(days=30))
    actions.record_test(inspector, item.pk, passed=False, note="no signal")
    item.refresh_from_db()
    assert (item.state, item.state_note, item.last_test_passed, item.next_test_on) == (
        State.FAULT, "no signal", False, today,
    )  # fmt: skip
    actions.record_test(inspector, item.pk, passed=True)
    item.refresh_from_db()
    assert item.state == State.WORKS
    assert item.tests.count() == 3


def test_an_older_test_is_kept_and_changes_nothing(inspector, hospital):
    today = timezone.localdate()
    item = make_item(hospital, last_test_on=today, last_test_passed=True)
    actions.record_test(inspector, item.pk, passed=False, on=today - timedelta(days=3))
    item.refresh_from_db()
    assert (item.last_test_on, item.state, item.tests.count()) == (today, State.WORKS, 1)
    with pytest.raises(Refused, match="future"):
        actions.record_test(inspector, item.pk, passed=True, on=today + timedelta(days=1))


def test_what_is_not_there_is_not_tested(inspector, hospital):
    with pytest.raises(Refused, match="not installed"):
        actions.record_test(inspector, make_item(hospital, state=State.PLANNED).pk, passed=True)


def test_a_proof_counts_once(hospital):
    item, at = make_item(hospital, "loudspeaker"), timezone.now()
    proofs = [Proof(item.pk, at, True, 5), Proof(item.pk, at, True, 5)]
    assert record_proofs("endpoint", proofs) == 1
    assert record_proofs("endpoint", proofs) == 0
    assert record_proofs("panel", proofs) == 1, "another source is another proof"
    item.refresh_from_db()
    assert item.last_test_on == timezone.localdate(at)
    assert ItemTest.objects.filter(item=item, by=None).count() == 2
    assert Entry.objects.filter(verb="equipment.test_item", actor="system:worker").count() == 2


def test_a_failed_proof_leaves_the_state_and_asks_for_another_test(hospital):
    item, at = make_item(hospital, "loudspeaker"), timezone.now()
    record_proofs("endpoint", [Proof(item.pk, at, False, 5)])
    item.refresh_from_db()
    assert (item.state, item.last_test_passed, item.next_test_on) == (State.WORKS, False, timezone.localdate(at))


def test_devices_get_items_and_take_them_along(hospital, market):
    first, second = items_for([Device("alarm_panel", hospital), Device("siren", market, serial="s-1")])
    assert (first.tag, second.tag, second.serial) == ("T-000001", "T-000002", "s-1")
    assert follow(first, Device("alarm_panel", market)) == first
    first.refresh_from_db()
    assert first.facility == market
    assert follow(None, None) is None


def test_kinds_are_data(small_province):
    administrator = make_person("administrator")
    made = actions.add_kind(administrator, {"code": "drone", "name_en": "Drone", "group": "detection"})
    actions.change_kind(administrator, made.pk, {"code": "other", "name_en": "Drone detector", "test_every_days": 30})
    made = Kind.objects.get(pk=made.pk)
    assert (made.code, made.name_en, made.test_every_days) == ("drone", "Drone detector", 30)
    with pytest.raises(PermissionDenied):
        actions.add_kind(make_person("inspector"), {"code": "x"})


def test_kinds_are_not_the_matter_of_one_district(small_province, client_for):
    south = make_person("administrator", small_province.districts[1])
    with pytest.raises(PermissionDenied):
        actions.add_kind(south, {"code": "drone", "name_en": "Drone", "group": "detection"})
    with pytest.raises(PermissionDenied):
        actions.change_kind(south, kind().pk, {"is_active": False})
    client, page, new = client_for(south), reverse("equipment:kinds"), reverse("equipment:kind_new")
    assert new not in client.get(page).content.decode()
    assert client.get(new).status_code == 403
    assert new in client_for(make_person("administrator")).get(page).content.decode()


def test_search_finds_numbers_and_only_what_may_be_seen(inspector, hospital, market):
    make_item(hospital, tag="Z-77", serial="ABC-1")
    make_item(market, tag="Z-78")
    assert [hit.title for hit in registry.search(inspector, "z-7")] == ["Camera Z-77"]
    assert [hit.title for hit in registry.search(inspector, "hospital abc-1")] == ["Camera Z-77"]
