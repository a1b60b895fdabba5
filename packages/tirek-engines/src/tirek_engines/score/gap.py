"""What is missing: the protection gap of a facility at its weakest point, its parts, and what measures would change.

A facility is as well protected as the weakest of its protection points (perimeter, entrances, inside, ...): a strong fence does
not make good a door that stands open, so the gap is a maximum and not a mean. No probability of a threat enters, and nothing is
multiplied into a "risk": products of threat, vulnerability and consequence rank wrongly when these depend on each other, do not
add up over facilities and cannot allocate money (L. A. Cox, "Some limitations of 'Risk = Threat x Vulnerability x Consequence'
for risk analysis of terrorist attacks", Risk Analysis 28 (2008) 1749-1761). What may happen is a named scenario: it says which
requirements matter, and everybody can read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Codes = NDArray[np.int8]


class Status(IntEnum):
    """What is known of one requirement at one facility."""

    UNKNOWN = 0
    MET = 1
    UNMET = 2
    NOT_APPLICABLE = 3


class Standard:
    """The requirements that facilities are held against.

    Parameters
    ----------
    weights : array of float, shape (m,)
        Weight of each requirement, more than 0, in any unit.
    point : array of int, shape (m,)
        Which protection point it belongs to: an index into `points`.
    mandatory : array of bool, shape (m,)
        Whether unmet it is a hard flag, whatever its weight.
    points : sequence of str, length p
        Names of the protection points, outermost first.

    Raises
    ------
    ValueError
        If lengths differ, a weight is not a positive number, or a point is not one of `points`.
    """

    __slots__ = ("mandatory", "point", "points", "shares", "weights")

    def __init__(self, weights: ArrayLike, point: ArrayLike, mandatory: ArrayLike, points: Sequence[str]) -> None:
        self.weights: Floats = np.array(weights, dtype=np.float64)
        self.point: Ints = _whole(point, "a point")
        self.mandatory: Bools = np.array(mandatory, dtype=np.bool_)
        self.points = tuple(points)
        if not self.weights.ndim == 1 or not self.weights.shape == self.point.shape == self.mandatory.shape:
            raise ValueError("one weight, point and mandatory flag for each requirement")
        if not (np.isfinite(self.weights) & (self.weights > 0)).all():
            raise ValueError("each weight must be a positive number")
        if ((self.point < 0) | (self.point >= len(self.points))).any():
            raise ValueError("each requirement belongs to one of the points")
        # Weights laid out by point, shape (m, p): one product with it sums over requirements of each point.
        self.shares: Floats = _by_point(self.weights, self.point, len(self.points))
        for array in (self.weights, self.point, self.mandatory, self.shares):
            array.flags.writeable = False

    def __len__(self) -> int:
        return len(self.weights)


@dataclass(frozen=True, slots=True)
class Gaps:
    """Protection gaps of n facilities at p points. Gaps are shares of weight, 0 (nothing missing) to 1 (everything missing).

    Attributes
    ----------
    low, high : array of float, shape (n,)
        The facility's gap: the largest of its points'. `low` if all that is unknown is met, `high` if it is unmet; equal where
        everything is known. NaN where no requirement applies.
    weakest : array of int, shape (n,)
        The point with the largest `low`; of equal ones the one with the largest `high`, then the first. -1 where none applies.
    point_low, point_high : array of float, shape (n, p)
        The same at each point; NaN where no requirement of the point applies.
    applicable : array of float, shape (n, p)
        Weight of the applicable requirements at each point.
    flags, open_flags : array of bool, shape (n, m)
        Mandatory requirements that are unmet, and those of which it is not known.
    percent_low, percent_high : array of float, shape (n,)
        Weighted share of applicable requirements met, in percent, if the unknown are unmet and if they are met. For display; a
        mean over all points, which hides a weak one. NaN where no requirement applies.
    """

    low: Floats
    high: Floats
    weakest: Ints
    point_low: Floats
    point_high: Floats
    applicable: Floats
    flags: Bools
    open_flags: Bools
    percent_low: Floats
    percent_high: Floats


@dataclass(frozen=True, slots=True)
class Part:
    """What one requirement adds. `gap` adds up over unmet ones of a point to its gap, `percent` over met ones to the percent."""

    requirement: int
    point: int
    status: Status
    mandatory: bool
    weight: float
    gap: float
    percent: float


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named course of events: how much each requirement matters in it.

    Attributes
    ----------
    name : str
    factors : array of float, shape (m,)
        Multiplies the requirement's weight; 0 where it does not matter.
    """

    name: str
    factors: Floats

    @classmethod
    def of(
        cls,
        name: str,
        standard: Standard,
        points: Mapping[str, float] | None = None,
        requirements: Mapping[int, float] | None = None,
    ) -> Scenario:
        """A scenario from the points that matter, each with a factor, and single requirements, which prevail over points.

        Raises
        ------
        ValueError
            If a point or requirement does not exist, or a factor is negative or not a number.
        """
        factors = np.zeros(len(standard))
        for point, factor in (points or {}).items():
            if point not in standard.points:
                raise ValueError(f"there is no point {point!r}")
            factors[standard.point == standard.points.index(point)] = factor
        for requirement, factor in (requirements or {}).items():
            if not 0 <= requirement < len(standard):
                raise ValueError(f"there is no requirement {requirement}")
            factors[requirement] = factor
        return cls(name, _factors(factors, len(standard)))


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What ticked measures would change at one facility.

    Attributes
    ----------
    before, after : Gaps
        Of one facility, arrays with n = 1.
    status : array of int8, shape (m,)
        Statuses afterwards.
    changed : tuple of int
        Requirements that would become met.
    points : tuple of int
        Points whose gap would become smaller.
    cleared, remaining : tuple of int
        Mandatory requirements, unmet before, that would be met, and that would remain unmet.
    idle : tuple of int
        Ticked measures that would change nothing.
    """

    before: Gaps
    after: Gaps
    status: Codes
    changed: tuple[int, ...]
    points: tuple[int, ...]
    cleared: tuple[int, ...]
    remaining: tuple[int, ...]
    idle: tuple[int, ...]


def gaps(standard: Standard, status: ArrayLike, scenario: Scenario | None = None) -> Gaps:
    """Protection gaps of many facilities.

    With U, K, M the weights of unmet, unknown and met requirements at a point, its gap is U / (U + K + M) if all unknown are
    met and (U + K) / (U + K + M) if all are unmet. The facility's gap is the largest of its points'.

    Parameters
    ----------
    standard : Standard
        m requirements at p points.
    status : array of int, shape (n, m) or (m,)
        A `Status` for each facility and requirement. One facility may be given as one row.
    scenario : Scenario, optional
        Count only what matters in it, by its factors. Flags are those of all requirements that matter in it.

    Returns
    -------
    Gaps

    Raises
    ------
    ValueError
        If the shape does not fit the standard, or a status or factor has no meaning.
    """
    codes = _codes(standard, status)
    shares, matters = standard.shares, np.ones(len(standard), dtype=np.bool_)
    if scenario is not None:
        factors = _factors(scenario.factors, len(standard))
        shares, matters = shares * factors[:, None], factors > 0
    is_unmet, is_unknown = codes == Status.UNMET, codes == Status.UNKNOWN
    unmet = is_unmet.astype(np.float64) @ shares
    unknown = is_unknown.astype(np.float64) @ shares
    met = (codes == Status.MET).astype(np.float64) @ shares
    missing = unmet + unknown
    applicable = missing + met
    with np.errstate(invalid="ignore"):
        point_low, point_high = unmet / applicable, missing / applicable
        total = applicable.sum(axis=1)
        percent_low = 100.0 * met.sum(axis=1) / total
        percent_high = 100.0 * (met + unknown).sum(axis=1) / total
    low, high, weakest = _worst(point_low, point_high)
    hard = standard.mandatory & matters
    return Gaps(
        low,
        high,
        weakest,
        point_low,
        point_high,
        applicable,
        is_unmet & hard,
        is_unknown & hard,
        percent_low,
        percent_high,
    )


def scenario_gaps(standard: Standard, status: ArrayLike, scenarios: Sequence[Scenario]) -> tuple[Floats, Floats]:
    """Low and high gap of each facility in each scenario.

    Parameters
    ----------
    standard : Standard
    status : array of int, shape (n, m) or (m,)
    scenarios : sequence of Scenario, length s

    Returns
    -------
    low, high : array of float, shape (n, s)
        As in `Gaps`. Scenarios stand side by side; they are not added or weighed by how likely somebody thinks they are.

    Raises
    ------
    ValueError
        As `gaps`.
    """
    each = [gaps(standard, status, scenario) for scenario in scenarios]
    if not each:
        n = len(_codes(standard, status))
        return np.zeros((n, 0)), np.zeros((n, 0))
    return np.column_stack([one.low for one in each]), np.column_stack([one.high for one in each])


def parts(standard: Standard, status: ArrayLike, scenario: Scenario | None = None) -> list[Part]:
    """What the numbers of one facility are made of: one part for each applicable requirement that matters, in order.

    An unmet requirement adds its weight over the applicable weight of its point; these add up to the point's low gap, and at the
    weakest point to the facility's, to 1e-9. With the unknown ones, which stand as parts too, they add up to the high gap. A met
    requirement adds its weight over all applicable weight, in percent.

    Parameters
    ----------
    standard : Standard
    status : array of int, shape (m,)
    scenario : Scenario, optional

    Returns
    -------
    list of Part

    Raises
    ------
    ValueError
        As `gaps`, or if there is more than one facility.
    """
    codes = _one(standard, status)
    factors = np.ones(len(standard)) if scenario is None else _factors(scenario.factors, len(standard))
    weights = standard.weights * factors
    counted = (codes != Status.NOT_APPLICABLE) & (weights > 0)
    at_point = np.bincount(standard.point[counted], weights[counted], len(standard.points))
    total = float(at_point.sum())
    found = []
    for i in np.flatnonzero(counted).tolist():
        state, weight, point = Status(int(codes[i])), float(weights[i]), int(standard.point[i])
        gap = 0.0 if state is Status.MET else weight / float(at_point[point])
        percent = 100.0 * weight / total if state is Status.MET else 0.0
        found.append(Part(i, point, state, bool(standard.mandatory[i]), weight, gap, percent))
    return found


def what_if(
    standard: Standard,
    status: ArrayLike,
    measures: Sequence[Iterable[int]],
    ticked: Iterable[int] | None = None,
    scenario: Scenario | None = None,
) -> WhatIf:
    """What one facility's numbers would be if measures were carried out.

    Parameters
    ----------
    standard : Standard
    status : array of int, shape (m,)
    measures : sequence of sets of int
        For each measure the requirements that it fulfils. Where one does not apply to the facility nothing changes.
    ticked : iterable of int, optional
        Which measures; all when left out.
    scenario : Scenario, optional

    Returns
    -------
    WhatIf

    Raises
    ------
    ValueError
        As `gaps`, or if a measure or a requirement of one does not exist.
    """
    before = _one(standard, status)
    chosen = range(len(measures)) if ticked is None else sorted(set(ticked))
    after, idle = before.copy(), []
    for number in chosen:
        if not 0 <= number < len(measures):
            raise ValueError(f"there is no measure {number}")
        helped = _fulfilled(standard, before, measures[number])
        after[helped] = Status.MET
        if not len(helped):
            idle.append(number)
    both = gaps(standard, np.stack([before, after]), scenario)
    was, will = _row(both, 0), _row(both, 1)
    changed = before != after
    counts = changed & (np.ones(len(standard)) if scenario is None else scenario.factors).astype(np.bool_)
    return WhatIf(
        was,
        will,
        after,
        _numbers(changed),
        tuple(np.unique(standard.point[counts]).tolist()),
        _numbers(was.flags[0] & ~will.flags[0]),
        _numbers(will.flags[0]),
        tuple(idle),
    )


def measure_gaps(
    standard: Standard, status: ArrayLike, measures: Sequence[Iterable[int]], scenario: Scenario | None = None
) -> Gaps:
    """The numbers of one facility after each measure alone: row i is after measure i.

    A measure may lower the gap by nothing alone and by much together with another, where two points are equally weak: packages
    for a budget should be valued whole.

    Parameters
    ----------
    standard : Standard
    status : array of int, shape (m,)
    measures : sequence of sets of int, length q
    scenario : Scenario, optional

    Returns
    -------
    Gaps
        With n = q.

    Raises
    ------
    ValueError
        As `what_if`.
    """
    before = _one(standard, status)
    after = np.tile(before, (len(measures), 1))
    for number, measure in enumerate(measures):
        after[number, _fulfilled(standard, before, measure)] = Status.MET
    return gaps(standard, after, scenario)


def _worst(point_low: Floats, point_high: Floats) -> tuple[Floats, Floats, Ints]:
    """The largest low, the largest high and the weakest point of each row."""
    n, p = point_low.shape
    if not p:
        return np.full(n, np.nan), np.full(n, np.nan), np.full(n, -1, dtype=np.int64)
    none = np.isnan(point_low)
    lows, highs = np.where(none, -1.0, point_low), np.where(none, -1.0, point_high)
    low, high = lows.max(axis=1), highs.max(axis=1)
    # Of the points with the largest low, the one with the largest high; argmax takes the first of equals.
    weakest = np.where(lows == low[:, None], highs, -2.0).argmax(axis=1)
    empty = low < 0
    low[empty], high[empty], weakest[empty] = np.nan, np.nan, -1
    return low, high, weakest.astype(np.int64)


def _by_point(weights: Floats, point: Ints, p: int) -> Floats:
    laid = np.zeros((len(weights), p))
    laid[np.arange(len(weights)), point] = weights
    return laid


def _row(found: Gaps, i: int) -> Gaps:
    return Gaps(*(getattr(found, name)[i : i + 1] for name in Gaps.__slots__))


def _numbers(mask: Bools) -> tuple[int, ...]:
    return tuple(np.flatnonzero(mask).tolist())


def _fulfilled(standard: Standard, codes: Codes, measure: Iterable[int]) -> Ints:
    """The requirements of a measure that are unmet or unknown."""
    wanted = _whole(sorted(set(measure)), "a requirement")
    if len(wanted) and (wanted[0] < 0 or wanted[-1] >= len(standard)):
        raise ValueError("a measure fulfils a requirement that does not exist")
    return wanted[np.isin(codes[wanted], (Status.UNMET, Status.UNKNOWN))]


def _whole(values: ArrayLike, what: str) -> Ints:
    array = np.asarray(values)
    if array.size and not np.issubdtype(array.dtype, np.integer):
        raise ValueError(f"{what} is a whole number")
    return array.astype(np.int64)


def _codes(standard: Standard, status: ArrayLike) -> Codes:
    array = np.asarray(status)
    if array.ndim == 1:
        array = array[None, :]
    if array.ndim != 2 or array.shape[1] != len(standard):
        raise ValueError(f"a status for each of the {len(standard)} requirements, not shape {array.shape}")
    if array.size and (not np.issubdtype(array.dtype, np.integer) or array.min() < 0 or array.max() > 3):
        raise ValueError("a status is 0 (unknown), 1 (met), 2 (unmet) or 3 (not applicable)")
    return array.astype(np.int8)


def _one(standard: Standard, status: ArrayLike) -> Codes:
    codes = _codes(standard, status)
    if len(codes) != 1:
        raise ValueError("one facility at a time")
    return np.asarray(codes[0], dtype=np.int8)


def _factors(factors: ArrayLike, m: int) -> Floats:
    array = np.asarray(factors, dtype=np.float64)
    if array.shape != (m,):
        raise ValueError(f"a factor for each of the {m} requirements, not shape {array.shape}")
    if not (np.isfinite(array) & (array >= 0)).all():
        raise ValueError("each factor must be a number, 0 or more")
    return array
