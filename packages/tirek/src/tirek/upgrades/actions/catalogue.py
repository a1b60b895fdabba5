"""Measures with their prices, and scenarios."""

from __future__ import annotations

from typing import Any

from tirek.accounts.models import Person
from tirek.audit.act import act, snapshot
from tirek.facilities import figures
from tirek.upgrades.models import Consequence, Measure, Scenario

CHANGE_MEASURE = "upgrades.change_measure"
CHANGE_SCENARIO = "upgrades.change_scenario"


def save_measure(user: Person, fields: dict[str, Any], pk: int | None = None) -> Measure:
    """Add a measure, or change one. Plans that were computed keep the prices that they were computed with."""
    with act(CHANGE_MEASURE, user) as trace:
        if pk is None:
            measure, before = Measure(is_sample=user.is_sample), None
        else:
            measure = Measure.objects.restrict(user, "change").select_for_update().get(pk=pk)
            before = snapshot(measure)
        for name, value in fields.items():
            setattr(measure, name, value)
        measure.save()
        trace.on(measure, before=before, after=snapshot(measure))
    return measure


def save_scenario(user: Person, fields: dict[str, Any], pk: int | None = None) -> Scenario:
    """Add a scenario, or change one. How many scenarios concern a type counts in the tier, so tiers are counted anew."""
    with act(CHANGE_SCENARIO, user) as trace:
        if pk is None:
            scenario, before = Scenario(is_sample=user.is_sample), None
        else:
            scenario = Scenario.objects.restrict(user, "change").select_for_update().get(pk=pk)
            before = snapshot(scenario)
        for name, value in fields.items():
            setattr(scenario, name, value)
        scenario.save()
        if before is None or before["types"] != scenario.types:
            figures.recount(Consequence.objects.values_list("facility", flat=True))
        trace.on(scenario, before=before, after=snapshot(scenario))
    return scenario
