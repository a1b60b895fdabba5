"""Where people live, by cell: an estimate from settlements, and sums over shapes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import h3
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from tirek_engines.geo.cells import auto_resolution, cover, hexagons, parents, resolutions, to_numbers, to_texts
from tirek_engines.geo.earth import distances

Floats = NDArray[np.float64]

RESOLUTION = 9  # cells of about 0.1 square kilometres, 200 m along an edge
_SQUARE_MILE = 2_589_988.110336  # square metres
_FALL = 2.0  # density falls by e^2 from the centre to the edge


class Spread(NamedTuple):
    """People by cell. `home[i]` is the position of the settlement that brings most people to `cells[i]`."""

    cells: list[str]
    people: Floats
    home: NDArray[np.int64]


def settlement_radius(population: ArrayLike) -> Floats:
    """Radius in metres of a settlement seen as a disc; shape of `population`.

    Built-up area grows as the 3/4 power of population, A = P^(3/4) / 357 square miles: J. Q. Stewart and W. Warntz, "Physics of
    population distribution", Journal of Regional Science 1 (1958) 99-123. 500,000 people: 6.5 km; 1,000 people: 640 m.
    """
    people = np.maximum(np.asarray(population, dtype=np.float64), 1.0)
    return np.asarray(np.sqrt(people**0.75 / 357 * _SQUARE_MILE / np.pi))


def spread_population(
    lat: ArrayLike,
    lon: ArrayLike,
    population: ArrayLike,
    boundaries: Sequence[shapely.Geometry | None] | None = None,
) -> Spread:
    """People by H3 cell of resolution 9 from settlements given by centre (degrees), population and, where known, boundary.

    An assumption, not a measurement. Within a settlement's radius (`settlement_radius`) density falls with distance r from the
    centre as exp(-2 r / radius): C. Clark, "Urban population densities", Journal of the Royal Statistical Society A 114 (1951)
    490-496. Where there is a boundary, people live inside it, the radius being that of its farthest corner. Density is sampled at
    the centres of resolution 11 (about 50 m apart). The total of each settlement is kept. Settlements without people add no
    cells. Arrays have shape (n,); raises ValueError when their lengths differ or a population is negative.
    """
    lats, lons, people = (np.atleast_1d(np.asarray(v, dtype=np.float64)) for v in (lat, lon, population))
    shapes: Sequence[shapely.Geometry | None] = boundaries if boundaries is not None else [None] * len(lats)
    if not len(lats) == len(lons) == len(people) == len(shapes):
        raise ValueError("one latitude, longitude, population and boundary for each settlement")
    if (people < 0).any():
        raise ValueError("a population cannot be negative")
    parts = [
        _spread_one(float(lats[i]), float(lons[i]), float(people[i]), shapes[i])
        for i in np.flatnonzero(people).tolist()
    ]
    if not parts:
        return Spread([], np.zeros(0), np.zeros(0, dtype=np.int64))
    cells = np.concatenate([part[0] for part in parts])
    amounts = np.concatenate([part[1] for part in parts])
    homes = np.repeat(np.flatnonzero(people), [len(part[0]) for part in parts])
    unique, position = np.unique(cells, return_inverse=True)
    # The last writer of a cell wins, so write in the order of what each settlement brings.
    order = np.argsort(amounts, kind="stable")
    home = np.zeros(len(unique), dtype=np.int64)
    home[position[order]] = homes[order]
    return Spread(to_texts(unique), np.bincount(position, weights=amounts).astype(np.float64), home)


def _spread_one(
    lat: float, lon: float, people: float, boundary: shapely.Geometry | None
) -> tuple[NDArray[np.uint64], Floats]:
    """Cells (unsigned numbers, sorted) and people of one settlement."""
    fine = RESOLUTION + 2
    if boundary is None:
        radius = float(settlement_radius(people))
        centre = h3.latlng_to_cell(lat, lon, RESOLUTION)
        # Rings of cells lie at least 1.5 edges apart; one more ring for what the outermost leaves out.
        rings = int(radius / (1.5 * h3.average_hexagon_edge_length(RESOLUTION, unit="m"))) + 1
        samples = [child for cell in h3.grid_disk(centre, rings) for child in h3.cell_to_children(cell, fine)]
    else:
        corners = shapely.get_coordinates(boundary)
        radius = float(distances(lat, lon, corners[:, 1], corners[:, 0]).max())
        covering = cover(boundary, RESOLUTION)
        samples = [child for cell in covering.cells for child in h3.cell_to_children(cell, fine)]
    points = np.array([h3.cell_to_latlng(cell) for cell in samples])
    away = distances(lat, lon, points[:, 0], points[:, 1])
    density = np.exp(-_FALL * away / radius)
    if boundary is None:
        density[away > radius] = 0.0
    else:
        shapely.prepare(boundary)
        density[~shapely.intersects_xy(boundary, points[:, 1], points[:, 0])] = 0.0
    if not density.any():  # smaller than the grid of samples: everybody lives at the nearest one
        density[int(away.argmin())] = 1.0
    owners, position = np.unique(parents(to_numbers(samples), RESOLUTION), return_inverse=True)
    weight = np.bincount(position, weights=density)
    kept = weight > 0
    return owners[kept], people * weight[kept] / weight[kept].sum()


def people_in(geometry: shapely.Geometry, cells: Iterable[str], people: ArrayLike) -> float:
    """How many people live in the shape: the sum over cells of people times the part of the cell that lies in it.

    `cells` are distinct H3 cells of one resolution, `people` has shape (n,). Inside a cell people are taken to live evenly.
    """
    numbers, amounts = to_numbers(cells), np.asarray(people, dtype=np.float64)
    if len(numbers) != len(amounts):
        raise ValueError("one number of people for each cell")
    if not len(numbers) or geometry.is_empty:
        return 0.0
    finest = int(resolutions(numbers[:1])[0])
    if (resolutions(numbers) != finest).any():
        raise ValueError("population cells must all have one resolution")
    covering = cover(geometry, min(finest, auto_resolution(geometry)))
    inside = _held(numbers, [cell for cell, whole in zip(covering.cells, covering.whole, strict=True) if whole])
    edge = _held(numbers, [cell for cell, whole in zip(covering.cells, covering.whole, strict=True) if not whole])
    polygons = hexagons(to_texts(numbers[edge]))
    part = shapely.area(shapely.intersection(geometry, polygons)) / shapely.area(polygons)
    return float(amounts[inside].sum() + (amounts[edge] * part).sum())


def _held(numbers: NDArray[np.uint64], holders: list[str]) -> NDArray[np.bool_]:
    """Which of `numbers` lie in one of `holders`."""
    held = np.zeros(len(numbers), dtype=np.bool_)
    if holders:
        holding = to_numbers(holders)
        for r in np.unique(resolutions(holding)).tolist():
            held |= np.isin(parents(numbers, r), holding)
    return held
