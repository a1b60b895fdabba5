"""Scores of forecasts of counts. Smaller is better, but for coverage. All are exact for the distribution that is given.

Draws have shape (..., m), actual counts the leading shape (...), and so have the scores.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from tirek_engines.forecast.panel import Bools, Floats, Ints
from tirek_engines.forecast.predictive import Predictive

# First counts of the bins of the VIEWS prediction challenge 2023/24: 0, 1-2, 3-5, 6-10, 11-25, ... 501-1000, 1001 and more.
BINS = np.array([0, 1, 3, 6, 11, 26, 51, 101, 251, 501, 1001], dtype=np.int64)
DRAWS = 1000  # of the challenge: its ignorance score depends on their number


def crps_draws(draws: ArrayLike, actual: ArrayLike) -> Floats:
    """CRPS of the empirical distribution of draws.

    E|X - y| - E|X - X'| / 2, which is 2 / m^2 times the sum over sorted draws x_i of (x_i - y) (m 1{y < x_i} - i + 1/2): the "qd"
    form, in the memory of one copy of the draws.

    Parameters
    ----------
    draws : array of float, shape (..., m)
    actual : array of float, shape (...)

    Returns
    -------
    array of float, shape (...)

    References
    ----------
    F. Laio and S. Tamea, "Verification tools for probabilistic forecasts of continuous hydrological variables", Hydrology and Earth
    System Sciences 11 (2007) 1267-1277; A. Jordan, F. Krüger and S. Lerch, "Evaluating probabilistic forecasts with
    scoringRules", Journal of Statistical Software 90 (2019) 12.
    """
    x, y = _draws(draws, actual)
    x = np.sort(x, axis=-1)
    m = x.shape[-1]
    factor = np.where(y[..., None] < x, float(m), 0.0)
    factor -= np.arange(0.5, m)
    x -= y[..., None]
    return np.asarray(2.0 / m**2 * np.einsum("...i,...i->...", x, factor))


def crps_masses(values: ArrayLike, masses: ArrayLike, actual: ArrayLike) -> Floats:
    """CRPS of a distribution with given masses at given values: a probability function, or quantiles with what each stands for.

    The sum over the gaps between consecutive values of their length times (F - 1{y <= x})^2, the gap that holds y in two parts, and
    what lies between y and the values where it lies outside.

    Parameters
    ----------
    values : array of float, shape (g,)
        Rising.
    masses : array of float, shape (..., g)
        0 or more; brought to a sum of 1.
    actual : array of float, shape (...)

    Returns
    -------
    array of float, shape (...)

    Raises
    ------
    ValueError
        If values do not rise, or a mass is negative, or all are 0.
    """
    v, p = np.asarray(values, dtype=np.float64), np.asarray(masses, dtype=np.float64)
    y = np.asarray(actual, dtype=np.float64)
    if v.ndim != 1 or p.shape[-1:] != v.shape or not (np.diff(v) > 0).all():
        raise ValueError("values rise, and each has a mass")
    total = p.sum(axis=-1, keepdims=True)
    if (p < 0).any() or not (total > 0).all():
        raise ValueError("masses are 0 or more, and not all 0")
    cdf = (np.cumsum(p, axis=-1) / total)[..., :-1]
    below = np.clip(y[..., None] - v[:-1], 0.0, np.diff(v))  # the part of each gap that lies below y
    inside = below * cdf**2 + (np.diff(v) - below) * (1.0 - cdf) ** 2
    return np.asarray(inside.sum(axis=-1) + np.maximum(v[0] - y, 0.0) + np.maximum(y - v[-1], 0.0))


def bin_probabilities(forecast: Predictive) -> Floats:
    """Probabilities of the challenge's bins, shape (..., 11)."""
    above = np.stack([forecast.above(int(first) - 1) for first in BINS[1:]], axis=-1)
    ends = np.concatenate((np.ones((*above.shape[:-1], 1)), above, np.zeros((*above.shape[:-1], 1))), axis=-1)
    return np.asarray(ends[..., :-1] - ends[..., 1:])


def bin_of(counts: ArrayLike) -> Ints:
    """The bin of each count, 0 to 10."""
    return np.asarray(np.searchsorted(BINS, np.asarray(counts), side="right") - 1, dtype=np.int64)


def ignorance(probabilities: ArrayLike, actual: ArrayLike, draws: int = DRAWS) -> Floats:
    """Binned ignorance (IGN) in bits, as the VIEWS challenge 2023/24 has it: -log2 of the probability of the bin that came.

    The challenge adds one draw to each bin before it counts, so that no probability is 0: of `draws` draws and 11 bins the
    probability p becomes (draws p + 1) / (draws + 11).

    Parameters
    ----------
    probabilities : array of float, shape (..., 11)
        Of the bins (`bin_probabilities`, or the share of draws in each).
    actual : array of int, shape (...)
    draws : int
        How many draws the probabilities stand for.

    Returns
    -------
    array of float, shape (...)
    """
    p = np.asarray(probabilities, dtype=np.float64)
    came = np.take_along_axis(p, bin_of(actual)[..., None], axis=-1)[..., 0]
    return np.asarray(-np.log2((draws * came + 1.0) / (draws + len(BINS))))


