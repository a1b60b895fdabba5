"""How much would be lost: the consequence tier of a facility, from points that anybody can check."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ints = NDArray[np.int64]

# Sum of the five factors -> tier. The bands are those of the Interagency Security Committee, The Risk Management Process
# (Facility Security Level Matrix), as in NASA NPR 1620.2A, chapter 2. ISC's level V is set by hand and has no band.
BANDS = ((5, 7), (8, 12), (13, 17), (18, 20))

# Upper ends of 1, 2 and 3 points.
PEOPLE = (100.0, 250.0, 750.0)  # NPR 1620.2A, 2.4: people present at one time
SQUARE_FOOT = 0.09290304  # square metres, exactly
SIZE = tuple(feet * SQUARE_FOOT for feet in (10_000.0, 100_000.0, 250_000.0))  # NPR 1620.2A, 2.5, in square metres
SCENARIOS = (1.0, 2.0, 3.0)  # ours: named scenarios that concern this kind of use
DEPENDENTS = (1_000.0, 10_000.0, 100_000.0)  # ours: people elsewhere who are served by the facility
HOURS = (4.0, 24.0, 72.0)  # ours: hours that the place can do without the service; fewer hours, more points


class Tier(IntEnum):
    """Consequence tier; IV is the highest."""

    I = 1  # noqa: E741
    II = 2
    III = 3
    IV = 4


@dataclass(frozen=True, slots=True)
class Factors:
    """Five equally weighted factors of 1 to 4 points each.

    NPR 1620.2A uses mission criticality, symbolism, population, size and threat. Tirek does not weigh what a place stands for;
    the second factor is replaced by how many depend on it.

    Attributes
    ----------
    service : int
        Importance of the service: how long the place can do without it (`service_points`).
    people : int
        People present at one time (`people_points`).
    size : int
        Floor area (`size_points`).
    threat : int
        How many of the named scenarios concern this kind of use (`scenario_points`); no probability.
    dependence : int
        How many elsewhere depend on it (`dependence_points`).

    Raises
    ------
    ValueError
        If a factor is not 1, 2, 3 or 4.
    """

    service: int
    people: int
    size: int
    threat: int
    dependence: int

    def __post_init__(self) -> None:
        for name, value in self.parts():
            if value not in (1, 2, 3, 4):
                raise ValueError(f"{name} must be 1, 2, 3 or 4 points, not {value}")

    def parts(self) -> tuple[tuple[str, int], ...]:
        """Name and points of each factor, in order."""
        return tuple((field.name, getattr(self, field.name)) for field in fields(self))


@dataclass(frozen=True, slots=True)
class Consequence:
    """A tier and what it was made of. `total` is the sum of `factors`; `tier` is `preliminary` moved by `adjustment`."""

    factors: Factors
    total: int
    preliminary: Tier
    adjustment: int
    reason: str
    tier: Tier


def consequence(factors: Factors, adjustment: int = 0, reason: str = "") -> Consequence:
    """The consequence tier of one facility.

    The five factors are added (5 to 20) and the sum falls into a band: 5-7 tier I, 8-12 II, 13-17 III, 18-20 IV. Then a person
    may move the tier by one for what the factors cannot hold, and says why (NPR 1620.2A, 2.1.3 and 2.8). The tier stays
    within I to IV.

    Parameters
    ----------
    factors : Factors
    adjustment : {-1, 0, 1}
    reason : str
        Needed when `adjustment` is not 0.

    Returns
    -------
    Consequence

    Raises
    ------
    ValueError
        If the adjustment is not -1, 0 or 1, or has no reason.

    References
    ----------
    NASA NPR 1620.2A, Facility Security Assessments (2015), chapter 2; Interagency Security Committee, The Risk Management
    Process: an Interagency Security Committee Standard, Facility Security Level Matrix.
    """
    if adjustment not in (-1, 0, 1):
        raise ValueError(f"a tier can be adjusted by -1, 0 or 1, not by {adjustment}")
    if adjustment and not reason.strip():
        raise ValueError("an adjustment needs a reason")
    total = sum(points for _, points in factors.parts())
    preliminary = Tier(next(tier for tier, (_, last) in enumerate(BANDS, 1) if total <= last))
    tier = Tier(min(max(preliminary + adjustment, Tier.I), Tier.IV))
    return Consequence(factors, total, preliminary, adjustment, reason.strip(), tier)


def tiers(factors: ArrayLike, adjustments: ArrayLike = 0) -> Ints:
    """The consequence tiers of many facilities; see `consequence`.

    Parameters
    ----------
    factors : array of int, shape (n, 5)
        Points 1 to 4 in the order of `Factors`.
    adjustments : array of int, shape (n,) or a number
        -1, 0 or 1. Reasons are kept where the adjustments are.

    Returns
    -------
    array of int, shape (n,)
        1 to 4.

    Raises
    ------
    ValueError
        If the shape is not (n, 5), or a value is out of its range.
    """
    points, moved = np.asarray(factors), np.asarray(adjustments)
    if points.ndim != 2 or points.shape[1] != 5:
        raise ValueError(f"five factors for each facility, shape (n, 5), not {points.shape}")
    if not np.isin(points, (1, 2, 3, 4)).all():
        raise ValueError("each factor must be 1, 2, 3 or 4 points")
    if not np.isin(moved, (-1, 0, 1)).all():
        raise ValueError("each adjustment must be -1, 0 or 1")
    preliminary = np.searchsorted([last for _, last in BANDS], points.sum(axis=1)) + 1
    return np.asarray(np.clip(preliminary + moved, 1, 4), dtype=np.int64)


def _points(amount: float, ends: tuple[float, ...], what: str) -> int:
    """1 up to and with the first end, 2 up to the second, 3 up to the third, then 4."""
    if not amount >= 0:
        raise ValueError(f"{what} cannot be {amount}")
    return 1 + sum(amount > end for end in ends)


def people_points(people: float) -> int:
    """Points for people present at one time: up to 100 one, up to 250 two, up to 750 three, more four (NPR 1620.2A, 2.4).

    Raises ValueError for a negative number.
    """
    return _points(people, PEOPLE, "people present")


def size_points(square_metres: float) -> int:
    """Points for floor area: up to 929 m2 one, 9,290 m2 two, 23,226 m2 three, more four (NPR 1620.2A, 2.5, from square feet).

    Raises ValueError for a negative number.
    """
    return _points(square_metres, SIZE, "the floor area")


def scenario_points(concerned: int) -> int:
    """Points for the number of named scenarios that concern this kind of use: up to 1 one, 2 two, 3 three, more four.

    A count of scenarios that everybody can read, in the place of NPR 1620.2A's rating of threat (2.7). Thresholds are ours.
    Raises ValueError for a negative number.
    """
    return _points(concerned, SCENARIOS, "the number of scenarios")


def dependence_points(people_served: float) -> int:
    """Points for people elsewhere served by it: up to 1,000 one, 10,000 two, 100,000 three, more four. Thresholds are ours.

    Raises ValueError for a negative number.
    """
    return _points(people_served, DEPENDENTS, "people served")


def service_points(hours: float) -> int:
    """Points for how long the place can do without the service: over 72 h one, over 24 h two, over 4 h three, else four.

    Thresholds are ours; the idea of mission criticality is that of NPR 1620.2A, 2.2. Raises ValueError for a negative number.
    """
    if not hours >= 0:
        raise ValueError(f"hours without the service cannot be {hours}")
    return 4 - sum(hours > end for end in HOURS)
