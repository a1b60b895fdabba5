"""What this app puts on the page of a facility."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tirek.accounts.access import can_at
from tirek.equipment import queries
from tirek.facilities.models import Facility
from tirek.ui.sections import Tab


def equipment_of_facility(request: HttpRequest, facility: Facility) -> Tab | None:
    """What is installed, by group: "19 cameras, 18 work"."""
    user: Any = request.user
    if not user.grants("equipment.view_item"):
        return None

    def context() -> dict[str, Any]:
        reach = (facility.area.path, facility.agency_id)
        takes = list(queries.stocktakes(user).filter(facility=facility)[:5])
        return {
            "facility": facility,
            "groups": queries.of_facility(user, facility),
            "stocktakes": takes,
            "open": next((take for take in takes if take.closed_at is None), None),
            "may_add": can_at(user, "equipment.add_item", *reach),
            "may_take": can_at(user, "equipment.take_stocktake", *reach),
            "may_see_stocktakes": bool(user.grants("equipment.view_stocktake")),
        }

    return Tab("equipment", _("Equipment"), "equipment/parts/facility_tab.html", context, order=20)
