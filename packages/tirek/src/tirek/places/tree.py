"""Places in the tree of areas: paths, and what follows when an area moves."""

from __future__ import annotations

from collections.abc import Iterable

from tirek.places.models import Area

# From the root down. An area lies in one of a kind further left.
ORDER = [Area.Kind.COUNTRY, Area.Kind.REGION, Area.Kind.DISTRICT, Area.Kind.SETTLEMENT]


def is_coarser(kind: str, than: str) -> bool:
    """Whether areas of `kind` may hold areas of kind `than`."""
    return ORDER.index(Area.Kind(kind)) < ORDER.index(Area.Kind(than))


def path_below(parent: Area | None, pk: int) -> str:
    """The path of area `pk` in `parent`."""
    return f"{parent.path if parent else ''}{pk}/"


def plant(areas: Iterable[Area]) -> list[Area]:
    """Save new areas and give them their paths; parents must be saved before."""
    rows = Area.objects.bulk_create(areas)
    for row in rows:
        row.path = path_below(row.parent, row.pk)
    Area.objects.bulk_update(rows, ["path"], batch_size=200)
    return rows


def move(area: Area, parent: Area | None) -> None:
    """Put an area, with all that lies in it, below `parent`."""
    old, new = area.path, path_below(parent, area.pk)
    inside = list(Area.objects.filter(path__startswith=old).exclude(pk=area.pk).only("pk", "path"))
    for row in inside:
        row.path = new + row.path.removeprefix(old)
    Area.objects.bulk_update(inside, ["path"], batch_size=200)
    area.parent, area.path = parent, new
    area.save(update_fields=["parent", "path", "changed_at"])
