"""What the search finds here: notices by number or facility."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tirek.notices.queries import notices
from tirek.places.filters import name_contains
from tirek.ui.registry import Hit

HITS = 5


def find_notices(user: Any, query: str) -> list[Hit]:
    """Notices whose number begins with the words, or whose facility has them in its name; open ones first."""
    rows = notices(user).filter(Q(number__istartswith=query) | name_contains(query, "facility__"))
    return [
        Hit(
            title=notice.number or str(notice.get_state_display()),
            subtitle=f"{notice.facility.name} · {notice.get_state_display()}",
            url=notice.get_absolute_url(),
            icon="file-alert",
            kind=_("notice"),
        )
        for notice in rows.order_by("closed_at", "-issued_at")[:HITS]
    ]
