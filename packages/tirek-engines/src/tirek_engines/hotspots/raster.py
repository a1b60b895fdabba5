"""A grid of square cells over points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Raster:
    """Square cells of `side`, `shape` = (columns, rows), the first one with its corner at (`x`, `y`)."""

    side: float
    x: float
    y: float
    shape: tuple[int, int]

    @classmethod
    def over(cls, xy: ArrayLike, side: float) -> Raster:
        """The grid whose corner lies at the smallest coordinates of some points, and which holds them all.

        Raises
        ------
        ValueError
            If there are no points, one of them is unknown, or there would be more than 20 million cells.
        """
        points = np.asarray(xy, dtype=np.float64)
        if points.ndim != 2 or points.shape[1:] != (2,) or not len(points) or not np.isfinite(points).all():
            raise ValueError("points must have two known coordinates each, and there must be some")
        if not side > 0:
            raise ValueError("the side of a cell must be more than 0")
        low = points.min(axis=0)
        columns, rows = (np.floor((points.max(axis=0) - low) / side) + 1).tolist()
        if columns * rows > 20_000_000:
            raise ValueError(f"{columns * rows:,.0f} cells are too many: are coordinates and side in the same unit?")
        return cls(float(side), float(low[0]), float(low[1]), (int(columns), int(rows)))

    def cells(self, xy: ArrayLike) -> Ints:
        """The cell of each point, shape (n,); -1 outside the grid."""
        at = np.floor((np.asarray(xy, dtype=np.float64).reshape(-1, 2) - [self.x, self.y]) / self.side).astype(np.int64)
        inside = ((at >= 0) & (at < self.shape)).all(axis=1)
        return np.where(inside, at[:, 0] * self.shape[1] + at[:, 1], -1)

    def counts(self, xy: ArrayLike, weight: ArrayLike | None = None) -> Floats:
        """Points (or their weights) in each cell, shape (cells,)."""
        cell = self.cells(xy)
        known = cell >= 0
        values = np.ones(len(cell)) if weight is None else np.asarray(weight, dtype=np.float64)
        return np.bincount(cell[known], values[known], self.shape[0] * self.shape[1]).astype(np.float64)
