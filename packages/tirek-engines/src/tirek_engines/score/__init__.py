"""Facilities in numbers: how much would be lost (consequence tier) and what is missing (protection gap).

Two numbers, side by side. They are not multiplied with each other or with a probability; `tirek_engines.score.gap` says why.
"""

from tirek_engines.score.gap import (
    Gaps,
    Part,
    Scenario,
    Standard,
    Status,
    WhatIf,
    gaps,
    measure_gaps,
    parts,
    scenario_gaps,
    what_if,
)
from tirek_engines.score.tier import (
    Consequence,
    Factors,
    Tier,
    consequence,
    dependence_points,
    people_points,
    scenario_points,
    service_points,
    size_points,
    tiers,
)

__all__ = [
    "Consequence",
    "Factors",
    "Gaps",
    "Part",
    "Scenario",
    "Standard",
    "Status",
    "Tier",
    "WhatIf",
    "consequence",
    "dependence_points",
    "gaps",
    "measure_gaps",
    "parts",
    "people_points",
    "scenario_gaps",
    "scenario_points",
    "service_points",
    "size_points",
    "tiers",
    "what_if",
]
