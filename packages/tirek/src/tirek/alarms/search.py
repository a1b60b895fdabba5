"""What the search finds here: panels by account or name."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tirek.alarms.models import Panel
from tirek.ui.registry import Hit

HITS = 5


def find_panels(user: Any, query: str) -> list[Hit]:
    """Panels whose account begins with the words, or whose name has them."""
    rows = Panel.objects.restrict(user, "view").select_related("facility__area").defer("facility__area__boundary")
    fits = Q(account__istartswith=query) | Q(name__icontains=query)
    return [
        Hit(
            panel.account,
            f"{panel.facility.name} · {panel.facility.area.name}",
            reverse("alarms:panel", args=[panel.pk]),
            "antenna",
            _("alarm panel"),
        )
        for panel in rows.filter(fits)[:HITS]
    ]
