"""Which cells come first: counts of the past, or a mixture of densities that differ in how far they reach in space and back in
time.

The densities: past incidents, each counting half as much after a half-life, smoothed with a Gaussian of some width (a short
half-life with a narrow kernel is self-excitation, an endless one with a wide kernel is a map of density), and what cells have
beyond 1, 2 and 4 incidents, for places that are chronic. Their weights are those under which what came in earlier windows was most
likely: a mixture's likelihood has one top, found by expectation-maximisation. Nothing of it knows what kind of incident it ranks,
or the unit of places.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.ndimage import gaussian_filter

from tirek_engines.hotspots.accuracy import accuracy
from tirek_engines.hotspots.raster import Raster

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

HALF_LIVES = (1.0, 3.0, 6.0, 18.0, np.inf)  # in horizons
WIDTHS = (0.0, 1.0, 2.0, 4.0, 8.0, 16.0)  # in sides of a cell
BEYOND = (1.0, 2.0, 4.0)  # incidents, for the half-lives of six horizons and more
LEAST_WINDOWS = 6  # windows that weights are learnt from, at least


class Method(StrEnum):
    """How cells are ranked."""

    COUNTS = "counts"  # all past incidents of the cell; among equals the one with more around it
    MIXTURE = "mixture"


@dataclass(frozen=True, slots=True)
class Trial:
    """One way that was tried on earlier windows: mean PAI, its standard error, and the PAI that four windows of five reach."""

    side: float
    cells: int
    method: Method
    pai: float
    error: float
    low: float
    windows: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What was chosen, frozen before the window that it is for.

    Attributes
    ----------
    raster : Raster
    cells : int
        Cells to be chosen.
    method : Method
    weights : array of float, shape (layers,)
        Of the mixture.
    score : array of float, shape (cells of the raster,)
        The ranking itself.
    trials : tuple of Trial
        Everything that was tried on earlier windows.
    """

    raster: Raster
    cells: int
    method: Method
    weights: Floats
    score: Floats
    trials: tuple[Trial, ...]

    @property
    def chosen(self) -> Ints:
        """The cells that come first."""
        return np.sort(np.argsort(-self.score, kind="stable")[: self.cells])


def plan(
    xy: ArrayLike,
    time: ArrayLike,
    *,
    now: float,
    horizon: float,
    sides: Sequence[float],
    areas: Sequence[float],
    whole_area: float,
    windows: int = 24,
) -> Plan:
    """Choose cell size, area and method on earlier windows, and rank the cells for the window that begins now.

    Earlier windows of one horizon end at `now`, one after another. In each the weights are those learnt from the windows before
    it, as they will be now. Chosen is the way whose PAI could be counted on most: the one that four windows of five reached. The
    highest mean is won by the smallest areas, where all hangs on a call or two.

    Parameters
    ----------
    xy : array of float, shape (n, 2)
        Places in a plane, in the unit of `sides`.
    time : array of float, shape (n,)
        Incidents at or after `now` are not looked at.
    now, horizon : float
        Begin and length of the window to come, in the unit of `time`.
    sides : sequence of float
        Sides of cells to choose from.
    areas : sequence of float
        Areas to be covered, to choose from, in the unit of `sides` squared; at most so much is covered.
    whole_area : float
        Area of the region.
    windows : int
        Earlier windows, at most.

    Returns
    -------
    Plan

    Raises
    ------
    ValueError
        If the past holds fewer than eight windows of one horizon, or an area is smaller than a cell.
    """
    points, when = np.asarray(xy, dtype=np.float64), np.asarray(time, dtype=np.float64)
    if points.shape != (len(when), 2) or not np.isfinite(points).all() or not np.isfinite(when).all():
        raise ValueError("each incident has one known time and two known coordinates")
    past = when < now
    points, when = points[past], when[past]
    starts = _windows(when, now, horizon, windows)
    trials: list[Trial] = []
    for side in sides:
        raster = Raster.over(points, side)
        sizes = [int(area / side**2) for area in areas]
        if min(sizes) < 1:
            raise ValueError(f"an area of {min(areas):g} is smaller than a cell with the side {side:g}")
        trials += _try(raster, points, when, starts, horizon, sizes, whole_area)
    best = max(trials, key=lambda trial: (trial.low, trial.pai))
    raster = Raster.over(points, best.side)
    weights = _weights(raster, points, when, starts, horizon)
    score = rank(raster, points, when, now=now, horizon=horizon, method=best.method, weights=weights)
    return Plan(raster, best.cells, best.method, weights, score, tuple(trials))


