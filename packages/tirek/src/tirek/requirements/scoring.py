"""Requirements and standings as the arrays that `tirek_engines.score` counts with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tirek.requirements import queries
from tirek.requirements.models import Point, Requirement, Standing
from tirek_engines.score import Gaps, Status, gaps
from tirek_engines.score import Standard as Frame

POINTS = tuple(point.value for point in Point)
STATUS = {
    Standing.State.UNKNOWN.value: int(Status.UNKNOWN),
    Standing.State.MET.value: int(Status.MET),
    Standing.State.UNMET.value: int(Status.UNMET),
    Standing.State.NA.value: int(Status.NOT_APPLICABLE),
}
# A share of what is met says little while most is not known: it is shown from this share of the weight on.
KNOWN_ENOUGH = 0.5
DIGITS = 6


def frame(requirements: Sequence[Requirement]) -> Frame:
    """The requirements in force, of all standards together, as one frame of the score engine."""
    return Frame(
        [one.weight for one in requirements],
        [POINTS.index(one.point) for one in requirements],
        [one.mandatory for one in requirements],
        POINTS,
    )


def statuses(requirements: Sequence[Requirement], facility_ids: Sequence[int]) -> tuple[list[int], NDArray[np.int8]]:
    """A status for each facility and requirement: ids, and an array of shape (facilities, requirements)."""
    ids, binds = queries.bound(requirements, facility_ids)
    found = np.zeros(binds.shape, dtype=np.int8)
    row_of = {pk: number for number, pk in enumerate(ids)}
    column_of = {(one.edition.standard_id, one.key): number for number, one in enumerate(requirements)}
    rows = Standing.objects.filter(facility__in=ids).order_by().values_list("facility", "standard", "key", "state")
    for facility, standard, key, state in rows.iterator(chunk_size=20_000):
        column = column_of.get((standard, key))
        if column is not None:
            found[row_of[facility], column] = STATUS[state]
    found[~binds] = Status.NOT_APPLICABLE
    return ids, found


def protection(facility_ids: Sequence[int]) -> Mapping[int, Mapping[str, Any]]:
    """The columns of `facilities.Figures` that come from standings. A facility that nothing binds keeps the defaults."""
    requirements = queries.in_force()
    if not requirements:
        return {}
    standard = frame(requirements)
    ids, codes = statuses(requirements, facility_ids)
    found = gaps(standard, codes)
    known = _known(codes, standard.weights)
    return {pk: _columns(found, row, known[row]) for row, pk in enumerate(ids) if not np.isnan(found.low[row])}


def _known(codes: NDArray[np.int8], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """The share of the applicable weight of which something is known."""
    applicable = (codes != Status.NOT_APPLICABLE).astype(np.float64) @ weights
    known = ((codes == Status.MET) | (codes == Status.UNMET)).astype(np.float64) @ weights
    return np.divide(known, applicable, out=np.zeros_like(known), where=applicable > 0)


def _columns(found: Gaps, row: int, known: float) -> dict[str, Any]:
    low, high = float(found.low[row]), float(found.high[row])
    return {
        "protection": round(float(found.percent_low[row]), DIGITS) if known >= KNOWN_ENOUGH else None,
        "gap_low": round(100 * low, DIGITS),
        "gap_high": round(100 * high, DIGITS),
        # While nothing is known to be missing no point is known to be the weakest.
        "weakest_point": POINTS[found.weakest[row]] if low > 0 else "",
        "mandatory_unmet": int(found.flags[row].sum()),
    }
