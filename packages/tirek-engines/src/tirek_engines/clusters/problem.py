"""What is scanned, checked; and what is found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tirek_engines.clusters.gumbel import Gumbel
from tirek_engines.geo.earth import E2, A

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Ints = NDArray[np.int32]

EARTH_KM = 6371.0088  # mean radius; only turns chords into arcs
MOST_CASES = 2**31 - 1


class Reason(Enum):
    """What a scan came to."""

    FOUND = "found"  # at least one window has more cases than expected
    NO_CASES = "no cases"
    TOO_FEW = "too few"  # fewer cases than a cluster must have
    ONE_PLACE = "one place"  # all cases are in one place, and nothing but the cases says what is usual there
    ONE_MONTH = "one month"  # likewise with months
    NO_RECENT = "no recent"  # no case in the months that a cluster may last
    NO_EXCESS = "no excess"  # no window has more cases than expected
    STOPPED = "stopped"  # by the watcher


@dataclass(frozen=True, slots=True)
class Cluster:
    """A window with more cases than expected.

    Attributes
    ----------
    places : array of int
        From the centre outwards.
    centre : int
        The place in the middle.
    radius_km : float
        To the farthest place in it.
    first_month, last_month : int
        Rows of the cases that were given; the last is the last row.
    observed, expected : int, float
        Cases in the window, and how many the null hypothesis expects.
    ratio : float
        observed / expected.
    llr : float
        Log likelihood ratio.
    p : float
        Share of the replicates, and the observed, with a maximum of at least `llr`: from 1 / (replicates + 1) to 1.
    recurrence_months : float
        By chance so likely a cluster comes once in so many months. A number of at least 1.
    at_least : bool
        No replicate came up to it: p may be smaller and the recurrence longer than ranks can say.
    p_gumbel, recurrence_gumbel_months : float
        The same from the Gumbel distribution; NaN where that does not fit.
    """

    places: Longs
    centre: int
    radius_km: float
    first_month: int
    last_month: int
    observed: int
    expected: float
    ratio: float
    llr: float
    p: float
    recurrence_months: float
    at_least: bool
    p_gumbel: float
    recurrence_gumbel_months: float


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What a scan found.

    Attributes
    ----------
    reason : Reason
        FOUND, or why there are no clusters.
    clusters : tuple of Cluster
        The most likely first. No place is in two of them.
    maxima : array of float, shape (replicates,)
        The largest log likelihood ratio of each replicate.
    gumbel : Gumbel or None
        Fitted to the maxima.
    cases : int
        In all months.
    max_months : int
        The longest that a cluster could last.
    looks : int
        The analyses that p-values are adjusted for.
    seconds : float
        How long it took.
    """

    reason: Reason
    clusters: tuple[Cluster, ...]
    maxima: Floats
    gumbel: Gumbel | None
    cases: int
    max_months: int
    looks: int
    seconds: float


# Told the share done, 0 to 1; returns True to stop.
Watcher = Callable[[float], bool | None]


def recurrence_months(p: float, looks: int = 1) -> float:
    """How many months pass on average between clusters with a p-value as small, when a scan is made every month.

    Without adjustment 1 / p: K. Kleinman, R. Lazarus and R. Platt, "A generalized linear mixed models approach for detecting
    incident clusters of disease in small areas", American Journal of Epidemiology 159 (2004) 217-224. A p-value that is adjusted
    for several looks is that of the smallest among them; seen as independent, one look alone has 1 - (1 - p)^(1 / looks).
    """
    if p >= 1:
        return 1.0
    return float(1 / -np.expm1(np.log1p(-p) / looks))


def as_cases(cases: ArrayLike) -> Longs:
    """Counts of shape (months, places), or a ValueError that says what is wrong."""
    found = _numbers(cases, "cases")
    if found.ndim != 2 or not found.shape[0] or not found.shape[1]:
        raise ValueError(f"cases need the shape (months, places), not {found.shape}")
    if (found < 0).any():
        raise ValueError(f"a count of cases is negative, the first in row {_first_row(found < 0)}")
    if (found != np.floor(found)).any():
        raise ValueError(
            f"a count of cases is not a whole number, the first in row {_first_row(found != np.floor(found))}"
        )
    if found.sum() > MOST_CASES:
        raise ValueError(f"more than {MOST_CASES:,} cases cannot be scanned")
    return found.astype(np.int64)