def rank(
    raster: Raster,
    xy: ArrayLike,
    time: ArrayLike,
    *,
    now: float,
    horizon: float,
    method: Method = Method.COUNTS,
    weights: ArrayLike | None = None,
) -> Floats:
    """Scores of all cells from the incidents before `now`, shape (cells,).

    Parameters
    ----------
    raster : Raster
    xy, time : arrays, shapes (n, 2), (n,)
    now, horizon : float
    method : Method
    weights : array of float, shape (layers,)
        Of the mixture, as in `Plan.weights`.

    Raises
    ------
    ValueError
        If the mixture has no weights, or not one for each layer.
    """
    points, when = np.asarray(xy, dtype=np.float64), np.asarray(time, dtype=np.float64)
    if method is Method.COUNTS:
        return _counts(raster, points[when < now])
    layers = _layers(raster, points, when, now, horizon)
    given = np.zeros(0) if weights is None else np.asarray(weights, dtype=np.float64)
    if given.shape != (len(layers),):
        raise ValueError(f"the mixture needs {len(layers)} weights, not {len(given)}")
    return np.asarray(given @ layers, dtype=np.float64)


def _windows(when: Floats, now: float, horizon: float, windows: int) -> Floats:
    """Beginnings of earlier windows, ascending; before the first of them lies at least as much past as six windows hold."""
    if not horizon > 0 or not len(when):
        raise ValueError("a horizon above 0 and some past incidents are needed")
    possible = int((now - when.min()) / horizon) - LEAST_WINDOWS
    if possible < LEAST_WINDOWS + 2:
        raise ValueError("the past is too short: it must hold at least 14 windows of one horizon")
    return np.asarray(now - horizon * np.arange(min(windows + LEAST_WINDOWS, possible), 0, -1), dtype=np.float64)


def _counts(raster: Raster, points: Floats) -> Floats:
    """Counts of cells, and below one incident what lies around, so that few cells are equal."""
    counts = raster.counts(points)
    around = gaussian_filter(counts.reshape(raster.shape), 4.0, mode="constant").ravel()
    return np.asarray(counts + 0.5 * around / max(float(around.max()), 1e-300))


def _layers(raster: Raster, points: Floats, when: Floats, now: float, horizon: float) -> Floats:
    """The densities of the mixture, each with the sum 1 over all cells, shape (layers, cells); the last one is flat."""
    before = when < now
    points, age = points[before], (now - when[before]) / horizon
    found = []
    for half in HALF_LIVES:
        counts = raster.counts(points, 0.5 ** (age / half))
        for width in WIDTHS:
            layer = gaussian_filter(counts.reshape(raster.shape), width, mode="constant").ravel() if width else counts
            found.append(layer)
        if half >= 6:
            found += [np.maximum(counts - beyond, 0.0) for beyond in BEYOND]
    flat = np.full(len(found[0]), 1.0)
    found.append(flat)
    # What has nothing in it yet is flat.
    return np.array([layer / layer.sum() if layer.sum() > 0 else flat / flat.sum() for layer in found])


def _try(
    raster: Raster, points: Floats, when: Floats, starts: Floats, horizon: float, sizes: list[int], whole_area: float
) -> list[Trial]:
    """Both methods on earlier windows, for several numbers of cells."""
    cell = raster.cells(points)
    seen: list[Floats] = []
    found: dict[tuple[int, Method], list[float]] = {}
    for start in starts:
        came = (when >= start) & (when < start + horizon)
        if not came.any():
            continue
        layers = _layers(raster, points, when, start, horizon)
        if len(seen) >= LEAST_WINDOWS:
            actual = raster.counts(points[came])
            scores = {
                Method.COUNTS: _counts(raster, points[when < start]),
                Method.MIXTURE: _expectation_maximisation(np.concatenate(seen, axis=1)) @ layers,
            }
            for method, score in scores.items():
                for size in sizes:
                    pai = accuracy(score, actual, size, raster.side**2, whole_area).pai
                    found.setdefault((size, method), []).append(pai)
        seen.append(layers[:, cell[came]])
    return [
        Trial(
            raster.side,
            size,
            method,
            float(np.mean(p)),
            float(np.std(p) / np.sqrt(len(p))),
            float(np.quantile(p, 0.2)),
            len(p),
        )
        for (size, method), p in found.items()
    ]


def _weights(raster: Raster, points: Floats, when: Floats, starts: Floats, horizon: float) -> Floats:
    """Weights of the layers, learnt from all earlier windows."""
    cell, seen = raster.cells(points), []
    for start in starts:
        came = (when >= start) & (when < start + horizon)
        seen.append(_layers(raster, points, when, start, horizon)[:, cell[came]])
    return _expectation_maximisation(np.concatenate(seen, axis=1))


def _expectation_maximisation(densities: Floats, steps: int = 200) -> Floats:
    """Weights under which incidents with these densities, shape (layers, incidents), are most likely as draws of the mixture.

    A. P. Dempster, N. M. Laird, D. B. Rubin, "Maximum likelihood from incomplete data via the EM algorithm", J. Royal Statistical
    Society B 39 (1977) 1-38.
    """
    weights = np.full(len(densities), 1 / len(densities))
    for _ in range(steps):
        mixed = weights @ densities
        new = weights * (densities / mixed).mean(axis=1)
        if np.abs(new - weights).max() < 1e-7:
            return np.asarray(new)
        weights = new
    return weights
