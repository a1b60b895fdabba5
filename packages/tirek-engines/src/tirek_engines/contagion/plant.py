"""Made incidents whose contagion is known, to try methods on."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def plant(
    rng: np.random.Generator,
    side: float,
    end: float,
    expected: float,
    reproduction: float,
    *,
    sigma: float,
    reach_space: float,
    reach_time: float,
    place: Callable[[Floats], Floats] | None = None,
) -> tuple[Floats, Floats, Ints]:
    """Incidents on a square, some by themselves and some set off by others, as in the model (Gaussian in space, constant in time).

    Parameters
    ----------
    rng : numpy.random.Generator
    side, end : float
        The square is [0, side]^2, the time [0, end].
    expected : float
        Incidents by themselves, on average.
    reproduction : float
        How many each sets off on average, below 1; those that fall outside the square or after the end are lost.
    sigma, reach_space, reach_time : float
        Of the kernels.
    place : callable, optional
        Moves points of the unit square, shape (n, 2), so that places differ; without it all places are alike.

    Returns
    -------
    time, xy, parent : arrays, shapes (n,), (n, 2), (n,)
        In the order of time; `parent` is -1 for those by themselves.

    Raises
    ------
    ValueError
        If incidents would never end (`reproduction` of 1 or more).
    """
    if not 0 <= reproduction < 1:
        raise ValueError("with a reproduction number of 1 or more incidents would never end")
    n = int(rng.poisson(expected))
    unit = rng.random((n, 2))
    xy = side * (unit if place is None else place(unit))
    time, parent = end * rng.random(n), np.full(n, -1)
    times, places, parents, first = [time], [xy], [parent], 0
    while len(time):
        children = rng.poisson(reproduction, len(time))
        source = np.repeat(np.arange(len(time)), children)
        # Rayleigh distances cut off at the reach, by the inverse of their distribution.
        cut = -np.expm1(-(reach_space**2) / (2 * sigma**2))
        away = sigma * np.sqrt(-2 * np.log1p(-cut * rng.random(len(source))))
        turn = 2 * np.pi * rng.random(len(source))
        to = xy[source] + np.column_stack([away * np.cos(turn), away * np.sin(turn)])
        when = time[source] + reach_time * rng.random(len(source))
        inside = (when < end) & ((to >= 0) & (to <= side)).all(axis=1)
        first_of_these = first
        first += len(time)
        time, xy, parent = when[inside], to[inside], source[inside] + first_of_these
        times.append(time)
        places.append(xy)
        parents.append(parent)
    time, xy, parent = np.concatenate(times), np.concatenate(places), np.concatenate(parents)
    order = np.argsort(time, kind="stable")
    back = np.empty(len(order), dtype=np.int64)
    back[order] = np.arange(len(order))
    moved = parent[order]
    return time[order], xy[order], np.where(moved >= 0, back[moved], -1)
