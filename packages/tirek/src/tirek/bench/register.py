"""A panel of this installation's incidents by district."""

from __future__ import annotations

import numpy as np
from django.db.models import Min
from numpy.typing import NDArray

from tirek.bench.files import Data, Unreadable
from tirek.incidents import series, signals
from tirek.incidents.models import Incident
from tirek.places.models import Area
from tirek.places.shapes import touching
from tirek_engines.forecast import Panel


def districts() -> Data:
    """What residents reported, by district and month, from the first incident to the last month that is over; and what of it was
    known at the end of each month.

    Raises
    ------
    Unreadable
        If there are fewer than two districts, or no incidents.
    """
    areas = list(Area.objects.filter(kind="district").order_by("code"))
    if len(areas) < 2:
        raise Unreadable("There are fewer than two districts. Import their boundaries first: tirek places import.")
    first = Incident.objects.aggregate(first=Min("month"))["first"]
    last = series.month_before()  # today has not ended, even if the month ends with it
    if first is None or first > last:
        raise Unreadable("The register holds no incident of a month that is over: nothing can be forecast or scored.")
    counts = series.monthly(areas, first, last)
    if not counts.any():
        raise Unreadable("Residents reported no incident that counts: nothing can be forecast or scored.")
    parents = np.unique([area.parent_id or 0 for area in areas], return_inverse=True)[1]
    beside = touching([area.boundary for area in areas])
    told = {name: values for name, values in signals.known_then(areas, first, last).items() if _varies(values)}
    panel = Panel(
        counts,
        first,
        groups=parents,
        neighbours=beside,
        missing=series.reporting(areas, first, last),
        covariates=np.stack(list(told.values()), axis=2) if told else None,
    )
    names = tuple(area.name for area in areas)
    return Data(panel, names, series.vintages(areas, first, last).by_months(), tuple(told))


def _varies(values: NDArray[np.float64]) -> bool:
    """Whether a signal says anything: one that is the same everywhere and always can tell nothing apart."""
    return len(np.unique(values[np.isfinite(values)])) > 1
