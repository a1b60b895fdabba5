"""What the search finds here: facilities by name, address or code."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, IntegerField, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tirek.facilities.models import Facility
from tirek.facilities.queries import facilities
from tirek.facilities.words import named_condition, search_condition
from tirek.ui.registry import Hit

HITS = 8


def find_facilities(user: Any, query: str) -> list[Hit]:
    """Facilities of which name, address, place or code have every word: those so named first, then by category."""
    named = Case(When(named_condition(query), then=Value(0)), default=Value(1), output_field=IntegerField())
    found = facilities(user).filter(search_condition(query)).order_by(named, "category", "code")
    return [
        Hit(
            title=facility.name,
            subtitle=_where(facility, query),
            url=reverse("facilities:facility", args=[facility.pk]),
            icon=facility.type.icon,
            kind=_("facility"),
        )
        for facility in found[:HITS]
    ]


def _where(facility: Facility, query: str) -> str:
    """Type and place; the address too where a word was found in it alone."""
    place = f"{facility.type.name} · {facility.area.name}"
    said = f"{facility.name} {place}".casefold()
    addresses = [facility.address, facility.address_kk, facility.address_ru]
    for word in query.casefold().split():
        if word not in said:
            address = next((one for one in addresses if word in one.casefold()), "")
            if address:
                begins = address.startswith(facility.area.name)
                return f"{facility.type.name} · {address}" if begins else f"{place}, {address}"
    return place
