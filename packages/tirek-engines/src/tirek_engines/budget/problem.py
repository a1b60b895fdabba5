"""What can be bought: packages of measures by facility, what is demanded of a plan, and the plan itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

MOST_MONEY = 2**53  # sums of money stay exact as floats


class Problem:
    """A multiple-choice knapsack with what the law and the districts demand.

    Money is counted in whole units of the smallest coin (tiyn, cents), so that sums are exact.

    Parameters
    ----------
    facility : array of int, shape (k,)
        The facility of each package, 0 to n - 1. A plan holds at most one package of each.
    cost : array of int, shape (k,)
        Money, 0 or more.
    gain : array of float, shape (k,)
        What the package is worth, 0 or more, in any unit.
    facilities : int, optional
        n; the largest of `facility` plus one when left out.
    must : array of bool, shape (n,), optional
        Facilities with mandatory requirements unmet: the plan must hold one of their packages that fulfil these.
    fulfils : array of bool, shape (k,), optional
        Whether the package fulfils all mandatory requirements of its facility.
    priority : array of float, shape (n,), optional
        Larger comes first where the money does not even suffice for what is mandatory.
    area : array of int, shape (n,), optional
        The district of each facility, 0 to a - 1.
    min_count : array of int, shape (a,), optional
        How many facilities of each district must have a package.
    min_money : array of int, shape (a,), optional
        How much money must go to each district.
    forced, banned : iterable of int, optional
        Packages that a person has put into the plan, or has taken out.

    Raises
    ------
    ValueError
        If lengths differ, a number is out of range, money adds up to more than 2^53, or two choices contradict each other.
    """

    __slots__ = (
        "area",
        "areas",
        "banned",
        "cost",
        "facilities",
        "facility",
        "forced",
        "fulfils",
        "gain",
        "min_count",
        "min_money",
        "must",
        "priority",
    )

    def __init__(
        self,
        facility: ArrayLike,
        cost: ArrayLike,
        gain: ArrayLike,
        *,
        facilities: int | None = None,
        must: ArrayLike | None = None,
        fulfils: ArrayLike | None = None,
        priority: ArrayLike | None = None,
        area: ArrayLike | None = None,
        min_count: ArrayLike | None = None,
        min_money: ArrayLike | None = None,
        forced: Iterable[int] = (),
        banned: Iterable[int] = (),
    ) -> None:
        self.facility = _whole(facility, "facility")
        k = len(self.facility)
        n = int(self.facility.max(initial=-1)) + 1 if facilities is None else facilities
        self.facilities = n
        _within(self.facility, n, "facility")
        self.cost = _whole(cost, "cost", k, least=0)
        if sum(self.cost.tolist()) >= MOST_MONEY:
            raise ValueError("money adds up to more than 2^53 of the smallest coin")
        self.gain = _numbers(gain, "gain", k)
        if (self.gain < 0).any():
            raise ValueError("a gain cannot be negative")
        self.fulfils = _flags(fulfils, "fulfils", k)
        self.must = _flags(must, "must", n)
        self.priority = np.zeros(n) if priority is None else _numbers(priority, "priority", n)
        self.area = np.zeros(n, dtype=np.int64) if area is None else _whole(area, "area", n)
        counts = None if min_count is None else _whole(min_count, "min_count", least=0)
        money = None if min_money is None else _whole(min_money, "min_money", least=0)
        known = [len(array) for array in (counts, money) if array is not None]
        self.areas = known[0] if known else int(self.area.max(initial=-1)) + 1
        if len(set(known)) > 1:
            raise ValueError("min_count and min_money have a number for each district")
        _within(self.area, self.areas, "area")
        self.min_count = np.zeros(self.areas, dtype=np.int64) if counts is None else counts
        self.min_money = np.zeros(self.areas, dtype=np.int64) if money is None else money
        self.forced = _whole(sorted(set(forced)), "forced")
        self.banned = _whole(sorted(set(banned)), "banned")
        _within(self.forced, k, "forced")
        _within(self.banned, k, "banned")
        if np.isin(self.forced, self.banned).any():
            raise ValueError("a package cannot be forced in and banned at once")
        if len(np.unique(self.facility[self.forced])) < len(self.forced):
            raise ValueError("two packages of one facility cannot both be forced in")
        for name in self.__slots__:
            value = getattr(self, name)
            if isinstance(value, np.ndarray):
                value.flags.writeable = False

    def __len__(self) -> int:
        return len(self.cost)

    @property
    def has_minima(self) -> bool:
        """Whether a district has a minimum."""
        return bool(self.min_count.any() or self.min_money.any())

    def replaced(
        self,
        *,
        gain: ArrayLike | None = None,
        min_count: ArrayLike | None = None,
        min_money: ArrayLike | None = None,
        must: ArrayLike | None = None,
        forced: Iterable[int] | None = None,
        banned: Iterable[int] | None = None,
    ) -> Problem:
        """The same problem with some of it replaced; raises ValueError as the problem itself."""
        return Problem(
            self.facility,
            self.cost,
            self.gain if gain is None else gain,
            facilities=self.facilities,
            must=self.must if must is None else must,
            fulfils=self.fulfils,
            priority=self.priority,
            area=self.area,
            min_count=self.min_count if min_count is None else min_count,
            min_money=self.min_money if min_money is None else min_money,
            forced=self.forced.tolist() if forced is None else forced,
            banned=self.banned.tolist() if banned is None else banned,
        )


class Outcome(Enum):
    """How a plan came to be."""

    OPTIMAL = "optimal"  # proven: no plan gains more
    WITHIN_GAP = "within gap"  # proven: no plan gains more than `gap` above
    STOPPED = "stopped"  # time was up or somebody stopped it: `gap` says how far it may be from the optimum
    INFEASIBLE = "infeasible"  # not all demands can be kept: this is the best effort, and says what is short


@dataclass(frozen=True, slots=True)
class Plan:
    """What to buy.

    Attributes
    ----------
    outcome : Outcome
    budget, cost : int
        Money allowed, money spent.
    gain : float
        Sum of gains.
    bound : float
        Proven: no plan that keeps the demands gains more. NaN for a best effort.
    gap : float
        (bound - gain) / gain, as a share; 0 when optimal. NaN for a best effort.
    shadow_price : float
        What one more coin would gain at the margin, from the relaxation. NaN for a best effort.
    chosen : array of int
        Packages, in order.
    package : array of int, shape (n,)
        The package of each facility, -1 for none.
    missing : int
        Money missing to keep all demands; 0 when they are kept, or when no money could.
    unmet : array of int
        Facilities whose mandatory requirements the plan leaves unmet, first those of high priority.
    short_count, short_money : array of int, shape (a,)
        What each district lacks of its minimum.
    seconds : float
        How long it took.
    """

    outcome: Outcome
    budget: int
    cost: int
    gain: float
    bound: float
    gap: float
    shadow_price: float
    chosen: Ints
    package: Ints
    missing: int
    unmet: Ints
    short_count: Ints
    short_money: Ints
    seconds: float

    @property
    def gain_per_money(self) -> float:
        """Average gain of a coin; NaN when nothing is spent."""
        return self.gain / self.cost if self.cost else float("nan")

    def summary(self) -> str:
        """One line: outcome, gain, proven bound, gap, cost."""
        return (
            f"{self.outcome.value}: gain {self.gain:,.6g}, bound {self.bound:,.6g}, gap {self.gap:.4%}, "
            f"cost {self.cost:,} of {self.budget:,}, missing {self.missing:,}, {len(self.chosen):,} packages"
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a calculation is: seconds since its start, best gain so far and proven bound (NaN where none is known yet)."""

    seconds: float
    gain: float
    bound: float

    @property
    def gap(self) -> float:
        """(bound - gain) / gain."""
        return relative_gap(self.gain, self.bound)


