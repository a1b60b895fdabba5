"""Routes for the visits of a round: each inspector's days, planned by PyVRP as a job that can be stopped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tirek.accounts.access import require
from tirek.accounts.models import Person
from tirek.accounts.roles import ROLES
from tirek.audit.act import Refused
from tirek.facilities.hours import spans_of
from tirek.facilities.models import Facility
from tirek.inspections import queries
from tirek.inspections.actions import planning
from tirek.inspections.models import Inspection, Round
from tirek.jobs import actions as jobs
from tirek.jobs.models import Job
from tirek.jobs.running import Handle, Stopped
from tirek.places.models import Area
from tirek_engines import routes as engine

JOB = "inspections.routes"
SEARCH_S = 8.0  # for each inspector
MINUTES = 24 * 60
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Leg:
    """One stop of a day with the way to it."""

    visit: Inspection
    metres: int


@dataclass(frozen=True, slots=True)
class Day:
    """One inspector's day as it is drawn: from home, stop by stop, and back."""

    home: tuple[float, float]
    legs: list[Leg]
    metres: int

    @property
    def line(self) -> dict[str, Any]:
        """The way as GeoJSON, straight from place to place."""
        places = [self.home, *((leg.visit.facility.lat, leg.visit.facility.lon) for leg in self.legs), self.home]
        return {"type": "LineString", "coordinates": [[lon, lat] for lat, lon in places]}


def start(user: Person, round_: Round, asked: dict[str, Any]) -> Job:
    """Let the worker plan the routes of a round. `asked` is what `RoutesForm` holds."""
    require(user, planning.ASSIGN, None)
    payload = {
        "round_id": round_.pk,
        "first": asked["first"].isoformat(),
        "days": asked["days"],
        "begin": minutes_of(asked["begin"]),
        "end": minutes_of(asked["end"]),
        "minutes": asked["minutes"],
        "most": asked["most"],
        "weekends": asked["weekends"],
    }
    title = _("Routes: %(round)s") % {"round": round_.name}
    return jobs.start(JOB, user, title, payload, area_path=round_.area_path)


def work(
    handle: Handle,
    *,
    round_id: int,
    first: str,
    days: int,
    begin: int,
    end: int,
    minutes: int,
    most: int,
    weekends: bool,
    search_s: float = SEARCH_S,
) -> dict[str, Any]:
    """The job. What it has found for one inspector is written in one act at the end, or not at all when it was stopped."""
    user = handle.user
    rows = Inspection.objects.restrict(user, "assign").filter(round=round_id, state=Inspection.State.ASSIGNED)
    visits = list(rows.select_related("facility__area", "inspector__agency__area").order_by("pk"))
    if not visits:
        raise Refused(_("No visit of this round has an inspector yet. Give them out first."))
    calendar = [date.fromisoformat(first) + timedelta(days=number) for number in range(days)]
    by_person: dict[int, list[Inspection]] = {}
    for visit in visits:
        by_person.setdefault(visit.inspector_id or 0, []).append(visit)
    moves: list[tuple[int, date, int, time | None]] = []
    metres = 0
    left: list[tuple[Inspection, engine.Reason]] = []
    for number, own in enumerate(by_person.values()):
        shifts = tuple((begin, end) if weekends or day.weekday() < SATURDAY else None for day in calendar)
        found = _solve(handle, own, calendar, shifts, minutes, most, number, len(by_person), search_s)
        metres += found.metres
        left += [(own[place], reason) for place, reason in found.unassigned]
        for route in found.routes:
            for order, stop in enumerate(route.stops, start=1):
                moves.append((own[stop.visit].pk, calendar[route.day], order, time_of(stop.begin)))
    if not moves:
        raise Refused(_("No visit fits into these days. Give more days, longer ones or shorter visits."))
    planning.move_visits(user, moves)
    return {"text": _text(len(moves), metres, left), "url": reverse("inspections:round", args=[round_id])}


