"""What the search finds here: plans and measures."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tirek.places.filters import name_contains
from tirek.ui.registry import Hit
from tirek.upgrades import queries
from tirek.upgrades.words import money

HITS = 4


def find_upgrades(user: Any, query: str) -> list[Hit]:
    """Plans and measures of which the name, the year or the code have every word."""
    named, priced = Q(), Q()
    for word in query.split():
        named &= Q(name__icontains=word) | (Q(year=int(word)) if word.isdecimal() and len(word) == 4 else Q(pk=None))
        priced &= name_contains(word) | Q(code__icontains=word)
    hits = [
        Hit(
            title=str(plan),
            subtitle=f"{plan.get_state_display()} · {money(plan.budget)}",
            url=plan.get_absolute_url(),
            icon="chart-dots",
            kind=_("upgrade plan"),
        )
        for plan in queries.plans(user).filter(named)[:HITS]
    ]
    hits += [
        Hit(
            title=measure.name,
            subtitle=f"{money(measure.price)} / {measure.get_unit_display()}",
            url=measure.get_absolute_url(),
            icon="tool",
            kind=_("measure"),
        )
        for measure in queries.measures(user).filter(priced)[:HITS]
    ]
    return hits
