"""What warning shows outside of its own pages: pills in the top bar, answers of the search, a section of a facility."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tirek.facilities.models import Facility
from tirek.ui.registry import Hit, StatusItem
from tirek.ui.sections import Section
from tirek.warning import queries
from tirek.warning.models import Alert, Endpoint, Mode

MOST_HITS = 4


def pill(request: HttpRequest) -> StatusItem | None:
    """An alert that waits for this person; else a warning that is valid now, a live one before an exercise."""
    first = queries.foremost(request.user)
    if first is None:
        return None
    waiting, live = first.state == Alert.State.WAITING, first.mode == Mode.LIVE
    label = _("Confirm") if waiting else _("Live") if live else _("Exercise")
    icon, tone = "user-check" if waiting else "", "live" if live else "exercise"
    return StatusItem("warning", label, tone, reverse("warning:alert", args=[first.pk]), icon, first.headline)


def search(user: Any, query: str) -> Iterable[Hit]:
    """Alerts, endpoints and plans that the user may see."""
    alerts = queries.alerts(user).filter(identifier__icontains=query).order_by("-issued_at")[:MOST_HITS]
    for alert in alerts:
        url = reverse("warning:alert", args=[alert.pk])
        yield Hit(
            title=alert.headline,
            subtitle=alert.identifier,
            url=url,
            icon="speakerphone",
            kind=gettext_lazy("warning"),
        )
    rows = queries.endpoints(user)
    for endpoint in (rows.filter(name__icontains=query) | rows.filter(code__icontains=query)).order_by("name")[
        :MOST_HITS
    ]:
        url = reverse("warning:endpoint", args=[endpoint.pk])
        place = str(endpoint.facility or endpoint.area)
        yield Hit(title=endpoint.name, subtitle=place, url=url, icon="volume", kind=endpoint.get_kind_display())
    words = query.lower()
    for plan in queries.plans(user):
        if words in plan.name.lower():
            url = reverse("warning:plan", args=[plan.pk])
            yield Hit(title=plan.name, subtitle=plan.code, url=url, icon="list-details", kind=gettext_lazy("plan"))


def facility_section(request: HttpRequest, facility: Facility) -> Section | None:
    """The loudspeakers of a facility, on its page."""
    if not request.user.grants("warning.view_endpoint"):
        return None
    rows = list(Endpoint.objects.restrict(request.user, "view").filter(facility=facility).order_by("name"))
    context = {"endpoints": [(row, queries.MAP_STATE[row.state]) for row in rows]}
    return Section(
        "endpoints", gettext_lazy("Loudspeakers"), "warning/parts/of_facility.html", context, count=len(rows), order=40
    )
