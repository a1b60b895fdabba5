"""How the battery asks for the pages of places."""

from __future__ import annotations

from typing import Any

from tests.battery.samples import Sample
from tests.fixtures import Province, make_area


def area(province: Province) -> dict[str, Any]:
    return {"pk": province.settlements[0].pk}


def more_areas(province: Province, count: int) -> None:
    for number in range(count):
        make_area("settlement", f"Village {number}", 50.5, 56.8, 0.01, province.settlements[0])


SAMPLES = {
    "places:areas": Sample(query="q=e", rows=more_areas),
    "places:area": Sample(make=area, rows=more_areas),
    "places:area_edit": area,
    "places:map_json": Sample(rows=more_areas),
}
