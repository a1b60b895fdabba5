"""What came after similar pasts, of any unit, in proportion to its level then.

A past is told by its level and, if wanted, by how the last three months stand to it. The outcomes of all earlier origins stand in a
histogram over (level, contrast, ratio of outcome to level), smoothed over the first two: a kernel estimate of the conditional
distribution, whose cost does not grow with the number of units that ask.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d

from tirek_engines.forecast.known import Fitted, Known, Windows
from tirek_engines.forecast.panel import Floats, Ints
from tirek_engines.forecast.predictive import Predictive

_STEP = 0.25  # of level and contrast, in logarithms
_FINE = 0.1  # of the ratio
_FLOOR = 0.02  # added to a level before the logarithm: tells "never" from "seldom"
_HALF = 0.5  # added to the level that an outcome is divided by
_CONTRAST = 3.0  # logarithms, to both sides
_MEMORY = 120  # months of origins that are looked at
_FIRST = 12  # months of history that the first of them has
_HALF_LIFE = 8.0
_LARGE = 3.0  # mean month from which a unit says how levels go on
_OFFSET = 1.0  # added before logarithms in the fitted level
_MEANS = (1, 3, 6, 12, 24)
_TOWARDS = np.array([0.0, 1.0, 0.0, 0.3, 0.3, 0.3, 0.1])  # constant, mean of the logarithms, what each adds to it
_RIDGE = 30.0  # units' months that the coefficients above are worth


@dataclass(frozen=True, slots=True)
class Analogues:
    """A component.

    Attributes
    ----------
    name : str
    level : "year" | "fading" | "blend" | "fitted"
        The mean of the last 12 months; one in which a month counts half after 8; a geometric mean of the means of 3, 6, 12 and 24
        months; or what a log-linear regression on these and the last month expects.
    contrast : bool
        Whether the last three months are told from the level too.
    width : float
        Standard deviation of the kernel, in logarithms of level and contrast.
    """

    name: str
    level: str
    contrast: bool = False
    width: float = 0.5

    def __post_init__(self) -> None:
        if self.level not in _LEVELS:
            raise ValueError(f"a level is one of {', '.join(_LEVELS)}, not {self.level!r}")

    def walk(self, known: Known, origins: Sequence[int]) -> Iterator[Fitted]:
        """One pass over the months; a level that is fitted itself is another one at each origin, and needs a pass for each."""
        if self.level != "fitted":
            yield from self._pass(known, origins)
            return
        for origin in origins:
            yield from self._pass(known, [origin])

    def _pass(self, known: Known, origins: Sequence[int]) -> Iterator[Fitted]:
        """Add the outcomes of each month to the histogram; smooth it at the origins that are asked for."""
        counts, ahead = known.counts, known.ahead
        first = max(min(_FIRST, origins[0]), origins[0] - int(ahead[-1]) - _MEMORY)
        learners, stands_for = known.learners(origins[0])
        everybody = np.arange(known.units)
        bins = _Bins.over(known.values, self.contrast)
        mass = np.zeros(bins.size)
        level_of = _LEVELS[self.level](known, first, origins[-1])
        past: deque[tuple[Ints, Floats]] = deque(maxlen=int(ahead[-1]) + 1)  # cell and level, newest first
        wanted = set(origins)
        for origin in range(first, origins[-1] + 1):
            outcome = counts[origin - 1, learners]
            seen = np.isfinite(outcome)
            columns = [
                past[step - 1][0][seen] + bins.column(outcome[seen], past[step - 1][1][seen])
                for step in ahead
                if step <= len(past)
            ]
            if columns:
                bins.add(mass, np.concatenate(columns), np.tile(stands_for[seen], len(columns)))
            level = level_of(origin, learners)
            past.appendleft((bins.cell(level, known.windows.mean(origin, 3)[learners]) * bins.shape[2], level))
            if origin in wanted:
                level = level_of(origin, everybody)
                cell = bins.cell(level, known.windows.mean(origin, 3))
                yield _Analogues(known.values, self._smoothed(mass, bins), bins.low, level, cell)

    def _smoothed(self, mass: Floats, bins: _Bins) -> Floats:
        """Distributions of the ratio, shape (cells, columns): cumulative, the last column 1."""
        cube = mass.reshape(bins.shape)
        # where nothing like it was ever seen, what was seen at all, very lightly
        light = 1e-6 * cube.sum(axis=(0, 1)) / max(float(cube.sum()), 1.0)
        for axis in range(1 + self.contrast):
            cube = gaussian_filter1d(cube, self.width / _STEP, axis=axis, mode="constant", truncate=3.5)
        cdf = np.cumsum((cube + light).reshape(-1, bins.shape[2]), axis=1)
        return np.asarray(np.where(cdf[:, -1:] > 0, cdf / np.where(cdf[:, -1:] > 0, cdf[:, -1:], 1.0), 1.0))


@dataclass(frozen=True, slots=True)
class _Bins:
    """The histogram's axes: level, contrast, ratio; column 0 of the last is for no incident."""

    shape: tuple[int, int, int]
    low: float

    @classmethod
    def over(cls, values: Ints, contrast: bool) -> _Bins:
        top = float(np.log(values[-1] + 1.0))
        rows = int((top - np.log(_FLOOR)) / _STEP) + 2
        return cls((rows, int(2 * _CONTRAST / _STEP) + 1 if contrast else 1, int((2 * top + 2) / _FINE) + 2), -top - 1)

    @property
    def size(self) -> int:
        return self.shape[0] * self.shape[1] * self.shape[2]

    def cell(self, level: Floats, near: Floats) -> Ints:
        """The cell of level and contrast, shape (units,)."""
        row = np.rint((np.log(level + _FLOOR) - np.log(_FLOOR)) / _STEP).clip(0, self.shape[0] - 1).astype(np.int64)
        if self.shape[1] == 1:
            return np.asarray(row)
        turn = np.log((near + _HALF) / (level + _HALF)).clip(-_CONTRAST, _CONTRAST)
        return np.asarray(row * self.shape[1] + np.rint((turn + _CONTRAST) / _STEP).astype(np.int64))

    def column(self, outcome: Floats, level: Floats) -> Ints:
        """The column of outcomes."""
        ratio = np.log(np.maximum(outcome, 0.5) / (level + _HALF))
        column = np.ceil((ratio - self.low) / _FINE).clip(1, self.shape[2] - 1)
        return np.where(outcome > 0, column, 0.0).astype(np.int64)

    def add(self, mass: Floats, places: Ints, weight: Floats) -> None:
        """Add weights to the histogram, whichever way is shorter."""
        if len(places) > self.size // 8:
            mass += np.bincount(places, weight, minlength=self.size)
        else:
            np.add.at(mass, places, weight)