# Told now and then; returns True to stop with the best plan so far. May be called from another thread.
Watcher = Callable[[Progress], bool | None]


def relative_gap(gain: float, bound: float) -> float:
    """(bound - gain) / gain, not below 0; 0 where both are 0, infinite where only the gain is."""
    if np.isnan(gain) or np.isnan(bound):
        return float("nan")
    over = max(bound - gain, 0.0)
    return over / gain if gain > 0 else (float("inf") if over > 0 else 0.0)


def _whole(values: ArrayLike, what: str, length: int | None = None, least: int | None = None) -> Ints:
    array = np.asarray(values)
    if array.size and not np.issubdtype(array.dtype, np.integer):
        raise ValueError(f"{what} must hold whole numbers")
    found = array.astype(np.int64)
    _shape(found, what, length)
    if least is not None and (found < least).any():
        raise ValueError(f"{what} must be {least} or more")
    return found


def _numbers(values: ArrayLike, what: str, length: int) -> Floats:
    array = np.array(values, dtype=np.float64)
    _shape(array, what, length)
    if not np.isfinite(array).all():
        raise ValueError(f"{what} must hold numbers")
    return array


def _flags(values: ArrayLike | None, what: str, length: int) -> Bools:
    array = np.zeros(length, dtype=np.bool_) if values is None else np.array(values, dtype=np.bool_)
    _shape(array, what, length)
    return array


def _shape(array: NDArray[np.generic], what: str, length: int | None) -> None:
    if array.ndim != 1 or (length is not None and len(array) != length):
        raise ValueError(f"{what} has shape {array.shape}, not ({'k' if length is None else length},)")


def _within(array: Ints, end: int, what: str) -> None:
    if ((array < 0) | (array >= end)).any():
        raise ValueError(f"{what} holds a number that does not exist: 0 to {end - 1} do")
