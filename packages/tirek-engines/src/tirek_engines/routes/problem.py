"""Who can visit what, when, and the way between: what routes are planned from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tirek_engines.geo import distances

Ints = NDArray[np.int64]
Window = tuple[float, float]

DAY = 1440  # minutes


@dataclass(frozen=True, slots=True)
class Visit:
    """A facility to be visited once.

    Attributes
    ----------
    lat, lon : float
        Degrees.
    service : float
        Minutes on the spot.
    windows : tuple of tuple of (float, float)
        For each day the windows, in minutes of that day, in which the visit may *begin and end*; a day without any is closed.
        One day's windows may be given for all days.
    priority : int
        1 or more. Leaving out one of priority 3 costs as much as leaving out three of priority 1.
    skills : frozenset of str
        What the inspector must all have.
    load : int
        Counts against the inspector's `most`.
    """

    lat: float
    lon: float
    service: float
    windows: tuple[tuple[Window, ...], ...] = (((0, DAY),),)
    priority: int = 1
    skills: frozenset[str] = frozenset()
    load: int = 1

    def __post_init__(self) -> None:
        if not 0 <= self.service <= DAY:
            raise ValueError(f"a visit takes 0 to {DAY} minutes, not {self.service}")
        if self.priority < 1 or self.load < 0:
            raise ValueError("a priority is 1 or more, and a load 0 or more")
        for windows in self.windows:
            for opens, closes in windows:
                if not 0 <= opens <= closes <= DAY:
                    raise ValueError(f"a window lies within 0 to {DAY} minutes, not {opens} to {closes}")

    def on(self, day: int) -> tuple[Window, ...]:
        """The windows of a day."""
        if len(self.windows) == 1:
            return self.windows[0]
        return self.windows[day] if day < len(self.windows) else ()


@dataclass(frozen=True, slots=True)
class Inspector:
    """Somebody who sets out from a place and comes back to it.

    Attributes
    ----------
    lat, lon : float
        Degrees.
    shifts : tuple of (float, float) or None
        For each day when it may begin and must end, in minutes of that day; None on days off.
    longest : float
        Minutes from setting out to coming back, at most.
    most : int or None
        Visits a day, at most (the sum of their loads).
    skills : frozenset of str
    """

    lat: float
    lon: float
    shifts: tuple[Window | None, ...] = ((540, 1080),)
    longest: float = DAY
    most: int | None = None
    skills: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for shift in self.shifts:
            if shift is not None and not 0 <= shift[0] <= shift[1] <= DAY:
                raise ValueError(f"a shift lies within 0 to {DAY} minutes, not {shift[0]} to {shift[1]}")
        if not self.longest >= 0 or (self.most is not None and self.most < 0):
            raise ValueError("the longest shift and the most visits must be 0 or more")


@dataclass(frozen=True)
class Ways:
    """Distances and durations between all places: first the inspectors', then the visits', in order.

    Attributes
    ----------
    metres, seconds : array of int, shape (i + v, i + v)
        0 on the diagonal; need not be symmetric.
    """

    metres: Ints
    seconds: Ints

    def __post_init__(self) -> None:
        for array in (self.metres, self.seconds):
            if array.ndim != 2 or array.shape[0] != array.shape[1] or array.shape != self.metres.shape:
                raise ValueError("two square arrays of one size")
            if (array < 0).any() or (array > 10**9).any() or np.diagonal(array).any():
                raise ValueError("distances and durations are 0 to 10^9, and 0 on the diagonal")

    @classmethod
    def given(cls, metres: ArrayLike, seconds: ArrayLike) -> Ways:
        """From arrays of numbers, rounded up to whole metres and seconds."""
        arrays = [np.asarray(values, dtype=np.float64) for values in (metres, seconds)]
        if not all(np.isfinite(array).all() for array in arrays):
            raise ValueError("each distance and duration must be a number")
        return cls(*(np.ceil(array - 1e-9).astype(np.int64) for array in arrays))

    @classmethod
    def estimated(
        cls, inspectors: Sequence[Inspector], visits: Sequence[Visit], *, detour: float = 1.3, kmh: float = 50.0
    ) -> Ways:
        """From great distances: road = `detour` times the distance over the ellipsoid, driven at `kmh` on average.

        Roads in many countries are 1.2 to 1.5 times as long as the straight line: R. H. Ballou, H. Rahardja and N. Sakai, "Selected
        country circuity factors for road travel distance estimation", Transportation Research A 36 (2002) 843-848.

        Raises
        ------
        ValueError
            If the detour is less than 1 or the speed is not positive.
        """
        if not detour >= 1 or not kmh > 0:
            raise ValueError("a detour is 1 or more, and a speed more than 0")
        places: list[Inspector | Visit] = [*inspectors, *visits]
        lat, lon = np.array([place.lat for place in places]), np.array([place.lon for place in places])
        metres = detour * distances(lat[:, None], lon[:, None], lat, lon) if places else np.zeros((0, 0))
        return cls.given(metres, metres / (kmh / 3.6))


@dataclass(frozen=True, slots=True)
class Call:
    """One way to make a visit: within a window, in seconds of a day, on any of `days`; `inspectors` could with nothing else."""

    visit: int
    opens: int
    closes: int
    days: frozenset[int]
    inspectors: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Team:
    """One inspector on one day; times in seconds."""

    inspector: int
    day: int
    opens: int
    closes: int
    longest: int
    most: int | None
