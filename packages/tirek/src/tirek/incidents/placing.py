"""Where a point lies, and what is probably meant when it lies nowhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from tirek.incidents.models import Facts
from tirek.places.models import Area
from tirek.places.queries import place_at_each

Point = tuple[float, float]
Locate = Callable[[Sequence[Point]], list[Area | None]]
Where = Facts.Where
# How deep an area each precision means at the most; a settlement is as deep as it goes.
DEPTHS = {
    Where.DISTRICT.value: (Area.Kind.DISTRICT, Area.Kind.REGION, Area.Kind.COUNTRY),
    Where.REGION.value: (Area.Kind.REGION, Area.Kind.COUNTRY),
}
PRECISION_OF = {
    Area.Kind.SETTLEMENT.value: Where.SETTLEMENT,
    Area.Kind.DISTRICT.value: Where.DISTRICT,
    Area.Kind.REGION.value: Where.REGION,
    Area.Kind.COUNTRY.value: Where.REGION,
}


@dataclass(frozen=True, slots=True)
class Found:
    """The deepest area at a point; `is_swapped` when there is none, and there would be one with the two numbers exchanged."""

    area: Area | None
    is_swapped: bool = False


def is_on_earth(lat: float, lon: float) -> bool:
    return -90 <= lat <= 90 and -180 <= lon <= 180


def find(points: Sequence[Point], locate: Locate = place_at_each) -> list[Found]:
    """The areas at points (latitude, longitude in degrees). `locate` answers for points on the earth: a few queries for all of
    them, or a `Locator`.
    """
    good = [i for i, point in enumerate(points) if is_on_earth(*point)]
    areas = dict(zip(good, locate([points[i] for i in good]), strict=True))
    lost = [i for i in range(len(points)) if areas.get(i) is None]
    turned = [i for i in lost if is_on_earth(points[i][1], points[i][0])]
    others = dict(zip(turned, locate([points[i][::-1] for i in turned]), strict=True)) if turned else {}
    return [Found(areas.get(i), is_swapped=others.get(i) is not None) for i in range(len(points))]


def why_nowhere(lat: float, lon: float, found: Found) -> str:
    """What to tell somebody whose point lies in no area."""
    if found.is_swapped:
        return _("Latitude and longitude are exchanged: the other way round the place lies here.")
    if not is_on_earth(lat, lon):
        return _("There is no such place: latitude goes from -90 to 90, longitude from -180 to 180.")
    return _("This place lies outside the province.")


class Tree:
    """All areas, read once, to climb from one to those it lies in."""

    @cached_property
    def areas(self) -> Mapping[int, Area]:
        return Area.objects.defer("boundary").in_bulk()

    @cached_property
    def by_code(self) -> Mapping[str, Area]:
        return {area.code: area for area in self.areas.values()}

    def above(self, area: Area, precision: str) -> Area:
        """The area that is meant when the place is known no better than `precision`: the district of a settlement, and so on."""
        kinds = DEPTHS.get(precision)
        while kinds and area.kind not in kinds and area.parent_id in self.areas:
            area = self.areas[area.parent_id]
        return area


def precision_of(area: Area) -> str:
    """How exactly a place is known of which only the area is given."""
    return PRECISION_OF[area.kind].value
