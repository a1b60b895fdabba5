"""The gap and its parts, and the what-if."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from tirek.audit.act import Refused
from tirek.facilities.models import Facility
from tirek.upgrades import actions, whatif
from tirek.upgrades.models import KeptWhatIf, Measure, Scenario
from tirek.upgrades.quantities import extents, need


def test_the_parts_add_up_to_the_gap(world):
    world.say(0, gate="unmet", lamp="met", door="unmet", camera="met")
    facility = world.province.facilities[0]
    now = whatif.protection(whatif.read(facility), "hospital", [])
    assert now.weakest == "entrances"
    assert now.gap.low == 100
    assert now.gap.high == 100
    for point in now.points:
        low = sum(share.percent for share in point.shares if share.state == "unmet")
        high = sum(share.percent for share in point.shares if share.state != "met")
        assert abs(point.gap.low - low) < 1e-9
        assert abs(point.gap.high - high) < 1e-9
    perimeter = next(point for point in now.points if point.point == "perimeter")
    assert perimeter.gap.low == 75
    assert [one.key for one in now.flags] == ["door"]
    assert [one.key for one in now.open_flags] == ["button"]  # nobody has looked
    assert now.unknown == 1
    assert now.applicable == 5


def test_a_scenario_counts_what_matters_in_it(world):
    world.say(0, gate="unmet", lamp="met", door="unmet", camera="met", button="met")
    scenario = Scenario.objects.create(code="ram", name_en="Ramming", points={"perimeter": 2, "video": 1, "gone": 3})
    now = whatif.protection(whatif.read(world.province.facilities[0]), "hospital", [scenario])
    assert now.scenarios[0].gap.low == 75
    assert now.scenarios[0].weakest == "perimeter"
    other = Scenario(code="x", points={"video": 1}, types=["stadium"])
    assert whatif.protection(whatif.read(world.province.facilities[0]), "hospital", [other]).scenarios == []


def test_what_if_says_what_would_change_and_stores_nothing(world, client_for, chief):
    world.say(0, gate="unmet", lamp="unmet", door="unmet", camera="met", button="unmet")
    facility = world.province.facilities[0]
    found = whatif.read(facility)
    told = whatif.answer(found, "hospital", ["door", "buttons", "nonsense"], [])
    assert told.cost == 25_000
    assert [one.key for one in told.cleared] == ["door", "button"]
    assert told.weakest_after == "perimeter"
    assert told.after.low == 100
    told = whatif.answer(found, "hospital", ["door", "buttons", "gate-work"], [])
    assert told.after.low == 25
    assert told.closed == 75
    assert told.remaining == []
    response = client_for(chief).get(
        f"/upgrades/facilities/{facility.pk}/what-if/?measure=door&measure=gate-work", headers={"HX-Request": "true"}
    )
    assert response.status_code == 200
    assert "300" in response.content.decode()
    assert not KeptWhatIf.objects.exists()


def test_a_what_if_is_kept_as_a_note(world, chief, person):
    world.say(0, door="unmet", button="unmet")
    facility = world.province.facilities[0]
    kept = actions.keep_what_if(chief, facility.pk, ["door"], " the side door ")
    assert kept.note == "the side door"
    assert kept.cost == 100
    assert kept.mandatory_after == 1
    assert kept.measures[0]["keys"] == ["door"]
    assert kept.measures[0]["price"] == "100.00"
    for codes, note in ((["door"], " "), ([], "note"), (["nonsense"], "note")):
        with pytest.raises(Refused):
            actions.keep_what_if(chief, facility.pk, codes, note)
    with pytest.raises(PermissionDenied):
        actions.keep_what_if(person("inspector"), facility.pk, ["door"], "note")
    with pytest.raises(Facility.DoesNotExist):
        actions.keep_what_if(person("chief", world.province.districts[1]), facility.pk, ["door"], "note")
    with pytest.raises(KeptWhatIf.DoesNotExist):
        actions.remove_kept(person("chief", world.province.districts[1]), kept.pk)
    actions.remove_kept(chief, kept.pk)
    assert not KeptWhatIf.objects.exists()


def test_quantities_come_from_the_register_or_are_named_as_estimates(world):
    facility = world.province.facilities[0]
    Facility.objects.filter(pk=facility.pk).update(entrances=5, perimeter_m=401, capacity=100)
    extent = extents([facility.pk])[facility.pk]
    lamp = Measure(code="l", price=Decimal("10.05"), per="perimeter_m", every=40)
    assert need(lamp, extent).quantity == 11
    assert need(lamp, extent).cost == 11 * 1005
    assert not need(lamp, extent).estimated
    assert need(Measure(price=Decimal(1), per="entrance", every=2), extent).quantity == 3
    floor = need(Measure(price=Decimal(1), per="area_m2", every=100), extent)
    assert floor.quantity == 10
    assert floor.estimated


def test_the_tab_is_shown_to_those_who_may_and_opens_into_standings(world, client_for, person, chief):
    world.say(0, gate="unmet", door="unmet")
    facility = world.province.facilities[0]
    page = client_for(chief).get(f"/facilities/{facility.pk}/?tab=protection").content.decode()
    assert f"/requirements/{world.requirements['door'].pk}/facilities/{facility.pk}/" in page
    assert "no probability" in page
    facility.contacts.create(full_name="Head", phone="1", person=(contact := person("facility_contact")))
    page = client_for(contact).get(f"/facilities/{facility.pk}/").content.decode()
    assert "tab=protection" not in page
    assert client_for(contact).get(f"/upgrades/facilities/{facility.pk}/what-if/").status_code == 403
