"""How the battery asks for the pages of the log."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from tests.battery.samples import Sample
from tests.fixtures import Province
from tirek.audit import chain


def _append(province: Province) -> int:
    facility = province.facilities[0]
    with transaction.atomic():
        made = chain.append(
            actor="Aigul (aigul)",
            verb="facilities.change_facility",
            object_type="facilities.facility",
            object_id=str(facility.pk),
            object_name="Областная больница",
            why="moved",
            before={"capacity": 100, "agency_id": None},
            after={"capacity": 120, "agency_id": province.agency.pk},
            area_path=facility.area_path,
        )
    return made.pk


def entry(province: Province) -> dict[str, Any]:
    return {"pk": _append(province)}


def more_entries(province: Province, count: int) -> None:
    for _ in range(count):
        _append(province)


SAMPLES = {
    "audit:entries": Sample(rows=more_entries),
    "audit:entry": entry,
}
