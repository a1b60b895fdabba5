"""Places in numbers: shapes, H3 cells and the people who live in them.

Shapes are shapely geometries in longitude and latitude (WGS 84, degrees, as in GeoJSON, RFC 7946). Edges are straight lines in
those coordinates, also as in RFC 7946 (section 3.1.1). A shape that crosses the 180th meridian must be cut there into two parts
(section 3.1.9); shapes beyond 85 degrees of latitude are not supported. Cells are H3 indexes as text, e.g. "8928308280fffff".
"""

from tirek_engines.geo.cells import Cover, ancestors, auto_resolution, cover, exact_cover, range_of
from tirek_engines.geo.earth import area_km2, circle, distances, point_in
from tirek_engines.geo.people import Spread, people_in, settlement_radius, spread_population

__all__ = [
    "Cover",
    "Spread",
    "ancestors",
    "area_km2",
    "auto_resolution",
    "circle",
    "cover",
    "distances",
    "exact_cover",
    "people_in",
    "point_in",
    "range_of",
    "settlement_radius",
    "spread_population",
]
