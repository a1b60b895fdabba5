"""What the search finds here: the last and next visits to a facility, and rounds by name."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from tirek.facilities.filters import search_condition
from tirek.facilities.models import Facility
from tirek.inspections.models import Inspection, Round
from tirek.inspections.queries import visits
from tirek.inspections.tables import day_of
from tirek.ui.registry import Hit

VISITS, ROUNDS, LEAST = 5, 3, 3


def find_visits(user: Any, query: str) -> list[Hit]:
    """Visits to facilities of which name, address or code have every word, and rounds of that name."""
    if len(query) < LEAST:
        return []
    rows = visits(user).filter(facility__in=Facility.objects.filter(search_condition(query)).values("pk"))
    rows = rows.exclude(state=Inspection.State.CANCELLED).order_by("-planned_on", "-pk")
    hits = [
        Hit(
            title=visit.facility.name,
            subtitle=f"{day_of(visit)} · {visit.get_state_display()}",
            url=visit.get_absolute_url(),
            icon="clipboard-check",
            kind=_("inspection"),
        )
        for visit in rows[:VISITS]
    ]
    rounds = Round.objects.restrict(user, "view").filter(name__icontains=query)[:ROUNDS]
    return hits + [
        Hit(title=row.name, subtitle=row.get_state_display(), url=row.get_absolute_url(), icon="route", kind=_("round"))
        for row in rounds
    ]
