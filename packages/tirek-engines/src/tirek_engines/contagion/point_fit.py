"""Fits of the self-exciting point process of `process`: R with its interval, beside the same model without contagion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import chi2

from tirek_engines.contagion.maximise import covariance, maximise
from tirek_engines.contagion.process import PointModel
from tirek_engines.contagion.verdict import Verdict

Floats = NDArray[np.float64]

LEAST = 20  # events below which nothing is said
NOUGHT = -30.0  # logarithm of a reproduction number that is none


@dataclass(frozen=True, slots=True)
class Likeness:
    """How well one model fits. `coefficients` and `errors` are in the order of the model's columns, then marks, then kernels."""

    coefficients: Floats
    errors: Floats
    log_likelihood: float
    parameters: int
    settled: bool

    @property
    def aic(self) -> float:
        """Akaike's criterion: -2 log-likelihood + 2 parameters; less is better."""
        return 2 * self.parameters - 2 * self.log_likelihood


@dataclass(frozen=True, slots=True)
class PointFit:
    """Both models of one set of events.

    Attributes
    ----------
    R, R_low, R_high : float
        Incidents that one sets off by itself, on average over the events, within the reach and as if region and time had no end;
        with the interval of the profile likelihood at `level`. NaN where there is not enough.
    R_each : array of float, shape (n,)
        Of each event, by its marks.
    R_observed : array of float, shape (n,)
        Of each event, only what falls into the region and the time observed.
    share : float
        Part of the expected events that the model puts down to earlier ones.
    contagion, without : Likeness
        The two models. Coefficients of the first: those of the design, gamma0, gamma, the kernel of space, the kernel of time.
    ratio, p : float
        Likelihood ratio 2 (l1 - l0), and its p-value against chi-squared with as many degrees of freedom as the contagion has
        parameters. The parameters of a kernel mean nothing without contagion, so it is rough; `permutation` is not.
    verdict : Verdict
    """

    R: float
    R_low: float
    R_high: float
    level: float
    R_each: Floats
    R_observed: Floats
    share: float
    contagion: Likeness
    without: Likeness
    ratio: float
    p: float
    verdict: Verdict


def fit_points(model: PointModel, level: float = 0.9, *, interval: bool = True) -> PointFit:
    """Fit a point process with contagion and without.

    Maximum likelihood by Fisher scoring from a few beginnings; the interval of R is that of its profile likelihood, which may
    begin at 0. The verdict is CONTAGION where Akaike's criterion prefers the model with contagion and the interval of R excludes
    0.

    Parameters
    ----------
    model : PointModel
    level : float
        Of the interval.
    interval : bool
        Without it the ends of the interval are NaN, the verdict is Akaike's, and the fit takes a third of the time.

    Returns
    -------
    PointFit
        With the verdict NOT_ENOUGH and NaN where there are fewer than 20 events or no two within reach of each other.

    Raises
    ------
    ValueError
        If the level is not between 0 and 1.
    """
    if not 0 < level < 1:
        raise ValueError("the level of an interval must be between 0 and 1")
    n = len(model.events)
    if n < LEAST or len(model.pairs.source) == 0:
        return _nothing(model, level)
    without = maximise(model.likelihood_without, _level(model))
    apart = _likeness(without.at, without.information, without.value, without.settled)

    found = max((maximise(model.likelihood, model.begin(without.at, r)) for r in (0.05, 0.3)), key=lambda m: m.value)
    each, _ = model.reproduction(found.at)
    r = float(each.mean())
    if found.value <= without.value:  # the best contagion is none
        together = Likeness(found.at, np.full(len(found.at), np.inf), without.value, len(found.at), found.settled)
        r = 0.0
    else:
        together = _likeness(found.at, found.information, found.value, found.settled)
    best = max(found.value, without.value)
    ratio = 2 * (best - without.value)
    extra = len(found.at) - len(without.at)
    low = high = float("nan")
    if interval:
        low, high = _profile(model, np.delete(found.at, model.base), r, best, without.value, level)
        if ratio < chi2.ppf(level, extra):
            low = 0.0
    endemic = model.endemic(found.at[: model.base])[0]
    rate, _, observed, _ = model.pull(found.at)
    return PointFit(
        R=r,
        R_low=low,
        R_high=high,
        level=level,
        R_each=each if r else np.zeros(n),
        R_observed=observed if r else np.zeros(n),
        share=float((rate / (rate + endemic)).mean()) if r else 0.0,
        contagion=together,
        without=apart,
        ratio=ratio,
        p=float(chi2.sf(ratio, extra)),
        verdict=Verdict.CONTAGION if ratio > 2 * extra and low != 0 else Verdict.CANNOT_TELL,
    )


