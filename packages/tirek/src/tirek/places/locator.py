"""Where very many points lie: the cells of all areas in memory, read once. For an import; a page asks `queries.place_at_each`."""

from __future__ import annotations

from collections.abc import Sequence

import shapely

from tirek.places.models import Area, AreaCell, PopulationCell
from tirek.places.queries import POPULATION_RESOLUTION
from tirek.places.shapes import from_geojson
from tirek_engines import geo

KEPT = 200_000  # answers remembered at once


class Locator:
    """Answers as `queries.place_at_each` does: the settlement, else the deepest area, else None.

    Holds what the tables said when it was made: some 100 bytes for each cell. A boundary is asked only along its edge.
    """

    def __init__(self) -> None:
        self.areas: dict[int, Area] = Area.objects.defer("boundary").in_bulk()
        self._cells: dict[str, list[tuple[int, bool]]] = {}
        for cell, area, whole in AreaCell.objects.values_list("cell", "area_id", "whole").iterator(chunk_size=5000):
            self._cells.setdefault(cell, []).append((area, whole))
        self._people: dict[str, int | None] = dict(PopulationCell.objects.values_list("cell", "area_id"))
        self._boundaries: dict[int, shapely.Geometry] = {}
        self._answers: dict[str, Area | None] = {}

    def places(self, points: Sequence[tuple[float, float]]) -> list[Area | None]:
        """The place of each point (latitude, longitude in degrees, on the earth)."""
        return [self.place(lat, lon) for lat, lon in points]

    def place(self, lat: float, lon: float) -> Area | None:
        keys = geo.ancestors(lat, lon)
        if keys[-1] in self._answers:
            return self._answers[keys[-1]]
        deepest: Area | None = None
        on_edge = False
        for key in keys:
            for area_id, whole in self._cells.get(key, ()):
                on_edge |= not whole
                if whole or shapely.intersects_xy(self._boundary(area_id), lon, lat):
                    area = self.areas[area_id]
                    deepest = area if deepest is None or area.depth >= deepest.depth else deepest
        if deepest is None or deepest.kind != Area.Kind.SETTLEMENT:
            home = self._people.get(keys[POPULATION_RESOLUTION])
            deepest = self.areas.get(home or 0, deepest)
        if not on_edge and len(self._answers) < KEPT:
            self._answers[keys[-1]] = deepest
        return deepest

    def _boundary(self, area_id: int) -> shapely.Geometry:
        if area_id not in self._boundaries:
            boundary = from_geojson(Area.objects.values_list("boundary", flat=True).get(pk=area_id))
            shapely.prepare(boundary)
            self._boundaries[area_id] = boundary
        return self._boundaries[area_id]
