"""Empirical-Bayes count models: levels drawn from unit to group to all, and a negative binomial around them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d

from tirek_engines.forecast.known import Fitted, Known, Windows
from tirek_engines.forecast.panel import Floats, Ints
from tirek_engines.forecast.predictive import Predictive, of_negative_binomial

_SIZES = (0.05, 200.0)  # bounds of the negative binomial's size: beyond them it is all noise, or Poisson
_MEMORY = 120  # months of origins whose outcomes say how far off a level is
_FIRST = 12  # months of history that the first of them has
_STEP = 0.5  # of levels, in logarithms
_LOWEST = 1e-4
_INFLATION = np.linspace(0.0, 0.95, 39)


def shrunk(total: Floats, months: Floats, towards: Floats | float, noise: float) -> Floats:
    """Levels drawn towards a common one as far as the units do not differ.

    A unit's level is Gamma with mean m (`towards`) and variance A m^2, its counts have variance f m with f = `noise`: the posterior
    mean is m (f + A s) / (f + A m n) with s and n the unit's total and months. A by moments, 0 if units do not differ more
    than chance makes them (R. J. Marshall, "Mapping disease and mortality rates using empirical Bayes estimators", Applied
    Statistics 40 (1991) 283-294).

    Parameters
    ----------
    total, months : array of float, shape (n,)
    towards : array of float, shape (n,) or a number
    noise : float
        Variance over mean of a unit's counts, 1 for Poisson.

    Returns
    -------
    array of float, shape (n,)
    """
    m = np.broadcast_to(np.asarray(towards, dtype=np.float64), total.shape)
    use = (months > 0) & (m > 0)
    if not use.any():
        return m.copy()
    relative = total[use] / months[use] / m[use]
    share = months[use] / months[use].sum()
    spread = float((share * (relative - 1.0) ** 2).sum() - (share * noise / (m[use] * months[use])).sum())
    if spread <= 0:
        return m.copy()
    return np.asarray(m * (noise + spread * total) / (noise + spread * m * months))


def levels(total: Floats, months: Floats, groups: Ints | None, noise: float) -> Floats:
    """Levels of units, drawn to their group's, these to that of all (`shrunk` twice); shape (units,)."""
    overall = float(total.sum() / months.sum()) if months.sum() > 0 else 0.0
    towards: Floats | float = overall
    if groups is not None and 0 < groups.max() < len(groups) - 1:
        n = int(groups.max()) + 1
        total_of, months_of = (np.bincount(groups, a, n).astype(np.float64) for a in (total, months))
        towards = shrunk(total_of, months_of, overall, noise)[groups]
    return shrunk(total, months, towards, noise)


