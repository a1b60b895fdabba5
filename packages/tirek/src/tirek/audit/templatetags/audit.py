"""{% load audit %}: the history of a record, for its own page."""

from __future__ import annotations

from typing import Any

from django import template
from django.db import models

from tirek.accounts.access import can
from tirek.audit import queries
from tirek.audit.verbs import phrase, who

register = template.Library()


@register.inclusion_tag("audit/parts/history.html", takes_context=True)
def history(context: dict[str, Any], obj: models.Model, limit: int = 20) -> dict[str, Any]:
    """Who did what to `obj`, the newest first: {% history alarm %}. What exactly changed is for readers of the log."""
    user = context["request"].user
    rows = [(entry, who(entry.actor), phrase(entry.verb)) for entry in queries.history(obj, limit)]
    return {"rows": rows, "may_open": can(user, "audit.view_entry")}
