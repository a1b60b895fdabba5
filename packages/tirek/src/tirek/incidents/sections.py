"""What this app puts on pages of others: of an area and of a facility."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tirek.accounts.access import can
from tirek.facilities.models import Facility
from tirek.incidents import charts, queries
from tirek.incidents.series import month_before
from tirek.places.models import Area
from tirek.ui.sections import Section

SHOWN = 5


def incidents_of_area(request: HttpRequest, area: Area) -> Section | None:
    """The last twelve months of an area as bars, and the newest incidents."""
    if not can(request.user, "incidents.view_incident"):
        return None
    rows = queries.of_area(request.user, area)
    last = month_before() + 1
    table = queries.months(rows, last - 11, last)
    context: dict[str, Any] = {
        "chart": charts.bars(table),
        "rows": list(rows.order_by("-first_day", "-pk")[:SHOWN]),
        "url": f"{reverse('incidents:incidents')}?area={area.pk}",
        "within": f"&area={area.pk}",
    }
    count = sum(row["reported"] + row["found"] + row["third"] for row in table)
    return Section("incidents", _("Incidents of 12 months"), "incidents/parts/area.html", context, count, order=30)


def incidents_of_facility(request: HttpRequest, facility: Facility) -> Section | None:
    """What happened at a facility; nothing is shown where nothing did and nobody could write it down."""
    if not can(request.user, "incidents.view_incident"):
        return None
    rows = queries.of_facility(request.user, facility)
    found = list(rows.order_by("-first_day", "-pk")[: SHOWN + 1])
    may_add = can(request.user, "incidents.add_incident")
    if not found and not may_add:
        return None
    context: dict[str, Any] = {
        "facility": facility,
        "rows": found[:SHOWN],
        "more": len(found) > SHOWN,
        "may_add": may_add,
        "url": f"{reverse('incidents:incidents')}?facility={facility.code}",
    }
    return Section("incidents", _("Incidents"), "incidents/parts/facility.html", context, order=60)
