"""Pages of this app."""

from tirek.flashpoints.views.areas import area
from tirek.flashpoints.views.board import board, brief, map_json
from tirek.flashpoints.views.judging import burden, outcomes
from tirek.flashpoints.views.measures import measure, measure_close, measure_edit, measure_new, measures
from tirek.flashpoints.views.runs import compute, run, runs
from tirek.flashpoints.views.signed import answer, flashpoint, flashpoints, object_to, renew, sign, withdraw

__all__ = [
    "answer",
    "area",
    "board",
    "brief",
    "burden",
    "compute",
    "flashpoint",
    "flashpoints",
    "map_json",
    "measure",
    "measure_close",
    "measure_edit",
    "measure_new",
    "measures",
    "object_to",
    "outcomes",
    "renew",
    "run",
    "runs",
    "sign",
    "withdraw",
]
