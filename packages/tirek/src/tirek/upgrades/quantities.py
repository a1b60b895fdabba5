"""How many of a measure a facility needs: from the register, and where it is silent by an estimate that is named as one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Sum

from tirek.facilities.models import Building, Entrance, Facility
from tirek.upgrades.models import Measure

Per = Measure.Per
# Estimates for what is not written down.
FLOOR_M2_PER_PERSON = 10
LEAST_FLOOR_M2 = 200
SITE_PER_FLOOR = 3
TIYN = 100


@dataclass(frozen=True, slots=True)
class Extent:
    """What a facility has of each thing that measures are counted by; `estimated` names those that are not written down."""

    counts: dict[str, int]
    estimated: frozenset[str]


@dataclass(frozen=True, slots=True)
class Need:
    """How many of a measure are needed, and what they cost in tiyn."""

    quantity: int
    cost: int
    estimated: bool


def extents(facility_ids: Sequence[int]) -> dict[int, Extent]:
    """The extent of each facility, in three queries."""
    buildings = {
        pk: (n, area)
        for pk, n, area in Building.objects.filter(facility__in=facility_ids)
        .order_by()
        .values_list("facility")
        .annotate(n=Count("pk"), area=Sum("area_m2"))
    }
    ways = dict(
        Entrance.objects.filter(facility__in=facility_ids).order_by().values_list("facility").annotate(n=Count("pk"))
    )
    rows = Facility.objects.filter(pk__in=facility_ids).order_by()
    columns = rows.values_list("pk", "entrances", "perimeter_m", "site_area_m2", "floor_area_m2", "capacity")
    found = {}
    for pk, entrances, perimeter, site, floor, capacity in columns.iterator(chunk_size=5000):
        houses, built = buildings.get(pk, (0, None))
        estimated = set()
        area = floor or built
        if not area:
            area = max(LEAST_FLOOR_M2, FLOOR_M2_PER_PERSON * capacity)
            estimated.add(Per.AREA.value)
        if not perimeter:
            perimeter = math.ceil(4 * math.sqrt(site or SITE_PER_FLOOR * area))
            estimated.add(Per.PERIMETER.value)
        if not houses:
            estimated.add(Per.BUILDING.value)
        found[pk] = Extent(
            {
                Per.FACILITY.value: 1,
                Per.BUILDING.value: houses or 1,
                Per.ENTRANCE.value: max(ways.get(pk, 0), entrances, 1),
                Per.PERIMETER.value: perimeter,
                Per.AREA.value: area,
            },
            frozenset(estimated),
        )
    return found


def tiyn(money: Decimal) -> int:
    """Tenge in whole tiyn."""
    return int((money * TIYN).to_integral_value())


def tenge(coins: int) -> Decimal:
    """Whole tiyn in tenge."""
    return Decimal(coins) / TIYN


def need(measure: Measure, extent: Extent) -> Need:
    """How many of a measure a facility of this extent needs."""
    quantity = max(1, math.ceil(extent.counts[measure.per] / measure.every))
    return Need(quantity, quantity * tiyn(measure.price), measure.per in extent.estimated)
