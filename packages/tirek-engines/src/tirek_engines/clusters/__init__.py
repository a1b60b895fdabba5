"""Clusters: where, lately, more happens than chance explains."""

from tirek_engines.clusters.farrington import Farrington, farrington
from tirek_engines.clusters.gumbel import Gumbel, fit_gumbel
from tirek_engines.clusters.problem import Cluster, Reason, ScanResult, Watcher, recurrence_months
from tirek_engines.clusters.scan import scan

__all__ = [
    "Cluster",
    "Farrington",
    "Gumbel",
    "Reason",
    "ScanResult",
    "Watcher",
    "farrington",
    "fit_gumbel",
    "recurrence_months",
    "scan",
]
