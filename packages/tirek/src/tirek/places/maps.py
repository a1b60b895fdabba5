"""Areas as the map draws them."""

from __future__ import annotations

import hashlib
from typing import Any

import shapely
from django.db.models import Count, Max, QuerySet
from django.urls import reverse
from django.utils.translation import get_language

from tirek.places.models import Area
from tirek.places.queries import areas
from tirek.places.shapes import from_geojson, to_geojson

# Degrees that a border may be moved by on the map; districts are simplified together, so that no gaps open between them.
TOLERANCE = {Area.Kind.COUNTRY: 0.02, Area.Kind.REGION: 0.004, Area.Kind.DISTRICT: 0.004, Area.Kind.SETTLEMENT: 0.0002}


def shown(user: Any, within: Area | None = None) -> QuerySet[Area]:
    """The areas of one map: all that `user` may see, or those in one area."""
    rows = areas(user)
    return rows.filter(path__startswith=within.path) if within else rows


def version(user: Any, within: Area | None = None) -> str:
    """Changes whenever the map of these areas would look different, and costs one query."""
    state = shown(user, within).aggregate(n=Count("pk"), last=Max("changed_at"))
    key = f"{state['n']} {state['last']} {get_language()} {within and within.pk} {sorted_scope(user)}"
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def sorted_scope(user: Any) -> list[str]:
    """The parts of the tree in which `user` sees areas."""
    return sorted({grant.area_path or "" for grant in user.grants("places.view_area")})


def collection(user: Any, within: Area | None = None) -> dict[str, Any]:
    """A GeoJSON feature collection: borders as polygons, settlements without a border as points."""
    rows = list(shown(user, within).defer(None).order_by("path"))
    shapes = {row.pk: from_geojson(row.boundary) for row in rows if row.boundary}
    for kind, tolerance in TOLERANCE.items():
        pks = [row.pk for row in rows if row.kind == kind and row.pk in shapes]
        for pk, shape in zip(pks, _simplified([shapes[pk] for pk in pks], tolerance), strict=True):
            shapes[pk] = shape
    return {
        "type": "FeatureCollection",
        "features": [_feature(row, shapes.get(row.pk)) for row in rows if row.pk in shapes or row.lat is not None],
    }


def _simplified(shapes: list[shapely.Geometry], tolerance: float) -> list[shapely.Geometry]:
    if shapely.coverage_is_valid(shapes):
        return list(shapely.coverage_simplify(shapes, tolerance))
    return list(shapely.simplify(shapes, tolerance))


def _feature(area: Area, shape: shapely.Geometry | None) -> dict[str, Any]:
    geometry = to_geojson(shape) if shape is not None else {"type": "Point", "coordinates": [area.lon, area.lat]}
    properties = {
        "id": area.pk,
        "kind": area.kind,
        "name": area.name,
        "population": area.population,
        "lat": area.lat,
        "lon": area.lon,
        "url": reverse("places:area", args=[area.pk]),
    }
    return {"type": "Feature", "id": area.pk, "properties": properties, "geometry": geometry}
