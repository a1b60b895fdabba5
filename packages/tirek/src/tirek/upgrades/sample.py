"""Sample measures, scenarios, judgements of consequence and two plans: last year's, adopted, and next year's, computed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone, translation

from tirek.accounts.models import Person
from tirek.audit.act import Refused, act
from tirek.facilities import figures
from tirek.facilities.models import Facility
from tirek.facilities.sample_words import language_at, said
from tirek.places.models import Area
from tirek.upgrades.actions.plans import store_computed
from tirek.upgrades.computing import prepare, problem_of
from tirek.upgrades.models import Consequence, KeptWhatIf, Measure, PlanLine, Scenario, UpgradePlan
from tirek.upgrades.quantities import tiyn
from tirek.upgrades.sample_catalogue import FACTORS, FLOOR_M2, MEASURES, SCENARIOS
from tirek_engines.budget import least_budget
from tirek_engines.score import size_points

# Prices rose since last year's plan; the plan keeps the old ones.
BASIS = "Учебные данные: баллы по типу объекта; площадь оценена по вместимости."
LAST_YEAR = Decimal("0.92")
LAST_BUDGET, NEXT_BUDGET = Decimal(35_000_000), Decimal(60_000_000)
EFFORT = {"steps": 12, "samples": 16}  # quicker than a person's plan
BUSY = 900  # people: transport hubs of this size are moved up by one
State = UpgradePlan.State


def load(say: Callable[[str], None]) -> None:
    """Load them. What is there stays."""
    if Measure.objects.filter(is_sample=True).exists():
        return
    facilities = list(Facility.objects.filter(is_sample=True).select_related("type"))
    region = Area.objects.filter(is_sample=True, kind=Area.Kind.REGION).first()
    if not facilities or region is None:
        return
    with act("upgrades.load_sample", system="sample") as trace:
        measures = _measures()
        Scenario.objects.bulk_create(_scenarios())
        Consequence.objects.bulk_create(
            (_consequence(facility) for facility in facilities), batch_size=500, ignore_conflicts=True
        )
        trace.on(measures[0])
    figures.recount([facility.pk for facility in facilities])
    lines = _plans(region, measures)
    say(f"{len(MEASURES)} measures, {len(SCENARIOS)} scenarios, {lines} lines of two plans")


def clear() -> int:
    """Remove them. Returns how many rows went."""
    measures = list(Measure.objects.filter(is_sample=True))
    facilities = list(Consequence.objects.filter(facility__is_sample=True).values_list("facility", flat=True))
    if not measures and not facilities:
        return 0
    removed = 0
    with act("upgrades.clear_sample", system="sample") as trace:
        trace.on(measures[0] if measures else Consequence.objects.get(pk=facilities[0]))
        sample = UpgradePlan.objects.filter(is_sample=True)
        removed += PlanLine.objects.filter(plan__in=sample).delete()[0]
        removed += sample.delete()[0]
        removed += KeptWhatIf.objects.filter(facility__is_sample=True).delete()[0]
        removed += Consequence.objects.filter(facility__is_sample=True).delete()[0]
        used = UpgradePlan.objects.exclude(scenario=None).values("scenario")
        removed += Scenario.objects.filter(is_sample=True).exclude(pk__in=used).delete()[0]
        removed += Measure.objects.filter(is_sample=True).delete()[0]
    figures.recount(facilities)
    return removed


def _measures() -> list[Measure]:
    """The catalogue, with last year's prices."""
    return Measure.objects.bulk_create(
        Measure(
            code=code,
            price=(Decimal(price) * LAST_YEAR).quantize(Decimal(100)),
            unit=unit,
            per=per,
            every=every,
            keys=list(keys),
            name_kk=kk,
            name_ru=ru,
            name_en=en,
            source="Үлгі баға · учебная цена",
            is_sample=True,
        )
        for code, price, unit, per, every, keys, kk, ru, en in MEASURES
    )


def _scenarios() -> list[Scenario]:
    return [
        Scenario(code=code, points=points, types=list(types), name_kk=kk, name_ru=ru, name_en=en, is_sample=True)
        for code, points, types, kk, ru, en in SCENARIOS
    ]


def _consequence(facility: Facility) -> Consequence:
    service, dependence = FACTORS.get(facility.type.code, (2, 2))
    only_station = facility.type.code == "transport" and facility.capacity >= BUSY
    floor = facility.capacity * FLOOR_M2.get(facility.type.code, 10)
    return Consequence(
        facility=facility,
        importance=service,
        dependence=dependence,
        size=None if facility.floor_area_m2 else size_points(floor),
        basis=said(BASIS, language_at(facility.code)),
        adjustment=1 if only_station else 0,
        adjustment_why="Узел, через который идут все поезда и автобусы: объезда нет." if only_station else "",
        judged_at=timezone.now() - timedelta(days=120),
    )


def _plans(region: Area, measures: list[Measure]) -> int:
    """Last year's plan is computed with last year's prices, then prices rise, then next year's is computed."""
    today = timezone.localdate()
    analyst = Person.objects.filter(is_sample=True, assignments__role="analyst").order_by("pk").first()
    chief = Person.objects.filter(is_sample=True, assignments__role="chief").order_by("pk").first()
    adopted = datetime(today.year - 1, 12, 12, 15, 40, tzinfo=timezone.get_current_timezone())
    lines = 0
    with translation.override("ru"):
        if past := _plan(
            region, analyst, "Оснащение объектов", today.year, LAST_BUDGET, made_at=adopted - timedelta(days=9)
        ):
            UpgradePlan.objects.filter(pk=past.pk).update(
                state=State.ADOPTED, computed_at=adopted - timedelta(days=9), adopted_by=chief, adopted_at=adopted
            )
            lines += past.lines.count()
        for measure, row in zip(measures, MEASURES, strict=True):
            measure.price = Decimal(row[1])
        Measure.objects.bulk_update(measures, ["price"])
        if following := _plan(
            region, analyst, "Нысандарды жарақтандыру", today.year + 1, NEXT_BUDGET, made_at=timezone.now()
        ):
            lines += following.lines.count()
    return lines


def _plan(
    region: Area, person: Person | None, name: str, year: int, budget: Decimal, *, made_at: datetime
) -> UpgradePlan | None:
    plan = UpgradePlan.objects.create(
        name=name,
        year=year,
        area=region,
        budget=budget,
        mandatory_first=True,
        tier_weights=[1, 2, 3, 4],
        made_by=person,
        made_at=made_at,
        is_sample=True,
    )
    try:
        # Mandatory first, where the money suffices for it.
        plan.mandatory_first = (least_budget(problem_of(prepare(plan), plan)) or 0) <= tiyn(budget)
        plan.save(update_fields=["mandatory_first"])
        return store_computed(None, plan.pk, plan, lambda _done, _note: None, system="sample", **EFFORT)
    except Refused:
        # No standard is in force: the plan waits.
        return plan