def ignorance_draws(draws: ArrayLike, actual: ArrayLike, stand_for: int = DRAWS) -> Floats:
    """Binned ignorance of draws; fewer draws than 1,000 stand for 1,000 in the same proportions, as they did in the challenge."""
    x, y = _draws(draws, actual)
    came = bin_of(x) == bin_of(y)[..., None]
    probability = came.mean(axis=-1)
    return np.asarray(-np.log2((stand_for * probability + 1.0) / (stand_for + len(BINS))))


def interval_score(low: ArrayLike, high: ArrayLike, actual: ArrayLike, level: float = 0.9) -> Floats:
    """Interval score: length, and 2 / (1 - level) for each unit that the actual value lies outside. Its mean is the MIS.

    T. Gneiting and A. E. Raftery, "Strictly proper scoring rules, prediction, and estimation", Journal of the American Statistical
    Association 102 (2007) 359-378.

    Raises
    ------
    ValueError
        If the level is not between 0 and 1.
    """
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1, not {level}")
    bottom, top, y = (np.asarray(a, dtype=np.float64) for a in (low, high, actual))
    price = 2.0 / (1.0 - level)
    return np.asarray(top - bottom + price * (np.maximum(bottom - y, 0.0) + np.maximum(y - top, 0.0)))


def interval_score_draws(draws: ArrayLike, actual: ArrayLike, level: float = 0.9) -> Floats:
    """Interval score of the central interval of draws, its ends interpolated linearly between draws as in the challenge."""
    x, y = _draws(draws, actual)
    low, high = np.quantile(x, [(1 - level) / 2, (1 + level) / 2], axis=-1)
    return interval_score(low, high, y, level)


def inside(low: ArrayLike, high: ArrayLike, actual: ArrayLike) -> Bools:
    """Whether the actual value lies in an interval; its mean is the coverage."""
    y = np.asarray(actual)
    return np.asarray((y >= np.asarray(low)) & (y <= np.asarray(high)))


def brier(probability: ArrayLike, happened: ArrayLike) -> Floats:
    """(p - 1{happened})^2.

    G. W. Brier, "Verification of forecasts expressed in terms of probability", Monthly Weather Review 78 (1950) 1-3.
    """
    return np.asarray((np.asarray(probability, dtype=np.float64) - np.asarray(happened, dtype=np.float64)) ** 2)


def pit(forecast: Predictive, actual: ArrayLike, rng: np.random.Generator) -> Floats:
    """Randomised probability integral transform: uniform between P(Y < y) and P(Y <= y); on (0, 1) if forecasts are right.

    C. Czado, T. Gneiting and L. Held, "Predictive model assessment for count data", Biometrics 65 (2009) 1254-1261.
    """
    y = np.asarray(actual, dtype=np.int64)
    below, upto = forecast.at_most(y - 1), forecast.at_most(y)
    return np.asarray(below + rng.random(y.shape) * (upto - below))


def threshold_crps(forecast: Predictive, actual: ArrayLike, threshold: int) -> Floats:
    """CRPS that looks only at counts from a threshold on: the sum over whole x >= threshold of (P(Y <= x) - 1{y <= x})^2.

    T. Gneiting and R. Ranjan, "Comparing density forecasts using threshold- and quantile-weighted scoring rules", Journal of
    Business and Economic Statistics 29 (2011) 411-422.

    Raises
    ------
    ValueError
        If the threshold is no value of the forecast's grid.
    """
    first = int(np.searchsorted(forecast.values, threshold))
    if first >= len(forecast.values) or forecast.values[first] != threshold:
        raise ValueError(f"{threshold} is no value of the forecast's grid")
    rest = Predictive(forecast.values[first:] - threshold, forecast.cdf[..., first:])
    return rest.crps(np.maximum(np.asarray(actual, dtype=np.int64) - threshold, 0))


def threshold_crps_draws(draws: ArrayLike, actual: ArrayLike, threshold: float) -> Floats:
    """The same of draws: CRPS of what is not below the threshold."""
    x, y = _draws(draws, actual)
    return crps_draws(np.maximum(x, threshold), np.maximum(y, threshold))


def _draws(draws: ArrayLike, actual: ArrayLike) -> tuple[Floats, Floats]:
    """Draws and actual values as floats of shapes that fit."""
    x, y = np.asarray(draws, dtype=np.float64), np.asarray(actual, dtype=np.float64)
    if x.ndim < 1 or x.shape[-1] < 1:
        raise ValueError("one draw or more is needed")
    return x, np.broadcast_to(y, x.shape[:-1])
