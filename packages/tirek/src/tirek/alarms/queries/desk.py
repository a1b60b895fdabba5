"""What the duty desk shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Prefetch, Q
from django.utils import timezone
from django.utils.translation import get_language

from tirek.accounts.access import can
from tirek.alarms import registry
from tirek.alarms.kinds import AUDIBLE, LIFE
from tirek.alarms.models import Alarm, Panel, ResponsePlan, UnknownAccount
from tirek.alarms.queries.lines import TimeLine, called_again, newest_signals, time_line, zone_name, zones_of
from tirek.alarms.queries.plans import StepLine, plan_for, step_lines
from tirek.alarms.receiver import status
from tirek.facilities.models import Contact
from tirek.facilities.queries import people_now
from tirek.places.queries import circle, people_in

#: Open alarms listed at the desk at once; the rest is a number and a link.
LISTED = 60
#: Alarms that were closed so recently still stand on the list, greyed.
LATELY = timedelta(minutes=45)
LATELY_LISTED = 4


@dataclass(frozen=True, slots=True)
class Row:
    """One alarm in the list."""

    alarm: Alarm
    where: str
    loud: bool
    life: bool
    #: "Pressed again", when that is why nobody has accepted it.
    again: str = ""


@dataclass(frozen=True, slots=True)
class DayFigures:
    """Since midnight, local time. Tests are counted apart; `median_s` is None while nothing was accepted."""

    opened: int
    false: int
    tests: int
    median_s: float | None


@dataclass(frozen=True, slots=True)
class Board:
    """The left side of the desk."""

    open: list[Row]
    hidden: int
    lately: list[Row]
    day: DayFigures
    unknown: int
    receiver: dict[str, Any] = field(default_factory=dict)

    @property
    def new(self) -> int:
        """How many real alarms nobody has accepted; the number in the title of the page."""
        return sum(row.alarm.state == Alarm.State.NEW and not row.alarm.is_test for row in self.open)


def _rows(alarms: list[Alarm]) -> list[Row]:
    newest = newest_signals(alarms)
    return [
        Row(
            alarm,
            _where(alarm, newest.get(alarm.pk, {})),
            alarm.state == Alarm.State.NEW and alarm.kind in AUDIBLE and not alarm.is_test,
            alarm.kind in LIFE and not alarm.is_test,
            called_again(alarm) if alarm.again_at and alarm.state == Alarm.State.NEW else "",
        )
        for alarm in alarms
    ]


def _where(alarm: Alarm, data: dict[str, Any]) -> str:
    zones = {
        (panel.account, zone.number.lstrip("0")): zone
        for panel in alarm.facility.panels.all()
        for zone in panel.zones.all()
    }
    return zone_name(zones, data.get("panel", ""), data.get("zone", ""))


def _listed(user: Any) -> Any:
    rows = (
        Alarm.objects.restrict(user, "view")
        .select_related("facility__area", "facility__type", "taken_by")
        .defer("facility__area__boundary")
    )
    return rows.prefetch_related("facility__panels__zones")


def board(user: Any) -> Board:
    """The list of alarms, the figures of the day, and what is wrong with the receiver."""
    rows = _listed(user).exclude(state=Alarm.State.CLOSED).order_by("urgency", "-opened_at")
    listed = sorted(rows[:LISTED], key=_order)
    hidden = max(0, rows.count() - LISTED) if len(listed) == LISTED else 0
    since = timezone.now() - LATELY
    closed = _listed(user).filter(state=Alarm.State.CLOSED, closed_at__gt=since).order_by("-closed_at")
    unknown = UnknownAccount.objects.restrict(user, "view").count()
    said = status.read() if can(user, "alarms.acknowledge_alarm") else {}
    return Board(_rows(listed), hidden, _rows(list(closed[:LATELY_LISTED])), day_figures(user), unknown, said)


def _order(alarm: Alarm) -> tuple[bool, int, float]:
    """Nobody's alarms before somebody's, then by urgency, then the oldest first."""
    return (alarm.state != Alarm.State.NEW, alarm.urgency, alarm.opened_at.timestamp())


def day_figures(user: Any, now: datetime | None = None) -> DayFigures:
    """Numbers of the day so far, of what the person may see."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = Alarm.objects.restrict(user, "view").filter(opened_at__gte=midnight)
    real = rows.filter(is_test=False)
    counts = real.aggregate(opened=Count("pk"), false=Count("pk", filter=Q(outcome=Alarm.Outcome.FALSE)))
    seconds = _seconds_waited(user, midnight)
    tests = rows.filter(Q(is_test=True) | Q(outcome=Alarm.Outcome.TEST)).count()
    return DayFigures(counts["opened"], counts["false"], tests, median(seconds) if seconds else None)


