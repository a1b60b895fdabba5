"""What the search finds here: requirements in force, by their words, paragraph or key."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tirek.accounts.access import can
from tirek.requirements import queries
from tirek.requirements.models import Requirement
from tirek.ui.registry import Hit

HITS = 5


def find_requirements(user: Any, query: str) -> list[Hit]:
    """Requirements in force of which every word stands in a text, the paragraph or the key."""
    if not can(user, "requirements.view_edition"):
        return []
    condition = Q(edition__in=queries.editions_in_force())
    for word in query.split():
        found = Q(key__icontains=word) | Q(paragraph__iexact=word)
        for code in ("kk", "ru", "en"):
            found |= Q(**{f"text_{code}__icontains": word})
        condition &= found
    rows = Requirement.objects.filter(condition).select_related("edition__standard").defer("edition__file")
    return [
        Hit(
            title=f"{row.paragraph}. {row.text}",
            subtitle=f"{row.edition.standard.name}, {row.edition.label}",
            url=row.get_absolute_url(),
            icon="list-check",
            kind=_("requirement"),
        )
        for row in rows.order_by("edition__standard__code", "order")[:HITS]
    ]
