"""Panels and loudspeakers are equipment: one object, with its live state, and with tests that signals prove."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.equipment.makers import make_item
from tests.fixtures import make_person
from tirek.alarms import devices as panels
from tirek.alarms.actions.panel import add_panel, change_panel
from tirek.alarms.models import Alarm, Panel, Signal
from tirek.audit.act import Refused
from tirek.equipment import actions
from tirek.equipment.adoption import give_items
from tirek.equipment.models import Item, Kind
from tirek.equipment.registry import live
from tirek.warning.actions.endpoints import add_endpoint, change_endpoint
from tirek.warning.models import Endpoint

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def administrator(small_province):
    return make_person("administrator")


@pytest.fixture
def panel(administrator, small_province):
    return add_panel(administrator, small_province.facilities[0], {"account": "4F39", "name": "Guard"})


def endpoint_fields(province, **more):
    place = province.facilities[0]
    return {
        "code": "e-1", "name": "Hall", "kind": "loudspeaker", "facility": place, "area": place.area, "lat": place.lat,
        "lon": place.lon, "range_m": 100, **more,
    }  # fmt: skip


def test_a_new_panel_is_equipment(panel, small_province):
    item = Item.objects.get(panel=panel)
    assert (item.kind.code, item.serial, item.facility) == ("alarm_panel", "4F39", small_province.facilities[0])
    assert live([item.pk])[item.pk].works is None
    Panel.objects.update(last_seen=timezone.now())
    assert live([item.pk])[item.pk].works is True
    Panel.objects.update(silent_since=timezone.now())
    assert live([item.pk])[item.pk].works is False


def test_the_item_follows_its_panel(administrator, panel, small_province):
    item, market = panel.item, small_province.facilities[2]
    with pytest.raises(Refused, match="connected as"):
        actions.move_item(make_person("inspector"), item.pk, market)
    change_panel(administrator, panel.pk, market, {"account": "4F39"})
    item.refresh_from_db()
    assert item.facility == market
    assert Item.objects.count() == 1


def test_an_account_that_is_taken_leaves_no_item(administrator, panel, small_province):
    with pytest.raises(Refused):
        add_panel(administrator, small_province.facilities[1], {"account": "4F39"})
    assert Item.objects.count() == 1


def test_a_loudspeaker_is_equipment_and_a_siren_in_the_street_is_not(administrator, small_province):
    hall = add_endpoint(administrator, endpoint_fields(small_province))
    assert (hall.item.kind.code, hall.item.serial, hall.item.place) == ("loudspeaker", "e-1", "Hall")
    assert live([hall.item_id])[hall.item_id].works is None
    Endpoint.objects.filter(pk=hall.pk).update(state="fault", state_reason="amplifier gives nothing")
    now = live([hall.item_id])[hall.item_id]
    assert (now.works, now.fault) == (False, "amplifier gives no current")
    street = add_endpoint(administrator, endpoint_fields(small_province, code="e-2", facility=None, kind="siren"))
    assert street.item is None
    change_endpoint(administrator, street.pk, {"facility": small_province.facilities[1]})
    assert Endpoint.objects.get(pk=street.pk).item.kind.code == "siren"


def press(panel, zone, *, outcome=Alarm.Outcome.TEST, kind="panic", ago=1):
    at = timezone.now() - timedelta(hours=ago)
    alarm = Alarm.objects.create(
        facility=panel.facility, kind=kind, state="closed", opened_at=at, last_signal_at=at, closed_at=at, outcome=outcome,
    )  # fmt: skip
    return Signal.objects.create(
        received_at=at, panel=panel, alarm=alarm, account=panel.account, token="SIA-DCS", sequence="0001", code="PA",
        zone=zone, raw=b"x", duplicate_key=f"{alarm.pk}-{zone}",
    )  # fmt: skip


def test_a_button_that_is_pressed_under_test_is_tested(panel):
    place = panel.facility
    twelve, thirteen = (make_item(place, "panic_button", zone=zone) for zone in ("12", "13"))
    press(panel, "012")
    assert panels.count_tests() == 2, "the button and its panel"
    assert panels.count_tests() == 0
    twelve.refresh_from_db()
    thirteen.refresh_from_db()
    today = timezone.localdate(timezone.now() - timedelta(hours=1))
    assert (twelve.last_test_on, twelve.last_test_passed, thirteen.last_test_on) == (today, True, None)
    assert twelve.next_test_on == today + timedelta(days=30)
    assert twelve.tests.get().source == "panel"


@pytest.mark.parametrize(("outcome", "kind"), [("real", "panic"), ("false", "panic"), ("test", "fire")])
def test_other_alarms_prove_no_button(panel, outcome, kind):
    make_item(panel.facility, "panic_button", zone="12")
    press(panel, "12", outcome=outcome, kind=kind)
    assert panels.count_tests() == 0


def test_with_two_panels_the_account_says_which(administrator, panel):
    other = add_panel(administrator, panel.facility, {"account": "77"})
    bare = make_item(panel.facility, "panic_button", zone="12")
    full = make_item(panel.facility, "panic_button", zone="77/012")
    press(other, "12")
    panels.count_tests()
    bare.refresh_from_db()
    full.refresh_from_db()
    assert (bare.last_test_on is None, full.last_test_passed) == (True, True)


def test_the_only_button_needs_no_zone(panel):
    button = make_item(panel.facility, "panic_button")
    press(panel, "3")
    assert panels.count_tests() == 2
    button.refresh_from_db()
    assert button.last_test_passed


def test_rows_of_before_get_their_items(small_province):
    place = small_province.facilities[0]
    make_item(place, tag="T-000009")
    Panel.objects.create(account="1", facility=place, name="Old")
    Panel.objects.create(account="2", facility=place, item=make_item(place))
    made = give_items(Item, Kind, Panel, lambda panel: ("alarm_panel", panel.name, panel.account, None))
    assert made == 1
    assert (Panel.objects.get(account="1").item.tag, Panel.objects.get(account="1").item.place) == ("T-000010", "Old")
    assert give_items(Item, Kind, Panel, lambda panel: ("alarm_panel", "", "", None)) == 0
