"""Links to a register's tables: `{% load sheets %}{% sheet_links 'facilities' %}` in the head of its page."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse

from tirek.accounts.access import can
from tirek.sheets.registry import sheet_of

register = template.Library()


@register.inclusion_tag("sheets/parts/links.html", takes_context=True)
def sheet_links(context: dict[str, Any], key: str) -> dict[str, Any]:
    """Export (what the page's filters show) and import, for whom they are."""
    return _links(context["request"], key)


@register.inclusion_tag("sheets/parts/export_menu.html", takes_context=True)
def export_menu(context: dict[str, Any], key: str) -> dict[str, Any]:
    """Export alone, as a chip beside the filters of a register."""
    return _links(context["request"], key)


def _links(request: Any, key: str) -> dict[str, Any]:
    sheet = sheet_of(key)
    if sheet is None:
        return {}
    query = request.GET.copy()
    query.pop("page", None)
    suffix = f"?{query.urlencode()}" if query else ""
    links = {}
    if can(request.user, sheet.view_permission):
        for form in ("xlsx", "csv"):
            links[form] = reverse("sheets:export", args=[key, form]) + suffix
    if can(request.user, sheet.permission):
        links["bring"] = reverse("sheets:sheet", args=[key])
    return {"links": links, "key": key}
