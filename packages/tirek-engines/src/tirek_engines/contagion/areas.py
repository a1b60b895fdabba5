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
from scipy.special import gammaln
from scipy.stats import chi2

from tirek_engines.contagion.counts import sweep, tables
from tirek_engines.contagion.maximise import Likelihood, covariance, maximise
from tirek_engines.contagion.process import Verdict

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

MONTHS, INCIDENTS, ACTIVE = 24, 20, 10  # below these nothing is said
NEAR_POISSON = 8.0  # log k above which the counts are as good as Poisson
LEAST_LOG, MOST_LOG = -8.0, 1.0  # of lambda and phi
MOST_LOGIT = 6.0  # of the part that stays in the own area, and of the part that does not
LEAST_LOG_TAU, MOST_LOG_TAU = -4.0, 1.5
MOST_R = 0.95  # in predictions: with more, counts would grow without end
TREND, SEASON = 0.5, 1.0  # standard deviations that a year's trend and a season's waves are held to


class Lacking(StrEnum):
    """Why nothing is said."""

    TOO_SHORT = "too short"
    TOO_FEW = "too few incidents"
    TOO_RARE = "too few months with incidents"


@dataclass(frozen=True, slots=True)
class Best:
    """Where a search ended: what it moved, all parameters, place effects, tau, and the log-likelihood (Laplace)."""

    at: Floats
    theta: Floats
    places: Floats
    tau: float
    value: float


@dataclass(frozen=True, slots=True)
class Half:
    """One of the two models: its parameters, how they may vary, and its log-likelihood with place effects integrated out
    (Laplace).
    """

    theta: Floats
    spread: Floats  # covariance of theta, (p, p)
    places: Floats  # u, (areas,)
    places_spread: Floats  # variance of u given theta, (areas,)
    places_slope: Floats  # derivative of u by theta, (areas, p)
    tau: float
    log_likelihood: float
    parameters: int

    @property
    def aic(self) -> float:
        """Akaike's criterion; less is better."""
        return 2 * self.parameters - 2 * self.log_likelihood


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


