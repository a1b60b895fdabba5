"""Pages of this app."""

from tirek.upgrades.views.catalogue import measure, measure_new, measures, scenario, scenario_new, scenarios
from tirek.upgrades.views.plans import (
    adopt,
    choose,
    compare,
    compute,
    edit,
    map_json,
    new,
    order_pdf,
    plan,
    plans,
    remove,
)
from tirek.upgrades.views.protection import consequence, keep, remove_kept, what_if

__all__ = [
    "adopt",
    "choose",
    "compare",
    "compute",
    "consequence",
    "edit",
    "keep",
    "map_json",
    "measure",
    "measure_new",
    "measures",
    "new",
    "order_pdf",
    "plan",
    "plans",
    "remove",
    "remove_kept",
    "scenario",
    "scenario_new",
    "scenarios",
    "what_if",
]
