"""Writes what a plan says. Cells are worked out before the transaction begins, so that nobody waits for the arithmetic."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from tirek.audit.act import Refused, act
from tirek.places.imports.plan import Deed, Plan, Row
from tirek.places.imports.planning import PERMISSION
from tirek.places.models import Area
from tirek.places.queries import areas_at_each
from tirek.places.rebuild import cover_area, people_spread, write_cells, write_population
from tirek.places.tree import is_coarser, move, plant

SHOWN_IN_AUDIT = 200


def write(user: Any, plan: Plan, system: str = "") -> None:
    """Do what `plan` says, in one transaction, and leave one entry in the audit chain. Raises `Refused` if it does nothing."""
    if not plan.writes:
        raise Refused(_("Nothing in the file is new. Nothing was changed."))
    covers = {
        row.number: cover_area(row.values["boundary"])
        for row in plan.rows
        if "boundary" in (row.values if row.deed is Deed.ADD else row.changes)
    }
    with act(PERMISSION, user, system=system) as trace:
        areas = _write_rows(plan)
        for number, cells in covers.items():
            write_cells(areas[number], cells)
        _adopt()
        top = min(areas.values(), key=lambda area: area.depth)
        trace.on(top, before={}, after={"import": _summary(plan)})
    # After the act, so that the order lock is not held for the second that this takes; `tirek places rebuild` does it again.
    write_population(people_spread())


def _write_rows(plan: Plan) -> dict[int, Area]:
    """The areas that were added or changed, by number of their row."""
    added = [row for row in plan.rows if row.deed is Deed.ADD]
    made = plant(Area(**row.values, parent=row.parent, source=plan.file[:200]) for row in added)
    areas = {row.number: area for row, area in zip(added, made, strict=True)}
    for row in plan.rows:
        if row.deed is Deed.CHANGE and row.area is not None:
            areas[row.number] = _change(row, row.area, plan.file)
    return areas


def _change(row: Row, area: Area, file: str) -> Area:
    fields = {key: value for key, value in row.changes.items() if key != "parent"} | {"source": file[:200]}
    for key, value in fields.items():
        setattr(area, key, value)
    area.save(update_fields=[*fields, "changed_at"])
    if "parent" in row.changes:
        move(area, row.changes["parent"])
    return area


def _adopt() -> None:
    """Areas without a parent go below the area that they lie in, now that it may have come."""
    orphans = list(Area.objects.filter(parent=None, lat__isnull=False).defer("boundary"))
    for orphan, held in zip(orphans, areas_at_each([(o.lat, o.lon) for o in orphans]), strict=True):
        parent = next((area for area in reversed(held) if is_coarser(area.kind, orphan.kind)), None)
        if parent is not None:
            move(orphan, parent)


def _summary(plan: Plan) -> dict[str, Any]:
    codes = [
        row.values.get("code") or (row.area.code if row.area else "") for row in plan.rows if row.deed is not Deed.SAME
    ]
    return {"file": plan.file, "sha256": plan.sha256, "counts": plan.counts, "codes": codes[:SHOWN_IN_AUDIT]}
