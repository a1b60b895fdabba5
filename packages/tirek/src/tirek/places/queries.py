"""What is where: look-ups by point and by shape. All of them read indexes of cells; none scans the tables.

Shapes are GeoJSON geometries (dictionaries) in longitude and latitude. These questions are about the ground, not about rows of
somebody: they take no user. What a person may see of the areas is `areas(user)`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, reduce
from operator import or_
from typing import Any

import shapely
from django.db.models import Q, Sum

from tirek.accounts.access import ScopedQuerySet
from tirek.places.models import Area, AreaCell, PopulationCell
from tirek.places.shapes import Geometry, from_geojson, to_geojson
from tirek.ui.alphabet import alphabetical
from tirek_engines import geo

# A shape is held by an area, and an area filled by a shape, when what sticks out is less than this part of it. Borders from two
# sources never lie exactly on each other.
SLIVER = 0.001
FILLED = 0.95
NOTEWORTHY = 0.01
NAMED_SETTLEMENTS = 5
CHUNK = 900  # keys in one query; older SQLite takes 999
POPULATION_RESOLUTION = 9
COARSEST = 3
RANGES = 200  # in one query; SQLite reads a condition of at most 1,000 parts
# Words that only say that a district is a city: "Aktobe, Aktobe city" would name one thing twice.
CITY_WORDS = {"city", "қаласы", "қ.", "город", "г.", "г.а.", "(г.а.)"}


def areas(user: Any) -> ScopedQuerySet:
    """The areas that `user` may see, without their boundaries (they are long)."""
    return Area.objects.restrict(user, "view").defer("boundary")


@dataclass(slots=True)
class Branch:
    """An area with what lies in it."""

    area: Area
    children: list[Branch]


def tree(user: Any) -> list[Branch]:
    """The areas that `user` may see as a tree, each level by name in the reader's language."""
    branches = {area.pk: Branch(area, []) for area in sorted(areas(user), key=lambda area: alphabetical(area.name))}
    roots = []
    for branch in branches.values():
        above = branches.get(branch.area.parent_id)
        (above.children if above else roots).append(branch)
    return roots


def in_order(rows: Iterable[Area]) -> list[Area]:
    """Each area below the one above it, by name in the reader's language: as people look for one in a list."""
    found = list(rows)
    names = {area.pk: alphabetical(area.name) for area in found}
    return sorted(found, key=lambda area: [names.get(int(part), "") for part in area.path.split("/") if part])


def people_placed(area: Area) -> int:
    """How many people of an area stand in population cells: what sums over shapes can find."""
    total = PopulationCell.objects.filter(area__path__startswith=area.path).aggregate(total=Sum("population"))["total"]
    return round(total or 0)


def settlement_at(lat: float, lon: float) -> Area | None:
    """The settlement that most people near a point belong to: by its boundary, else by the population cell."""
    found = area_at(lat, lon)
    if found is not None and found.kind == Area.Kind.SETTLEMENT:
        return found
    cell = geo.ancestors(lat, lon, POPULATION_RESOLUTION)[-1]
    row = PopulationCell.objects.filter(cell=cell).select_related("area").defer("area__boundary").first()
    return row.area if row is not None else None


def place_at_each(points: Sequence[tuple[float, float]]) -> list[Area | None]:
    """For many points at once: the settlement as `settlement_at` finds it, else the deepest area, else None."""
    deepest = [areas[-1] if areas else None for areas in areas_at_each(points)]
    open_ones = {
        number: geo.ancestors(*points[number], POPULATION_RESOLUTION)[-1]
        for number, area in enumerate(deepest)
        if area is None or area.kind != Area.Kind.SETTLEMENT
    }
    rows: dict[str, Area | None] = {}
    cells = sorted(set(open_ones.values()))
    for start in range(0, len(cells), CHUNK):
        chunk = PopulationCell.objects.filter(cell__in=cells[start : start + CHUNK])
        rows |= {row.cell: row.area for row in chunk.select_related("area").defer("area__boundary")}
    return [rows.get(open_ones.get(number, ""), None) or area for number, area in enumerate(deepest)]


def areas_at(lat: float, lon: float) -> list[Area]:
    """The areas that a point (degrees) lies in, from the region down; boundaries are not loaded."""
    return areas_at_each([(lat, lon)])[0]


def areas_at_each(points: Sequence[tuple[float, float]]) -> list[list[Area]]:
    """`areas_at` for many points (lat, lon) at once, in their order."""
    keys = [geo.ancestors(lat, lon) for lat, lon in points]
    wanted = sorted({key for cells in keys for key in cells})
    rows: dict[str, list[AreaCell]] = defaultdict(list)
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        for row in AreaCell.objects.filter(cell__in=chunk).select_related("area").defer("area__boundary"):
            rows[row.cell].append(row)
    answers = []
    for (lat, lon), cells in zip(points, keys, strict=True):
        held = [
            row.area
            for cell in cells
            for row in rows.get(cell, ())
            if row.whole or shapely.intersects_xy(_boundary(row.area_id, row.area.changed_at), lon, lat)
        ]
        answers.append(sorted(held, key=lambda area: area.depth))
    return answers


@lru_cache(maxsize=256)
def _boundary(area_id: int, changed_at: datetime) -> shapely.Geometry:
    """The boundary of an area as it was at its last change: read once in each process, and ready to be asked."""
    boundary = from_geojson(Area.objects.values_list("boundary", flat=True).get(pk=area_id))
    shapely.prepare(boundary)
    return boundary


def area_at(lat: float, lon: float) -> Area | None:
    """The deepest area that a point (degrees) lies in."""
    found = areas_at(lat, lon)
    return found[-1] if found else None


