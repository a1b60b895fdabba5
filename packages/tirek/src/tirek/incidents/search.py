"""What the search finds here: incidents by number, place or words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from tirek.incidents.filters import search_condition
from tirek.incidents.queries import incidents
from tirek.incidents.words import when_short
from tirek.ui.registry import Hit

HITS = 6


def find_incidents(user: Any, query: str) -> list[Hit]:
    """What has every word, an exact number first, then the newest."""
    rows = incidents(user).filter(search_condition(query)).order_by("-first_day", "-pk")[:HITS]
    found = sorted(rows, key=lambda row: row.code.casefold() != query.strip().casefold())
    return [
        Hit(
            title=f"{row.kind.name} {row.code}",
            subtitle=f"{when_short(row)} · {row.area.name}",
            url=row.get_absolute_url(),
            icon=row.kind.icon,
            kind=_("incident"),
        )
        for row in found
    ]
