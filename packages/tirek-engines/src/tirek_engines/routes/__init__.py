"""Who visits what on which day, and on which way."""

from tirek_engines.routes.plan import Progress, Reason, Route, Routes, Stop, Watcher, plan_routes
from tirek_engines.routes.problem import Inspector, Visit, Ways

__all__ = [
    "Inspector",
    "Progress",
    "Reason",
    "Route",
    "Routes",
    "Stop",
    "Visit",
    "Watcher",
    "Ways",
    "plan_routes",
]
