"""Where a warning sounds: shapes from a facility, an area of the tree, a drawing or a radius. Never "everywhere"."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from shapely.errors import GEOSException
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from tirek.audit.act import Refused
from tirek.places import queries as places
from tirek.places.models import Area

LEAST_RADIUS_M = 50
MOST_RADIUS_M = 100_000
MOST_POINTS = 20_000
Geometry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """A checked shape. `circle` is (lat, lon, radius in metres) when it was given as one."""

    geometry: Geometry
    circle: tuple[float, float, int] | None = None
    area: Area | None = None
    """The area of the tree whose boundary it is."""


def round_shape(lat: float, lon: float, radius_m: float) -> Shape:
    """A circle. Raises `Refused` for a place or a radius that makes no sense."""
    if not (math.isfinite(lat) and math.isfinite(lon) and -85 <= lat <= 85 and -180 <= lon <= 180):
        raise Refused(_("This is not a place on the map. Choose the area again."))
    if not (math.isfinite(radius_m) and LEAST_RADIUS_M <= radius_m <= MOST_RADIUS_M):
        raise Refused(
            _("The radius must be between %(least)d and %(most)d metres.")
            % {"least": LEAST_RADIUS_M, "most": MOST_RADIUS_M}
        )
    return Shape(places.circle(lat, lon, radius_m), (round(lat, 6), round(lon, 6), round(radius_m)))


def area_shape(area: Area) -> Shape:
    """The boundary of an area of the tree. Raises `Refused` when it has none."""
    if not area.boundary:
        raise Refused(_("%(area)s has no boundary on the map. Choose another area or draw one.") % {"area": area.name})
    return Shape(_checked(area.boundary).geometry, area=area)


def drawn_shape(geometry: Any) -> Shape:
    """A polygon that somebody drew. Raises `Refused` when it encloses nothing or crosses itself beyond repair."""
    return _checked(geometry)


def _checked(geometry: Any) -> Shape:
    try:
        found: BaseGeometry = shape(geometry)
    except (GEOSException, AttributeError, TypeError, ValueError, KeyError, IndexError) as error:
        raise Refused(_("This is not an area on the map. Choose the area again.")) from error
    if found.geom_type not in ("Polygon", "MultiPolygon") or found.is_empty:
        raise Refused(_("No area is chosen. Choose a facility, a district, a radius, or draw a shape."))
    if not found.is_valid:
        found = found.buffer(0)
    west, south, east, north = found.bounds if not found.is_empty else (0, 0, 0, 0)
    inside_world = (
        all(map(math.isfinite, found.bounds)) and west >= -180 and east <= 180 and south >= -90 and north <= 90
    )
    if found.is_empty or found.area <= 0 or not inside_world or found.geom_type not in ("Polygon", "MultiPolygon"):
        raise Refused(_("This shape encloses nothing. Draw it again."))
    plain: Geometry = mapping(found)
    if _points_in(found) > MOST_POINTS:
        raise Refused(_("This shape has too many points. Draw a simpler one."))
    return Shape({"type": plain["type"], "coordinates": _rounded(plain["coordinates"])})


def _points_in(found: BaseGeometry) -> int:
    parts = getattr(found, "geoms", [found])
    return sum(len(part.exterior.coords) + sum(len(hole.coords) for hole in part.interiors) for part in parts)


def _rounded(coordinates: Any) -> Any:
    # A hundred-thousandth of a degree is a metre: finer digits are noise of a finger on glass.
    if coordinates and isinstance(coordinates[0], (int, float)):
        return [round(coordinates[0], 5), round(coordinates[1], 5)]
    return [_rounded(part) for part in coordinates]
