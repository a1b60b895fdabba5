"""Who a shape reaches: the endpoints exactly inside it, the people who live there, and its name in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from django.db.models import QuerySet
from shapely.geometry import shape

from tirek.places import queries as places
from tirek.places.models import LANGUAGES, Area
from tirek.warning.models import Endpoint
from tirek.warning.shapes import Geometry, Shape

# An endpoint in these states is commanded; one that waits for enrolment or is switched off cannot be.
COMMANDED = (Endpoint.State.READY, Endpoint.State.LOST, Endpoint.State.FAULT)


@dataclass(frozen=True, slots=True)
class Spot:
    """An endpoint as far as addressing needs it."""

    pk: int
    code: str
    cell: str
    state: str
    lat: float
    lon: float
    is_sample: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """What a warning of a shape would reach."""

    endpoints: list[Spot]
    not_commanded: int
    people: int
    area: Area | None

    @property
    def silent(self) -> int:
        """How many of them did not answer lately or have a fault."""
        return sum(1 for spot in self.endpoints if spot.state != Endpoint.State.READY)


def spots(rows: QuerySet[Endpoint]) -> list[Spot]:
    values = rows.order_by("pk").values_list("pk", "code", "cell", "state", "lat", "lon", "is_sample")
    return [Spot(*row) for row in values]


def everybody() -> list[Spot]:
    """Every endpoint that may hear a command: those that addressing must keep apart.

    Also those that wait for their device, and devices that a newer code replaced: these obey in the cell they were told,
    and stand here with a key of no endpoint.
    """
    replaced = Endpoint.objects.exclude(former_cells=[]).values_list(
        "pk", "code", "former_cells", "lat", "lon", "is_sample"
    )
    return spots(Endpoint.objects.all()) + [
        Spot(-pk, code, cell, Endpoint.State.OFF, lat, lon, sample)
        for pk, code, cells, lat, lon, sample in replaced
        for cell in cells
    ]


def inside(geometry: Geometry, candidates: Sequence[Spot]) -> list[Spot]:
    """Those of `candidates` that lie in `geometry`, its edge included. Exact: no cells are involved."""
    if not candidates:
        return []
    found = shape(geometry)
    shapely.prepare(found)
    lon = np.fromiter((spot.lon for spot in candidates), float, len(candidates))
    lat = np.fromiter((spot.lat for spot in candidates), float, len(candidates))
    hit = shapely.intersects_xy(found, lon, lat)
    return [spot for spot, yes in zip(candidates, hit, strict=True) if yes]


def boxed(geometry: Geometry) -> QuerySet[Endpoint]:
    """Endpoints in the bounding box of `geometry`: a first, cheap cut."""
    west, south, east, north = shape(geometry).bounds
    return Endpoint.objects.filter(lat__gte=south, lat__lte=north, lon__gte=west, lon__lte=east)


def meant(there: Sequence[Spot], *, sample: bool) -> list[Spot]:
    """Those that a warning may sound from: whoever plays with sample data moves no siren that stands in a street."""
    return [spot for spot in there if spot.is_sample or not sample]


def endpoints_inside(geometry: Geometry, *, sample: bool) -> list[Spot]:
    """Endpoints in `geometry` that can be commanded; `sample` is whether the warning is one of the sample data."""
    return meant(inside(geometry, spots(boxed(geometry).filter(state__in=COMMANDED))), sample=sample)


def read(geometry: Geometry, *, sample: bool) -> Reach:
    """What a warning of `geometry` would reach now."""
    there = meant(inside(geometry, spots(boxed(geometry))), sample=sample)
    commanded = [spot for spot in there if spot.state in COMMANDED]
    return Reach(
        endpoints=commanded,
        not_commanded=len(there) - len(commanded),
        people=places.people_in(geometry),
        area=places.smallest_area_holding(geometry),
    )


def words_for(found: Shape, place: dict[str, str] | None = None) -> dict[str, str]:
    """The shape in words, by language: a named place with its radius, an area of the tree, or the areas it touches.

    `place` is the name of a facility or address by language.
    """
    if found.area is not None:
        return {language: found.area.name_in(language) for language in LANGUAGES}
    names = {language: ", ".join(places.area_names_in(found.geometry, language)) for language in LANGUAGES}
    if found.circle is not None:
        around = {
            language: _around((place or {}).get(language, ""), found.circle[2], language) for language in LANGUAGES
        }
        return {language: ", ".join(filter(None, (around[language], names[language])))[:300] for language in LANGUAGES}
    return {language: names[language][:300] for language in LANGUAGES}


def _around(place: str, radius_m: int, language: str) -> str:
    metres = {"kk": f"айналасы {radius_m} м", "ru": f"{radius_m} м вокруг", "en": f"{radius_m} m around"}[language]
    return f"{place}, {metres}" if place else metres
