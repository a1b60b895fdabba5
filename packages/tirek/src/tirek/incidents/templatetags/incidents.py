"""{% load incidents %}: what pages of the part "Flash-points" share."""

from __future__ import annotations

from typing import Any

from django import template

from tirek.incidents.compare import Line, lines
from tirek.incidents.models import Facts, Incident, Pair
from tirek.incidents.registry import subnav_for
from tirek.incidents.tables import severity_mark, verification_tag
from tirek.incidents.words import alike_words, when_short, when_words, where_words

register = template.Library()


@register.inclusion_tag("incidents/parts/subnav.html", takes_context=True)
def flashpoints_nav(context: dict[str, Any], current: str = "") -> dict[str, Any]:
    """The navigation inside "Flash-points". `current` is a key; without it the address says where we are."""
    request = context["request"]
    entries = subnav_for(request.user, request.path, current or context.get("subnav", ""))
    return {"entries": entries if len(entries) > 1 else []}


@register.filter
def happened(incident: Facts) -> str:
    """When it was, in words: {{ incident|happened }}."""
    return when_words(incident)


@register.filter
def happened_short(incident: Facts) -> str:
    return when_short(incident)


@register.filter
def stood(incident: Facts) -> str:
    """Where it was, in words."""
    return where_words(incident)


@register.filter
def explained(pair: Pair) -> str:
    """Why two may be one, in words."""
    return alike_words(pair.parts)


@register.filter
def compared(pair: Pair) -> list[Line]:
    """Both sides of a pair, line by line."""
    return lines(pair.first, pair.second)


@register.simple_tag
def severity(incident: Incident) -> str:
    """{% severity incident %}"""
    return severity_mark(incident.severity, str(incident.get_severity_display()))


@register.simple_tag
def verification(incident: Incident) -> str:
    """{% verification incident %}"""
    return verification_tag(incident)
