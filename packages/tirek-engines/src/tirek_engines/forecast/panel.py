"""The data of a forecast: counts by month and unit, and what is known about the units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

# What was held of the first months on some day: by how many months there are, counts and where nobody had reported.
Vintages = Mapping[int, tuple[ArrayLike, ArrayLike]]

MOST = 10**7  # incidents of one unit in one month: more is a mistake in the data


def month_number(year: int, month: int) -> int:
    """Months are counted as year * 12 + month - 1, so that differences are months. Raises ValueError for no such month."""
    if not 1 <= month <= 12:
        raise ValueError(f"months are 1 to 12, not {month}")
    return year * 12 + month - 1


def year_and_month(number: int) -> tuple[int, int]:
    """The inverse of `month_number`."""
    return number // 12, number % 12 + 1


class Panel:
    """Counts of incidents by month and unit.

    Parameters
    ----------
    counts : array of int, shape (months, units)
        Incidents reported, 0 or more; consecutive months, oldest first, the last one complete.
    first_month : int
        The month of the first row, as year * 12 + month - 1.
    groups : array of int, shape (units,), optional
        What a unit lies in (a district's group, a cell's district); units of a group lend each other strength.
    neighbours : sequence of arrays of int, optional
        For each unit the indices of those beside it.
    population : array of float, shape (units,), optional
        People who live there, 0 or more.
    missing : array of bool, shape (months, units), optional
        True where nothing was reported because nobody reported: such a zero is no zero, and is left out of every fit and score.
    covariates : array of float, shape (months, units, c), optional
        Signals beside the counts, as known in that month; NaN where unknown. Only trees look at them.

    Raises
    ------
    ValueError
        If a shape does not fit, a count is negative, not whole or beyond 10 million, or a neighbour is no unit.
    """

    __slots__ = ("_beside", "counts", "covariates", "first_month", "groups", "missing", "neighbours", "population")

    def __init__(
        self,
        counts: ArrayLike,
        first_month: int,
        groups: ArrayLike | None = None,
        neighbours: Sequence[ArrayLike] | None = None,
        population: ArrayLike | None = None,
        missing: ArrayLike | None = None,
        covariates: ArrayLike | None = None,
    ) -> None:
        self.counts = _counts(counts)
        months, units = self.counts.shape
        self.first_month = int(first_month)
        self.groups: Ints | None = None
        if groups is not None:
            self.groups = np.unique(_shaped(groups, (units,), "groups"), return_inverse=True)[1].astype(np.int64)
        self.neighbours: tuple[Ints, ...] | None = None
        if neighbours is not None:
            self.neighbours = tuple(
                np.setdiff1d(np.asarray(n, dtype=np.int64), [unit]) for unit, n in enumerate(neighbours)
            )
            if len(self.neighbours) != units:
                raise ValueError(f"neighbours of {units} units are needed, not of {len(self.neighbours)}")
            if any(len(n) and not 0 <= n[0] <= n[-1] < units for n in self.neighbours):
                raise ValueError(f"a neighbour is the index of a unit, 0 to {units - 1}")
        self.population: Floats | None = None
        if population is not None:
            self.population = _shaped(population, (units,), "population").astype(np.float64)
            if not (np.isfinite(self.population) & (self.population >= 0)).all():
                raise ValueError("a population is 0 or more")
        self.missing: Bools = np.zeros((months, units), dtype=np.bool_)
        if missing is not None:
            self.missing = _shaped(missing, (months, units), "missing").astype(np.bool_)
        self.covariates: Floats | None = None
        if covariates is not None:
            self.covariates = np.array(covariates, dtype=np.float64)
            if self.covariates.ndim != 3 or self.covariates.shape[:2] != (months, units):
                raise ValueError(f"covariates have shape ({months}, {units}, c), not {self.covariates.shape}")
        self._beside = _adjacency(self.neighbours)
        for array in (
            self.counts,
            self.groups,
            self.population,
            self.missing,
            self.covariates,
            *(self.neighbours or ()),
        ):
            if array is not None:
                array.flags.writeable = False

    @property
    def months(self) -> int:
        """How many months there are."""
        return int(self.counts.shape[0])

    @property
    def units(self) -> int:
        """How many units there are."""
        return int(self.counts.shape[1])

    @property
    def last_month(self) -> int:
        """The month of the last row."""
        return self.first_month + self.months - 1

    def until(self, months: int) -> Panel:
        """The panel as it was after its first `months` months."""
        if not 1 <= months <= self.months:
            raise ValueError(f"the panel has 1 to {self.months} months, not {months}")
        return Panel(
            self.counts[:months],
            self.first_month,
            self.groups,
            self.neighbours,
            self.population,
            self.missing[:months],
            None if self.covariates is None else self.covariates[:months],
        )

    def as_known(self, counts: ArrayLike, missing: ArrayLike) -> Panel:
        """The same units with other counts, as what was held of the first months on some day; covariates are those of each month.

        Raises
        ------
        ValueError
            If the shape is not (months, units) of 1 to all months.
        """
        then = _counts(counts)
        if then.shape[1] != self.units or len(then) > self.months:
            raise ValueError(f"counts have shape (1 to {self.months} months, {self.units} units), not {then.shape}")
        beside = None if self.covariates is None else self.covariates[: len(then)]
        return Panel(then, self.first_month, self.groups, self.neighbours, self.population, missing, beside)

    def neighbour_mean(self, values: Floats) -> Floats:
        """The mean of what the neighbours of each unit have, shape (units,); 0 for units without any."""
        if self._beside is None:
            return np.zeros(self.units)
        return np.asarray(self._beside @ values)

    def around(self, units: Ints) -> csr_array:
        """Rows that take the mean over some units and the neighbours of each, shape (n, units)."""
        if self._beside is None or self.neighbours is None:
            return csr_array((np.ones(len(units)), units, np.arange(len(units) + 1)), shape=(len(units), self.units))
        others = np.array([len(self.neighbours[u]) for u in units], dtype=np.float64)
        own = csr_array((1.0 / (1.0 + others), units, np.arange(len(units) + 1)), shape=(len(units), self.units))
        return csr_array(self._beside[units].multiply((others / (1.0 + others))[:, None]) + own)


def _adjacency(neighbours: tuple[Ints, ...] | None) -> csr_array | None:
    """A matrix whose rows take the mean over neighbours."""
    if neighbours is None:
        return None
    sizes = np.array([len(n) for n in neighbours], dtype=np.int64)
    share = np.repeat(1.0 / np.maximum(sizes, 1), sizes)
    columns = np.concatenate(neighbours) if len(neighbours) else np.zeros(0, dtype=np.int64)
    return csr_array((share, columns, np.concatenate(([0], np.cumsum(sizes)))), shape=(len(neighbours),) * 2)


def _counts(counts: ArrayLike) -> Ints:
    """Counts as whole numbers, checked."""
    array = np.asarray(counts)
    if array.ndim != 2 or 0 in array.shape:
        raise ValueError(f"counts have shape (months, units) with one or more of each, not {array.shape}")
    if array.dtype.kind not in "iuf":
        raise ValueError(f"counts are numbers, not {array.dtype}")
    if array.dtype.kind == "f" and not (np.isfinite(array) & (array == np.floor(array))).all():
        raise ValueError("counts are whole numbers; say with `missing` where nothing is known")
    if (array < 0).any():
        month, unit = np.argwhere(array < 0)[0]
        raise ValueError(f"a count cannot be negative: month {month}, unit {unit} has {array[month, unit]}")
    if (array > MOST).any():
        raise ValueError(f"a count above {MOST:,} in one month is a mistake")
    return np.array(array, dtype=np.int64)


def _shaped(values: ArrayLike, shape: tuple[int, ...], name: str) -> NDArray[np.generic]:
    """An array of that shape, copied."""
    array = np.array(values)
    if array.shape != shape:
        raise ValueError(f"{name} has shape {shape}, not {array.shape}")
    return array
