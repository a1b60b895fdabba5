"""What the search finds here: facilities by name, address or code."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tirek.facilities.queries import facilities
from tirek.facilities.words import search_condition
from tirek.ui.registry import Hit

HITS = 8


def find_facilities(user: Any, query: str) -> list[Hit]:
    """Facilities of which name, address, place or code have every word, the most important category first."""
    return [
        Hit(
            title=facility.name,
            subtitle=f"{facility.type.name} · {facility.area.name}",
            url=reverse("facilities:facility", args=[facility.pk]),
            icon=facility.type.icon,
            kind=_("facility"),
        )
        for facility in facilities(user).filter(search_condition(query)).order_by("category", "code")[:HITS]
    ]