def as_points(coordinates: ArrayLike, places: int, units: str) -> Floats:
    """Points in space, shape (places, 3), in km: on a plane, or of the WGS 84 ellipsoid where units are degrees."""
    found = _numbers(coordinates, "coordinates")
    if found.shape != (places, 2):
        raise ValueError(f"coordinates need the shape ({places}, 2), a row for each place, not {found.shape}")
    if units == "km":
        return np.column_stack([found, np.zeros(places)])
    if units != "degrees":
        raise ValueError(f'units are "degrees" or "km", not {units!r}')
    lat, lon = np.radians(found[:, 0]), np.radians(found[:, 1])
    if (np.abs(found[:, 0]) > 90).any() or (np.abs(found[:, 1]) > 360).any():
        raise ValueError(
            "a latitude is beyond 90 degrees, or a longitude beyond 360: latitude comes first, then longitude"
        )
    across = A / 1000 / np.sqrt(1 - E2 * np.sin(lat) ** 2)
    return np.column_stack(
        [across * np.cos(lat) * np.cos(lon), across * np.cos(lat) * np.sin(lon), across * (1 - E2) * np.sin(lat)]
    )


def chord_km(arc_km: float, units: str) -> float:
    """The straight line that belongs to a way over the ground."""
    return arc_km if units == "km" else 2 * EARTH_KM * np.sin(min(arc_km / EARTH_KM, np.pi) / 2)


def arc_km(chord: float, units: str) -> float:
    """The inverse of `chord_km`."""
    return chord if units == "km" else 2 * EARTH_KM * float(np.arcsin(min(chord / EARTH_KM / 2, 1.0)))


def as_population(population: ArrayLike, cases: Longs) -> Floats:
    """People (or anything that expected cases are in proportion to) by month and place, shape of `cases`."""
    found = _numbers(population, "population")
    if found.shape == cases.shape[1:]:
        found = np.broadcast_to(found, cases.shape)
    if found.shape != cases.shape:
        raise ValueError(f"population needs the shape {cases.shape[1:]} or {cases.shape}, not {found.shape}")
    if (found < 0).any():
        raise ValueError(f"a population is negative, the first in row {_first_row(found < 0)}")
    if not found.sum() > 0:
        raise ValueError("the population is 0 everywhere: without it leave it out and use the permutation model")
    wrong = (cases > 0) & (found == 0)
    if wrong.any():
        month, place = np.argwhere(wrong)[0]
        raise ValueError(
            f"{int(wrong.sum())} counts are above 0 where the population is 0, the first in month {month} at place {place}: "
            "mend the population, or use the permutation model"
        )
    return np.asarray(found)


def as_neighbours(neighbours: Sequence[ArrayLike] | None, places: int) -> tuple[Longs, Ints]:
    """Starts and neighbours in one array each; both empty for None. Neighbours are made mutual."""
    if neighbours is None:
        return np.empty(0, np.int64), np.empty(0, np.int32)
    if len(neighbours) != places:
        raise ValueError(f"neighbours need an entry for each of the {places} places, not {len(neighbours)}")
    arrays = [np.asarray(own).ravel() for own in neighbours]
    source = np.repeat(np.arange(places), [len(own) for own in arrays])
    target = np.concatenate([own.astype(np.int64) if len(own) else np.empty(0, np.int64) for own in arrays])
    if any(len(own) and not np.issubdtype(own.dtype, np.integer) for own in arrays):
        raise ValueError("neighbours are numbers of places, whole numbers")
    if ((target < 0) | (target >= places)).any():
        raise ValueError(f"a neighbour is not a place: places are 0 to {places - 1}")
    pairs = np.unique(np.concatenate([source * places + target, target * places + source]))
    source, target = pairs // places, pairs % places
    source, target = source[source != target], target[source != target]
    starts = np.concatenate([[0], np.cumsum(np.bincount(source, minlength=places))])
    return starts.astype(np.int64), target.astype(np.int32)


def _numbers(values: ArrayLike, what: str) -> Floats:
    try:
        found = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"{what} must hold numbers, in rows of equal length") from None
    if not np.isfinite(found).all():
        where = _first_row(~np.isfinite(found)) if found.ndim else 0
        raise ValueError(f"{what} hold a value that is missing or infinite, the first in row {where}")
    return found


def _first_row(wrong: NDArray[np.bool_]) -> int:
    return int(np.argwhere(np.atleast_1d(wrong))[0][0])
