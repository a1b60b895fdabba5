"""GeoJSON geometries and shapely, both ways."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import shapely
from shapely.errors import GEOSException
from shapely.geometry import shape

Geometry = dict[str, Any]
# 1e-5 degrees is about a metre: finer digits only make files longer.
GRID = 1e-5
# Borders of two sources never lie exactly on each other.
TOUCH_DEGREES = 0.02


def from_geojson(geometry: Geometry) -> shapely.Geometry:
    """A shapely geometry without heights. Raises ValueError when it is none."""
    try:
        return shapely.force_2d(shape(geometry))
    except (GEOSException, AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise ValueError(str(error)) from error


def to_geojson(geometry: shapely.Geometry) -> Geometry:
    """A GeoJSON geometry, its numbers cut to a metre."""
    plain: Geometry = json.loads(shapely.to_geojson(geometry))
    return {"type": plain["type"], "coordinates": _cut(plain["coordinates"])}


def touching(boundaries: Sequence[Geometry | None]) -> list[list[int]]:
    """For each boundary the places in the list of those that it touches."""
    shapes = [from_geojson(boundary) if boundary else None for boundary in boundaries]
    found: list[list[int]] = [[] for _ in shapes]
    for i, one in enumerate(shapes):
        for j in range(i + 1, len(shapes)):
            other = shapes[j]
            if one is not None and other is not None and shapely.dwithin(one, other, TOUCH_DEGREES):
                found[i].append(j)
                found[j].append(i)
    return found


def _cut(numbers: Any) -> Any:
    if isinstance(numbers, list):
        return [_cut(number) for number in numbers]
    return round(numbers, 5)
