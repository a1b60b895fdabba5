"""Incidents as points in space and time, and what is expected of them without contagion: the data of the point process."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Events:
    """Incidents, each with a time, a place in the plane and marks that may make it more or less contagious.

    Parameters
    ----------
    time : array of float, shape (n,)
        In any unit, from the beginning of the observation. Ascending order is not needed.
    xy : array of float, shape (n, 2)
        Coordinates in a plane, in the unit of `reach_space`.
    marks : array of float, shape (n, k), optional
        What may change the pull of an incident, e.g. its severity; no column of ones.
    kind : array of int, shape (n,), optional
        Kinds 0, 1, ...; each kind is expected alike, and contagion goes between kinds as the model says.
    reach_time, reach_space : float or array of float, shape (n,)
        How long and how far an incident may pull. Beyond it there is none.

    Raises
    ------
    ValueError
        If lengths differ or a number is not finite or has no meaning.
    """

    __slots__ = ("kind", "marks", "reach_space", "reach_time", "time", "xy")

    def __init__(
        self,
        time: ArrayLike,
        xy: ArrayLike,
        *,
        reach_time: ArrayLike,
        reach_space: ArrayLike,
        marks: ArrayLike | None = None,
        kind: ArrayLike | None = None,
    ) -> None:
        self.time: Floats = np.asarray(time, dtype=np.float64)
        n = len(self.time)
        self.xy: Floats = _table(xy, n)
        self.marks: Floats = np.zeros((n, 0)) if marks is None else _table(marks, n)
        self.kind: Ints = np.zeros(n, dtype=np.int64) if kind is None else np.asarray(kind, dtype=np.int64)
        self.reach_time: Floats = np.broadcast_to(np.asarray(reach_time, dtype=np.float64), (n,))
        self.reach_space: Floats = np.broadcast_to(np.asarray(reach_space, dtype=np.float64), (n,))
        if self.xy.shape != (n, 2) or self.kind.shape != (n,):
            raise ValueError("each event has one time, two coordinates, one kind and one row of marks")
        for name in ("time", "xy", "marks"):
            if not np.isfinite(getattr(self, name)).all():
                raise ValueError(f"{name} of every event must be known: leave out those where it is not")
        for reach in (self.reach_time, self.reach_space):
            if not (np.isfinite(reach) & (reach > 0)).all():
                raise ValueError("a reach must be a finite number above 0: without an end every pair would count")
        if n and self.kind.min() < 0:
            raise ValueError("kinds are 0, 1, ...")

    def __len__(self) -> int:
        return len(self.time)


def _table(values: ArrayLike, rows: int) -> Floats:
    """Numbers as a table of so many rows; a row of numbers is one column."""
    found = np.asarray(values, dtype=np.float64)
    if not rows:
        return np.zeros((0, 2))
    if len(found) != rows:
        raise ValueError("each event has one time, two coordinates, one kind and one row of marks")
    return found.reshape(rows, -1)


class Expected:
    """What is expected without contagion: a log-linear rate on a grid of places and times.

    The rate in cell c is density_c exp(beta' z_c) in each kind, per unit of area and time.

    Parameters
    ----------
    density : array of float, shape (cells,)
        What the rate is proportional to, e.g. people per square kilometre; 0 where nothing can happen.
    volume : array of float, shape (cells,)
        Area times duration of each cell.
    design : array of float, shape (cells, p)
        Columns of z, the first of them ones. See `seasons`.
    cell : array of int, shape (n,)
        The cell that each event lies in.

    Raises
    ------
    ValueError
        If lengths differ, or an event lies where nothing can happen.
    """

    __slots__ = ("cell", "density", "design", "volume")

    def __init__(self, density: ArrayLike, volume: ArrayLike, design: ArrayLike, cell: ArrayLike) -> None:
        self.density: Floats = np.asarray(density, dtype=np.float64)
        self.volume: Floats = np.asarray(volume, dtype=np.float64)
        self.design: Floats = np.asarray(design, dtype=np.float64)
        self.cell: Ints = np.asarray(cell, dtype=np.int64)
        m = len(self.density)
        if self.volume.shape != (m,) or self.design.ndim != 2 or len(self.design) != m:
            raise ValueError("each cell has one density, one volume and one row of the design")
        if not np.isfinite(self.design).all():
            raise ValueError("the design must be known in every cell")
        if not ((self.density >= 0) & (self.volume >= 0)).all() or not (self.density * self.volume).any():
            raise ValueError("density and volume must not be negative, and not 0 everywhere")
        if len(self.cell) and not 0 <= self.cell.min() <= self.cell.max() < m:
            raise ValueError("each event lies in one of the cells")
        if not (self.density[self.cell] > 0).all():
            raise ValueError("an event lies in a cell of density 0, where nothing can happen: give that cell a density")


def seasons(time: ArrayLike, period: float, harmonics: int = 1, *, trend: bool = True, centre: float = 0.0) -> Floats:
    """Columns of a design: ones, a linear trend (in periods since `centre`), and sine and cosine waves of the season.

    Parameters
    ----------
    time : array of float, shape (cells,)
        The time of each cell.
    period : float
        Length of a year, in the unit of time.
    harmonics : int
        Waves in a year, 0 for no season.
    trend : bool
    centre : float
        In periods.

    Returns
    -------
    array of float, shape (cells, 1 + trend + 2 harmonics)
    """
    years = np.asarray(time, dtype=np.float64) / period
    columns = [np.ones(len(years))] + ([years - centre] if trend else [])
    for k in range(1, harmonics + 1):
        columns += [np.sin(2 * np.pi * k * years), np.cos(2 * np.pi * k * years)]
    return np.column_stack(columns)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Which event may have set off which: `source` came before `target` by `delay`, `distance` away, both within the reach."""

    source: Ints
    target: Ints
    delay: Floats
    distance: Floats


def pairs(events: Events, triggers: Bools) -> Pairs:
    """All pairs of events within reach of each other, found with a tree over places and times.

    Parameters
    ----------
    events : Events
    triggers : array of bool, shape (kinds, kinds)
        Whether a kind (row) can set off a kind (column).

    Returns
    -------
    Pairs
        In the order of targets.
    """
    if len(events) < 2:
        none, no = np.zeros(0, dtype=np.int64), np.zeros(0)
        return Pairs(none, none, no, no)
    far, long = events.reach_space.max(), events.reach_time.max()
    # In units of the reach a box of side 2 around an event holds all that it can reach.
    box = np.column_stack([events.xy / far, events.time / long])
    one, two = cKDTree(box).query_pairs(1.0 + 1e-9, p=np.inf, output_type="ndarray").T.astype(np.int64)
    first = events.time[one] < events.time[two]
    source, target = np.where(first, one, two), np.where(first, two, one)
    delay = events.time[target] - events.time[source]
    distance = np.hypot(*(events.xy[target] - events.xy[source]).T)
    near = (delay > 0) & (delay <= events.reach_time[source]) & (distance <= events.reach_space[source])
    near &= triggers[events.kind[source], events.kind[target]]
    chosen = np.flatnonzero(near)
    chosen = chosen[np.lexsort((source[chosen], target[chosen]))]
    return Pairs(source[chosen], target[chosen], delay[chosen], distance[chosen])