@dataclass(frozen=True, slots=True)
class Counts:
    """A component: negative binomial around empirical-Bayes levels, or zero-inflated ("ZINB").

    How far outcomes are from levels is learnt from all earlier origins, separately for low and high levels: the size by moments,
    1 / k = sum of (y - m)^2 - m over sum of m^2; the inflation such that zeros come as often as they did.

    Attributes
    ----------
    name : str
    half_life : float
        Months after which a month counts half in a level.
    inflated : bool
    """

    name: str
    half_life: float
    inflated: bool = False

    def walk(self, known: Known, origins: Sequence[int]) -> Iterator[Fitted]:
        """Compare the outcomes of each month with the levels of earlier origins."""
        counts, ahead = known.counts, known.ahead
        first = max(min(_FIRST, origins[0]), origins[0] - int(ahead[-1]) - _MEMORY)
        rows = int((np.log(float(known.values[-1]) + 1) - np.log(_LOWEST)) / _STEP) + 2
        sums = np.zeros((5, rows))  # (y - m)^2 - m, m^2, zeros, m, number
        past: deque[tuple[Ints, Floats]] = deque(maxlen=int(ahead[-1]) + 1)  # cell and level, newest first
        keep = 0.5 ** (1.0 / self.half_life)
        total, months = np.zeros(known.units), np.zeros(known.units)
        learners, stands_for = known.learners(origins[0])
        wanted = set(origins)
        for origin in range(1, origins[-1] + 1):
            y = counts[origin - 1]
            seen = np.isfinite(y)
            total, months = total * keep + np.where(seen, y, 0.0), months * keep + seen
            if origin < first:
                continue
            earlier = [past[step - 1] for step in ahead if step <= len(past)]
            if earlier:
                outcome, use = y[learners], seen[learners]
                cell, level = (np.concatenate([of[use] for of in pair]) for pair in zip(*earlier, strict=True))
                _compare(sums, cell, level, np.tile(outcome[use], len(earlier)), np.tile(stands_for[use], len(earlier)))
            level = levels(total, months, known.panel.groups, _noise(known.windows, origin)).round(9)
            past.appendleft((_cell(level[learners], rows), level[learners]))
            if origin in wanted:
                size, zero = self._spread(*sums)
                cell = _cell(level, rows)
                yield _Counts(known.values, level, size[cell], zero[cell])

    def _spread(
        self, extra: Floats, square: Floats, zeros: Floats, number: Floats, mean: Floats
    ) -> tuple[Floats, Floats]:
        """Size and inflation for each class of levels, each class lending from its neighbours."""
        extra, square, zeros, number, mean = (
            gaussian_filter1d(a, 1.0, mode="constant") + 1e-3 * a.sum() for a in (extra, square, zeros, number, mean)
        )
        over = np.where(square > 0, extra / np.where(square > 0, square, 1.0), 1.0)  # variance = m + over m^2
        size = 1.0 / np.clip(over, 1.0 / _SIZES[1], 1.0 / _SIZES[0])
        zero = np.zeros(len(size))
        if not self.inflated:
            return size, zero
        share = zeros / np.maximum(number, 1e-300)
        m = (mean / np.maximum(number, 1e-300))[:, None]
        # with inflation z the rest has mean m / (1 - z), and keeps the variance by 1 / k = (over + 1)(1 - z) - 1
        rest = 1.0 / np.clip((over[:, None] + 1.0) * (1.0 - _INFLATION) - 1.0, 1.0 / _SIZES[1], 1.0 / _SIZES[0])
        inflated = m / (1.0 - _INFLATION)
        none = _INFLATION + (1.0 - _INFLATION) * (rest / (rest + inflated)) ** rest
        best = np.abs(none - share[:, None]).argmin(axis=1)
        return rest[np.arange(len(size)), best], _INFLATION[best]


@dataclass(frozen=True, slots=True)
class _Counts:
    values: Ints
    level: Floats
    size: Floats
    zero: Floats

    def predict(self, units: Ints) -> Predictive:
        # quiet units share a few levels: each is worked out once
        kinds, which = np.unique(
            np.stack((self.level[units], self.size[units], self.zero[units]), axis=1).round(9),
            axis=0,
            return_inverse=True,
        )
        found = of_negative_binomial(kinds[:, 0] / (1.0 - kinds[:, 2]), kinds[:, 1], self.values, kinds[:, 2])
        return Predictive(self.values, found.cdf[which.ravel()][None])


