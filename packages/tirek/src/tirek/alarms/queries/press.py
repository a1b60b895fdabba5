"""Buttons that can be pressed while sample data is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tirek.alarms.models import Panel, Zone

LISTED = 40


@dataclass(frozen=True, slots=True)
class Button:
    """A sample facility with a panel, and the zones that can be pressed."""

    code: str
    name: str
    place: str
    account: str
    encrypted: bool
    zones: list[Zone]


def buttons(user: Any) -> list[Button]:
    """Sample facilities with a panel that the person may see, the sample hospital first."""
    rows = (
        Panel.objects.restrict(user, "view")
        .filter(is_sample=True)
        .select_related("facility__area")
        .defer("facility__area__boundary")
    )
    found = [
        Button(
            panel.facility.code, panel.facility.name, panel.facility.area.name, panel.account, bool(panel.key),
            list(panel.zones.all()),
        )
        for panel in rows.prefetch_related("zones").order_by("pk")[:LISTED]
    ]  # fmt: skip
    return sorted(found, key=lambda button: button.code != "sample-hospital")