def _seconds_waited(user: Any, since: datetime) -> list[float]:
    """How long each call of a real alarm waited until somebody accepted it; an alarm that rang again has waited twice."""
    rows = Alarm.objects.restrict(user, "view").filter(Q(opened_at__gte=since) | Q(again_at__gte=since), is_test=False)
    first = rows.values_list("opened_at", "acknowledged_at", "again_at", "again_acknowledged_at")
    calls = [pair for row in first for pair in (row[:2], row[2:])]
    return [(accepted - at).total_seconds() for at, accepted in calls if at and accepted and at >= since]


@dataclass(frozen=True, slots=True)
class Detail:
    """The middle of the desk: one alarm with all that is known."""

    alarm: Alarm
    where: str
    place: str
    life: bool
    plan: ResponsePlan | None
    steps: list[StepLine]
    lines: list[TimeLine]
    people_now: int | None
    contacts: list[Contact]
    panels: list[Panel]
    radius_m: int
    people_around: int
    reach: registry.Around | None
    earlier: list[Alarm]
    links: list[registry.Link]
    #: "Pressed again", for an alarm that has rung again since it was first accepted.
    again: str = ""

    @property
    def address(self) -> str:
        """The address in the reader's language, or in the other one."""
        facility = self.alarm.facility
        both = (facility.address_kk, facility.address_ru)
        first, second = both if (get_language() or "").startswith("kk") else both[::-1]
        return first or second

    @property
    def warning_query(self) -> str:
        """What the page of composing a warning is asked for: this alarm, its facility, the plan and the radius agreed."""
        alarm = self.alarm
        asked = {
            "alarm": alarm.pk,
            "facility": alarm.facility_id,
            "radius": self.radius_m,
        }
        return urlencode(asked | ({"plan": self.plan.warning_plan} if self.plan and self.plan.warning_plan else {}))

    @property
    def building_query(self) -> str:
        """The same for the building alone: how far that reaches is the business of warnings."""
        asked = {"alarm": self.alarm.pk, "facility": self.alarm.facility_id}
        plan = {"plan": self.plan.warning_plan} if self.plan and self.plan.warning_plan else {}
        return urlencode(asked | plan | {"scope": "building"})

    @property
    def steps_done(self) -> int:
        return sum(line.done is not None for line in self.steps)

    @property
    def next_step(self) -> StepLine | None:
        return next((line for line in self.steps if line.done is None), None)


RADIUS_M = 400


def alarm_detail(user: Any, alarm_id: int) -> Detail:
    """Raises Alarm.DoesNotExist when the person may not see it."""
    panels = Prefetch("facility__panels", Panel.objects.prefetch_related("zones"))
    alarm: Alarm = (
        Alarm.objects.restrict(user, "view")
        .select_related(
            "facility__area",
            "facility__type",
            "facility__agency",
            "acknowledged_by",
            "again_acknowledged_by",
            "taken_by",
            "closed_by",
        )
        .defer("facility__area__boundary")
        .prefetch_related(panels)
        .get(pk=alarm_id)
    )
    facility = alarm.facility
    plan = plan_for(alarm)
    radius = plan.radius_m if plan else RADIUS_M
    data = newest_signals([alarm]).get(alarm.pk, {})
    zones = zones_of(alarm)
    zone = zones.get((data.get("panel", ""), data.get("zone", "").lstrip("0")))
    return Detail(
        alarm=alarm,
        where=zone_name(zones, data.get("panel", ""), data.get("zone", "")),
        place=zone.place if zone else "",
        life=alarm.kind in LIFE and not alarm.is_test,
        plan=plan,
        steps=step_lines(alarm, plan),
        lines=time_line(alarm, user),
        people_now=people_now(facility),
        contacts=list(facility.contacts.all()),
        panels=list(facility.panels.all()),
        radius_m=radius,
        people_around=people_in(circle(facility.lat, facility.lon, radius)),
        reach=registry.reach(user, facility.lat, facility.lon, radius),
        earlier=list(
            Alarm.objects.restrict(user, "view")
            .filter(facility=facility, state=Alarm.State.CLOSED)
            .exclude(pk=alarm.pk)
            .order_by("-opened_at")[:3]
        ),
        links=[] if alarm.is_test else registry.extra_links(user, alarm.pk),
        again=called_again(alarm) if alarm.again_at else "",
    )
