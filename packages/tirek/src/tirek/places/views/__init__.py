"""Pages of this app."""

from tirek.places.views.areas import area, area_edit, areas, map_json
from tirek.places.views.imports import confirm, preview, upload

__all__ = ["area", "area_edit", "areas", "confirm", "map_json", "preview", "upload"]