@dataclass(frozen=True, slots=True)
class Contagion:
    """A component: incidents bring forth others for a time.

    The expected count h months ahead is level + s_h (mean of the last three months - level). The shares s_h are least squares over
    all units and earlier origins, each divided by 1 + level; they lie in [0, 1] and do not rise with h. A negative binomial
    stands around it, its size by moments. What stays of an unusual quarter is not told from what moves levels for good: for
    that, fit place and contagion together, as the self-exciting models of `tirek_engines.contagion` do.
    """

    name: str = "contagion"
    half_life: float = 36.0

    def walk(self, known: Known, origins: Sequence[int]) -> Iterator[FittedContagion]:
        """Compare the outcomes of each month with levels and recent months of earlier origins."""
        counts, ahead = known.counts, known.ahead
        first = max(min(_FIRST, origins[0]), origins[0] - int(ahead[-1]) - _MEMORY)
        square, cross = np.zeros(len(ahead)), np.zeros(len(ahead))
        extra, spread = 0.0, 0.0
        past: deque[tuple[Floats, Floats]] = deque(maxlen=int(ahead[-1]) + 1)  # level and pull, newest first
        keep = 0.5 ** (1.0 / self.half_life)
        total, months = np.zeros(known.units), np.zeros(known.units)
        wanted = set(origins)
        share = np.zeros(len(ahead))
        for origin in range(1, origins[-1] + 1):
            y = counts[origin - 1]
            seen = np.isfinite(y)
            total, months = total * keep + np.where(seen, y, 0.0), months * keep + seen
            if origin < first:
                continue
            earlier = [past[step - 1] for step in ahead if step <= len(past)]
            if earlier:
                level, pull = (np.stack(of)[:, seen] for of in zip(*earlier, strict=True))
                expected = np.maximum(level + share[: len(earlier), None] * pull, 1e-9)
                extra += float(((y[seen] - expected) ** 2 - expected).sum())
                spread += float((expected**2).sum())
                x = pull / (1.0 + level)
                square[: len(earlier)] += (x * x).sum(axis=1)
                cross[: len(earlier)] += (x * (y[seen] - level) / (1.0 + level)).sum(axis=1)
            share = np.minimum.accumulate(np.clip(cross / np.maximum(square, 1e-9), 0.0, 1.0))
            level = levels(total, months, known.panel.groups, _noise(known.windows, origin))
            near = known.windows.mean(origin, 3)
            past.appendleft((level, near - level))
            if origin in wanted:
                size = spread / extra if extra > spread / _SIZES[1] else _SIZES[1]
                yield FittedContagion(known.values, level, near, share, max(size, _SIZES[0]))


@dataclass(frozen=True, slots=True)
class FittedContagion:
    """Levels and means of the last three months, shape (units,); shares of what stays, shape (horizons,)."""

    values: Ints
    level: Floats
    near: Floats
    share: Floats
    size: float

    @property
    def mean(self) -> Floats:
        """Expected counts, shape (horizons, units)."""
        return np.maximum(self.level + self.share[:, None] * (self.near - self.level), 0.0)

    @property
    def recent_share(self) -> Floats:
        """The share of the expected that comes from the last three months, shape (horizons, units); 0 where nothing is expected."""
        mean = self.mean
        return np.clip(
            np.where(mean > 0, self.share[:, None] * self.near / np.where(mean > 0, mean, 1.0), 0.0), 0.0, 1.0
        )

    def predict(self, units: Ints) -> Predictive:
        """Negative binomials."""
        return of_negative_binomial(self.mean[:, units], self.size, self.values)


def _compare(sums: Floats, cell: Ints, level: Floats, y: Floats, weight: Floats) -> None:
    """Add outcomes and the levels they were expected at to the sums of their classes."""
    rows = sums.shape[1]
    for row, what in enumerate(((y - level) ** 2 - level, level * level, y == 0, level, np.ones(len(y)))):
        sums[row] += np.bincount(cell, what * weight, rows)


def _noise(windows: Windows, origin: int) -> float:
    """Variance over mean of units' counts from month to month, at least 1: the median over units of their last five years."""
    mean = windows.mean(origin, 60)
    use = (windows.number(origin, 60) >= 12) & (mean > 0)
    if not use.any():
        return 1.0
    return max(1.0, float(np.median(windows.variance(origin, 60)[use] / mean[use])))


def _cell(level: Floats, rows: int) -> Ints:
    """The class of a level."""
    place = np.rint((np.log(np.maximum(level, _LOWEST)) - np.log(_LOWEST)) / _STEP)
    return np.asarray(place.clip(0, rows - 1), dtype=np.int64)
