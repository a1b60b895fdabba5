"""Who carries the burden of being flagged, and who rests from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

CAP = 3


@dataclass(frozen=True, slots=True)
class Burden:
    """How often each unit was flagged.

    Attributes
    ----------
    count : array of int, shape (units,)
        Months in which it was flagged.
    longest, running : array of int, shape (units,)
        Its longest run of months in a row, and the run that the last month belongs to (0 if it was not flagged then).
    share : array of float, shape (units,)
        Its part of all flags; they sum to 1. All 0 where nothing was ever flagged.
    """

    count: Ints
    longest: Ints
    running: Ints
    share: Floats


def rest(flags: ArrayLike, cap: int = CAP, renewed: ArrayLike | None = None) -> Bools:
    """Which units rest next month: those flagged in each of the last `cap` months, unless a person renewed the flag.

    A month of rest, then the count starts anew. A renewal holds for one month; the reason that a person gives for it is kept where
    the flag is kept.

    Parameters
    ----------
    flags : array of bool, shape (months, units)
        Whether each unit was flagged, the last month last.
    cap : int
        Longest run of flags, at least 1.
    renewed : array of bool, shape (units,), optional
        Units whose flag a person renewed for next month.

    Returns
    -------
    array of bool, shape (units,)

    Raises
    ------
    ValueError
        If the cap is less than 1 or shapes differ.
    """
    flagged = _flags(flags)
    if cap != int(cap) or cap < 1:
        raise ValueError(f"the cap must be a whole number of months, at least 1, not {cap}")
    tired: Bools = _runs(flagged)[-1] >= cap if len(flagged) else np.zeros(flagged.shape[1], dtype=np.bool_)
    if renewed is None:
        return tired
    kept = np.asarray(renewed, dtype=np.bool_)
    if kept.shape != tired.shape:
        raise ValueError("one mark of renewal for each unit")
    return tired & ~kept


def burden(flags: ArrayLike) -> Burden:
    """How the burden of flags lies on the units.

    Parameters
    ----------
    flags : array of bool, shape (months, units)

    Returns
    -------
    Burden

    Raises
    ------
    ValueError
        If it is not a table of months and units.
    """
    flagged = _flags(flags)
    count = flagged.sum(axis=0, dtype=np.int64)
    runs = _runs(flagged)
    if not len(flagged):
        return Burden(count, count.copy(), count.copy(), np.zeros(len(count)))
    return Burden(count, runs.max(axis=0), runs[-1], count / max(int(count.sum()), 1))


def _runs(flagged: Bools) -> Ints:
    """Length of the run of flags that each month stands in, up to that month, shape (months, units)."""
    month = np.arange(1, len(flagged) + 1)[:, None]
    # The last month before or at each one that had no flag; the distance to it is the run.
    return np.asarray(month - np.maximum.accumulate(np.where(flagged, 0, month), axis=0), dtype=np.int64)


def _flags(flags: ArrayLike) -> Bools:
    """The flags as an array, or an error."""
    found = np.asarray(flags, dtype=np.bool_)
    if found.ndim != 2:
        raise ValueError("flags must be a table of months and units")
    return found
