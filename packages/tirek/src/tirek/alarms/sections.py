"""What this app puts on the page of a facility."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tirek.accounts.access import can, can_at
from tirek.alarms.models import Alarm
from tirek.alarms.queries.panels import facility_panels
from tirek.facilities.models import Facility
from tirek.ui.sections import Section

LISTED = 5


def alarms_of_facility(request: HttpRequest, facility: Facility) -> Section | None:
    """Its panels with their state, and its latest alarms."""
    if not can(request.user, "alarms.view_panel"):
        return None
    panels = list(facility_panels(request.user, facility))
    alarms = Alarm.objects.restrict(request.user, "view").filter(facility=facility).order_by("-opened_at")[:LISTED]
    may_add = can_at(request.user, "alarms.add_panel", facility.area.path, facility.agency_id)
    context = {"panels": panels, "alarms": list(alarms), "may_add": may_add}
    template = "alarms/parts/facility_section.html"
    return Section("alarms", _("Alarm panels"), template, {**context, "facility": facility}, len(panels), order=20)
