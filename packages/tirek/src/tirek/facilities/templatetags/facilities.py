"""{% load facilities %}: what pages of the part "Facilities" share."""

from __future__ import annotations

from typing import Any

from django import template

from tirek.facilities.models import Figures
from tirek.facilities.registry import subnav_for
from tirek.facilities.tables import protection_bar, term_of

register = template.Library()


@register.inclusion_tag("facilities/parts/subnav.html", takes_context=True)
def facilities_nav(context: dict[str, Any], current: str = "") -> dict[str, Any]:
    """The navigation inside "Facilities". `current` is a key; without it the address says where we are."""
    request = context["request"]
    entries = subnav_for(request.user, request.path, current or context.get("subnav", ""))
    return {"entries": entries if len(entries) > 1 else []}


@register.simple_tag
def protection(share: float | None) -> str:
    """The bar with the share of requirements met: {% protection figures.protection %}."""
    return protection_bar(share)


@register.simple_tag
def term(figures: Figures) -> str:
    """Days to the nearest term of a notice, or for how long it is overdue: {% term figures %}."""
    return term_of(figures)