def circle(lat: float, lon: float, radius_m: float) -> Geometry:
    """A circle around a point (degrees) as a polygon of 64 corners."""
    return to_geojson(geo.circle(lat, lon, radius_m))


def cells_in(geometry: Geometry) -> set[str]:
    """H3 cells that hold every point of the shape: coarse inside, at most resolution 9 along its edge. None inside another."""
    shape = from_geojson(geometry)
    return set(geo.cover(shape, min(POPULATION_RESOLUTION, geo.auto_resolution(shape))).cells)


def people_in(geometry: Geometry) -> int:
    """How many people are estimated to live in the shape."""
    shape = from_geojson(geometry)
    return round(geo.people_in(shape, *_population_near(shape)))


def people_by_settlement(geometry: Geometry) -> dict[int, float]:
    """People in the shape by the id of the settlement that they belong to, the most first."""
    shape = from_geojson(geometry)
    groups: dict[int, list[tuple[str, float]]] = defaultdict(list)
    for cell, people, area_id in _population_rows(shape).values_list("cell", "population", "area_id"):
        groups[area_id].append((cell, people))
    sums = {
        area_id: people
        for area_id, rows in groups.items()
        if (people := geo.people_in(shape, [cell for cell, _n in rows], [n for _cell, n in rows])) > 0
    }
    return dict(sorted(sums.items(), key=lambda item: -item[1]))


def smallest_area_holding(geometry: Geometry) -> Area | None:
    """The smallest area that holds all of the shape but slivers (0.1 %).

    A shape that reaches out of the tree is put where most of it lies at the top; None where no area is touched.
    """
    shape = from_geojson(geometry)
    middle = shapely.point_on_surface(shape)
    for area in reversed(areas_at(middle.y, middle.x)):
        if _part_outside(shape, area) <= SLIVER:
            return area
    tops = Area.objects.filter(parent=None).filter(boundary__isnull=False)
    overlaps = [(shapely.intersection(shape, from_geojson(top.boundary)).area, top) for top in tops]
    largest = max(overlaps, key=lambda pair: pair[0], default=(0.0, None))
    return largest[1] if largest[0] > 0 else None


def area_names_in(geometry: Geometry, language: str) -> list[str]:
    """The names of what the shape covers, as people would say it, in `language` ("kk", "ru", "en").

    All of an area: its name. Part of one district: the settlements whose people are reached, most people first, then the
    district. Part of a region: the districts, most people first, then the largest part.
    """
    area = smallest_area_holding(geometry)
    if area is None:
        return []
    if area.kind == Area.Kind.SETTLEMENT:
        return [area.name_in(language), *([area.parent.name_in(language)] if area.parent else [])]
    shape = from_geojson(geometry)
    if _part_filled(shape, area) >= FILLED:
        return [area.name_in(language)]
    if area.kind == Area.Kind.DISTRICT:
        return [*_settlement_names(geometry, area, language), area.name_in(language)]
    reached = _people_by_parent(geometry)
    parts = []
    for child in area.children.filter(boundary__isnull=False):
        boundary = from_geojson(child.boundary)
        common = shapely.intersection(shape, boundary).area
        if common > 0 and (common >= NOTEWORTHY * shape.area or common >= NOTEWORTHY * boundary.area):
            parts.append((reached[child.pk], common, child.name_in(language)))
    return [name for _people, _common, name in sorted(parts, reverse=True)] or [area.name_in(language)]


def _people_by_parent(geometry: Geometry) -> dict[int, float]:
    reached = people_by_settlement(geometry)
    sums: dict[int, float] = defaultdict(float)
    for pk, parent_id in Area.objects.filter(pk__in=reached).values_list("pk", "parent_id"):
        sums[parent_id] += reached[pk]
    return sums


def _settlement_names(geometry: Geometry, district: Area, language: str) -> list[str]:
    reached = list(people_by_settlement(geometry))[:NAMED_SETTLEMENTS]
    found = Area.objects.defer("boundary").in_bulk(reached)
    bare = " ".join(word for word in district.name_in(language).split() if word.lower() not in CITY_WORDS)
    names = [found[pk].name_in(language) for pk in reached]
    return [name for name in names if name != bare]


def _part_outside(shape: shapely.Geometry, area: Area) -> float:
    boundary = from_geojson(area.boundary)
    if boundary.covers(shape):
        return 0.0
    return float(shapely.difference(shape, boundary).area / shape.area) if shape.area else 1.0


def _part_filled(shape: shapely.Geometry, area: Area) -> float:
    boundary = from_geojson(area.boundary)
    return float(shapely.intersection(shape, boundary).area / boundary.area)


def _population_rows(shape: shapely.Geometry) -> Any:
    """Population cells near the shape: ranges of the primary key, one for each cell of a coarse cover."""
    resolution = max(COARSEST, min(POPULATION_RESOLUTION, geo.auto_resolution(shape)) - 3)
    coarse = geo.cover(shape, resolution)
    while len(coarse.cells) > RANGES and resolution > COARSEST:  # long and thin, like a river
        resolution -= 1
        coarse = geo.cover(shape, resolution)
    ranges = [Q(cell__range=geo.range_of(cell, POPULATION_RESOLUTION)) for cell in coarse.cells]
    return PopulationCell.objects.filter(reduce(or_, ranges))


def _population_near(shape: shapely.Geometry) -> tuple[list[str], list[float]]:
    rows = list(_population_rows(shape).values_list("cell", "population"))
    return [cell for cell, _people in rows], [people for _cell, people in rows]
