"""What this app puts on the page of an area."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tirek.accounts.access import can_at
from tirek.flashpoints import queries, words
from tirek.flashpoints.models import Measure
from tirek.places.models import Area
from tirek.ui.sections import Section


def flashpoints_of_area(request: HttpRequest, area: Area) -> Section | None:
    """What the newest run says of a district, whether it is a flash-point, and what is being done there."""
    if area.kind != Area.Kind.DISTRICT or not can_at(request.user, "flashpoints.view_run", area.path):
        return None
    run = queries.newest_of(request.user, area)
    context: dict[str, Any] = {"area": area, "run": run}
    if run is not None:
        outlook = queries.outlooks(request.user, run).get(area=area)
        context |= {
            "outlook": outlook,
            "forecast": queries.forecasts(request.user, run).filter(area=area, horizon=1).first(),
            "abstention": "" if outlook.enough else words.abstention(outlook),
        }
    context |= {
        "flashpoint": queries.flashpoints(request.user).filter(area=area).standing().first(),
        "measures": queries.measures(request.user).filter(area=area, state=Measure.State.OPEN).count(),
    }
    return Section("flashpoints", _("Forecast and flash-points"), "flashpoints/parts/of_area.html", context, order=40)
