"""What equipment answers to requirements."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.equipment.makers import make_item
from tests.fixtures import make_facility
from tirek.equipment import registry as devices
from tirek.equipment.models import Item
from tirek.equipment.registry import Live
from tirek.requirements.registry import MET, UNMET, ask

pytestmark = pytest.mark.django_db
State = Item.State


@pytest.fixture
def places(small_province):
    return small_province.facilities


def answers(places, **live):
    found = ask(live, [place.pk for place in places])
    return [found[place.pk].state if place.pk in found else "unknown" for place in places]


def test_present(places):
    make_item(places[0], quantity=2)
    make_item(places[0], state=State.MISSING)
    make_item(places[0], state=State.RETIRED)
    make_item(places[1], "siren")
    assert answers(places, name="equipment_present", kind="camera", least=2) == [MET, UNMET, "unknown"]
    assert answers(places, name="equipment_present", kind="camera", least=3) == [UNMET, UNMET, "unknown"]


def test_works_by_what_people_and_devices_say(places, monkeypatch):
    make_item(places[0], quantity=18)
    make_item(places[0], state=State.FAULT)
    silent = make_item(places[1])
    assert answers(places, name="equipment_works", kind="camera", least_percent=90) == [MET, MET, "unknown"]
    assert answers(places, name="equipment_works", kind="camera", least_percent=95) == [UNMET, MET, "unknown"]
    monkeypatch.setattr(devices, "_providers", [lambda ids: {silent.pk: Live(False, "silent", "x", "")}])
    assert answers(places, name="equipment_works", kind="camera", least_percent=90) == [MET, UNMET, "unknown"]


def test_tested_each_of_them_in_time(places):
    today = timezone.localdate()
    for place, days in ((places[0], (1, 30)), (places[1], (1, 31))):
        for ago in days:
            make_item(place, "panic_button", last_test_on=today - timedelta(days=ago), last_test_passed=True)
    assert answers(places, name="equipment_tested", kind="panic_button", days=30) == [MET, UNMET, "unknown"]
    facts = ask({"name": "equipment_tested", "kind": "panic_button", "days": 30}, [place.pk for place in places])
    assert timezone.localdate(facts[places[0].pk].since) == today - timedelta(days=30), "so since the oldest of them"
    assert timezone.localdate(facts[places[1].pk].since) == today
    assert facts[places[1].pk].text_by_language == {
        "kk": "Соңғы 30 күнде 2 ішінен 1 сынақтан өтті.",
        "ru": "За последние 30 дн. испытание прошли 1 из 2.",
        "en": "1 of 2 passed a test in the last 30 days.",
    }
    Item.objects.filter(facility=places[0]).update(last_test_passed=False)
    assert answers(places, name="equipment_tested", kind="panic_button", days=30)[0] == UNMET


def test_recordings_by_the_shortest(places):
    make_item(places[0], "video_recorder", retention_days=30)
    make_item(places[0], "video_recorder", retention_days=45)
    make_item(places[1], "video_recorder", retention_days=10)
    make_item(places[1], "video_recorder", retention_days=90)
    make_item(places[2], "video_recorder")
    assert answers(places, name="retention", days=30) == [MET, UNMET, "unknown"]


@pytest.mark.parametrize(
    "live",
    [
        {"name": "equipment_present", "kind": "camera", "least": 1},
        {"name": "equipment_works", "kind": "camera", "least_percent": 90},
        {"name": "equipment_tested", "kind": "camera", "days": 30},
        {"name": "retention", "days": 30},
    ],
    ids=lambda live: live["name"],
)
def test_as_many_queries_for_many_facilities_as_for_one(small_province, live):
    def queries(places):
        with CaptureQueriesContext(connection) as captured:
            ask(live, [place.pk for place in places])
        return len(captured)

    one = [small_province.facilities[0]]
    many = [make_facility(f"F {n}", small_province.settlements[0]) for n in range(12)]
    for place in one + many:
        make_item(place, retention_days=30)
    assert queries(many) == queries(one) <= 4
