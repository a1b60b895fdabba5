"""What the search finds here: areas by name or code."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, IntegerField, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tirek.places.filters import name_contains
from tirek.places.models import Area
from tirek.places.queries import areas
from tirek.ui.registry import Hit

HITS = 6
ICONS = {Area.Kind.SETTLEMENT: "map-pin"}
# Regions before districts before settlements, then by population: the first hit is the one that people mean.
RANK = Case(
    *(When(kind=kind, then=Value(rank)) for rank, kind in enumerate(Area.Kind.values)), output_field=IntegerField()
)


def find_areas(user: Any, query: str) -> list[Hit]:
    """Areas whose name in any language has the words."""
    rows = areas(user).filter(name_contains(query)).select_related("parent").defer("boundary", "parent__boundary")
    return [
        Hit(
            title=area.name,
            subtitle=area.parent.name if area.parent else str(area.get_kind_display()),
            url=reverse("places:area", args=[area.pk]),
            icon=ICONS.get(Area.Kind(area.kind), "map"),
            kind=_("area"),
        )
        for area in rows.order_by(RANK, "-population", "pk")[:HITS]
    ]
