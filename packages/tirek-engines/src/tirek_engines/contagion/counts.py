"""The inner loop of the model of areas: likelihood, slope and information of a table of counts in one pass."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma, gammaln, polygamma

from tirek_engines.jit import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def tables(values: Floats, k: float) -> Floats:
    """Log-gamma, digamma and trigamma of y + k, each less its value at k, for some counts y; shape (3, counts)."""
    at = values + k
    return np.array([gammaln(at) - gammaln(k), digamma(at) - digamma(k), polygamma(1, at) - polygamma(1, k)])


@compiled
def sweep(
    y: Ints,
    which: Ints,
    used: Bools,
    pulls: Floats,
    weights: Floats,
    x: Floats,
    level: Floats,
    size: Floats,
    k: float,
    gamma: Floats,
    penalty: float,
    places: Floats,
) -> tuple[float, Floats, Floats, Floats, Floats]:
    """Everything that a step of the search needs.

    mu_it = sum_c weights_c pulls_cit + level_t size_i exp(places_i), y_it ~ negative binomial with mean mu_it and size k. With a
    penalty the places are first moved to their best (Newton) and stay there.

    Parameters
    ----------
    y, which, used : arrays, shape (areas, months)
        Counts, their columns in `gamma`, and whether they count.
    pulls : array of float, shape (c, areas, months)
    weights : array of float, shape (c,)
    x : array of float, shape (months, q)
        Derivatives of log level.
    level : array of float, shape (months,)
    size : array of float, shape (areas,)
    k : float
    gamma : array of float, shape (3, counts)
        See `tables`.
    penalty : float
        1 / tau^2; 0 leaves the places alone.
    places : array of float, shape (areas,)
        Changed in place.

    Returns
    -------
    value : float
        Log-likelihood, without log y!.
    slope : array of float, shape (c + 1 + q,)
        By log weights, log k, and what x stands for.
    information : array of float, shape (c + 1 + q, c + 1 + q)
        Expected, but observed for log k.
    of_places : array of float, shape (areas,)
        Information of each place.
    shared : array of float, shape (areas, c + 1 + q)
        Information that a place shares with each parameter.
    """
    areas, months = y.shape
    c, q = len(weights), x.shape[1]
    p = c + 1 + q
    slope, information = np.zeros(p), np.zeros((p, p))
    of_places, shared = np.zeros(areas), np.zeros((areas, p))
    base, row = np.zeros(months), np.zeros(p)
    value, first, second = 0.0, 0.0, 0.0
    for i in range(areas):
        for t in range(months):
            base[t] = 0.0
            for j in range(c):
                base[t] += weights[j] * pulls[j, i, t]
        if penalty > 0.0:
            for _ in range(20):
                up, steep = -penalty * places[i], penalty
                scale = size[i] * np.exp(places[i])
                for t in range(months):
                    if used[i, t]:
                        endemic = level[t] * scale
                        mu = base[t] + endemic
                        w = 1.0 / (mu * (1.0 + mu / k))
                        up += (y[i, t] - mu) * w * endemic
                        steep += w * endemic * endemic
                step = min(max(up / steep, -1.0), 1.0)
                places[i] += step
                if abs(step) < 1e-7:
                    break
        scale = size[i] * np.exp(places[i])
        for t in range(months):
            if not used[i, t]:
                continue
            endemic = level[t] * scale
            mu = base[t] + endemic
            n = y[i, t]
            w = 1.0 / (mu * (1.0 + mu / k))
            residual = (n - mu) * w
            spread = np.log1p(mu / k)
            value += gamma[0, which[i, t]] - (k + n) * spread + n * np.log(mu / k)
            first += gamma[1, which[i, t]] - spread - (n - mu) / (k + mu)
            second += gamma[2, which[i, t]] + 1.0 / k - 2.0 / (k + mu) + (k + n) / (k + mu) ** 2
            for j in range(c):
                row[j] = weights[j] * pulls[j, i, t]
            for j in range(q):
                row[c + 1 + j] = endemic * x[t, j]
            for j in range(p):
                slope[j] += residual * row[j]
                shared[i, j] += w * endemic * row[j]
                for m in range(j + 1):
                    information[j, m] += w * row[j] * row[m]
            of_places[i] += w * endemic * endemic
    for j in range(p):
        for m in range(j):
            information[m, j] = information[j, m]
    # By log k; where the curve bends the wrong way a little is left, so that the search can go on.
    slope[c] = k * first
    information[c, c] = max(-(k * k * second + slope[c]), 0.05 * abs(slope[c]) + 1e-3)
    return value, slope, information, of_places, shared
