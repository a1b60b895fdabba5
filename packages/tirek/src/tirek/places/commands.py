"""What the command line does with places: import, rebuild. Each prints its plan and returns the exit code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tirek.audit.act import Refused
from tirek.places import actions
from tirek.places.imports.plan import Deed, Plan
from tirek.places.models import Area
from tirek.places.rebuild import rebuild_cells, rebuild_population

Say = Callable[[str], None]
SYSTEM = "command line"


def import_boundaries(
    path: str | Path,
    kind: str = Area.Kind.DISTRICT,
    *,
    parent: str = "",
    layer: str | None = None,
    dry_run: bool = False,
    say: Say = print,
) -> int:
    """Import areas of one kind from GeoJSON or GeoPackage. `parent` is the code of the area that all of them lie in."""
    above = Area.objects.filter(code=parent).first() if parent else None
    if parent and above is None:
        say(f"There is no area with the code {parent}.")
        return 2
    try:
        plan = actions.preview_boundaries(None, Path(path), kind, parent=above, layer=layer)
        _print(plan, say)
        if plan.writes and not dry_run:
            actions.import_boundaries(None, Path(path), kind, parent=above, layer=layer, system=SYSTEM)
    except Refused as refusal:
        say(str(refusal))
        return 1
    return _outcome(plan, dry_run, say)


def import_settlements(path: str | Path, *, dry_run: bool = False, say: Say = print) -> int:
    """Import settlements from CSV."""
    try:
        plan = actions.preview_settlements(None, Path(path))
        _print(plan, say)
        if plan.writes and not dry_run:
            actions.import_settlements(None, Path(path), system=SYSTEM)
    except Refused as refusal:
        say(str(refusal))
        return 1
    return _outcome(plan, dry_run, say)


def rebuild(say: Say = print) -> int:
    """Make the cells of all areas and of the population anew."""
    areas = Area.objects.filter(boundary__isnull=False).only("pk", "boundary")
    rebuild_cells(areas.iterator(chunk_size=50))
    say(f"{areas.count()} areas covered, {rebuild_population()} populated cells")
    return 0


def _print(plan: Plan, say: Say) -> None:
    say(f"{plan.file}: " + ", ".join(f"{column} -> {field}" for field, column in plan.fields.items()))
    for row in plan.rows:
        for error in row.errors:
            say(f"  row {row.number} {row.name}: left out: {error}")
        for remark in row.remarks:
            say(f"  row {row.number} {row.name}: {remark}")


def _outcome(plan: Plan, dry_run: bool, say: Say) -> int:
    counts = plan.counts
    say(
        f"{counts[Deed.ADD]} new, {counts[Deed.CHANGE]} changed, {counts[Deed.SAME]} unchanged, {counts[Deed.SKIP]} left out"
        + (" (nothing was written)" if dry_run else "")
    )
    return 1 if counts[Deed.SKIP] else 0