@dataclass(frozen=True, slots=True)
class _Analogues:
    """Distributions of ratios by cell, and the level and the cell of each unit at the origin."""

    values: Ints
    cdf: Floats
    low: float
    level: Floats
    cell: Ints

    def predict(self, units: Ints) -> Predictive:
        """Ratios turned back into counts."""
        # quiet units are alike: each kind is worked out once
        kinds, which = np.unique(np.stack((self.level[units], self.cell[units]), axis=1), axis=0, return_inverse=True)
        level, rows = kinds[:, 0], self.cdf[kinds[:, 1].astype(np.int64)]
        ends = np.log((self.values + 0.5) / (level[:, None] + _HALF))
        place = ((ends - self.low) / _FINE).clip(0, self.cdf.shape[1] - 1.001)
        column = place.astype(np.int64)
        below = np.take_along_axis(rows, column, axis=1)
        cdf = below + (place - column) * (np.take_along_axis(rows, column + 1, axis=1) - below)
        cdf[:, 0] = rows[:, 0]
        cdf = np.maximum(cdf, cdf[:, :1])
        cdf[:, -1] = 1.0
        return Predictive(self.values, cdf[which.ravel()][None])


class _Year:
    """The mean of the last 12 months."""

    def __init__(self, known: Known, first: int, now: int) -> None:
        self._windows = known.windows

    def __call__(self, origin: int, units: Ints) -> Floats:
        return self._windows.mean(origin, 12)[units]


class _Fading:
    """A mean in which a month counts half after eight. To be asked for origins that do not fall."""

    def __init__(self, known: Known, first: int, now: int) -> None:
        self._counts = known.counts
        self._keep = 0.5 ** (1.0 / _HALF_LIFE)
        self._total, self._number = np.zeros(known.units), np.zeros(known.units)
        self._added = max(first - int(12 * _HALF_LIFE), 0)  # what is older counts less than a four-thousandth

    def __call__(self, origin: int, units: Ints) -> Floats:
        while self._added < origin:
            row = self._counts[self._added]
            seen = np.isfinite(row)
            self._total = self._total * self._keep + np.where(seen, row, 0.0)
            self._number = self._number * self._keep + seen
            self._added += 1
        # units alike but for rounding must be alike
        return np.asarray((self._total[units] / np.maximum(self._number[units], 1e-9)).round(6))


class _LogLinear:
    """The exponential of a weighted sum of logarithms of means."""

    def __init__(self, windows: Windows, beta: Floats) -> None:
        self._windows, self._beta = windows, beta

    def __call__(self, origin: int, units: Ints) -> Floats:
        expected = _logs(self._windows, origin, units) @ self._beta
        return np.asarray(np.maximum(np.exp(np.minimum(expected, 16.0)) - _OFFSET, 0.0).round(6))


def _blend(known: Known, first: int, now: int) -> _LogLinear:
    """The weights that a regression is drawn to."""
    return _LogLinear(known.windows, _TOWARDS)


def _fitted(known: Known, first: int, now: int) -> _LogLinear:
    """Weights by ridge regression of log outcomes, over active units and all origins whose outcomes are known now."""
    k = len(_TOWARDS)
    gram, cross = np.zeros((k, k)), np.zeros(k)
    for origin in range(first, now):
        large = np.flatnonzero(known.windows.mean(origin, 12) >= _LARGE)
        rows = origin - 1 + known.ahead
        rows = rows[rows < now]
        if not len(large) or not len(rows):
            continue
        logs = _logs(known.windows, origin, large)
        outcome = known.counts[rows[:, None], large]
        seen = np.isfinite(outcome)
        times = seen.sum(axis=0)
        gram += (logs * times[:, None]).T @ logs
        total = np.log(np.where(seen, outcome, 0.0) + _OFFSET).sum(axis=0)  # the logarithm of what is unseen is 0
        cross += logs.T @ (total - times * (logs @ _TOWARDS))
    ridge = np.full(k, _RIDGE * len(known.ahead))
    ridge[0] = 1.0
    return _LogLinear(known.windows, _TOWARDS + np.linalg.solve(gram + np.diag(ridge), cross))


_LEVELS: dict[str, Callable[[Known, int, int], Callable[[int, Ints], Floats]]] = {
    "year": _Year,
    "fading": _Fading,
    "blend": _blend,
    "fitted": _fitted,
}


def _logs(windows: Windows, origin: int, units: Ints) -> Floats:
    """A constant, the mean of the logarithms of means, and how each stands to it; shape (n, 7)."""
    logs = np.log(np.stack([windows.mean(origin, k)[units] for k in _MEANS], axis=1) + _OFFSET)
    middle = logs.mean(axis=1, keepdims=True)
    return np.concatenate((np.ones_like(middle), middle, logs - middle), axis=1)
