"""The tier, its parts, and who may judge."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from tirek.audit.act import Refused
from tirek.audit.models import Entry
from tirek.facilities.models import Building, Facility, Figures
from tirek.upgrades import actions, consequence
from tirek.upgrades.models import Consequence, Measure, Scenario
from tirek_engines.score import Factors
from tirek_engines.score import consequence as weigh

FIELDS = {
    "importance": 4,
    "dependence": 3,
    "people": None,
    "size": None,
    "basis": "letter",
    "adjustment": 0,
    "adjustment_why": "",
}


def test_parts_add_up_and_say_where_they_come_from(world, chief):
    facility = world.province.facilities[0]
    Facility.objects.filter(pk=facility.pk).update(capacity=300, floor_area_m2=None)
    Building.objects.create(facility=facility, name="A", area_m2=6000)
    Building.objects.create(facility=facility, name="B", area_m2=5000)
    for number in range(3):
        Scenario.objects.create(code=f"s{number}", name_en=f"Event {number}", points={"video": 1})
    Scenario.objects.create(code="other", name_en="Other", points={"video": 1}, types=["stadium"])
    actions.change_consequence(chief, facility.pk, FIELDS)
    judged = consequence.judgement(facility, list(Scenario.objects.all()))
    points = {factor.key: factor.points for factor in judged.factors}
    assert points == {"service": 4, "people": 3, "size": 3, "threat": 3, "dependence": 3}
    assert judged.total == sum(points.values()) == 16
    assert judged.tier == int(weigh(Factors(4, 3, 3, 3, 3)).tier) == 3
    origins = {factor.key: factor.origin for factor in judged.factors}
    assert "300" in origins["people"]
    assert "11,000" in origins["size"]
    assert "Event 0" in origins["threat"]
    assert "Other" not in origins["threat"]
    assert Figures.objects.get(pk=facility.pk).tier == 3


def test_what_is_not_known_is_said(world):
    judged = consequence.judgement(world.province.facilities[0], [])
    assert not judged.is_judged
    assert {factor.key for factor in judged.factors if not factor.sure} == {"service", "dependence", "size"}
    assert consequence.tier_column([world.province.facilities[0].pk]) == {}


def test_an_adjustment_needs_a_reason_and_stands_in_the_log(world, chief):
    facility = world.province.facilities[0]
    with pytest.raises(Refused, match="why"):
        actions.change_consequence(chief, facility.pk, {**FIELDS, "adjustment": 1, "adjustment_why": "  "})
    assert not Consequence.objects.exists()
    actions.change_consequence(chief, facility.pk, FIELDS)
    before = consequence.tiers_of([facility.pk])[facility.pk]
    actions.change_consequence(chief, facility.pk, {**FIELDS, "adjustment": 1, "adjustment_why": "only one"})
    assert consequence.tiers_of([facility.pk])[facility.pk] == before + 1
    entry = Entry.objects.filter(verb="upgrades.change_consequence").order_by("-pk").first()
    assert entry.why == "only one"
    assert entry.after["adjustment"] == 1
    assert entry.before["adjustment"] == 0


def test_who_may_judge(world, person):
    facility, south = world.province.facilities[0], world.province.districts[1]
    for somebody in (person("inspector"), person("facility_contact")):
        with pytest.raises(PermissionDenied):
            actions.change_consequence(somebody, facility.pk, FIELDS)
    with pytest.raises(Facility.DoesNotExist):
        actions.change_consequence(person("chief", south), facility.pk, FIELDS)


def test_a_scenario_counts_in_the_tier(world, chief):
    facility = world.province.facilities[0]
    actions.change_consequence(chief, facility.pk, {**FIELDS, "importance": 3, "dependence": 3, "people": 3, "size": 3})
    assert Figures.objects.get(pk=facility.pk).tier == 3  # 3 + 3 + 3 + 1 + 3 = 13
    actions.change_consequence(chief, facility.pk, {**FIELDS, "importance": 2, "dependence": 3, "people": 3, "size": 3})
    assert Figures.objects.get(pk=facility.pk).tier == 2
    base = {"name_kk": "", "name_ru": "", "name_en": "Event", "points": {"video": 1}, "types": []}
    actions.save_scenario(chief, {**base, "code": "one"})
    assert Figures.objects.get(pk=facility.pk).tier == 2
    actions.save_scenario(chief, {**base, "code": "two"})
    assert Figures.objects.get(pk=facility.pk).tier == 3


def test_prices_are_changed_by_those_who_may(world, chief, person):
    measure = Measure.objects.get(code="door")
    actions.save_measure(chief, {"price": Decimal(120)}, measure.pk)
    entry = Entry.objects.filter(verb="upgrades.change_measure").order_by("-pk").first()
    assert entry.after == {"price": "120"}
    assert entry.before == {"price": "100.00"}
    with pytest.raises(PermissionDenied):
        actions.save_measure(person("inspector"), {"price": Decimal(1)}, measure.pk)


def test_prices_and_scenarios_are_not_the_matter_of_one_district(world, person, client_for):
    measure = Measure.objects.get(code="door")
    south = person("chief", world.province.districts[1])
    with pytest.raises(PermissionDenied):
        actions.save_measure(south, {"price": Decimal(1)}, measure.pk)
    with pytest.raises(PermissionDenied):
        actions.save_scenario(south, {"code": "one", "name_en": "One", "points": {}, "types": []})
    client = client_for(south)
    page = client.get(reverse("upgrades:measures"))
    assert (page.status_code, page.context["may_change"]) == (200, False)
    assert client.get(reverse("upgrades:measure_new")).status_code == 403
    assert client.get(reverse("sheets:sheet", args=["measures"])).status_code == 403
