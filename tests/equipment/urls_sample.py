"""How the battery asks for the pages of equipment."""

from __future__ import annotations

from typing import Any

from tests.battery.samples import Sample
from tests.equipment.makers import make_item, make_stocktake
from tests.fixtures import Province
from tirek.equipment.models import Item, ItemTest, Kind, Stocktake


def item(province: Province) -> dict[str, Any]:
    found = Item.objects.filter(facility=province.facilities[0]).order_by("pk").first()
    return {"pk": (found or make_item(province.facilities[0])).pk}


def tag(province: Province) -> dict[str, Any]:
    return {"tag": Item.objects.get(**item(province)).tag}


def stocktake(province: Province) -> dict[str, Any]:
    found = Stocktake.objects.filter(facility=province.facilities[0]).first()
    return {"pk": (found or make_stocktake(province.facilities[0])).pk}


def more_items(province: Province, count: int) -> None:
    for _ in range(count):
        make_item(province.facilities[0])


def more_tests(province: Province, count: int) -> None:
    for number in range(count):
        ItemTest.objects.create(item_id=item(province)["pk"], at=f"2026-01-{number + 1:02d}T10:00Z", passed=True)


def more_expected(province: Province, count: int) -> None:
    take = Stocktake.objects.get(**stocktake(province))
    take.expected += [make_item(province.facilities[0]).pk for _ in range(count)]
    take.save()


def more_stocktakes(province: Province, count: int) -> None:
    for _ in range(count):
        make_stocktake(province.facilities[0], closed=True)


SAMPLES = {
    "equipment:items": Sample(rows=more_items),
    "equipment:labels": Sample(rows=more_items, answers={404}),
    "equipment:tag": tag,
    "equipment:item": Sample(make=item, rows=more_tests),
    "equipment:edit": item,
    "equipment:move": item,
    "equipment:retire": item,
    "equipment:test": item,
    "equipment:kind_edit": Sample(make=lambda _province: {"pk": Kind.objects.get(code="camera").pk}, scoped=False),
    "equipment:stocktakes": Sample(rows=more_stocktakes),
    "equipment:stocktake": Sample(make=stocktake, rows=more_expected),
    "equipment:stocktake_list": Sample(make=stocktake, rows=more_expected),
    "equipment:stocktake_scan": Sample(make=stocktake, answers={409}),
    "equipment:stocktake_close": stocktake,
    "equipment:stocktake_apply": stocktake,
}
