"""What this app puts on pages of others."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tirek.accounts.access import can
from tirek.facilities.models import Facility
from tirek.requirements import queries
from tirek.requirements.models import Standing
from tirek.ui.sections import Tab


def requirements_of_facility(request: HttpRequest, facility: Facility) -> Tab | None:
    """Where a facility stands, point by point."""
    if not can(request.user, "requirements.view_standing"):
        return None

    def context() -> dict[str, Any]:
        points = queries.where_it_stands(facility)
        return {
            "facility": facility,
            "points": points,
            "any": any(point.lines for point in points),
            "unknown": sum(point.unknown for point in points),
            "counted": sum(point.counted for point in points),
            "unmet": [
                line
                for point in points
                for line in point.lines
                if line.state == Standing.State.UNMET and line.requirement.mandatory
            ],
        }

    return Tab("requirements", _("Requirements"), "requirements/parts/facility.html", context, order=15)
