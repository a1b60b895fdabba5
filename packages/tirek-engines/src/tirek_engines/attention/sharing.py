"""Who is visited: a part by chance, the rest in proportion to the forecast."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

RANDOM_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Allocation:
    """Areas chosen for one round of attention.

    Attributes
    ----------
    chosen : array of int
        Indices of all chosen units, ascending: those by forecast and those by chance.
    by_forecast : array of int
        Chosen by their forecast, ascending.
    by_chance : array of int
        Drawn by chance alone, ascending: a simple random sample of the units that do not rest, so that what is met there speaks
        for all of them.
    """

    chosen: Ints
    by_forecast: Ints
    by_chance: Ints


def allocate(
    probability: ArrayLike,
    budget: int,
    rng: np.random.Generator,
    random_share: float = RANDOM_SHARE,
    rested: ArrayLike | None = None,
) -> Allocation:
    """Share `budget` visits among areas, each area at most once.

    First a share of the budget is drawn by chance among all units that do not rest, each alike. The rest of the budget is drawn
    among the others with a chance proportional to their forecast (`inclusion`): by proportion and not from the top of the list,
    because there a lead of a hair would take everything, month after month. Where the budget times the share is not whole, its
    fraction is decided by chance, so that over many rounds the share is exact. The order of the list plays no part.

    The forecast must not have been fitted on incidents that officers found on such visits.

    Parameters
    ----------
    probability : array of float, shape (units,)
        Forecast probability for each unit, 0 to 1, e.g. of at least one reported incident next month. NaN where the forecast
        abstains: such a unit can be chosen by chance only.
    budget : int
        How many units can be visited, 0 or more.
    rng : numpy.random.Generator
        The same state gives the same choice.
    random_share : float
        Share of the budget drawn by chance, 0 to 1.
    rested : array of bool, shape (units,), optional
        Units that rest this time (see `rest`): they are not chosen, neither by forecast nor by chance.

    Returns
    -------
    Allocation
        With fewer than `budget` units where not enough of them are there.

    Raises
    ------
    ValueError
        If an argument has no meaning or lengths differ.
    """
    forecast = _forecast(probability)
    if budget != int(budget) or budget < 0:
        raise ValueError(f"the budget must be a whole number of visits, 0 or more, not {budget}")
    if not 0 <= random_share <= 1:
        raise ValueError(f"the share drawn by chance must be between 0 and 1, not {random_share}")
    rests = np.zeros(len(forecast), dtype=np.bool_) if rested is None else np.asarray(rested, dtype=np.bool_)
    if rests.shape != forecast.shape:
        raise ValueError("one mark of rest for each unit")
    free = np.flatnonzero(~rests)
    total = min(int(budget), len(free))
    exact = total * random_share
    lucky = int(exact) + int(rng.random() < exact - int(exact))
    by_chance = np.sort(rng.choice(free, lucky, replace=False))
    left = np.setdiff1d(free, by_chance)
    left = left[~np.isnan(forecast[left])]
    by_forecast = left[_systematic(inclusion(forecast[left], total - lucky), rng)]
    return Allocation(np.union1d(by_forecast, by_chance), np.sort(by_forecast), by_chance)


def inclusion(probability: ArrayLike, budget: int) -> Floats:
    """The chance of each unit to be chosen when `budget` units are drawn in proportion to their forecast.

    pi_i = min(1, c p_i) with c such that the sum is the budget. Units with p = 0 have no chance, unless all have p = 0: then all
    are alike. A forecast "among the first k" sums to k over all units: with the budget k each unit's chance is its forecast.

    Parameters
    ----------
    probability : array of float, shape (units,)
        0 to 1.
    budget : int

    Returns
    -------
    array of float, shape (units,)
        Sums to the budget, or to the number of units with p > 0 where that is less.

    Raises
    ------
    ValueError
        If a probability is not between 0 and 1.
    """
    weight = _forecast(probability)
    if np.isnan(weight).any():
        raise ValueError("a unit without a forecast has no share: leave it out")
    if len(weight) == 0 or budget <= 0:
        return np.zeros(len(weight))
    if not weight.any():
        weight = np.ones(len(weight))
    sure = np.zeros(len(weight), dtype=np.bool_)
    while True:  # each round makes at least one more unit sure, or ends
        others, remaining = np.where(sure, 0.0, weight), budget - int(sure.sum())
        if remaining <= 0 or not others.any():
            return np.where(sure, 1.0, 0.0)
        others = others / others.max()  # so that the smallest numbers do not overflow when they are turned round
        chance = np.where(sure, 1.0, others / others.sum() * remaining)
        over = (chance >= 1.0) & ~sure
        if not over.any():
            return np.asarray(chance, dtype=np.float64)
        sure |= over


def _systematic(chance: Floats, rng: np.random.Generator) -> Ints:
    """Indices drawn so that each has exactly its chance: systematic sampling of the units laid out in random order.

    W. G. Madow, "On the theory of systematic sampling, II", Annals of Mathematical Statistics 20 (1949) 333-354.
    """
    order = rng.permutation(len(chance))
    ends = np.cumsum(chance[order])
    count = round(float(ends[-1])) if len(ends) else 0
    # The sum is whole up to rounding; the last point must not fall beyond the end.
    points = np.minimum(np.arange(count) + rng.random(), np.nextafter(ends[-1], 0.0)) if count else np.zeros(0)
    return np.asarray(np.sort(order[np.searchsorted(ends, points, side="right")]), dtype=np.int64)


def _forecast(probability: ArrayLike) -> Floats:
    """The forecast as an array, or an error."""
    found = np.asarray(probability, dtype=np.float64)
    if found.ndim != 1:
        raise ValueError("one probability for each unit")
    if ((found < 0) | (found > 1)).any():
        raise ValueError("a probability must be between 0 and 1, or NaN where the forecast abstains")
    return found
