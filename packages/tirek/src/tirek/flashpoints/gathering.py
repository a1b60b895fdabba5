"""What a run is computed from: only what was known on its day, only what residents reported, only districts and months."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from typing import Any

import h3
import numpy as np
from django.utils import timezone
from numpy.typing import NDArray

from tirek.flashpoints import rules
from tirek.flashpoints.models import Run
from tirek.incidents import series
from tirek.incidents.models import Incident
from tirek.places.models import Area
from tirek.places.shapes import touching

Problem = Run.Problem
#: The cluster scan looks at windows of up to a year, in each of the last twelve months: their months must be known.
SCANNED_LATELY = 24
#: Share of a district's months that may be unknown before them.
MOST_SILENT = 0.05


class Impossible(Exception):
    """Nothing can be computed. `problem` says why."""

    def __init__(self, problem: Run.Problem) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that a run is computed from.

    Attributes
    ----------
    areas : list of Area
        The districts of the province, in the order of their ids.
    first, last : int
        First month of history and the last that is complete (`tirek.flashpoints.months`).
    counts, found : array of int, shape (months, areas)
        What residents reported, and what officers found. Only the first is fitted.
    silent : array of bool, shape (months, areas)
        Where a zero means that nobody reported.
    unscanned : array of bool, shape (areas,)
        Districts that the cluster scan leaves out, since it has no word for "not known" (`bending`).
    cells : list of str
        H3 cells of resolution 6 that have reported incidents; `cell_counts`, shape (months, cells), says how many. Without those of
        `unscanned`, and with none in months in which no district reported.
    vintages : dict of int to (counts, silent)
        What was known of the first n months at the end of the n-th; for the n from which on the register held anything.
    ahead : int
        Reported incidents with a date after the last complete month: they are not counted.
    """

    region: Area
    known_on: date
    areas: list[Area]
    first: int
    last: int
    counts: NDArray[np.int64]
    found: NDArray[np.int64]
    silent: NDArray[np.bool_]
    unscanned: NDArray[np.bool_]
    cells: list[str]
    cell_counts: NDArray[np.int64]
    ahead: int
    vintages: dict[int, tuple[NDArray[np.int32], NDArray[np.bool_]]]

    @property
    def origin(self) -> int:
        """The first month ahead."""
        return self.last + 1

    @property
    def populations(self) -> NDArray[np.float64] | None:
        """People of each district; None unless all are known."""
        people = [area.population for area in self.areas]
        return np.array(people, float) if all(people) else None

    @property
    def neighbours(self) -> list[NDArray[np.int64]]:
        """For each district the places in the list of those that it touches."""
        return [np.array(row, np.int64) for row in touching([area.boundary for area in self.areas])]

    @property
    def centres(self) -> NDArray[np.float64]:
        """Latitude and longitude of the cells, shape (cells, 2)."""
        return np.array([h3.cell_to_latlng(cell) for cell in self.cells], float).reshape(-1, 2)

    def digest(self, settings: dict[str, Any]) -> str:
        """SHA-256 of all of it: two runs with the same one must say the same."""
        told = {
            "areas": [(area.pk, area.code, area.population) for area in self.areas],
            "first": self.first,
            "last": self.last,
            "cells": self.cells,
            "settings": settings,
        }
        found = hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode())
        for array in (self.counts, self.silent, self.cell_counts):
            found.update(np.ascontiguousarray(array).tobytes())
        for months, arrays in sorted(self.vintages.items()):
            found.update(str(months).encode())
            for array in arrays:
                found.update(np.ascontiguousarray(array).tobytes())
        return found.hexdigest()


def gather(
    region: Area,
    known_on: date,
    *,
    modes: tuple[str, ...] = rules.FITTED_MODES,
    grain: rules.Grain = rules.Grain(resolution=rules.FINEST_RESOLUTION),  # noqa: B008 - frozen
) -> Known:
    """Read what was known of a province on a day.

    `modes` and `grain` are there to be refused: nothing but reported incidents is fitted, and nothing finer than a district
    or a cell of resolution 6, by month, is looked at. Raises Impossible when nothing can be computed, Refused for what never
    may be.
    """
    rules.require_reported(modes)
    rules.require_coarse(grain)
    areas = units(region)
    for kind in {area.kind for area in areas}:
        rules.require_coarse(rules.Grain(kind=kind))
    if len(areas) < rules.LEAST_AREAS:
        raise Impossible(Problem.NO_AREAS)
    last = last_whole_month(known_on)
    first = last - rules.MOST_MONTHS + 1
    by_mode = series.by_mode(areas, first, last, known_on=known_on)
    counts = np.sum([by_mode[mode] for mode in modes], axis=0)
    if not counts.any():
        raise Impossible(Problem.TOO_SHORT if _any_reported(region, modes) else Problem.NO_INCIDENTS)
    # The register begins with the first month in which anything became known, in whatever way.
    begun = int(np.flatnonzero(np.sum(list(by_mode.values()), axis=0).any(axis=1))[0])
    first += begun
    silent = series.reporting(areas, first, last, known_on=known_on)
    unscanned = bending(silent)
    cells, cell_counts = series.points(
        region,
        first,
        last,
        known_on=known_on,
        modes=modes,
        resolution=grain.resolution or rules.FINEST_RESOLUTION,
        without=[area for area, is_out in zip(areas, unscanned, strict=True) if is_out],
    )
    cell_counts[silent.all(axis=1)] = 0
    return Known(
        region=region,
        known_on=known_on,
        areas=areas,
        first=first,
        last=last,
        counts=counts[begun:],
        found=by_mode[rules.FOUND_MODE][begun:],
        silent=silent,
        unscanned=unscanned,
        cells=cells,
        cell_counts=cell_counts,
        ahead=int(
            series.monthly([region], last + 1, last + rules.MOST_MONTHS, known_on=known_on, modes=modes)[1:].sum()
        ),
        vintages=series.vintages(areas, first, last, modes=modes).by_months(),
    )


def bending(silent: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which districts' silence would bend the cluster scan, from an array of shape (months, districts).

    A zero that means "not known" is calm to the scan. Lately, the others look like clusters beside it; long before, the district
    itself does once it reports again, the more months it lacks. A few months long ago change no expectation to speak of, and a
    month in which nobody reported none at all.
    """
    alone = silent & ~silent.all(axis=1, keepdims=True)
    bent: NDArray[np.bool_] = alone[-SCANNED_LATELY:].any(axis=0) | (alone.mean(axis=0) > MOST_SILENT)
    return bent


def last_whole_month(known_on: date) -> int:
    """The newest month that can be counted as a whole on that day; today has not ended yet, earlier days have."""
    return series.month_before(None if known_on == timezone.localdate() else known_on)


def units(region: Area) -> list[Area]:
    """The districts of a province."""
    return list(Area.objects.filter(path__startswith=region.path, kind=Area.Kind.DISTRICT).order_by("pk"))


def _any_reported(region: Area, modes: tuple[str, ...]) -> bool:
    return Incident.objects.filter(area__path__startswith=region.path, discovery_mode__in=modes).exists()


def has_incidents(region: Area) -> bool:
    """Whether residents of the province ever reported any."""
    return _any_reported(region, rules.FITTED_MODES)
