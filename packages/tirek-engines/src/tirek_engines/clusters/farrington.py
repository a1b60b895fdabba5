"""Farrington-Noufaily: whether the newest months of an area lie above what its own past lets expect.

For each area on its own, with all areas computed together. The month is compared with a quasi-Poisson regression of the years
before on a trend and the time of the year; months that were outbreaks themselves weigh little; the threshold is a quantile of a
negative binomial.

References
----------
Farrington, Andrews, Beale, Catchpole (1996): A statistical algorithm for the early detection of outbreaks of infectious disease.
J. R. Stat. Soc. A 159(3). Noufaily, Enki, Farrington, Garthwaite, Andrews, Charlett (2013): An improved algorithm for outbreak
detection in multiple surveillance systems. Statistics in Medicine 32(7). Defaults are those of `farringtonFlexible` in the R
package surveillance, with weeks turned into months: 26 weeks left out are 6 months, "5 in 4 weeks" is 5 in 4 months, half a
window of 3 weeks is 1 month; but the year is cut into 4 times, not 10, since incidents are few.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import nbinom, poisson

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

YEAR = 12
LEAST_YEARS = 3  # of past, besides the months left out
OUTBREAK = 2.58  # Anscombe residuals above it lose weight
ROUNDS = 40  # of iteratively reweighted least squares; 8 are usual
RIDGE = 1e-6  # a time of the year without any incident has no finite estimate
ETA = 15.0
SAME = 1e-9
POISSON = 1 + 1e-6  # a dispersion up to here is that of a Poisson distribution


@dataclass(frozen=True, slots=True)
class Farrington:
    """What the past lets expect, and whether the newest months lie above it; arrays of shape (last, areas).

    Attributes
    ----------
    expected : array of float
        Mean of the month by the model; NaN where `enough` is False.
    upper : array of float
        The threshold: a count above it is exceeded with probability `alpha` at most. NaN where `enough` is False.
    score : array of float
        (count - expected) / (upper - expected); from 1 on the threshold is reached. NaN where `enough` is False.
    alarm : array of bool
        The count lies above the threshold, and the last months together have at least `least` incidents.
    enough : array of bool
        Whether anything can be said: a past of three years or more with `least` incidents in it, and a count that is known.
    """

    expected: Floats
    upper: Floats
    score: Floats
    alarm: Bools
    enough: Bools


def farrington(
    counts: ArrayLike,
    *,
    last: int = 1,
    years: int = 8,
    gap: int = 6,
    half_window: int = 1,
    periods: int = 4,
    alpha: float = 0.01,
    least: int = 5,
    least_months: int = 4,
    missing: ArrayLike | None = None,
) -> Farrington:
    """Compare the newest months of each area with its own past.

    Parameters
    ----------
    counts : array of int, shape (months, areas)
        Incidents of each month, the oldest first.
    last : int
        How many of the newest months to judge, each by what came before it.
    years : int
        How many years of the past to look at, at most.
    gap : int
        Months just before the judged one that are left out, so that an outbreak under way does not hide itself.
    half_window : int
        Months to both sides of the same month of the year that count as the same time of the year.
    periods : int
        Into how many the year is cut: the window, and the others alike. 10 is that of Noufaily et al.; 4 suits few incidents.
    alpha : float
        Probability with which a month without anything unusual exceeds the threshold.
    least, least_months : int
        No alarm, and nothing is said, with fewer incidents than this, in these last months or in all of the past.
    missing : array of bool, shape (months, areas), optional
        Months of which nothing is known.

    Raises
    ------
    ValueError
        For counts that are no table, not whole, negative or not finite, and for settings out of range.
    """
    table, unknown = _table(counts, missing)
    _check(table, last, years, gap, half_window, periods, alpha, least, least_months)
    rows = [
        _judge(table, unknown, now, years, gap, half_window, periods, alpha, least, least_months)
        for now in range(table.shape[0] - last, table.shape[0])
    ]
    return Farrington(*(np.stack(part) for part in zip(*rows, strict=True)))


def _table(counts: ArrayLike, missing: ArrayLike | None) -> tuple[Floats, Bools]:
    given = np.asarray(counts)
    if given.ndim != 2 or 0 in given.shape:
        raise ValueError("counts must be a table of months and areas, with at least one of each")
    if given.dtype.kind not in "iufb":
        raise ValueError("counts must be numbers")
    table = given.astype(float)
    if not np.isfinite(table).all() or (table < 0).any() or (table != np.floor(table)).any():
        raise ValueError("counts must be whole and not negative; say which months are not known by `missing`")
    unknown = np.zeros(table.shape, bool) if missing is None else np.asarray(missing, bool)
    if unknown.shape != table.shape:
        raise ValueError(f"missing must have the shape of counts, {table.shape}, not {unknown.shape}")
    return table, unknown


def _check(
    table: Floats, last: int, years: int, gap: int, half: int, periods: int, alpha: float, least: int, months: int
) -> None:
    if not 1 <= last <= table.shape[0]:
        raise ValueError(f"last must lie between 1 and the number of months, {table.shape[0]}")
    if years < LEAST_YEARS or gap < 0 or least < 1 or months < 1:
        raise ValueError(f"years must be at least {LEAST_YEARS}, gap at least 0, least and least_months at least 1")
    if not 0 <= half <= 5 or not 1 <= periods <= YEAR - 2 * half:
        raise ValueError(
            "half_window must lie between 0 and 5, periods between 1 and the months outside the window plus one"
        )
    if not 0 < alpha < 0.5:
        raise ValueError("alpha must lie between 0 and 0.5")


def _judge(
    table: Floats, unknown: Bools, now: int, years: int, gap: int, half: int, periods: int, alpha: float, least: int,
    months: int,
) -> tuple[Floats, Floats, Floats, Bools, Bools]:  # fmt: skip
    areas = table.shape[1]
    past = np.arange(max(0, now - years * YEAR), max(0, now - gap))
    known = ~unknown[past]
    enough = (known.sum(axis=0) >= LEAST_YEARS * YEAR) & ((table[past] * known).sum(axis=0) >= least) & ~unknown[now]
    expected, upper, score = (np.full(areas, np.nan) for _ in range(3))
    chosen = np.flatnonzero(enough)
    if chosen.size:
        y, weights = table[np.ix_(past, chosen)].T, known[:, chosen].T.astype(float)
        mean, spread = _forecast(y, weights, past - now, half, periods)
        top = _quantile(mean, spread, alpha)
        expected[chosen], upper[chosen] = mean, top
        score[chosen] = (table[now, chosen] - mean) / np.maximum(top - mean, SAME)
    recent = np.where(unknown, 0, table)[max(0, now - months + 1) : now + 1].sum(axis=0)
    alarm = enough & (np.nan_to_num(table[now] - upper, nan=-1) > 0) & (recent >= least)
    return expected, upper, score, alarm, enough


def _forecast(y: Floats, known: Floats, when: Ints, half: int, periods: int) -> tuple[Floats, Floats]:
    """Mean and dispersion of the judged month (when = 0) for each area. A trend that would lead out of what was seen is dropped."""
    level = _period(when, half, periods)
    season = [(level == k).astype(float) for k in range(1, periods)]
    trend = when / YEAR
    with_trend = np.stack([np.ones(len(when)), *season, trend], axis=1)
    at_now = np.zeros(with_trend.shape[1])
    at_now[0] = 1.0
    mean, spread = _robust(y, known, with_trend, at_now)
    beyond = mean > np.where(known > 0, y, 0).max(axis=1)
    if beyond.any():
        mean[beyond], spread[beyond] = _robust(y[beyond], known[beyond], with_trend[:, :-1], at_now[:-1])
    return mean, spread


def _period(when: Ints, half: int, periods: int) -> Ints:
    """0 for the judged month's own time of the year, 1, 2, ... for the other times."""
    away = when % YEAR  # months after the judged one, on the circle of the year
    inside = (away <= half) | (away >= YEAR - half)
    others = YEAR - 2 * half - 1
    groups = max(periods - 1, 1)
    rest = 1 + ((away - half - 1) * groups) // others
    return np.where(inside | (periods == 1), 0, rest).astype(np.int64)


