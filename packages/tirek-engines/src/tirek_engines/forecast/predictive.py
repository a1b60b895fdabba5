"""Predictive distributions of counts, as cumulative probabilities on a grid of whole numbers that all of them share.

On one grid a mixture is a weighted mean, and the CRPS of a mixture is a quadratic form in its weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betainc

from tirek_engines.forecast.panel import Floats, Ints

_ROUNDING = 1e-9  # a probability that far below a level counts as reaching it


def support(largest: int, *, fine: int = 64, step: float = 1.04) -> Ints:
    """Grid values 0, 1, 2, ... up to `fine`, from there in steps of 4 %, up to and with `largest`.

    Returns
    -------
    array of int, shape (g,)
        Strictly rising from 0; at least 0 and 1.
    """
    largest = max(int(largest), 1)
    values = list(range(min(fine, largest) + 1))
    while values[-1] < largest:
        values.append(min(max(values[-1] + 1, round(values[-1] * step)), largest))
    return np.array(values, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Predictive:
    """Distributions of counts.

    Attributes
    ----------
    values : array of int, shape (g,)
        The grid, rising from 0.
    cdf : array of float, shape (..., g)
        P(Y <= value); 1 at the last value, which is the cap of the tail. Between two grid values the probability is spread
        evenly over the whole numbers.
    """

    values: Ints
    cdf: Floats

    def __getitem__(self, where: Any) -> Predictive:
        """The distributions at some leading indices."""
        return Predictive(self.values, self.cdf[where])

    @property
    def mean(self) -> Floats:
        """Expected counts, shape (...): the sum over x of P(Y > x)."""
        return np.asarray((1.0 - self.cdf) @ _weights(self.values)[0])

    def quantile(self, q: float) -> Ints:
        """The smallest whole number x with P(Y <= x) >= q, shape (...)."""
        if not 0 <= q <= 1:
            raise ValueError(f"a quantile is asked for at 0 to 1, not {q}")
        cell = np.minimum((self.cdf < q - _ROUNDING).sum(axis=-1), len(self.values) - 1)
        return self._inside(cell[..., None], np.full((*cell.shape, 1), q))[..., 0]

    def at(self, levels: ArrayLike) -> Ints:
        """Quantiles at levels in [0, 1] of shape (m,) or (..., m); shape (..., m)."""
        u = np.broadcast_to(np.asarray(levels, dtype=np.float64), (*self.cdf.shape[:-1], np.shape(levels)[-1]))
        width = len(self.values)
        # one search for all: each distribution is moved to an interval of its own
        shift = 2.0 * np.arange(self.cdf.size // width).reshape(*self.cdf.shape[:-1], 1)
        flat = np.maximum.accumulate((self.cdf + shift).ravel())
        cell = np.searchsorted(flat, (u + shift).ravel() - _ROUNDING).reshape(u.shape)
        cell = np.clip(cell - (shift / 2 * width).astype(np.int64), 0, width - 1)
        return self._inside(cell, u)

    def _inside(self, cell: Ints, u: Floats) -> Ints:
        """Whole numbers in cells of the grid at levels u, both of shape (..., m)."""
        upper = np.take_along_axis(self.cdf, cell, axis=-1)
        lower = np.where(cell > 0, np.take_along_axis(self.cdf, (cell - 1).clip(0), axis=-1), 0.0)
        gap = np.diff(self.values, prepend=-1)[cell]
        share = np.clip((u - lower) / np.maximum(upper - lower, 1e-12), 0.0, 1.0)
        return np.asarray(self.values[cell] - gap + np.ceil(share * gap - _ROUNDING).clip(1).astype(np.int64))

    def draws(self, number: int, rng: np.random.Generator | None = None) -> Ints:
        """`number` draws of each, shape (..., number): stratified, one in each of `number` equal parts of the probability.

        With a generator they stand in random order, independent between distributions, else at the midpoints and sorted.
        """
        middle = (np.arange(number) + 0.5) / number
        if rng is None:
            return self.at(middle)
        u = (rng.random((*self.cdf.shape[:-1], number)) + np.arange(number)) / number
        return self.at(rng.permuted(u, axis=-1))

    def above(self, value: int) -> Floats:
        """P(Y > value), shape (...)."""
        if value < 0:
            return np.ones(self.cdf.shape[:-1])
        cell = int(np.searchsorted(self.values, value))
        if cell >= len(self.values):
            return np.zeros(self.cdf.shape[:-1])
        if self.values[cell] == value or cell == 0:
            return 1.0 - self.cdf[..., cell]
        share = (value - self.values[cell - 1]) / (self.values[cell] - self.values[cell - 1])
        return np.asarray(1.0 - (self.cdf[..., cell - 1] + share * (self.cdf[..., cell] - self.cdf[..., cell - 1])))

    def at_most(self, counts: ArrayLike) -> Floats:
        """P(Y <= count), shape (...), for one count of each distribution."""
        y = np.broadcast_to(np.asarray(counts, dtype=np.int64), self.cdf.shape[:-1])
        top = len(self.values) - 1
        cell = np.searchsorted(self.values, y).clip(0, top)
        upper = np.take_along_axis(self.cdf, cell[..., None], axis=-1)[..., 0]
        lower = np.take_along_axis(self.cdf, (cell - 1).clip(0)[..., None], axis=-1)[..., 0]
        first, last = self.values[(cell - 1).clip(0)], self.values[cell]
        share = np.where(last > first, (y - first) / np.maximum(last - first, 1), 1.0).clip(0.0, 1.0)
        return np.asarray(np.where(y < 0, 0.0, lower + share * (upper - lower)))

    def crps(self, actual: ArrayLike) -> Floats:
        """CRPS of each distribution, shape (...), exactly: the sum over whole x of (P(Y <= x) - 1{actual <= x})^2.

        J. E. Matheson and R. L. Winkler, "Scoring rules for continuous probability distributions", Management Science 22 (1976)
        1087-1096; for counts C. Czado, T. Gneiting and L. Held, "Predictive model assessment for count data", Biometrics 65
        (2009) 1254-1261.
        """
        y = np.asarray(actual, dtype=np.int64)
        tail = 1.0 - self.cdf
        _, own, beside = _weights(self.values)
        energy = np.einsum("...i,...i,i->...", tail, tail, own)
        energy += np.einsum("...i,...i,i->...", tail[..., :-1], tail[..., 1:], beside)
        return np.asarray(energy - 2.0 * below(self, y) + y)


def _weights(values: Ints) -> tuple[Floats, Floats, Floats]:
    """Weights of sums over all whole numbers of functions that are known on the grid and rise evenly within a cell.

    For S and T, both 0 from the last grid value on: the sum of S is S . first; the sum of S T is the sum over i of own_i S_i T_i
    and of beside_i (S_i T_i+1 + S_i+1 T_i) / 2. In a cell of w numbers that begins after S_i the numbers are
    S_i + (S_i+1 - S_i) j / w, j = 1 to w, whose squares add up to w S_i^2 + (w + 1) S_i d + (w + 1) (2 w + 1) / (6 w) d^2.
    """
    w = np.diff(values).astype(np.float64)
    square = (w + 1.0) * (2.0 * w + 1.0) / (6.0 * w)
    first = np.zeros(len(values))
    first[:-1] += (w - 1.0) / 2.0
    first[1:] += (w + 1.0) / 2.0
    own = np.zeros(len(values))
    own[:-1] += square - 1.0
    own[1:] += square
    first[0] += 1.0
    own[0] += 1.0
    return first, own, (w + 1.0) - 2.0 * square


def mix(weights: ArrayLike, parts: Sequence[Predictive]) -> Predictive:
    """The mixture of distributions on one grid with weights that add up to 1, shape (k,); leading shapes are broadcast."""
    # those of one shape first: most are the same for all horizons
    sums: dict[tuple[int, ...], Floats] = {}
    for weight, part in zip(np.asarray(weights, dtype=np.float64), parts, strict=True):
        if weight > 0:
            shape = part.cdf.shape
            sums[shape] = sums[shape] + weight * part.cdf if shape in sums else weight * part.cdf
    largest, *others = sorted(sums.values(), key=lambda array: array.size, reverse=True)
    for other in others:
        largest += other
    largest /= largest[..., -1:].copy()  # weights add up to 1 but for rounding: what is certain stays certain
    shape = np.broadcast_shapes(*(part.cdf.shape for part in parts))
    return Predictive(parts[0].values, np.broadcast_to(largest, shape))


def products(parts: Sequence[Predictive], actual: Ints) -> tuple[Floats, Floats]:
    """What the CRPS of any mixture is made of, case by case: w'Gw - 2 w'c + actual for weights w.

    Parameters
    ----------
    parts : sequence of k Predictive, shape (horizons or 1, n, g)
        On one grid.
    actual : array of int, shape (horizons, n)

    Returns
    -------
    gram : array of float, shape (k, k, horizons, n)
        Sums over whole x of (1 - F_i(x)) (1 - F_j(x)).
    cross : array of float, shape (k, horizons, n)
        Sums over whole x < actual of 1 - F_i(x).
    """
    _, own, beside = _weights(parts[0].values)
    tails = [1.0 - part.cdf for part in parts]
    gram = np.empty((len(parts), len(parts), *actual.shape))
    for i, tail in enumerate(tails):
        spread = own * tail
        spread[..., 1:] += 0.5 * beside * tail[..., :-1]
        spread[..., :-1] += 0.5 * beside * tail[..., 1:]
        for j, other in enumerate(tails[: i + 1]):
            gram[i, j] = gram[j, i] = np.einsum("hug,hug->hu", spread, other)
    return gram, np.stack([below(part, actual) for part in parts])


def below(predictive: Predictive, y: Ints) -> Floats:
    """The sum over whole x < y of P(Y > x), for one y of each distribution; shapes are broadcast."""
    shape = np.broadcast_shapes(predictive.cdf.shape[:-1], y.shape)
    out, some = np.zeros(shape), np.broadcast_to(y > 0, shape)
    if not some.any():
        return out
    values, top = predictive.values, len(predictive.values) - 1
    cdf = np.broadcast_to(predictive.cdf, (*shape, top + 1))[some]
    wanted = np.broadcast_to(y, shape)[some]
    gap = np.diff(values).astype(np.float64)
    # x = v, v + 1, ..., v + gap - 1 with F(v + j) = F(v) + j / gap (F(next) - F(v))
    sums = np.zeros(cdf.shape)
    np.cumsum(gap * (1.0 - cdf[:, :-1]) - (cdf[:, 1:] - cdf[:, :-1]) * (gap - 1.0) / 2.0, axis=1, out=sums[:, 1:])
    cell = (np.searchsorted(values, wanted, side="right") - 1).clip(0, top)  # the last grid value that is not above y
    rows, following = np.arange(len(cell)), (cell + 1).clip(0, top)
    # sums[cell] runs over x < values[cell]; what is left are the x from there to y - 1, of which the first is on the grid
    left = np.where(cell < top, wanted - values[cell], 0).astype(np.float64)
    slope = (cdf[rows, following] - cdf[rows, cell]) / np.maximum(values[following] - values[cell], 1)
    out[some] = sums[rows, cell] + left * (1.0 - cdf[rows, cell]) - slope * left * (left - 1.0) / 2.0
    return out


def of_draws(draws: ArrayLike, values: Ints, weights: ArrayLike | None = None) -> Predictive:
    """The empirical distribution of draws, shape (..., m); NaN are no draws.

    Parameters
    ----------
    draws : array of float, shape (..., m)
        Numbers of 0 or more. Those above the grid count as its last value. Where all are NaN the distribution is that of 0.
    values : array of int, shape (g,)
    weights : array of float, shape (..., m), optional

    Returns
    -------
    Predictive
    """
    x = np.asarray(draws, dtype=np.float64)
    known = np.isfinite(x)
    w = known.astype(np.float64) if weights is None else np.where(known, np.broadcast_to(weights, x.shape), 0.0)
    cell = np.searchsorted(values, np.where(known, x, 0.0)).clip(0, len(values) - 1)
    flat_cell, flat_w = cell.reshape(-1, x.shape[-1]), w.reshape(-1, x.shape[-1])
    rows = np.arange(len(flat_cell))[:, None] * len(values)
    mass = np.bincount((rows + flat_cell).ravel(), flat_w.ravel(), minlength=len(flat_cell) * len(values))
    cdf = np.cumsum(mass.reshape(-1, len(values)), axis=1, dtype=np.float64)
    total = cdf[:, -1:]
    cdf = np.where(total > 0, cdf / np.where(total > 0, total, 1.0), 1.0)
    return Predictive(values, cdf.reshape(*x.shape[:-1], len(values)))


def of_negative_binomial(mean: ArrayLike, size: ArrayLike, values: Ints, zero: ArrayLike = 0.0) -> Predictive:
    """Negative binomial distributions with that mean and variance mean + mean^2 / size, `zero` of them inflated to 0.

    P(Y <= x) = zero + (1 - zero) I_p(size, x + 1) with p = size / (size + mean), I the regularised incomplete beta function.

    Parameters
    ----------
    mean, size, zero : array of float, shapes that broadcast to (...)
        `mean` of what is not inflated, 0 or more; `size` above 0; `zero` in [0, 1).
    values : array of int, shape (g,)

    Returns
    -------
    Predictive
        With the tail cut at the last grid value.
    """
    m, k, z = np.broadcast_arrays(*(np.asarray(a, dtype=np.float64)[..., None] for a in (mean, size, zero)))
    cdf = z + (1.0 - z) * betainc(k, values + 1.0, k / (k + m))
    cdf[..., -1] = 1.0
    return Predictive(values, cdf)
