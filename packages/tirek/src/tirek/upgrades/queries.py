"""Reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum

from tirek.facilities.models import Facility
from tirek.places.models import Area
from tirek.upgrades.models import KeptWhatIf, Measure, PlanLine, Scenario, UpgradePlan


def plans(user: Any) -> QuerySet[UpgradePlan]:
    return UpgradePlan.objects.restrict(user, "view").select_related("area", "scenario").defer("area__boundary")


def listed_plans(user: Any) -> QuerySet[UpgradePlan]:
    """Plans with how many facilities they help and what they cost."""
    return plans(user).annotate(n=Count("lines"), spent=Sum("lines__cost")).order_by("-year", "-pk")


def measures(user: Any) -> QuerySet[Measure]:
    return Measure.objects.restrict(user, "view")


def scenarios(user: Any) -> QuerySet[Scenario]:
    return Scenario.objects.restrict(user, "view")


def kept(user: Any, facility: Facility) -> QuerySet[KeptWhatIf]:
    return KeptWhatIf.objects.restrict(user, "view").filter(facility=facility).select_related("made_by")


def lines(plan: UpgradePlan) -> QuerySet[PlanLine]:
    """The lines of a plan that the person may see, with what a list shows. Who sees a plan sees all of it."""
    rows = PlanLine.objects.filter(plan=plan).select_related("facility__type", "facility__area", "facility__agency")
    return rows.defer("facility__area__boundary").order_by("-gain", "pk")


@dataclass(frozen=True, slots=True)
class Bought:
    """One measure over a whole plan or group: how many, at what price, for how much."""

    code: str
    name: dict[str, str]
    unit: str
    quantity: int
    cost: Decimal
    facilities: int


def bought(found: Iterable[PlanLine]) -> list[Bought]:
    """The measures of lines, added up, the dearest first."""
    sums: dict[str, dict[str, Any]] = {}
    for line in found:
        for one in line.measures:
            total = sums.setdefault(
                one["code"],
                {"name": one["name"], "unit": one["unit"], "quantity": 0, "cost": Decimal(0), "facilities": 0},
            )
            total["quantity"] += one["quantity"]
            total["cost"] += Decimal(one["cost"])
            total["facilities"] += 1
    rows = [Bought(code, **total) for code, total in sums.items()]
    return sorted(rows, key=lambda row: (-row.cost, row.code))


@dataclass(frozen=True, slots=True)
class Side:
    """One of two plans beside the other."""

    plan: UpgradePlan
    facilities: int
    cost: Decimal
    gain: float
    mandatory: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two plans side by side, counted from their frozen lines."""

    a: Side
    b: Side
    only_a: list[PlanLine]
    only_b: list[PlanLine]
    other: list[tuple[PlanLine, PlanLine]]
    same: int
    districts: list[tuple[str, int, Decimal, int, Decimal]]

    @property
    def rows(self) -> list[tuple[PlanLine | None, PlanLine | None]]:
        """All that differs, facility by facility."""
        return [*self.other, *((line, None) for line in self.only_a), *((None, line) for line in self.only_b)]


def comparison(a: UpgradePlan, b: UpgradePlan) -> Comparison:
    """What two plans do differently."""
    mine, theirs = list(lines(a)), list(lines(b))
    by_a, by_b = {line.facility_id: line for line in mine}, {line.facility_id: line for line in theirs}
    both = [(by_a[pk], by_b[pk]) for pk in by_a if pk in by_b]
    other = [pair for pair in both if _bought(pair[0]) != _bought(pair[1])]
    return Comparison(
        _side(a, mine),
        _side(b, theirs),
        [line for line in mine if line.facility_id not in by_b],
        [line for line in theirs if line.facility_id not in by_a],
        other,
        len(both) - len(other),
        _districts(mine, theirs),
    )


def _bought(line: PlanLine) -> list[tuple[str, int]]:
    return sorted((one["code"], one["quantity"]) for one in line.measures)


def _side(plan: UpgradePlan, found: list[PlanLine]) -> Side:
    return Side(
        plan,
        len(found),
        sum((line.cost for line in found), Decimal(0)),
        sum(line.gain for line in found),
        sum(line.unmet_before - line.unmet_after for line in found),
    )


def _districts(mine: list[PlanLine], theirs: list[PlanLine]) -> list[tuple[str, int, Decimal, int, Decimal]]:
    names = district_of([line.facility for line in [*mine, *theirs]])
    sums: dict[str, list[Any]] = {}
    for side, found in enumerate((mine, theirs)):
        for line in found:
            row = sums.setdefault(names[line.facility_id], [0, Decimal(0), 0, Decimal(0)])
            row[2 * side] += 1
            row[2 * side + 1] += line.cost
    return [(name, *sums[name]) for name in sorted(sums)]


def district_of(facilities: Iterable[Facility]) -> dict[int, str]:
    """The name of the district that each facility lies in; of its own area where there is none above."""
    rows = list(facilities)
    wanted = {int(part) for row in rows for part in row.area.path.split("/") if part}
    areas = Area.objects.filter(pk__in=wanted).defer("boundary").in_bulk()
    found = {}
    for row in rows:
        chain = [areas[int(part)] for part in row.area.path.split("/") if part and int(part) in areas]
        district = next((area for area in chain if area.kind == Area.Kind.DISTRICT), None)
        found[row.pk] = (district or row.area).name
    return found