def _robust(y: Floats, known: Floats, design: Floats, at: Floats) -> tuple[Floats, Floats]:
    """Fit, give outbreaks of the past little weight, fit again."""
    mu, leverage, _beta = _fit(y, known, design)
    spread = _dispersion(y, mu, known, design.shape[1])
    root = np.sqrt(spread)[:, None]
    residual = 1.5 * (y ** (2 / 3) - mu ** (2 / 3)) / (mu ** (1 / 6) * root * np.sqrt(np.maximum(1 - leverage, SAME)))
    lowered = np.where(residual > OUTBREAK, residual**-2.0, 1.0) * known
    weights = lowered * (known.sum(axis=1) / lowered.sum(axis=1))[:, None]
    mu, _leverage, beta = _fit(y, weights, design)
    return np.exp(np.clip(beta @ at, -ETA, ETA)), _dispersion(y, mu, weights, design.shape[1])


def _fit(y: Floats, weights: Floats, design: Floats) -> tuple[Floats, Floats, Floats]:
    """Poisson regression of each row by iteratively reweighted least squares: means, leverages, coefficients."""
    areas, p = y.shape[0], design.shape[1]
    beta = np.zeros((areas, p))
    beta[:, 0] = np.log((y * weights).sum(axis=1) / weights.sum(axis=1) + SAME)
    ridge = RIDGE * np.eye(p)
    for _round in range(ROUNDS):
        eta = np.clip(beta @ design.T, -ETA, ETA)
        mu = np.exp(eta)
        w = weights * mu
        inner = np.einsum("an,ni,nj->aij", w, design, design) + ridge
        slope = np.einsum("an,ni->ai", weights * (y - mu), design) - RIDGE * beta
        step = np.linalg.solve(inner, slope[..., None])[..., 0]
        beta += np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-8:
            break
    mu = np.exp(np.clip(beta @ design.T, -ETA, ETA))
    w = weights * mu
    inner = np.einsum("an,ni,nj->aij", w, design, design) + ridge
    leverage = w * np.einsum("ni,aij,nj->an", design, np.linalg.inv(inner), design)
    return mu, leverage, beta


def _dispersion(y: Floats, mu: Floats, weights: Floats, p: int) -> Floats:
    """Pearson's estimate, at least 1."""
    free = np.maximum((weights > 0).sum(axis=1) - p, 1)
    return np.asarray(np.maximum((weights * (y - mu) ** 2 / np.maximum(mu, SAME)).sum(axis=1) / free, 1.0))


def _quantile(mean: Floats, spread: Floats, alpha: float) -> Floats:
    """The 1 - alpha quantile of a negative binomial with this mean and a variance of spread times the mean."""
    over = np.maximum(spread, POISSON)
    size = mean / (over - 1)
    wide = nbinom.ppf(1 - alpha, size, 1 / over)
    return np.asarray(np.where(spread <= POISSON, poisson.ppf(1 - alpha, mean), wide), float)
