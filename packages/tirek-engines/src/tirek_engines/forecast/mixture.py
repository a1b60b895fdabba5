"""Weights of a mixture from past proper scores, and the mixture itself as a component."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls

from tirek_engines.forecast.known import Component, Fitted, Known
from tirek_engines.forecast.panel import Floats, Ints
from tirek_engines.forecast.predictive import Predictive, mix, products

_ALL_UNITS = 1_000  # up to so many, weights are learnt from all units; beyond, from a sample that stands for all


def stack(gram: Floats, cross: Floats, prior: Floats, strength: float) -> Floats:
    """Weights on the simplex that minimise the CRPS of the mixture in past cases, drawn towards a prior.

    The CRPS of a mixture with weights w is w'Gw - 2 w'c + y (`predictive.products`). To its mean over the cases is added `strength`
    times the squared distance from the prior, in units of the mean diagonal of G.

    Parameters
    ----------
    gram : array of float, shape (k, k)
        The mean of G over the cases.
    cross : array of float, shape (k,)
        The mean of c.
    prior : array of float, shape (k,)
        Weights that add up to 1.
    strength : float

    Returns
    -------
    array of float, shape (k,)
        0 or more, adding up to 1.
    """
    scale = float(np.trace(gram)) / len(prior)
    if not scale > 0:
        return prior.copy()
    eye = np.eye(len(prior))
    root = np.linalg.cholesky(gram / scale + (strength + 1e-10) * eye)
    # |root' w - z|^2 with root z = the linear term; the sum of the weights is held by one heavy row
    left = np.vstack((root.T, np.full((1, len(prior)), 1e3)))
    right = np.append(np.linalg.solve(root, cross / scale + strength * prior), 1e3)
    weights, _ = nnls(left, right)
    return np.asarray(weights / weights.sum())


@dataclass(frozen=True, slots=True)
class Cases:
    """Sums over cases of what `stack` needs, each case divided by the unit's level then, so that no place decides alone.

    Attributes
    ----------
    gram : array of float, shape (k, k)
    cross : array of float, shape (k,)
    weight : float
        Number of cases.
    """

    gram: Floats
    cross: Floats
    weight: float

    @classmethod
    def none(cls, k: int) -> Cases:
        """No cases yet."""
        return cls(np.zeros((k, k)), np.zeros(k), 0.0)

    def __add__(self, other: Cases) -> Cases:
        return Cases(self.gram + other.gram, self.cross + other.cross, self.weight + other.weight)

    def weights(self, prior: Floats, strength: float) -> Floats:
        """The best weights."""
        if not self.weight > 0:
            return prior.copy()
        return stack(self.gram / self.weight, self.cross / self.weight, prior, strength)


def cases(parts: Sequence[Predictive], actual: Floats, level: Floats, stands_for: Floats | float = 1.0) -> Cases:
    """Cases of one origin.

    Parameters
    ----------
    parts : sequence of Predictive, shape (horizons or 1, n, g)
    actual : array of float, shape (horizons, n)
        NaN where it is not known.
    level : array of float, shape (n,)
        The mean month at the origin: a case counts 1 / (1 + level).
    stands_for : array of float, shape (n,) or a number
        How many units each stands for.
    """
    use = np.isfinite(actual)
    weight = np.where(use, stands_for / (1.0 + level), 0.0)
    gram, cross = products(parts, np.where(use, actual, 0.0).astype(np.int64))
    return Cases(
        np.einsum("ijhu,hu->ij", gram, weight),
        np.einsum("ihu,hu->i", cross, weight),
        float(np.where(use, stands_for, 0.0).sum()),
    )


@dataclass(frozen=True, slots=True)
class Mixture:
    """A component made of others.

    Attributes
    ----------
    name : str
    parts : tuple of Component
    prior : tuple of float, optional
        Weights before anything is known; equal ones when left out.
    strength : float
        How strongly weights are drawn to them.
    origins, every : int
        From how many earlier origins weights are learnt, and how many months lie between them.
    fewest : int
        Months of history that the earliest of them must have.
    """

    name: str
    parts: tuple[Component, ...]
    prior: tuple[float, ...] | None = None
    strength: float = 0.2
    origins: int = 4
    every: int = 3
    fewest: int = 18

    def walk(self, known: Known, origins: Sequence[int]) -> Iterator[FittedMixture]:
        """At each origin: parts as they were at earlier origins, weighed by what came by then, and parts as they are."""
        for origin in origins:
            looked_at = self._earlier(known, origin)
            walks = [part.walk(known, [*looked_at, origin]) for part in self.parts]
            found = Cases.none(len(self.parts))
            for earlier in looked_at:
                found += self._cases(known, earlier, origin, [next(walk) for walk in walks])
            years = max(1.0, len(looked_at) * self.every / 12)
            weights = found.weights(self._prior(), self.strength / years)
            names = tuple(part.name for part in self.parts)
            yield FittedMixture(names, weights, tuple(next(walk) for walk in walks))

    def _prior(self) -> Floats:
        given = np.ones(len(self.parts)) if self.prior is None else np.asarray(self.prior, dtype=np.float64)
        return np.asarray(given / given.sum())

    def _earlier(self, known: Known, origin: int) -> list[int]:
        """The origins that weights are learnt from, in rising order; each has outcomes for the first three horizons or more."""
        last = origin - int(known.ahead[min(2, len(known.ahead) - 1)])
        return list(range(last, max(last - self.origins * self.every, self.fewest - 1), -self.every))[::-1]

    def _cases(self, known: Known, earlier: int, origin: int, fitted: list[Fitted]) -> Cases:
        """Cases of one earlier origin whose outcomes were known at the later one."""
        units, stands_for = _sample(known, earlier)
        actual = known.actual(earlier, units)
        actual[earlier + known.ahead > origin] = np.nan
        level = known.windows.mean(earlier, 12)[units]
        return cases([part.predict(units) for part in fitted], actual, level, stands_for)


@dataclass(frozen=True, slots=True)
class FittedMixture:
    """Weights, shape (k,), and the fitted parts with their names."""

    names: tuple[str, ...]
    weights: Floats
    parts: tuple[Fitted, ...]

    def predict(self, units: Ints) -> Predictive:
        """The weighted mean of the parts' distributions, shape (horizons or 1, n, g)."""
        used = np.flatnonzero(self.weights > 1e-6)
        return mix(self.weights[used] / self.weights[used].sum(), [self.parts[i].predict(units) for i in used])


def _sample(known: Known, origin: int) -> tuple[Ints, Floats]:
    """Units that stand for all, and for how many each: all where they are few, else as many lively as quiet ones."""
    if known.units <= _ALL_UNITS:
        return np.arange(known.units), np.ones(known.units)
    lively = known.windows.active(origin, 24) > 0
    rng = np.random.default_rng(known.seed)
    chosen, stands_for = [], []
    for kind in (np.flatnonzero(lively), np.flatnonzero(~lively)):
        take = rng.permutation(kind)[: _ALL_UNITS // 2]
        chosen.append(take)
        stands_for.append(np.full(len(take), len(kind) / max(len(take), 1)))
    return np.concatenate(chosen), np.concatenate(stands_for)
