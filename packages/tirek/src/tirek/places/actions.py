"""Acts on the tree of areas."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tirek.accounts.access import require
from tirek.audit.act import act, snapshot
from tirek.places.imports.plan import Plan
from tirek.places.imports.planning import PERMISSION, plan_boundaries, plan_settlements
from tirek.places.imports.reading import read_boundaries, read_settlements
from tirek.places.imports.writing import write
from tirek.places.models import Area
from tirek.places.rebuild import rebuild_population

CHANGEABLE = ("name_kk", "name_ru", "name_en", "population")


def change_area(user: Any, pk: int, fields: dict[str, Any]) -> Area:
    """Change names or population of an area; a new population is spread over its cells anew.

    Raises Area.DoesNotExist for an area that `user` may not change.
    """
    with act("places.change_area", user) as trace:
        area = Area.objects.restrict(user, "change").select_for_update().get(pk=pk)
        before = snapshot(area, without=("boundary",))
        for name in CHANGEABLE:
            if name in fields:
                setattr(area, name, fields[name])
        area.save()
        after = snapshot(area, without=("boundary",))
        trace.on(area, before=before, after=after)
    if before["population"] != after["population"]:
        rebuild_population()
    return area


def preview_boundaries(
    user: Any,
    file: Path,
    kind: str = Area.Kind.DISTRICT,
    *,
    fields: dict[str, str] | None = None,
    parent: Area | None = None,
    layer: str | None = None,
) -> Plan:
    """What `import_boundaries` would do, row by row. Writes nothing. Raises `Refused` if the file cannot be used."""
    if user is not None:
        require(user, PERMISSION)
    return plan_boundaries(user, read_boundaries(file, layer), kind, fields, parent)


def import_boundaries(
    user: Any,
    file: Path,
    kind: str = Area.Kind.DISTRICT,
    *,
    fields: dict[str, str] | None = None,
    parent: Area | None = None,
    layer: str | None = None,
    system: str = "",
) -> Plan:
    """Import areas of one kind from GeoJSON or GeoPackage; rows with errors are left out. Returns what was done.

    `fields` says which column fills `code`, `name_kk`, `name_ru`, `name_en`, `population`; without it the columns are guessed by
    name. An area that is there is found by its code, else by one of its names in the same parent. Parents are found by place.
    Cells and population are made anew. The command line passes `user=None` and its name as `system`. Raises `Refused` when the
    file cannot be used or brings nothing new.
    """
    plan = preview_boundaries(user, file, kind, fields=fields, parent=parent, layer=layer)
    write(user, plan, system)
    return plan


def preview_settlements(user: Any, file: Path, *, fields: dict[str, str] | None = None) -> Plan:
    """What `import_settlements` would do, row by row. Writes nothing. Raises `Refused` if the file cannot be used."""
    if user is not None:
        require(user, PERMISSION)
    return plan_settlements(user, read_settlements(file), fields)


def import_settlements(user: Any, file: Path, *, fields: dict[str, str] | None = None, system: str = "") -> Plan:
    """Import settlements from CSV (code, name, lat, lon, population); rows with errors are left out. Returns what was done.

    A settlement that is there is found by its code, else by its name within 5 km. See `import_boundaries` for the rest.
    """
    plan = preview_settlements(user, file, fields=fields)
    write(user, plan, system)
    return plan
