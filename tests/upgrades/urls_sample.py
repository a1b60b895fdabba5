"""What the battery needs to know of this part's addresses."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.battery.samples import Sample
from tests.fixtures import Province, make_facility
from tirek.facilities.models import Facility
from tirek.upgrades.models import KeptWhatIf, Measure, PlanLine, Scenario, UpgradePlan


def _plan(province: Province, state: str = "computed") -> UpgradePlan:
    return UpgradePlan.objects.create(
        name="Plan",
        year=2027,
        area=province.settlements[0],
        budget=Decimal(1000),
        state=state,
        tier_weights=[1, 2, 3, 4],
        result={
            "outcome": "optimal",
            "budget": 100_000,
            "cost": 50_000,
            "gain": 1.0,
            "bound": 1.0,
            "gap": 0.0,
            "choices": {},
        },
    )


def _line(plan: UpgradePlan, facility: Facility) -> PlanLine:
    measure = {
        "code": "camera", "name": {"ru": "Камера"}, "quantity": 2, "unit": "piece", "price": "250.00", "cost": "500.00",
        "keys": ["video"], "estimated": False,
    }  # fmt: skip
    return PlanLine.objects.create(
        plan=plan,
        facility=facility,
        tier=2,
        measures=[measure],
        cost=Decimal(500),
        gain=1.0,
        gap_before=0.5,
        gap_after=0.4,
    )


def plan(province: Province) -> dict[str, Any]:
    found = _plan(province)
    _line(found, province.facilities[0])
    return {"pk": found.pk, "facility": province.facilities[0].pk}


def draft(province: Province) -> dict[str, Any]:
    return {"pk": _plan(province, "draft").pk}


def measure(province: Province) -> dict[str, Any]:
    fields = {"name_ru": "Камера", "price": Decimal(100)}
    return {"pk": Measure.objects.get_or_create(code="camera", defaults=fields)[0].pk}


def scenario(province: Province) -> dict[str, Any]:
    fields = {"name_ru": "Пожар", "points": {"inside": 1}}
    return {"pk": Scenario.objects.get_or_create(code="fire", defaults=fields)[0].pk}


def facility(province: Province) -> dict[str, Any]:
    return {"pk": province.facilities[0].pk}


def kept(province: Province) -> dict[str, Any]:
    found = KeptWhatIf.objects.create(
        facility=province.facilities[0],
        measures=[],
        cost=Decimal(1),
        gap_before=[10, 20],
        gap_after=[5, 10],
        mandatory_before=1,
        mandatory_after=0,
        note="gate",
    )
    return {"pk": found.pk}


def more_plans(province: Province, n: int) -> None:
    for _ in range(n):
        _line(_plan(province), province.facilities[0])


def more_measures(province: Province, n: int) -> None:
    first = Measure.objects.count()
    for number in range(first, first + n):
        Measure.objects.create(code=f"camera-{number}", name_ru="Камера", price=Decimal(100))


def more_scenarios(province: Province, n: int) -> None:
    first = Scenario.objects.count()
    for number in range(first, first + n):
        Scenario.objects.create(code=f"fire-{number}", name_ru="Пожар", points={"inside": 1})


def more_lines(province: Province, n: int) -> None:
    found = UpgradePlan.objects.order_by("pk").last()
    if found is not None:
        for number in range(n):
            _line(found, make_facility(f"More {number}", province.settlements[0]))


SAMPLES = {
    "upgrades:plans": Sample(rows=more_plans),
    "upgrades:plan": Sample(make=plan, rows=more_lines),
    "upgrades:edit": draft,
    "upgrades:compute": plan,
    "upgrades:adopt": plan,
    "upgrades:remove": plan,
    "upgrades:choose": plan,
    "upgrades:map_json": Sample(make=plan, rows=more_lines),
    "upgrades:order_pdf": plan,
    "upgrades:measures": Sample(rows=more_measures),
    "upgrades:measure": Sample(make=measure, scoped=False),
    "upgrades:scenarios": Sample(rows=more_scenarios),
    "upgrades:scenario": Sample(make=scenario, scoped=False),
    "upgrades:consequence": facility,
    "upgrades:what_if": Sample(make=facility, answers={404}),  # nothing binds it: there is no standard in force
    "upgrades:keep": facility,
    "upgrades:remove_kept": kept,
}
