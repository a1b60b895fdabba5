"""Whether one forecast is better than another, by a bootstrap that respects that neighbouring origins share their errors."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import stdtrit

from tirek_engines.forecast.panel import Floats, Ints

BLOCK = 18  # months whose origins are drawn together: half as long again as forecasts of 12 months overlap
ROUNDS = 1000
FEWEST = 24  # origins, below which there is no interval: one block is the whole of them, and would promise certainty


@dataclass(frozen=True, slots=True)
class Skill:
    """What looking back shows.

    Attributes
    ----------
    ratio : float
        The forecast's score over that of the baseline; below 1 it is better. NaN where there was nothing to tell.
    low, high : float
        90 % interval; NaN where there are too few origins for one.
    origins : int
        Months at which a forecast was made and had an outcome.
    better, worse : bool
        Whether the whole interval lies below 1, or above. Where neither is, say "no better than the simplest forecast".
    """

    ratio: float
    low: float
    high: float
    origins: int
    better: bool
    worse: bool


NOTHING = Skill(float("nan"), float("nan"), float("nan"), 0, False, False)


def blocks(origins: int, rng: np.random.Generator, rounds: int = ROUNDS, length: int = BLOCK) -> Floats:
    """How often each origin is drawn in each round, shape (rounds, origins): blocks of consecutive ones, the first after the last.

    The circular block bootstrap of D. N. Politis and J. P. Romano, "A circular block-resampling procedure for stationary data", in
    Exploring the limits of bootstrap (Wiley 1992).
    """
    length = min(length, origins)
    pieces = -(-origins // length)
    first = rng.integers(0, origins, (rounds, pieces))
    drawn: Ints = ((first[:, :, None] + np.arange(length)) % origins).reshape(rounds, -1)[:, :origins]
    times = np.zeros((rounds, origins))
    np.add.at(times, (np.arange(rounds)[:, None], drawn), 1.0)
    return times


def compare(
    model: Floats, base: Floats, rng: np.random.Generator, rounds: int = ROUNDS, apart: int = 1
) -> tuple[Skill, ...]:
    """The ratio of two scores with its interval, for several series at once.

    The bootstrap gives the error of the ratio's logarithm. Percentiles of so few blocks would promise too much: the interval is
    that of Student's t with one degree of freedom less than there are blocks. In simulations of equal forecasts with 12
    overlapping horizons and 36 to 96 origins, "better" is then said wrongly in 2 to 5 of 100 cases.

    Parameters
    ----------
    model, base : array of float, shape (origins, n)
        Sums of scores at each origin, NaN where there is no outcome.
    rng : numpy.random.Generator
    rounds : int
    apart : int
        Months from one origin to the next.

    Returns
    -------
    tuple of Skill, length n
    """
    some = np.isfinite(model).any(axis=1) & np.isfinite(base).any(axis=1)
    model, base = np.nan_to_num(model[some]), np.nan_to_num(base[some])
    origins, n = model.shape
    if origins == 0:
        return tuple(NOTHING for _ in range(n))
    length = -(-BLOCK // apart)
    times = blocks(origins, rng, rounds, length)
    independent = max(origins / length, 2.0)
    factor = float(stdtrit(independent - 1, 0.95)) * np.sqrt(independent / (independent - 1))
    many_model, many_base = times @ model, times @ base
    out = []
    for i in range(n):
        fine = (many_base[:, i] > 0) & (many_model[:, i] > 0)
        if fine.sum() < rounds / 2:  # too seldom anything that could be told apart
            out.append(replace(NOTHING, origins=origins))
            continue
        error = factor * float(np.log(many_model[fine, i] / many_base[fine, i]).std())
        ratio = float(model[:, i].sum() / base[:, i].sum())
        if origins < FEWEST:
            out.append(replace(NOTHING, ratio=ratio, origins=origins))
            continue
        low, high = ratio * float(np.exp(-error)), ratio * float(np.exp(error))
        out.append(Skill(ratio, low, high, origins, high < 1, low > 1))
    return tuple(out)
