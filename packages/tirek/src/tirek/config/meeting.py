"""Where alarms, warnings and incidents meet. None imports another; each offers a registry, and these lines join them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from tirek.accounts.access import can
from tirek.alarms import registry as alarms
from tirek.alarms.models import Alarm
from tirek.alarms.queries.lines import time_line
from tirek.incidents import queries as incident_queries
from tirek.incidents import registry as incidents
from tirek.places.models import LANGUAGES
from tirek.places.queries import circle, people_in
from tirek.warning import registry as warning
from tirek.warning.models import Alert, Endpoint
from tirek.warning.reach import endpoints_inside


def connect() -> None:
    """Called once, when all apps are ready."""
    alarms.around(_around)
    alarms.lines(_alerts_of_alarm)
    alarms.links(_incidents_of_alarm)
    incidents.alarm_source(_facts_of_alarm)
    warning.timeline_source(_lines_of_alarm)
    warning.alarm_words(_words_of_alarm)
    warning.alarm_link(lambda alarm_id: reverse("alarms:alarm", args=[alarm_id]))


def _around(user: Any, lat: float, lon: float, radius_m: int) -> alarms.Around | None:
    """For the desk: who lives there, and what would sound."""
    if not can(user, "warning.view_endpoint"):
        return None
    shape = circle(lat, lon, radius_m)
    endpoints = endpoints_inside(shape, sample=user.is_sample)
    failing = sum(spot.state != Endpoint.State.READY for spot in endpoints)
    return alarms.Around(people_in(shape), len(endpoints), failing)


def _alerts_of_alarm(user: Any, alarm_id: int) -> Iterator[alarms.Line]:
    """For the time line of an alarm: the warnings that were issued for it."""
    for alert in Alert.objects.restrict(user, "view").filter(alarm_id=alarm_id, issued_at__isnull=False):
        headline = f"{alert.get_mode_display()}: {alert.plan.name}, {alert.area_text}"
        yield alarms.Line(alert.issued_at, headline, reverse("warning:alert", args=[alert.pk]))


def _words_of_alarm(user: Any, alarm_id: int) -> dict[str, str] | None:
    """What a warning says of its alarm, in every language; None for an alarm that the person may not see."""
    rows = Alarm.objects.restrict(user, "view").select_related("facility")
    alarm = rows.filter(pk=alarm_id).first()
    return {language: alarm.name_in(language) for language in LANGUAGES} if alarm else None


def _incidents_of_alarm(user: Any, alarm_id: int) -> Iterator[alarms.Link]:
    """Beside the acts on an alarm: what was written down from it, or writing it down."""
    written = incident_queries.of_alarm(user, alarm_id)
    for row in written:
        label = _("Incident %(code)s") % {"code": row.code}
        yield alarms.Link(label=label, url=row.get_absolute_url(), icon="map-pin-exclamation")
    if not written and can(user, "incidents.add_incident"):
        address = f"{reverse('incidents:new')}?alarm={alarm_id}"
        yield alarms.Link(label=_("Write down as incident"), url=address, icon="map-pin-exclamation")


def _facts_of_alarm(user: Any, alarm_id: int) -> incidents.AlarmFacts | None:
    """What an incident begins with that is written down from an alarm; None for one that the person may not see."""
    alarm = Alarm.objects.restrict(user, "view").select_related("facility").filter(pk=alarm_id).first()
    if alarm is None:
        return None
    words = {language: alarm.name_in(language) for language in LANGUAGES}
    url = reverse("alarms:alarm", args=[alarm_id])
    return incidents.AlarmFacts(alarm.facility_id, alarm.opened_at, words, url)


def _lines_of_alarm(user: Any, alarm_id: int) -> Iterator[warning.Line]:
    """For the time line of a warning: what happened with its alarm, as far as the person may see it."""
    alarm = Alarm.objects.restrict(user, "view").filter(pk=alarm_id).first()
    for line in time_line(alarm, user, own=True) if alarm else ():
        text = f"{line.text} ({line.detail})" if line.detail else line.text
        yield warning.Line(line.at, text, line.who, line.sort in ("signal", "act"))