def day_of(person: Person, visits: Sequence[Inspection]) -> Day:
    """One day as it stands, by the order that was planned or moved by hand."""
    home = home_of(person, [visit.facility for visit in visits])
    places = [engine.Visit(visit.facility.lat, visit.facility.lon, 0) for visit in visits]
    ways = engine.Ways.estimated([engine.Inspector(*home)], places)
    legs, here = [], 0
    for place, visit in enumerate(visits, start=1):
        legs.append(Leg(visit, int(ways.metres[here, place])))
        here = place
    back = int(ways.metres[here, 0]) if visits else 0
    return Day(home, legs, sum(leg.metres for leg in legs) + back)


def home_of(person: Person, facilities: Sequence[Facility]) -> tuple[float, float]:
    """Where a person sets out: the largest town of the area that they inspect, or of their agency's; else amid the facilities."""
    able = [key for key, role in ROLES.items() if queries.CARRY in role.permissions]
    areas = [a.area for a in person.assignments.select_related("area").filter(role__in=able) if a.area is not None]
    if person.agency is not None and person.agency.area is not None:
        areas.append(person.agency.area)
    for area in areas:
        towns = Area.objects.filter(kind=Area.Kind.SETTLEMENT, path__startswith=area.path, lat__isnull=False)
        place = towns.order_by("-population", "pk").values_list("lat", "lon").first() or (area.lat, area.lon)
        if place[0] is not None and place[1] is not None:
            return place
    n = max(1, len(facilities))
    return sum(f.lat for f in facilities) / n, sum(f.lon for f in facilities) / n


def windows(facility: Facility, day: date, begin: int, end: int) -> tuple[tuple[float, float], ...]:
    """When a facility may be visited on a day: while it is open; where nothing is known, all day."""
    if len(facility.opening) != 7:
        return ((begin, end),)
    return tuple((opens, min(MINUTES, closes)) for opens, closes in spans_of(facility.opening[day.weekday()]))


def minutes_of(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def time_of(minutes: float) -> time:
    whole = min(MINUTES - 1, round(minutes))
    return time(whole // 60, whole % 60)


def _solve(
    handle: Handle,
    visits: list[Inspection],
    calendar: list[date],
    shifts: tuple[tuple[float, float] | None, ...],
    minutes: int,
    most: int,
    number: int,
    total: int,
    search_s: float,
) -> engine.Routes:
    person = visits[0].inspector
    if person is None:
        raise ValueError("a visit without an inspector")
    home = home_of(person, [visit.facility for visit in visits])
    inspector = engine.Inspector(*home, shifts=shifts, most=most)
    wanted = [
        engine.Visit(
            visit.facility.lat,
            visit.facility.lon,
            minutes,
            windows=tuple(windows(visit.facility, day, 0, MINUTES) for day in calendar),
            priority=4 - visit.facility.category,
        )
        for visit in visits
    ]
    stopped = False

    def watch(progress: engine.Progress) -> bool:
        nonlocal stopped
        done = number * 100 + min(99, int(100 * progress.seconds / search_s))
        try:
            handle.progress(done, total * 100, person.full_name)
        except Stopped:
            stopped = True
        return stopped

    found = engine.plan_routes([inspector], wanted, seed=1, time_limit=search_s, watcher=watch)
    if stopped:
        raise Stopped
    handle.progress((number + 1) * 100, total * 100)
    return found


def _text(placed: int, metres: int, left: list[tuple[Inspection, engine.Reason]]) -> str:
    text = ngettext(
        "%(n)d visit has a day, %(km)d km of way.", "%(n)d visits have a day, %(km)d km of way.", placed
    ) % {"n": placed, "km": round(metres / 1000)}
    if not left:
        return text
    words = {
        engine.Reason.CLOSED: _("it is closed then"),
        engine.Reason.TOO_FAR: _("too far for one day"),
        engine.Reason.NO_ROOM: _("no room in these days"),
        engine.Reason.NO_SKILL: _("nobody can"),
    }
    names = "; ".join(f"{visit.facility} ({words[reason]})" for visit, reason in left[:5])
    rest = ngettext("%(n)d visit has none", "%(n)d visits have none", len(left)) % {"n": len(left)}
    return f"{text} {rest}: {names}{'…' if len(left) > 5 else '.'}"
