"""What the search finds here: passports by facility."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from tirek.facilities.models import Facility
from tirek.facilities.words import search_condition
from tirek.passports.models import Passport
from tirek.passports.queries import passports
from tirek.ui.registry import Hit

HITS = 3


def find_passports(user: Any, query: str) -> list[Hit]:
    """Passports in force or in work of facilities whose name, address or code has the words."""
    found = Facility.objects.filter(search_condition(query))
    rows = passports(user).filter(facility__in=found.values("pk")).exclude(state=Passport.State.REPLACED)
    return [
        Hit(
            title=passport.facility.name,
            subtitle=str(passport.get_state_display()),
            url=passport.get_absolute_url(),
            icon="certificate",
            kind=_("passport"),
        )
        for passport in rows.defer("facts").order_by("-made_at")[:HITS]
    ]
