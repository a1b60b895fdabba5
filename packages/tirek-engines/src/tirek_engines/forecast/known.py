"""What is known at an origin, and what a component of a mixture is.

An origin is a number of months: at origin 24 the first 24 rows of a panel are known, and the forecast `ahead` months on is of row
23 + ahead.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from tirek_engines.forecast.panel import Floats, Ints, Panel
from tirek_engines.forecast.predictive import Predictive, support

_EXACT = 500  # units of panels whose grid holds each count of the last year

_FEW = 5_000  # units of panels that are learnt from whole
_SAMPLE = 2_000  # of the others, units without incidents that are learnt from


class Windows:
    """Sums over the last months at any origin, in no time whatever their number.

    Parameters
    ----------
    counts : array of float, shape (months, units)
        Whole numbers, NaN where nobody reported.
    """

    def __init__(self, counts: Floats) -> None:
        shape = (len(counts) + 1, counts.shape[1])
        self._sum, self._square = np.zeros(shape), np.zeros(shape, dtype=np.float32)
        self._number, self._active = np.zeros(shape, dtype=np.int16), np.zeros(shape, dtype=np.int16)
        known = np.isfinite(counts)
        filled = np.where(known, counts, 0.0)
        np.cumsum(filled, axis=0, out=self._sum[1:])
        np.cumsum(filled * filled, axis=0, out=self._square[1:])
        np.cumsum(known, axis=0, out=self._number[1:])
        np.cumsum(filled > 0, axis=0, out=self._active[1:])

    def number(self, origin: int, months: int) -> Ints:
        """How many of the last months are known, shape (units,)."""
        return np.asarray(self._number[origin] - self._number[max(origin - months, 0)], dtype=np.int64)

    def total(self, origin: int, months: int) -> Floats:
        """The sum of the known ones, shape (units,)."""
        return np.asarray(self._sum[origin] - self._sum[max(origin - months, 0)])

    def mean(self, origin: int, months: int) -> Floats:
        """The mean of the known ones, shape (units,); of all past months where none of these is known, 0 where none ever was."""
        number = self.number(origin, months)
        if (number > 0).all():
            return self.total(origin, months) / number
        ever = self._sum[origin] / np.maximum(self._number[origin], 1)
        return np.asarray(np.where(number > 0, self.total(origin, months) / np.maximum(number, 1), ever))

    def variance(self, origin: int, months: int) -> Floats:
        """The sample variance of the known ones, shape (units,); 0 where fewer than two are known."""
        number = self.number(origin, months)
        square = (self._square[origin] - self._square[max(origin - months, 0)]).astype(np.float64)
        spread = square - self.total(origin, months) ** 2 / np.maximum(number, 1)
        return np.asarray(np.where(number > 1, np.maximum(spread, 0.0) / np.maximum(number - 1, 1), 0.0))

    def active(self, origin: int, months: int) -> Floats:
        """The share of the known ones with an incident, shape (units,); 0 where none is known."""
        happened = self._active[origin] - self._active[max(origin - months, 0)]
        return np.asarray(happened / np.maximum(self.number(origin, months), 1), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Known:
    """What forecasts are made from.

    Attributes
    ----------
    counts : array of float, shape (months, units)
        NaN where nobody reported.
    panel : Panel
        Of the same months: groups, neighbours, covariates.
    ahead : array of int, shape (horizons,)
        Rising; 1 is the month after the last known one.
    values : array of int, shape (g,)
        The grid of the distributions.
    windows : Windows
        Of the counts.
    seed : int
    """

    counts: Floats
    panel: Panel
    ahead: Ints
    values: Ints
    windows: Windows
    seed: int = 0

    @classmethod
    def of(cls, panel: Panel, ahead: Ints, values: Ints, seed: int = 0) -> Known:
        """What a panel tells."""
        counts = np.where(panel.missing, np.nan, panel.counts.astype(np.float64))
        return cls(counts, panel, ahead, values, Windows(counts), seed)

    @property
    def units(self) -> int:
        """How many units there are."""
        return int(self.counts.shape[1])

    def learners(self, origin: int) -> tuple[Ints, Floats]:
        """Units whose outcomes are learnt from, and for how many each stands: all of a small panel.

        Of a large one all that had an incident before the origin, and a sample of those that never had: they are alike.
        """
        if self.units <= _FEW:
            return np.arange(self.units), np.ones(self.units)
        ever = self.windows.active(origin, origin) > 0
        never = np.flatnonzero(~ever)
        taken = np.sort(np.random.default_rng(self.seed).permutation(never)[:_SAMPLE])
        units = np.concatenate((np.flatnonzero(ever), taken))
        return units, np.concatenate((np.ones(ever.sum()), np.full(len(taken), len(never) / max(len(taken), 1))))

    def actual(self, origin: int, units: Ints | slice = slice(None)) -> Floats:
        """What came after an origin, shape (horizons, n), NaN where it is not known."""
        rows = origin - 1 + self.ahead
        inside = rows < len(self.counts)
        out = np.full((len(rows), self.counts[:1, units].shape[1]), np.nan)
        out[inside] = self.counts[rows[inside]][:, units]
        return out


def grid(panel: Panel) -> Ints:
    """The counts that distributions are given at: up to three times the largest there was, and 20 more. Beyond, tails are cut.

    Of panels of up to 500 units those of the last year are among them, each with the number below it, so that conflictology is
    exact. Of larger ones, counts above 64 are spread over a cell of 4 %.
    """
    values = support(3 * int(panel.counts.max()) + 20)
    if panel.units > _EXACT:
        return values
    lately = np.unique(panel.counts[-12:])
    return np.unique(np.concatenate((values, lately, np.maximum(lately - 1, 0))))


class Fitted(Protocol):
    """A component that has learnt from what was known at an origin."""

    def predict(self, units: Ints) -> Predictive:
        """Distributions of shape (horizons, n, g), or (1, n, g) where all horizons are alike, for some units."""


class Component(Protocol):
    """A way to forecast."""

    @property
    def name(self) -> str:
        """The key of its weight."""

    def walk(self, known: Known, origins: Sequence[int]) -> Iterator[Fitted]:
        """For each origin, in rising order, what is learnt from the months before it and from nothing else."""


@dataclass(frozen=True, slots=True)
class Ready:
    """Distributions that are there already, shape (horizons or 1, units, g)."""

    predictive: Predictive

    def predict(self, units: Ints) -> Predictive:
        """Those of some units."""
        return self.predictive[:, units]


def fit(component: Component, known: Known) -> Fitted:
    """What a component learns from all that is known."""
    return next(iter(component.walk(known, [len(known.counts)])))
