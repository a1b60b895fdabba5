"""Cells of areas and of population, made from boundaries and settlements: first worked out, then written at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction

from tirek.places.models import Area, AreaCell, PopulationCell
from tirek.places.shapes import Geometry, from_geojson
from tirek_engines.geo import Cover, cover, spread_population

BATCH = 2000


def cover_area(boundary: Geometry, resolution: int | None = None) -> Cover:
    """The cells of a boundary. `resolution` along its edge follows from its size; a coarser one makes fewer rows, and look-ups
    near the edge ask the boundary more often.
    """
    return cover(from_geojson(boundary), resolution)


def write_cells(area: Area, covering: Cover | None) -> None:
    """Replace the cells of an area."""
    pairs = zip(covering.cells, covering.whole, strict=True) if covering else ()
    with transaction.atomic():
        AreaCell.objects.filter(area=area).delete()
        AreaCell.objects.bulk_create((AreaCell(area=area, cell=c, whole=w) for c, w in pairs), batch_size=BATCH)


def rebuild_cells(areas: Iterable[Area], resolution: int | None = None) -> None:
    """Cover the boundary of each area with cells; areas without one get none."""
    for area in areas:
        write_cells(area, cover_area(area.boundary, resolution) if area.boundary else None)


def settled_population() -> list[tuple[Area, float]]:
    """Settlements with the number of people to place there.

    A settlement's own figure counts. Where it has none, what the figure of the district leaves after the settlements that
    have one is shared evenly among those that have none; a district without a figure leaves them empty.
    """
    settlements = Area.objects.filter(kind=Area.Kind.SETTLEMENT, lat__isnull=False)
    by_parent: dict[int | None, list[Area]] = defaultdict(list)
    for settlement in settlements.select_related("parent").defer("parent__boundary"):
        by_parent[settlement.parent_id].append(settlement)
    settled: list[tuple[Area, float]] = []
    for group in by_parent.values():
        unknown = sum(1 for settlement in group if settlement.population is None)
        known = sum(settlement.population or 0 for settlement in group)
        parent = group[0].parent
        total = parent.population if parent is not None and parent.kind == Area.Kind.DISTRICT else None
        share = max(0.0, (total or 0) - known) / unknown if unknown else 0.0
        settled += [(s, share if s.population is None else float(s.population)) for s in group]
    return settled


def people_spread() -> list[PopulationCell]:
    """The population cells that the settlements give, not yet written."""
    settled = settled_population()
    spread = spread_population(
        [s.lat for s, _people in settled],
        [s.lon for s, _people in settled],
        [people for _s, people in settled],
        [from_geojson(s.boundary) if s.boundary else None for s, _people in settled],
    )
    return [
        PopulationCell(cell=cell, population=people, area=settled[home][0])
        for cell, people, home in zip(spread.cells, spread.people.tolist(), spread.home.tolist(), strict=True)
    ]


def write_population(rows: list[PopulationCell]) -> None:
    """Replace all population cells."""
    with transaction.atomic():
        PopulationCell.objects.all().delete()
        PopulationCell.objects.bulk_create(rows, batch_size=BATCH)


def rebuild_population() -> int:
    """Write all population cells anew. Returns how many there are."""
    rows = people_spread()
    write_population(rows)
    return len(rows)
