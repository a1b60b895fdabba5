"""Acts on consequence, measures, scenarios and upgrade plans."""

from tirek.upgrades.actions.catalogue import CHANGE_MEASURE, CHANGE_SCENARIO, save_measure, save_scenario
from tirek.upgrades.actions.judging import (
    CHANGE_CONSEQUENCE,
    KEEP,
    REMOVE_KEPT,
    change_consequence,
    keep_what_if,
    remove_kept,
)
from tirek.upgrades.actions.plans import (
    ADD,
    ADOPT,
    CHANGE,
    COMPUTE,
    REMOVE,
    add_plan,
    adopt_plan,
    change_plan,
    choose,
    compute_plan,
    remove_plan,
    start_computing,
)

__all__ = [
    "ADD",
    "ADOPT",
    "CHANGE",
    "CHANGE_CONSEQUENCE",
    "CHANGE_MEASURE",
    "CHANGE_SCENARIO",
    "COMPUTE",
    "KEEP",
    "REMOVE",
    "REMOVE_KEPT",
    "add_plan",
    "adopt_plan",
    "change_consequence",
    "change_plan",
    "choose",
    "compute_plan",
    "keep_what_if",
    "remove_kept",
    "remove_plan",
    "save_measure",
    "save_scenario",
    "start_computing",
]
