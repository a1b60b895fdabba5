"""What the search finds here: equipment by number, serial number, kind or facility."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from tirek.equipment.filters import search_condition
from tirek.equipment.models import Item
from tirek.equipment.queries import items
from tirek.ui.registry import Hit

HITS = 6


def find_items(user: Any, query: str) -> list[Hit]:
    """What has every word; an exact number first."""
    rows = items(user).exclude(state=Item.State.RETIRED).filter(search_condition(query)).order_by("tag")[:HITS]
    found = sorted(rows, key=lambda row: row.tag.casefold() != query.strip().casefold())
    return [
        Hit(
            title=f"{row.kind.name} {row.tag}",
            subtitle=row.facility.name,
            url=row.get_absolute_url(),
            icon=row.kind.icon,
            kind=_("equipment"),
        )
        for row in found
    ]
