"""Fisher scoring with a leash: the maximum of a likelihood whose slope and information are known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
# Parameters, shape (p,) -> log-likelihood, its slope (p,), its information (p, p).
Likelihood = Callable[[Floats], tuple[float, Floats, Floats]]


@dataclass(frozen=True, slots=True)
class Maximum:
    """Where the search ended. `settled` is False where it was still moving after the last step."""

    at: Floats
    value: float
    slope: Floats
    information: Floats
    steps: int
    settled: bool


def maximise(likelihood: Likelihood, start: Floats, *, steps: int = 60, tolerance: float = 1e-8) -> Maximum:
    """The maximum near `start`.

    Steps solve (I + d diag(I)) step = slope; d grows while a step does not help and shrinks when it does (D. W. Marquardt, "An
    algorithm for least-squares estimation of nonlinear parameters", J. SIAM 11 (1963) 431-441), so that a flat direction is walked
    slowly and not jumped along. It ends when a full step promises to gain less than `tolerance`.

    Parameters
    ----------
    likelihood : callable
        Values that are not finite are never stepped to.
    start : array of float, shape (p,)

    Returns
    -------
    Maximum
    """
    at = np.array(start, dtype=np.float64)
    value, slope, information = likelihood(at)
    damping, taken = 1e-4, 0
    for taken in range(1, steps + 1):
        step = _solve(information, slope, damping)
        # What the step promises: less than the tolerance, and it is over.
        if float(slope @ step) < tolerance:
            return Maximum(at, value, slope, information, taken, True)
        moved = np.clip(step, -2.0, 2.0)  # parameters are logarithms or effects: e^2 at once is far enough
        new_value, new_slope, new_information = likelihood(at + moved)
        if np.isfinite(new_value) and new_value >= value - 1e-12 * abs(value):
            gained = new_value - value
            at, value, slope, information = at + moved, new_value, new_slope, new_information
            damping = max(damping / 10, 1e-10)
            if gained < tolerance / 100 and float(slope @ _solve(information, slope, damping)) < 100 * tolerance:
                return Maximum(at, value, slope, information, taken, True)
        else:
            damping = max(damping * 10, 1e-4)
            if damping > 1e8:
                break
    return Maximum(at, value, slope, information, taken, False)


def _solve(information: Floats, slope: Floats, damping: float) -> Floats:
    """A step uphill."""
    size = np.diag(information).copy()
    size[size <= 0] = 1.0
    try:
        return np.asarray(np.linalg.solve(information + damping * np.diag(size), slope))
    except np.linalg.LinAlgError:
        return np.asarray(slope / size)


def covariance(information: Floats) -> Floats:
    """The inverse of an information; what has none (a flat direction) gets infinite variance and no covariance."""
    found = np.full(information.shape, np.inf)
    known = np.diag(information) > 1e-12
    block = information[np.ix_(known, known)]
    scale = np.sqrt(np.diag(block))
    inverse = np.linalg.pinv(block / np.outer(scale, scale), hermitian=True) / np.outer(scale, scale)
    found[np.ix_(known, known)] = inverse
    found[np.ix_(~known, known)] = found[np.ix_(known, ~known)] = 0.0
    flat = np.flatnonzero(~known)
    found[np.ix_(flat, flat)] = np.diag(np.full(len(flat), np.inf)) if len(flat) else 0.0
    return found
