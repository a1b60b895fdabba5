"""H3 cells: covers of shapes, and the cells that address exactly these devices and no other.

Everything here holds by the hierarchy of the index, not by geometry. The children of an H3 cell stick out of their parent a
little (H3 documentation, "Indexing"), so "a point lies in cell c" always means: c is an ancestor of the point's cell at a finer
resolution.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import h3
import numpy as np
import shapely
from numpy.typing import NDArray

from tirek_engines.geo.earth import area_km2, distances

Cells = NDArray[np.uint64]

# A cell grown by this factor about its centre holds all its descendants. Their centres lie at most s * (1/v7 + 1/v7^2 + ...)
# = 0.61 s = 1.05 R away (s: spacing of centres, R: radius of the corners; v7: the square root of 7), and the inner radius of
# the grown hexagon is 1.3 * 0.87 R = 1.13 R. The rest is left for the distortion of the projection.
GROWTH = 1.3
FLAT_FROM = 3  # from this resolution on cells are small enough to be compared in plain longitude and latitude
FINEST = 10  # auto never goes finer: places and devices are kept at this resolution
AUTO_CELLS = 4000  # auto: about so many cells would fill the shape, or lie along its edge
KM_PER_DEGREE = 111.2  # at most, in any direction
_RESOLUTION_SHIFT = np.uint64(52)


@dataclass(frozen=True, slots=True)
class Cover:
    """Cells of mixed resolutions, none inside another, that hold every point of a shape.

    `whole[i]` says that everything in `cells[i]` lies in the shape; the others straddle its edge (or pass close to it).
    """

    cells: list[str]
    whole: list[bool]
    resolution: int


def to_numbers(cells: Iterable[str]) -> Cells:
    """H3 texts as unsigned 64-bit numbers, shape (n,)."""
    return np.array([int(cell, 16) for cell in cells], dtype=np.uint64)


def to_texts(numbers: Cells) -> list[str]:
    """The inverse of `to_numbers`."""
    return [f"{number:x}" for number in numbers.tolist()]


def parents(cells: Cells, resolution: int) -> Cells:
    """The ancestors of `cells` at a resolution not finer than theirs; shape kept.

    The index is 4 bits resolution (from bit 52), 7 bits base cell, then 3 bits for each of 15 resolutions; digits finer than the
    cell's own resolution are all ones (H3 documentation, "H3 Index Representations").
    """
    unused = np.uint64((1 << (3 * (15 - resolution))) - 1)
    cleared = cells & ~(np.uint64(15) << _RESOLUTION_SHIFT)
    return cleared | (np.uint64(resolution) << _RESOLUTION_SHIFT) | unused


def resolutions(cells: Cells) -> NDArray[np.int64]:
    """The resolution of each cell; shape kept."""
    return np.asarray((cells >> _RESOLUTION_SHIFT) & np.uint64(15), dtype=np.int64)


def ancestors(lat: float, lon: float, finest: int = FINEST) -> list[str]:
    """The cell of a point at `finest` and all its ancestors, coarsest first: the keys to look the point up in a cover."""
    cell = h3.latlng_to_cell(lat, lon, finest)
    return [h3.cell_to_parent(cell, r) for r in range(finest)] + [cell]


def range_of(cell: str, resolution: int) -> tuple[str, str]:
    """First and last descendant of `cell` at `resolution`: all others lie between them in text order.

    Digits of H3 indexes are ordered and their texts have one length at one resolution, so a prefix of digits is a range.
    """
    own = h3.get_resolution(cell)
    if resolution < own:
        raise ValueError("descendants are finer than the cell")
    number, digits = int(cell, 16), 0
    for r in range(own + 1, resolution + 1):
        digits |= 7 << (3 * (15 - r))
    base = number & ~(15 << 52) | (resolution << 52)
    last = base & ~digits | (digits & 0o666666666666666)
    return f"{base & ~digits:x}", f"{last:x}"


def auto_resolution(geometry: shapely.Geometry) -> int:
    """The finest resolution, from 3 to 10, at which few cells fill the shape and few lie along its edge."""
    size = max(area_km2(geometry), 1e-9)
    edge = geometry.length * KM_PER_DEGREE
    fitting = [
        r
        for r in range(FLAT_FROM, FINEST + 1)
        if size / h3.average_hexagon_area(r) <= AUTO_CELLS and edge / h3.average_hexagon_edge_length(r) <= AUTO_CELLS
    ]
    return max(fitting, default=FLAT_FROM)


def hexagons(cells: Sequence[str], growth: float = 1.0) -> NDArray[np.object_]:
    """The cells as shapely polygons (object array, shape (n,)), grown about their centres by `growth`."""
    if not cells:
        return np.array([], dtype=object)
    rings = [np.array(h3.cell_to_boundary(cell))[:, ::-1] for cell in cells]
    if growth != 1.0:
        rings = [(ring - (centre := ring.mean(axis=0))) * growth + centre for ring in rings]
    owner = np.repeat(np.arange(len(rings)), [len(ring) for ring in rings])
    return np.asarray(shapely.polygons(shapely.linearrings(np.concatenate(rings), indices=owner)))


def _near(cells: list[str], lat: float, lon: float, reach_m: float) -> list[str]:
    """Those coarse cells that may come within `reach_m` of a point."""
    if not cells:
        return []
    centres = np.array([h3.cell_to_latlng(cell) for cell in cells])
    # No hexagon's corner is farther out than 1.4 mean edges (H3 documentation, "Tables of cell statistics").
    radius = GROWTH * 1.4 * h3.average_hexagon_edge_length(h3.get_resolution(cells[0]), unit="m")
    far = distances(lat, lon, centres[:, 0], centres[:, 1])
    # Lambert's formula has no value for the antipode, which is never near.
    return [cell for cell, d in zip(cells, far.tolist(), strict=True) if d <= reach_m + radius]


def cover(geometry: shapely.Geometry, resolution: int | None = None) -> Cover:
    """Cells that hold every point of the shape, as coarse as possible inside, `resolution` along its edge.

    Walks down the tree of cells: what lies apart is left out, what lies inside is kept as it is, what straddles the edge is
    divided until `resolution` (None: chosen by the size of the shape, at most 10). Raises ValueError for an empty shape or a
    resolution outside 3 to 15.
    """
    if geometry.is_empty:
        raise ValueError("an empty shape has no cells")
    finest = auto_resolution(geometry) if resolution is None else resolution
    if not FLAT_FROM <= finest <= 15:
        raise ValueError(f"the resolution must be from {FLAT_FROM} to 15")
    shapely.prepare(geometry)
    west, south, east, north = geometry.bounds
    lat, lon = (south + north) / 2, (west + east) / 2
    corners = shapely.get_coordinates(geometry)
    reach = float(distances(lat, lon, corners[:, 1], corners[:, 0]).max())

    open_cells = list(h3.get_res0_cells())
    for r in range(FLAT_FROM):
        near = _near(open_cells, lat, lon, reach)
        open_cells = [child for cell in near for child in h3.cell_to_children(cell, r + 1)]
    cells: list[str] = []
    whole: list[bool] = []
    for r in range(FLAT_FROM, finest + 1):
        grown = hexagons(open_cells, GROWTH)
        inside = shapely.contains_properly(geometry, grown)
        touched = shapely.intersects(geometry, grown)
        cells += [cell for cell, kept in zip(open_cells, inside.tolist(), strict=True) if kept]
        whole += [True] * int(inside.sum())
        straddling = [cell for cell, kept in zip(open_cells, (touched & ~inside).tolist(), strict=True) if kept]
        if r == finest:
            cells += straddling
            whole += [False] * len(straddling)
        else:
            open_cells = [child for cell in straddling for child in h3.cell_to_children(cell, r + 1)]
    return Cover(cells, whole, finest)


def exact_cover(selected: Sequence[str], others: Iterable[str], coarsest: int = 3) -> tuple[list[str], list[int]]:
    """The smallest set of cells that holds every selected device and none of the others.

    `selected` and `others` are the devices' cells, all of one resolution. Returns the cells (sorted by resolution, then index) and
    the positions in `selected` of devices that share their cell with one of the others and must be named one by one.
    For each device the coarsest ancestor that holds no other device is taken; these ancestors are the only smallest set, since
    every set that qualifies needs at least one cell inside each of them. No cell is coarser than `coarsest`, so that a command
    does not reach over half a continent just because nobody else is enrolled there. Raises ValueError for mixed resolutions.
    """
    wanted, avoided = to_numbers(selected), np.unique(to_numbers(others))
    if not len(wanted):
        return [], []
    finest = int(resolutions(wanted[:1])[0])
    if (resolutions(wanted) != finest).any() or (resolutions(avoided) != finest).any():
        raise ValueError("the cells of devices must all have one resolution")
    found: list[str] = []
    left = np.arange(len(wanted))
    for r in range(min(coarsest, finest), finest + 1):
        candidates = parents(wanted[left], r)
        clean = ~np.isin(candidates, parents(avoided, r))
        found += to_texts(np.unique(candidates[clean]))
        left = left[~clean]
        if not len(left):
            break
    return found, left.tolist()
