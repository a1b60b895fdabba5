"""The simplest forecasts, as draws, and as components: nothing but the past of the unit itself, or of those beside it.

All take counts as floats of shape (months, units), NaN where nothing is known, oldest first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tirek_engines.forecast.known import Fitted, Known
from tirek_engines.forecast.panel import Floats, Ints
from tirek_engines.forecast.predictive import Predictive, of_draws, of_negative_binomial

CONFLICTOLOGY = "conflictology"  # the name of the baseline that everything is measured by
_POISSON = 1e9  # a negative binomial of this size


def recent(counts: Floats, months: int = 12) -> Floats:
    """Conflictology: the values of the last months of the unit itself, shape (units, months), NaN where there is none.

    With 12 months it is the benchmark of that name of the VIEWS prediction challenge 2023/24 (H. Hegre et al., "The 2023/24 VIEWS
    prediction challenge: predicting the number of fatalities in armed conflict, with uncertainty", Journal of Peace Research 2025).
    """
    out = np.full((counts.shape[1], months), np.nan)
    tail = counts[-months:]
    out[:, months - len(tail) :] = tail.T
    return out


def last(counts: Floats) -> Floats:
    """The last known count of each unit, shape (units,), 0 where there is none: the mean of the benchmark's Poisson."""
    known = np.isfinite(counts)
    row = len(counts) - 1 - known[::-1].argmax(axis=0)
    return np.asarray(np.nan_to_num(counts[row, np.arange(counts.shape[1])]))


def everyone(counts: Floats, months: int = 12) -> Floats:
    """The known values of the last months of all units, shape (n,): what the benchmark "bootstrap" draws from."""
    tail = counts[-months:].ravel()
    return np.asarray(tail[np.isfinite(tail)])


def seasonal(counts: Floats, last_month: int, ahead: Ints, width: int = 1) -> Floats:
    """The values of the same calendar months, `width` to each side, in all years; shape (horizons, units, most), NaN-filled."""
    calendar = np.arange(last_month - len(counts) + 1, last_month + 1) % 12
    rows = [np.flatnonzero(np.abs((calendar - (last_month + step) + 6) % 12 - 6) <= width) for step in ahead]
    out = np.full((len(ahead), counts.shape[1], max(1, *(len(r) for r in rows))), np.nan)
    for h, r in enumerate(rows):
        out[h, :, : len(r)] = counts[r].T
    return out


class _AtOnce:
    """What needs nothing but the last months learns anew at each origin, and makes distributions when asked for some units."""

    __slots__ = ()

    def walk(self, known: Known, origins: Sequence[int]) -> Iterator[Fitted]:
        """One after another."""
        return (self.at(known, origin) for origin in origins)

    def at(self, known: Known, origin: int) -> Fitted:
        """The forecast made at one origin."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class _Later:
    """Distributions, shape (horizons or 1, n, g), that are made for the units that are asked for."""

    make: Callable[[Ints], Predictive]

    def predict(self, units: Ints) -> Predictive:
        return self.make(units)


@dataclass(frozen=True, slots=True)
class Zero(_AtOnce):
    """A component: never anything."""

    name: str = "zero"

    def at(self, known: Known, origin: int) -> Fitted:
        """All probability on 0."""
        values = known.values
        return _Later(lambda units: Predictive(values, np.broadcast_to(1.0, (1, len(units), len(values)))))


@dataclass(frozen=True, slots=True)
class Last(_AtOnce):
    """A component: Poisson around the last count."""

    name: str = "last"

    def at(self, known: Known, origin: int) -> Fitted:
        """Poisson distributions."""
        mean, values = last(known.counts[:origin]), known.values

        def make(units: Ints) -> Predictive:
            kinds, which = np.unique(mean[units], return_inverse=True)  # most cells have the same: none
            return of_negative_binomial(kinds, _POISSON, values)[None, which]

        return _Later(make)


@dataclass(frozen=True, slots=True)
class Recent(_AtOnce):
    """A component: the unit's own last months, "conflictology". Units of which none is known there get those of all units."""

    name: str
    months: int = 12

    def at(self, known: Known, origin: int) -> Fitted:
        """Empirical distributions."""
        counts, values = known.counts[:origin], known.values
        draws = recent(counts, self.months)
        return _Later(lambda units: _own(draws[units], counts, self.months, values)[None])


@dataclass(frozen=True, slots=True)
class Everyone(_AtOnce):
    """A component: the last months of all units, "bootstrap", or of the unit's group where there are groups."""

    name: str
    months: int = 12
    grouped: bool = False

    def at(self, known: Known, origin: int) -> Fitted:
        """The same distribution for all, or for all of a group."""
        groups, tail, values = known.panel.groups, known.counts[:origin][-self.months :], known.values
        if not self.grouped or groups is None:
            one = of_draws(everyone(tail, self.months), values).cdf
            return _Later(lambda units: Predictive(values, np.broadcast_to(one, (1, len(units), len(one)))))
        table = np.stack([of_draws(tail[:, groups == g].ravel(), values).cdf for g in range(groups.max() + 1)])
        return _Later(lambda units: Predictive(values, table[groups[units]][None]))


@dataclass(frozen=True, slots=True)
class Beside(_AtOnce):
    """A component: the last months of the unit and its neighbours together."""

    name: str = "beside"
    months: int = 12

    def at(self, known: Known, origin: int) -> Fitted:
        """The mean over the unit and its neighbours of their empirical distributions."""
        counts, values, panel = known.counts[:origin], known.values, known.panel
        draws = recent(counts, self.months)

        def make(units: Ints) -> Predictive:
            around = panel.around(units)
            needed = np.unique(around.indices)
            cdf = _own(draws[needed], counts, self.months, values).cdf
            return Predictive(values, np.asarray(around[:, needed] @ cdf)[None])

        return _Later(make)


@dataclass(frozen=True, slots=True)
class Seasonal(_AtOnce):
    """A component: the same months of the year, one to each side, in all years."""

    name: str = "season"

    def at(self, known: Known, origin: int) -> Fitted:
        """Empirical distributions by horizon."""
        counts, ahead, values = known.counts[:origin], known.ahead, known.values
        month = known.panel.first_month + origin - 1

        def make(units: Ints) -> Predictive:
            some = np.nan_to_num(counts[:, units], nan=1.0).any(axis=0)  # where nothing ever was, nothing is
            cdf = np.ones((len(ahead), len(units), len(values)))
            cdf[:, some] = of_draws(seasonal(counts[:, units[some]], month, ahead), values).cdf
            return Predictive(values, cdf)

        return _Later(make)


def _own(draws: Floats, counts: Floats, months: int, values: Ints) -> Predictive:
    """Empirical distributions of draws, shape (n, m); where none is known, that of all units' last months."""
    # most cells have the same draws: none
    same = (draws == 0).all(axis=1)
    found = np.empty((len(draws), len(values)))
    found[same] = 1.0
    found[~same] = of_draws(draws[~same], values).cdf
    unknown = ~np.isfinite(draws).any(axis=1)
    if unknown.any():
        found[unknown] = of_draws(everyone(counts, months), values).cdf
    return Predictive(values, found)
