"""What to buy: the best packages of measures for a budget, with a proven bound; more or less money, other weights, two plans."""

from tirek_engines.budget.explore import (
    Difference,
    Frontier,
    Sensitivity,
    compare,
    frontier,
    random_weights,
    sensitivity,
)
from tirek_engines.budget.problem import Outcome, Plan, Problem, Progress, Watcher
from tirek_engines.budget.solve import largest_budget, least_budget, optimise

__all__ = [
    "Difference",
    "Frontier",
    "Outcome",
    "Plan",
    "Problem",
    "Progress",
    "Sensitivity",
    "Watcher",
    "compare",
    "frontier",
    "largest_budget",
    "least_budget",
    "optimise",
    "random_weights",
    "sensitivity",
]
