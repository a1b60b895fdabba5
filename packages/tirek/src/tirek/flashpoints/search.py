"""What the search finds here: flash-points and measures of prevention."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tirek.flashpoints import queries
from tirek.places.filters import name_contains
from tirek.ui.registry import Hit

HITS = 4


def find_flashpoints(user: Any, query: str) -> list[Hit]:
    """Flash-points and measures of which the district, the reasons or the text have every word."""
    flagged, planned = Q(), Q()
    for word in query.split():
        flagged &= name_contains(word, "area__") | Q(reasons__icontains=word)
        planned &= name_contains(word, "area__") | Q(text__icontains=word)
    hits = [
        Hit(
            title=found.area.name,
            subtitle=str(found.state.label),
            url=found.get_absolute_url(),
            icon="flame",
            kind=_("flash-point"),
        )
        for found in queries.flashpoints(user).filter(flagged)[:HITS]
    ]
    hits += [
        Hit(
            title=str(measure),
            subtitle=f"{measure.area.name} · {measure.get_state_display()}",
            url=measure.get_absolute_url(),
            icon="checklist",
            kind=_("measure of prevention"),
        )
        for measure in queries.measures(user).filter(planned)[:HITS]
    ]
    return hits