def permutation(model: PointModel, tiles: int, replicates: int = 99, seed: int = 0) -> float:
    """p-value of contagion by shuffling times: how often the likelihood ratio of shuffled events reaches that of the real ones.

    Times are dealt out anew among the events of each kind, places stay. Whatever place and season do by themselves is the same in
    every shuffle, also what the expected rate does not know; what is lost is that incidents near in space come near in time (S.
    Meyer, I. Warnke, W. Roessler, L. Held, "Model-based testing for space-time interaction using point processes", Spatial and
    Spatio-temporal Epidemiology 17 (2016) 15-25).

    Parameters
    ----------
    model : PointModel
        Its cells are a full grid, all tiles of the first time, then all tiles of the second, ...
    tiles : int
        Number of tiles of the grid.
    replicates : int
    seed : int

    Returns
    -------
    float
        (1 + shuffles that reach it) / (1 + replicates).

    Raises
    ------
    ValueError
        If the cells are no grid of so many tiles, or there are fewer than 20 events.
    """
    events, expected = model.events, model.expected
    if len(expected.density) % tiles or len(events) < LEAST:
        raise ValueError("cells must be a full grid of times by tiles, and events at least 20")
    rng = np.random.default_rng(seed)
    real = _ratio(model)
    reached = 0
    for _ in range(replicates):
        order = np.arange(len(events))
        for kind in range(model.kinds):
            chosen = np.flatnonzero(events.kind == kind)
            order[chosen] = rng.permutation(chosen)
        cell = expected.cell[order] // tiles * tiles + expected.cell % tiles
        if not (expected.density[cell] > 0).all():
            raise ValueError("the density of a tile that has events must be above 0 at all times")
        reached += _ratio(model.shuffled(events.time[order], cell)) >= real
    return (1 + reached) / (1 + replicates)


def _ratio(model: PointModel) -> float:
    """Likelihood ratio of both models."""
    without = maximise(model.likelihood_without, _level(model), tolerance=1e-5)
    if len(model.pairs.source) == 0:
        return 0.0
    found = maximise(model.likelihood, model.begin(without.at, 0.1), steps=30, tolerance=1e-3)
    return max(2 * (found.value - without.value), 0.0)


def _level(model: PointModel) -> Floats:
    """Parameters of a rate that is the same everywhere, to begin with."""
    e = model.expected
    start = np.zeros(model.base)
    start[0] = np.log(len(model.events) / (model.kinds * float(e.density @ e.volume)))
    return start


def _likeness(at: Floats, information: Floats, value: float, settled: bool) -> Likeness:
    return Likeness(at, np.sqrt(np.maximum(np.diag(covariance(information)), 0.0)), value, len(at), settled)


def _profile(
    model: PointModel, rest: Floats, r: float, best: float, without: float, level: float
) -> tuple[float, float]:
    """Ends of the interval: where the profile of the log-likelihood lies chi-squared / 2 below its best."""
    floor = best - float(chi2.ppf(level, 1)) / 2
    warm = rest

    def above(log_r: float) -> float:
        nonlocal warm
        # A kernel that has run off is pulled back to its beginning where that is better.
        found = maximise(model.given(log_r), warm, steps=40, tolerance=1e-5)
        warm = found.at
        return found.value - floor

    middle = np.log(max(r, 1e-3))
    low, step = 0.0, 0.25
    if without < floor:
        at = middle
        while at > NOUGHT and above(at - step) > 0:
            at, step = at - step, 2 * step
        low = float(np.exp(brentq(above, at - step, at, xtol=1e-3))) if above(at) > 0 else float(np.exp(at))
    warm, at, step = rest, middle, 0.25
    while at < 5 and above(at + step) > 0:
        at, step = at + step, min(2 * step, 1.0)
    if above(at) <= 0:  # r is 0 and so is all that the data leave
        return low, float(np.exp(at))
    return low, float(np.exp(brentq(above, at, at + step, xtol=1e-3))) if at < 5 else np.inf


def _nothing(model: PointModel, level: float) -> PointFit:
    """An honest nothing."""
    nan, none = float("nan"), np.full(len(model.events), np.nan)
    empty = Likeness(np.zeros(0), np.zeros(0), nan, 0, False)
    return PointFit(nan, nan, nan, level, none, none, nan, empty, empty, nan, nan, Verdict.NOT_ENOUGH)
