"""{% load saved_views %}: the menu of saved views beside a register's filters."""

from __future__ import annotations

from typing import Any

from django import template

from tirek.accounts.saved_views import lasting, offers

register = template.Library()


@register.inclusion_tag("accounts/parts/saved_views.html", takes_context=True)
def saved_views(context: dict[str, Any], url_name: str) -> dict[str, Any]:
    """The views of the register with this address: {% saved_views "facilities:register" %}."""
    request = context["request"]
    found = offers(request, url_name)
    here = next((offer for offer in found if offer.here), None)
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "register": url_name,
        "query": lasting(request.GET.urlencode()),
        "offers": found,
        "here": here,
        "own": [offer for offer in found if offer.own],
    }
