"""Monthly counts of areas: what recent incidents explain, beside what place, season and trend explain.

y_it ~ negative binomial with mean mu_it and variance mu_it + mu_it^2 / k,
mu_it = lambda y_i,t-1 + phi sum over neighbours j of w_ji y_j,t-1 + population_i exp(alpha + u_i + season and trend of t)

An incident adds lambda to the next month of its own area and phi, in equal parts w_ji, to its neighbours. R = lambda + phi is what
it adds in all. The effects of places u_i are drawn towards each other, u_i ~ N(0, tau^2).

L. Held, M. Hoehle, M. Hofmann, "A statistical framework for the analysis of multivariate infectious disease surveillance counts",
Statistical Modelling 5 (2005) 187-199; M. Paul, L. Held, "Predictive assessment of a non-linear random effects model for
multivariate time series of infectious disease counts", Statistics in Medicine 30 (2011) 1118-1136.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.stats import chi2

from tirek_engines.contagion.area_model import LEAST_LOG, MOST_LOG, AreaModel, Best, Half
from tirek_engines.contagion.verdict import Verdict

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

MONTHS, INCIDENTS, ACTIVE = 24, 20, 10  # below these nothing is said


class Lacking(StrEnum):
    """Why nothing is said."""

    TOO_SHORT = "too short"
    TOO_FEW = "too few incidents"
    TOO_RARE = "too few months with incidents"


@dataclass(frozen=True, slots=True)
class AreaFit:
    """Both models of one table of counts.

    Attributes
    ----------
    enough : bool
        Whether anything can be said; `lacking` says why not. Without enough all numbers are NaN and `predict` refuses.
    R, R_low, R_high : float
        Incidents of the next month that one incident adds, in its own area and around, with the interval of the profile likelihood
        at `level`. Whatever makes one month like the month before and is not place, season or trend reads as R.
    own, around : float
        lambda and phi, the two parts of R.
    verdict : Verdict
        CONTAGION where Akaike's criterion prefers the model with it; else CANNOT_TELL, or NOT_ENOUGH.
    aic, aic_without, ratio, p : float
        Of both models; likelihood ratio 2 (l1 - l0) and its p-value. lambda and phi cannot be negative, so its law without
        contagion is a mixture of chi-squareds of 0 to 2 degrees of freedom with weights 1/4, 1/2, 1/4 (S. G. Self, K.-Y. Liang, J.
        American Statistical Association 82 (1987) 605-610), for one part 1/2, 1/2.
    weight : float
        Weight of the model with contagion in predictions, by Akaike: 1 / (1 + exp((aic - aic_without) / 2)).
    epidemic_share, next_share : array of float, shape (areas,)
        Part of the expected counts that the model with contagion puts down to the month before: over all months, and next month.
    """

    enough: bool
    lacking: Lacking | None
    R: float
    R_low: float
    R_high: float
    level: float
    own: float
    around: float
    verdict: Verdict
    aic: float
    aic_without: float
    ratio: float
    p: float
    weight: float
    epidemic_share: Floats
    next_share: Floats
    _halves: tuple[Half, Half] | None = field(repr=False, default=None)
    _model: AreaModel | None = field(repr=False, default=None)

    def predict(self, horizons: int = 1, draws: int = 1000, seed: int = 0) -> Ints:
        """Counts that the coming months may bring.

        Each draw takes one of the two models by `weight`, parameters from the normal approximation of what is known of them, and
        walks month by month, each on the draws of the month before. R is held at 0.95, the trend where it stands in the last
        month, and counts at five times the largest seen, plus 20.

        Parameters
        ----------
        horizons : int
            Months ahead.
        draws : int
        seed : int
            The same seed gives the same draws.

        Returns
        -------
        array of int, shape (horizons, areas, draws)

        Raises
        ------
        ValueError
            If there was not enough to fit.
        """
        if self._model is None or self._halves is None:
            raise ValueError(f"nothing can be predicted here: {self.lacking}; ask `enough` first")
        return self._model.walk(self._halves, self.weight, horizons, draws, np.random.default_rng(seed))

    def mean(self, horizons: int = 1) -> Floats:
        """Expected counts of the coming months at the best parameters, shape (horizons, areas). Errors as `predict`."""
        if self._model is None or self._halves is None:
            raise ValueError(f"nothing can be predicted here: {self.lacking}; ask `enough` first")
        one, two = (self._model.expect(half, horizons) for half in self._halves)
        return self.weight * one + (1 - self.weight) * two


def fit_areas(
    counts: ArrayLike,
    neighbours: Sequence[ArrayLike] | None = None,
    population: ArrayLike | None = None,
    *,
    first_month: int = 0,
    missing: ArrayLike | None = None,
    harmonics: int = 1,
    level: float = 0.9,
    interval: bool = True,
) -> AreaFit:
    """Fit monthly counts of areas with contagion and without.

    Parameters
    ----------
    counts : array of int, shape (months, areas)
        Incidents that were reported; the last month last.
    neighbours : sequence of arrays of int, length areas, optional
        Indices of each area's neighbours. Without them incidents pull in their own area only.
    population : array of float, shape (areas,), optional
        More than 0.
    first_month : int
        year * 12 + month - 1 of the first row, for the season.
    missing : array of bool, shape (months, areas), optional
        Where an area was silent, which is not the same as 0: such months are left out.
    harmonics : int
        Waves of the season in a year.
    level : float
        Of the interval of R.
    interval : bool
        Without it the interval is NaN and the fit takes half the time.

    Returns
    -------
    AreaFit
        With `enough` False where there are fewer than 24 months, 20 incidents or 10 months with any.

    Raises
    ------
    ValueError
        If counts are negative or not whole, or shapes do not fit.
    """
    table, spread, people, silent = _checked(counts, neighbours, population, missing)
    if not 0 < level < 1:
        raise ValueError("the level of an interval must be between 0 and 1")
    known = np.where(silent, 0.0, table)
    lacking = None
    if len(table) < MONTHS or (~silent).sum() < MONTHS:
        lacking = Lacking.TOO_SHORT
    elif known[1:].sum() < INCIDENTS:
        lacking = Lacking.TOO_FEW
    elif (known[1:].sum(axis=1) > 0).sum() < ACTIVE:
        lacking = Lacking.TOO_RARE
    if lacking is not None:
        return _nothing(table.shape[1], lacking, level)
    model = AreaModel(table, spread, people, first_month, silent, harmonics)
    if not model.y[model.used].any():
        return _nothing(table.shape[1], Lacking.TOO_FEW, level)

    places, tau = np.zeros(model.areas), 0.5 if model.areas > 1 else 0.0
    calm = model.best(False, model.start(0.0), places, tau)
    with_, low, high = _excited(model, calm, level, interval)
    without = model.half(False, calm)
    ratio = 2 * (with_.log_likelihood - without.log_likelihood)
    own, around = (*np.exp(np.maximum(with_.theta[: model.parts], LEAST_LOG)), 0.0)[:2]
    if ratio <= 0:
        own = around = 0.0
    past, ahead = model.shares(with_)
    return AreaFit(
        enough=True,
        lacking=None,
        R=float(own + around),
        R_low=low,
        R_high=high,
        level=level,
        own=float(own),
        around=float(around),
        verdict=Verdict.CONTAGION if ratio > 2 * model.parts else Verdict.CANNOT_TELL,
        aic=with_.aic,
        aic_without=without.aic,
        ratio=ratio,
        p=_mixed_p(ratio, model.parts),
        weight=float(1 / (1 + np.exp(np.clip((with_.aic - without.aic) / 2, -50, 50)))),
        epidemic_share=past,
        next_share=ahead,
        _halves=(with_, without),
        _model=model,
    )


def _excited(model: AreaModel, calm: Best, level: float, interval: bool) -> tuple[Half, float, float]:
    """The model with contagion at the top of the profile of its likelihood over R, and the ends of the interval of R."""
    found: dict[float, Best] = {}

    def profile(log_r: float) -> float:
        if log_r not in found:
            near = found[min(found, key=lambda known: abs(known - log_r))]
            found[log_r] = model.best(True, near.at, near.places, near.tau, log_r)
        return found[log_r].value

    # Two beginnings without R held, then the top of the profile near the better one.
    starts = [model.best(True, model.start(r), calm.places, calm.tau) for r in (0.1, 0.5)]
    first = max(starts, key=lambda best: best.value)
    middle = float(np.log(np.exp(np.clip(first.theta[: model.parts], LEAST_LOG, MOST_LOG)).sum()))
    found[middle] = model.best(True, model.shut(first.theta), first.places, first.tau, middle)
    step = 0.2
    while middle > LEAST_LOG + 1 and abs(step) > 0.01:
        if profile(middle + step) > profile(middle):
            middle += step
        elif profile(middle - step) > profile(middle):
            middle, step = middle - step, -step
        else:  # the top lies between: where the parabola through the three points has it
            down, up = profile(middle - step), profile(middle + step)
            bend = down + up - 2 * profile(middle)
            top = middle + step * (down - up) / (2 * bend) if bend < 0 else middle
            profile(top)
            break
    top = max(found, key=lambda known: found[known].value)
    best = found[top]
    if best.value < calm.value:
        # A contagion as weak as one likes is always at hand: the model with it is never worse than the one without.
        best = Best(best.at, best.theta, best.places, best.tau, calm.value)
    half = model.half(True, best)
    if not interval:
        return half, float("nan"), float("nan")
    floor = best.value - chi2.ppf(level, 1) / 2
    return half, *_ends(lambda log_r: profile(log_r) - floor, top, calm.value >= floor)


def _ends(above: Callable[[float], float], top: float, from_nought: bool) -> tuple[float, float]:
    """Where a profile over log R crosses the floor below and above its top; 0 where R = 0 lies within."""
    low, at, step = 0.0, top, 0.2
    if not from_nought:
        while at - step > LEAST_LOG and above(at - step) > 0:
            at, step = at - step, 2 * step
        low = float(np.exp(brentq(above, at - step, at, xtol=0.01))) if above(at - step) < 0 < above(at) else 0.0
    at, step = max(top, float(np.log(0.01))), 0.2
    while at < MOST_LOG and above(at + step) > 0:
        at, step = at + step, 2 * step
    if at >= MOST_LOG:
        return low, float("inf")
    # Where R is nought the profile may already lie below the floor at .01.
    return low, float(np.exp(brentq(above, at, at + step, xtol=0.01))) if above(at) > 0 else float(np.exp(at))


def _mixed_p(ratio: float, parts: int) -> float:
    """p-value of the likelihood ratio where parameters cannot be negative."""
    weights = (0.5, 0.5) if parts == 1 else (0.25, 0.5, 0.25)
    if ratio <= 0:
        return 1.0
    return float(sum(w * chi2.sf(ratio, df) for df, w in enumerate(weights) if df))


def _nothing(areas: int, lacking: Lacking, level: float) -> AreaFit:
    """An honest nothing."""
    nan, none = float("nan"), np.full(areas, np.nan)
    return AreaFit(
        False, lacking, nan, nan, nan, level, nan, nan, Verdict.NOT_ENOUGH, nan, nan, nan, nan, 0.0, none, none.copy()
    )


def _checked(
    counts: ArrayLike, neighbours: Sequence[ArrayLike] | None, population: ArrayLike | None, missing: ArrayLike | None
) -> tuple[Floats, Floats | None, Floats, Bools]:
    """Arrays of the right shapes, or an error that says what is wrong."""
    table = np.asarray(counts, dtype=np.float64)
    if table.ndim != 2 or not table.shape[1]:
        raise ValueError("counts must be a table of months and areas")
    areas = table.shape[1]
    silent = np.zeros(table.shape, dtype=np.bool_) if missing is None else np.asarray(missing, dtype=np.bool_)
    if silent.shape != table.shape:
        raise ValueError("`missing` must have the shape of the counts")
    known = table[~silent]
    if not (np.isfinite(known) & (known >= 0) & (known == np.round(known))).all():
        raise ValueError("counts must be whole numbers, 0 or more; mark unknown months as missing")
    table = np.where(silent, 0.0, table)
    people = np.ones(areas) if population is None else np.asarray(population, dtype=np.float64)
    if people.shape != (areas,) or not (np.isfinite(people) & (people > 0)).all():
        raise ValueError("each area has a population above 0")
    if neighbours is None:
        return table, None, people, silent
    if len(neighbours) != areas:
        raise ValueError("each area has its neighbours, if only none")
    spread = np.zeros((areas, areas))
    for area, others in enumerate(neighbours):
        index = np.asarray(others, dtype=np.int64)
        if len(index) and (index.min() < 0 or index.max() >= areas or (index == area).any()):
            raise ValueError(f"the neighbours of area {area} must be other areas")
        if len(index):
            spread[index, area] = 1 / len(index)
    return table, spread if spread.any() else None, people, silent
