"""Who sees what belongs to a facility."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from tirek.accounts.access import AreaPolicy


def of_facility(lookup: str = "facility") -> AreaPolicy:
    """The policy of a table whose rows belong to the facility behind `lookup` ("" for the facility itself).

    A person sees what lies inside their area and agency; a facility's contact sees their own facility.
    """
    start = f"{lookup}__" if lookup else ""

    def own(user: Any) -> Q:
        return Q(**{f"{start}contacts__person": user})

    return AreaPolicy(f"{start}area__path", own=own, agency=f"{start}agency")