class AreaModel:
    """The likelihood of a table of counts.

    Parameters: log lambda and log phi (where there are neighbours), log k, alpha, trend, season. Place effects are set to their
    best for each of them.
    """

    def __init__(
        self,
        counts: Floats,
        spread: Floats | None,
        population: Floats,
        first_month: int,
        missing: Bools,
        harmonics: int,
    ) -> None:
        months, areas = counts.shape
        seen = np.where(missing, np.nan, counts)
        # What is not known enters the next month's mean as the area's usual month.
        usual = np.where(missing.all(axis=0), 0.0, np.nansum(seen, axis=0) / np.maximum((~missing).sum(axis=0), 1))
        self.filled: Floats = np.where(missing, usual, counts)
        self.spread = spread  # (areas, areas): part of what area j sends around that reaches area i
        self.first_month, self.harmonics, self.months, self.areas = first_month, harmonics, months, areas
        self.own: Floats = self.filled[:-1]
        self.around: Floats | None = None if spread is None else self.filled[:-1] @ spread.T
        pulls = [self.own] if self.around is None else [self.own, self.around]
        self.pulls: Floats = np.ascontiguousarray(np.array([pull.T for pull in pulls]))
        # The first month has none before it, and a month after an unknown one says nothing of contagion.
        self.used: Bools = np.ascontiguousarray(~(missing[1:] | missing[:-1]).T)
        self.y: Ints = np.ascontiguousarray(self.filled[1:].T.round()).astype(np.int64)
        values, which = np.unique(self.y, return_inverse=True)
        self.values: Floats = values.astype(np.float64)
        self.which: Ints = np.ascontiguousarray(which.reshape(self.y.shape)).astype(np.int64)
        self.constant = -float(gammaln(self.y[self.used] + 1).sum())
        self.size: Floats = population / population.mean()
        self.x: Floats = self.columns(np.arange(1, months))
        self.parts = 1 if spread is None else 2
        self.largest = float(counts[~missing].max(initial=0.0))
        held = np.full(self.x.shape[1], np.inf)
        held[1], held[2:] = TREND, SEASON
        self.held: Floats = 1 / held**2

    def columns(self, month: Ints) -> Floats:
        """Ones, years since the middle, waves; for months counted from the first one. No trend beyond the last month."""
        years = (np.minimum(month, self.months - 1) - (self.months - 1) / 2) / 12
        angle = 2 * np.pi * (month + self.first_month) / 12
        waves = [wave(k * angle) for k in range(1, self.harmonics + 1) for wave in (np.sin, np.cos)]
        return np.column_stack([np.ones(len(month)), years, *waves])

    def start(self, r: float) -> Floats:
        """Parameters to begin with, for some R (0: none)."""
        level = np.log(max(float(self.y[self.used].mean()), 1e-3) * max(1 - r, 0.3))
        parts = np.full(self.parts, np.log(r / self.parts)) if r else np.zeros(0)
        return np.concatenate([parts, [0.0, level], np.zeros(self.x.shape[1] - 1)])

    def likelihood(self, tau: float, excited: bool, places: Floats) -> Likelihood:
        """Penalised log-likelihood, slope, information of the parameters, place effects at their best. `places` keeps them."""

        def evaluate(theta: Floats) -> tuple[float, Floats, Floats]:
            value, slope, information, of_places, shared = self.evaluate(theta, tau, excited, places)
            if tau:
                information = information - shared.T @ (shared / (of_places + 1 / tau**2)[:, None])
            return value, slope, information

        return evaluate

    def evaluate(
        self, theta: Floats, tau: float, excited: bool, places: Floats
    ) -> tuple[float, Floats, Floats, Floats, Floats]:
        """Value, slope, information; information of the places (areas,) without the penalty, and what both share (areas, p)."""
        parts = self.parts if excited else 0
        logs = np.clip(theta[:parts], LEAST_LOG, MOST_LOG)
        k = float(np.exp(min(theta[parts], NEAR_POISSON)))
        beta = theta[parts + 1 :]
        level = np.exp(np.clip(self.x @ beta, -30, 30))
        penalty = 1 / tau**2 if tau else 0.0
        value, slope, information, of_places, shared = sweep(
            self.y,
            self.which,
            self.used,
            self.pulls[:parts],
            np.exp(logs),
            self.x,
            level,
            self.size,
            k,
            tables(self.values, k),
            penalty,
            places,
        )
        value += self.constant - 0.5 * float(self.held @ beta**2) - 0.5 * penalty * float(places @ places)
        slope[parts + 1 :] -= self.held * beta
        at = np.arange(parts + 1, len(theta))
        information[at, at] += self.held
        # At its end a parameter can only go back.
        ends = np.append(np.full(parts, MOST_LOG), NEAR_POISSON)
        over, under = theta[: parts + 1] >= ends, theta[:parts] <= LEAST_LOG
        slope[: parts + 1][over] = np.minimum(slope[: parts + 1][over], 0.0)
        slope[:parts][under] = np.maximum(slope[:parts][under], 0.0)
        return value, slope, information, of_places, shared

    # --- fitting --------------------------------------------------------------------------------------------------------

    def best(self, excited: bool, start: Floats, places: Floats, tau: float, log_r: float | None = None) -> Best:
        """The best parameters and the best tau: where the Laplace approximation of the likelihood is largest.

        With `log_r` R is held there, and in place of lambda and phi stands the logit of lambda / R. `tau` is where the search
        begins; 0 is kept.
        """

        def at(log_tau: float | None, near: Best | None) -> Best:
            tau = 0.0 if log_tau is None else float(np.exp(log_tau))
            kept = (places if near is None else near.places).copy()
            likelihood = self.likelihood(tau, excited, kept)
            held = likelihood if log_r is None else self._held_r(likelihood, log_r)
            most = maximise(held, start if near is None else near.at, tolerance=1e-5)
            theta = most.at if log_r is None else self.open(most.at, log_r)[0]
            value = most.value
            if tau:
                value -= 0.5 * float(np.log1p(tau**2 * self.evaluate(theta, tau, excited, kept)[3]).sum())
            return Best(most.at, theta, kept, tau, value)

        if not tau:
            return at(None, None)
        # A parabola through three values of log tau, moved along until its top lies among them.
        middle, width = float(np.log(tau)), 0.4
        best = at(middle, None)
        for _ in range(8):
            low, high = at(middle - width, best), at(middle + width, best)
            bend = low.value - 2 * best.value + high.value
            side = (low.value - high.value) / 2
            if bend < 0 and abs(side / bend) < 1:
                top = at(middle + width * side / bend, best)
                return max(best, low, high, top, key=lambda found: found.value)
            best, middle = (high, middle + width) if high.value > low.value else (low, middle - width)
            if not LEAST_LOG_TAU < middle < MOST_LOG_TAU:
                break
        return best

    def open(self, rest: Floats, log_r: float) -> tuple[Floats, Floats]:
        """All parameters from those with R held, and their derivatives by them."""
        if self.parts == 1:
            turn = np.zeros((len(rest) + 1, len(rest)))
            turn[1:] = np.eye(len(rest))
            return np.concatenate([[log_r], rest]), turn
        own = 1 / (1 + np.exp(-np.clip(rest[0], -MOST_LOGIT, MOST_LOGIT)))
        turn = np.zeros((len(rest) + 1, len(rest)))
        turn[0, 0], turn[1, 0] = 1 - own, -own
        turn[2:, 1:] = np.eye(len(rest) - 1)
        return np.concatenate([[log_r + np.log(own), log_r + np.log1p(-own)], rest[1:]]), turn

    def _held_r(self, likelihood: Likelihood, log_r: float) -> Likelihood:
        def evaluate(rest: Floats) -> tuple[float, Floats, Floats]:
            theta, turn = self.open(rest, log_r)
            value, slope, information = likelihood(theta)
            turned = turn.T @ slope
            if self.parts == 2 and abs(rest[0]) >= MOST_LOGIT:  # at its end it can only go back
                turned[0] = min(turned[0], 0.0) if rest[0] > 0 else max(turned[0], 0.0)
            return value, turned, turn.T @ information @ turn

        return evaluate

    def shut(self, theta: Floats) -> Floats:
        """The parameters with R held that belong to some parameters."""
        return theta[1:] if self.parts == 1 else np.concatenate([[theta[0] - theta[1]], theta[2:]])

    def half(self, excited: bool, best: Best) -> Half:
        """What is kept of a fit."""
        _, _, information, of_places, shared = self.evaluate(best.theta, best.tau, excited, best.places.copy())
        precision = of_places + (1 / best.tau**2 if best.tau else np.inf)
        information = information - shared.T @ (shared / precision[:, None])
        extra = (self.parts if excited else 0) + (1 if best.tau else 0)
        return Half(
            theta=best.theta,
            spread=covariance(information),
            places=best.places,
            places_spread=1 / precision,
            places_slope=-shared / precision[:, None],
            tau=best.tau,
            log_likelihood=best.value,
            parameters=1 + self.x.shape[1] + extra,
        )

    # --- looking ahead --------------------------------------------------------------------------------------------------

    def shares(self, half: Half) -> tuple[Floats, Floats]:
        """Part of the expected counts that comes from the month before: over all months, and next month; each (areas,)."""
        pulled, endemic = self._means(half, self.own, self.around, self.x)
        past = pulled.sum(axis=0) / (pulled + endemic).sum(axis=0)
        last = self.filled[-1:]
        around = None if self.spread is None else last @ self.spread.T
        pulled, endemic = self._means(half, last, around, self.columns(np.array([self.months])))
        return past, (pulled / (pulled + endemic))[0]

    def _means(self, half: Half, own: Floats, around: Floats | None, x: Floats) -> tuple[Floats, Floats]:
        """What the month before adds, and the rest."""
        pulled = np.exp(half.theta[0]) * own
        if around is not None:
            pulled = pulled + np.exp(half.theta[1]) * around
        return pulled, np.exp((x @ half.theta[self.parts + 1 :])[:, None] + np.log(self.size) + half.places)

    def expect(self, half: Half, horizons: int) -> Floats:
        """Expected counts at the best parameters, (horizons, areas)."""
        excited = len(half.theta) > 1 + self.x.shape[1]
        parts = self.parts if excited else 0
        x = self.columns(self.months + np.arange(horizons))
        endemic = np.exp((x @ half.theta[parts + 1 :])[:, None] + np.log(self.size) + half.places)
        if not excited:
            return np.asarray(endemic)
        pulls = _bridle(np.exp(half.theta[:parts]))
        y, found = self.filled[-1], []
        for month in endemic:
            y = month + pulls[0] * y + (pulls[1] * (y @ self.spread.T) if self.spread is not None else 0.0)
            found.append(y)
        return np.array(found)

    def walk(
        self, halves: tuple[Half, Half], weight: float, horizons: int, draws: int, rng: np.random.Generator
    ) -> Ints:
        """Draws of both models, in the order that chance gives them."""
        excited = int(rng.binomial(draws, weight))
        x = self.columns(self.months + np.arange(horizons))
        found = [self._walk(half, n, x, rng) for half, n in zip(halves, (excited, draws - excited), strict=True) if n]
        return np.concatenate(found, axis=2)[:, :, rng.permutation(draws)]

    def _walk(self, half: Half, draws: int, x: Floats, rng: np.random.Generator) -> Ints:
        """Draws of one model, (horizons, areas, draws)."""
        parts = len(half.theta) - 1 - x.shape[1]
        known = np.isfinite(np.diag(half.spread))
        step = np.zeros((draws, len(half.theta)))
        step[:, known] = rng.multivariate_normal(
            np.zeros(int(known.sum())), half.spread[np.ix_(known, known)], draws, method="eigh"
        )
        step = np.clip(step, -2, 2)
        theta = half.theta + step
        places = half.places + step @ half.places_slope.T
        places = places + rng.standard_normal(places.shape) * np.sqrt(half.places_spread)
        pulls = _bridle(np.exp(np.clip(theta[:, :parts], LEAST_LOG, MOST_LOG)))
        k = np.exp(np.minimum(theta[:, parts], NEAR_POISSON))[:, None]
        cap = 5 * self.largest + 20
        y = np.broadcast_to(self.filled[-1], (draws, self.areas))
        found = np.empty((len(x), self.areas, draws), dtype=np.int64)
        for h, row in enumerate(x):
            mu = np.exp(np.clip((theta[:, parts + 1 :] @ row)[:, None] + np.log(self.size) + places, -30, 30))
            if parts:
                mu = mu + pulls[:, :1] * y
            if parts == 2 and self.spread is not None:
                mu = mu + pulls[:, 1:] * (y @ self.spread.T)
            mu = np.minimum(mu, cap)
            y = np.minimum(rng.poisson(rng.gamma(k, mu / k)), cap).astype(np.float64)
            found[h] = y.T
        return found


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


def _bridle(pulls: Floats) -> Floats:
    """lambda and phi (last axis), made smaller together where their sum is above 0.95."""
    total = pulls.sum(axis=-1, keepdims=True)
    return np.asarray(pulls * np.minimum(1.0, MOST_R / np.maximum(total, 1e-12)))


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
