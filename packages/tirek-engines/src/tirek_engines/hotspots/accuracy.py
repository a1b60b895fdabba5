"""How well the first cells of a ranking caught what came."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Hits of the first cells of a ranking.

    Attributes
    ----------
    hits : float
        Incidents in the chosen cells; where cells are tied at the cut, the average over all ways to choose among them.
    best : float
        Incidents in the best choice of as many cells, n*.
    total : float
        All incidents, N.
    pai : float
        Prediction accuracy index, (n / N) / (a / A): 1 is chance. S. Chainey, L. Tompson, S. Uhlig, "The utility of hotspot
        mapping for predicting spatial patterns of crime", Security Journal 21 (2008) 4-28. NaN without incidents.
    pei : float
        Prediction efficiency index, n / n*: 1 is perfect. J. M. Hunt, "Do crime hot spots move?", American University (2016). NaN
        without incidents.
    """

    hits: float
    best: float
    total: float
    pai: float
    pei: float


def accuracy(
    score: ArrayLike,
    actual: ArrayLike,
    cells: int,
    cell_area: float,
    whole_area: float,
    total: float | None = None,
) -> Accuracy:
    """Accuracy of the `cells` cells with the highest scores.

    Parameters
    ----------
    score : array of float, shape (m,)
    actual : array of int, shape (m,)
        Incidents that came.
    cells : int
        How many are chosen, 1 to m.
    cell_area, whole_area : float
        In one unit. The whole area may be less than that of all cells, where some lie outside the region.
    total : float, optional
        All incidents that came, where some fell outside the cells; without it those in the cells.

    Returns
    -------
    Accuracy

    Raises
    ------
    ValueError
        If shapes differ, scores are not numbers, or a number has no meaning.
    """
    ranked, came = np.asarray(score, dtype=np.float64).ravel(), np.asarray(actual, dtype=np.float64).ravel()
    if ranked.shape != came.shape or not np.isfinite(ranked).all() or not (came >= 0).all():
        raise ValueError("each cell has one score and one count of incidents")
    if not 1 <= cells <= len(ranked):
        raise ValueError(f"of {len(ranked)} cells 1 to all can be chosen, not {cells}")
    if not (cell_area > 0 and whole_area > 0):
        raise ValueError("areas must be more than 0")
    cut = np.partition(ranked, -cells)[-cells]
    above, tied = ranked > cut, ranked == cut
    hits = float(came[above].sum() + (cells - above.sum()) * came[tied].mean())
    best = float(np.partition(came, -cells)[-cells:].sum())
    everything = float(came.sum()) if total is None else float(total)
    if everything < came.sum():
        raise ValueError("there cannot be fewer incidents in all than in the cells")
    if not best:
        return Accuracy(hits, best, everything, 0.0 if everything else float("nan"), float("nan"))
    return Accuracy(hits, best, everything, hits / everything * whole_area / (cells * cell_area), hits / best)
