"""The model of monthly counts of areas: its likelihood, its best parameters, and walks into the coming months.

Written out in `areas`, which fits it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from tirek_engines.contagion.counts import sweep, tables
from tirek_engines.contagion.maximise import Likelihood, covariance, maximise

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

NEAR_POISSON = 8.0  # log k above which the counts are as good as Poisson
LEAST_LOG, MOST_LOG = -8.0, 1.0  # of lambda and phi
MOST_LOGIT = 6.0  # of the part that stays in the own area, and of the part that does not
LEAST_LOG_TAU, MOST_LOG_TAU = -4.0, 1.5
MOST_R = 0.95  # in predictions: with more, counts would grow without end
TREND, SEASON = 0.5, 1.0  # standard deviations that a year's trend and a season's waves are held to


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


def _bridle(pulls: Floats) -> Floats:
    """lambda and phi (last axis), made smaller together where their sum is above 0.95."""
    total = pulls.sum(axis=-1, keepdims=True)
    return np.asarray(pulls * np.minimum(1.0, MOST_R / np.maximum(total, 1e-12)))
