"""Routes for inspectors by PyVRP.

Every visit may be left out at a price, its prize. A day of an inspector is a vehicle; days that are alike are alternatives that the
search need not tell apart. A window on some days only, or a visit that asks for skills, is far out of reach for the other vehicles.
Of the windows of a visit at most one is used (a group of alternatives).

N. A. Wouda, L. Lan and W. Kool, "PyVRP: a high-performance VRP solver package", INFORMS Journal on Computing 36 (2024) 943-955.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import groupby

import numpy as np
import pyvrp
from numpy.typing import NDArray

from tirek_engines.routes.problem import Call, Inspector, Team, Visit, Ways

_NEVER = 10**8  # seconds: longer than any shift; the way to what somebody may not do


class Reason(Enum):
    """Why a visit is in no route."""

    NO_SKILL = "nobody has the skills"
    CLOSED = "it is open in nobody's shift for long enough"
    TOO_MUCH = "it is more than anybody may do in a day"
    TOO_FAR = "nobody can reach it and come back within a shift, even with nothing else to do"
    NO_ROOM = "others were preferred: there was no room left in the shifts"


@dataclass(frozen=True, slots=True)
class Stop:
    """One visit on a route. Minutes of the day; `metres` is the way from the stop before.

    The inspector arrives at `arrival`, waits if it is closed, begins at `begin` and departs at `departure`.
    """

    visit: int
    arrival: float
    begin: float
    departure: float
    metres: int


@dataclass(frozen=True, slots=True)
class Route:
    """One inspector's day: sets out at `start`, is back at `end` (minutes of the day); `metres` includes the way back."""

    inspector: int
    day: int
    start: float
    end: float
    stops: tuple[Stop, ...]
    metres: int


@dataclass(frozen=True, slots=True)
class Routes:
    """The plan.

    Attributes
    ----------
    routes : tuple of Route
        By day and inspector; days without a visit have none.
    unassigned : tuple of (int, Reason)
        Visits in no route, and why.
    metres : int
    iterations : int
        Of the search.
    seconds : float
        How long it took.
    """

    routes: tuple[Route, ...]
    unassigned: tuple[tuple[int, Reason], ...]
    metres: int
    iterations: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Progress:
    """Seconds and iterations since the start of the search."""

    seconds: float
    iterations: int


Watcher = Callable[[Progress], bool | None]  # returns True to stop with the best routes so far


class _Stop:
    """PyVRP's stopping criterion: time, iterations, and the watcher about every tenth of a second."""

    def __init__(self, limit: float | None, iterations: int | None, watcher: Watcher | None) -> None:
        self.limit, self.most, self.watcher = limit, iterations, watcher
        self.begun = self.told = time.perf_counter()
        self.iterations = -1

    def __call__(self, best_cost: int) -> bool:
        self.iterations += 1
        now = time.perf_counter()
        if self.limit is not None and now - self.begun >= self.limit:
            return True
        if self.most is not None and self.iterations >= self.most:
            return True
        if self.watcher is not None and (now - self.told >= 0.1 or self.iterations == 0):
            self.told = now
            return bool(self.watcher(Progress(now - self.begun, self.iterations)))
        return False


def plan_routes(
    inspectors: Sequence[Inspector],
    visits: Sequence[Visit],
    ways: Ways | None = None,
    *,
    metres_per_second: int = 5,
    may_leave_out: bool = True,
    seed: int = 0,
    time_limit: float | None = 10.0,
    iterations: int | None = None,
    watcher: Watcher | None = None,
) -> Routes:
    """Routes that make as many visits as fit, the important ones first, on short ways.

    Minimises metres + `metres_per_second` * seconds on duty + the prizes of visits left out. The prize of a visit is its priority
    times what the dearest visit costs an inspector who makes nothing else, so that none is left out to save a way. A heuristic: it
    proves nothing, but within seconds comes to within a percent of the best routes known on published problems.

    Parameters
    ----------
    inspectors : sequence of Inspector, length i
    visits : sequence of Visit, length v
    ways : Ways, optional
        `Ways.estimated(inspectors, visits)` when left out.
    metres_per_second : int
        How many metres of way one second of an inspector's time is worth.
    may_leave_out : bool
        False where all visits are known to fit: the search for short ways is then faster. If they do not fit, some are left out
        all the same, and not well chosen.
    seed : int
        The same seed and number of iterations give the same routes.
    time_limit : float or None
        Seconds of search.
    iterations : int or None
        Iterations of search, at most.
    watcher : callable, optional
        Told a `Progress` about ten times a second; returns True to stop with the best routes so far.

    Returns
    -------
    Routes

    Raises
    ------
    ValueError
        If the ways are not those of these places, or neither time nor iterations are limited and nobody watches.
    """
    begun = time.perf_counter()
    if time_limit is None and iterations is None and watcher is None:
        raise ValueError("a search without an end: limit its time or its iterations")
    ways = Ways.estimated(inspectors, visits) if ways is None else ways
    if len(ways.metres) != len(inspectors) + len(visits):
        raise ValueError(f"ways between {len(inspectors) + len(visits)} places, not {len(ways.metres)}")
    teams = _teams(inspectors)
    calls, reasons = _calls(inspectors, visits, ways, teams)
    if not calls:
        return Routes((), tuple(sorted(reasons.items())), 0, 0, time.perf_counter() - begun)
    allowed = _allowed(inspectors, visits, teams, calls)
    crews = _crews(len(inspectors), teams, allowed, ways)
    data = _data(inspectors, visits, ways, crews, allowed, calls, metres_per_second, may_leave_out)
    stop = _Stop(time_limit, iterations, watcher)
    # Breaking a window by a second must be able to cost more than a visit's prize.
    dearest = float(max(client.prize for client in data.clients()))
    params = pyvrp.SolveParams(penalty=pyvrp.PenaltyParams(max_penalty=max(100_000.0, dearest)))
    result = pyvrp.solve(data, stop, seed=seed, collect_stats=False, display=False, params=params)
    routes = _routes(data, result.best, inspectors, visits, ways, crews, calls)
    made = {stop.visit for route in routes for stop in route.stops}
    for call in calls:
        if call.visit not in made:
            reasons[call.visit] = Reason.NO_ROOM
    return Routes(
        tuple(routes),
        tuple(sorted(reasons.items())),
        sum(route.metres for route in routes),
        int(result.num_iterations),
        time.perf_counter() - begun,
    )


def _teams(inspectors: Sequence[Inspector]) -> list[Team]:
    """Everybody's days on duty."""
    teams = []
    for number, inspector in enumerate(inspectors):
        for day, shift in enumerate(inspector.shifts):
            if shift is not None:
                opens, closes = (round(minute * 60) for minute in shift)
                teams.append(Team(number, day, opens, closes, int(inspector.longest * 60), inspector.most))
    return teams


def _calls(
    inspectors: Sequence[Inspector], visits: Sequence[Visit], ways: Ways, teams: list[Team]
) -> tuple[list[Call], dict[int, Reason]]:
    """All ways to make each visit that somebody could do with nothing else to do; and why visits without any have none."""
    calls: list[Call] = []
    reasons: dict[int, Reason] = {}
    for number, visit in enumerate(visits):
        skilled = [i for i, team in enumerate(teams) if visit.skills <= inspectors[team.inspector].skills]
        place, service = len(inspectors) + number, _seconds(visit.service)
        before, reason = len(calls), Reason.CLOSED if skilled else Reason.NO_SKILL
        able: dict[tuple[int, int], list[Team]] = {}
        for i in skilled:
            team = teams[i]
            for window in visit.on(team.day):
                opens, closes = (round(minute * 60) for minute in window)
                if max(opens, team.opens) + service > min(closes, team.closes):
                    continue
                if team.most is not None and visit.load > team.most:
                    reason = Reason.TOO_MUCH if reason is Reason.CLOSED else reason
                    continue
                reason = Reason.TOO_FAR
                out, back = int(ways.seconds[team.inspector, place]), int(ways.seconds[place, team.inspector])
                ends = max(team.opens + out, opens) + service
                if ends <= closes and ends + back <= team.closes and out + service + back <= team.longest:
                    able.setdefault((opens, closes), []).append(team)
        for (opens, closes), who in able.items():
            days = frozenset(
                day for day in range(1 + max(team.day for team in teams)) if _open(visit, day, opens, closes)
            )
            calls.append(Call(number, opens, closes, days, tuple(sorted({team.inspector for team in who}))))
        if len(calls) == before:
            reasons[number] = reason
    return calls, reasons


def _open(visit: Visit, day: int, opens: int, closes: int) -> bool:
    """Whether the visit has this window, in seconds, on that day."""
    return any((round(first * 60), round(last * 60)) == (opens, closes) for first, last in visit.on(day))


def _allowed(
    inspectors: Sequence[Inspector], visits: Sequence[Visit], teams: list[Team], calls: list[Call]
) -> dict[tuple[int, int], bytes]:
    """For each inspector and day which calls may be made, as a row of booleans: skilled for it, and open that day."""
    skilled: dict[frozenset[str], NDArray[np.bool_]] = {}
    for one in inspectors:
        if one.skills not in skilled:
            skilled[one.skills] = np.array([visits[call.visit].skills <= one.skills for call in calls])
    days = {team.day for team in teams}
    open_on = {day: np.array([day in call.days for call in calls]) for day in days}
    return {
        (team.inspector, team.day): (skilled[inspectors[team.inspector].skills] & open_on[team.day]).tobytes()
        for team in teams
    }


def _crews(size: int, teams: list[Team], allowed: dict[tuple[int, int], bytes], ways: Ways) -> list[list[Team]]:
    """Teams that PyVRP need not tell apart: same ways to all visits and back, same hours, limits and calls."""
    seen: dict[bytes, int] = {}
    place = []
    for i in range(size):
        parts = [array[i, size:] for array in (ways.metres, ways.seconds)]
        parts += [array[size:, i] for array in (ways.metres, ways.seconds)]
        place.append(seen.setdefault(b"".join(part.tobytes() for part in parts), len(seen)))

    def alike(team: Team) -> tuple[int, int, int, int, int, bytes]:
        most = -1 if team.most is None else team.most
        own = allowed[team.inspector, team.day]
        return (place[team.inspector], team.opens, team.closes, team.longest, most, own)

    return [list(group) for _, group in groupby(sorted(teams, key=alike), key=alike)]


def _data(
    inspectors: Sequence[Inspector],
    visits: Sequence[Visit],
    ways: Ways,
    crews: list[list[Team]],
    allowed: dict[tuple[int, int], bytes],
    calls: list[Call],
    metres_per_second: int,
    may_leave_out: bool,
) -> pyvrp.ProblemData:
    """The problem in PyVRP's terms: a client for each call, a group for each visit, a vehicle type for each crew."""
    size = len(inspectors)
    # A place for each inspector and each call: what one vehicle may not do, another may at the same spot.
    rows = np.array([*range(size), *(size + call.visit for call in calls)])
    metres, seconds = ways.metres[np.ix_(rows, rows)], ways.seconds[np.ix_(rows, rows)]
    places: list[Inspector | Visit] = [*inspectors, *(visits[call.visit] for call in calls)]
    prize = 1 + max(_alone(visits, ways, size, call, metres_per_second) for call in calls)
    members: dict[int, list[int]] = {}
    for number, call in enumerate(calls):
        members.setdefault(call.visit, []).append(number)
    several = {visit: own for visit, own in members.items() if len(own) > 1}
    group_of = {visit: index for index, visit in enumerate(several)}
    clients = []
    for number, call in enumerate(calls):
        visit = visits[call.visit]
        service = _seconds(visit.service)
        clients.append(
            pyvrp.Client(
                location=size + number,
                delivery=[visit.load],
                service_duration=service,
                tw_early=call.opens,
                tw_late=call.closes - service,
                prize=prize * visit.priority,
                required=not may_leave_out and call.visit not in group_of,
                group=group_of.get(call.visit),
            )
        )
    profiles = sorted(set(allowed.values()))
    durations = []
    for row in profiles:
        duration = seconds.copy()
        duration[:, size + np.flatnonzero(~np.frombuffer(row, dtype=np.bool_))] = _NEVER
        np.fill_diagonal(duration, 0)
        durations.append(duration)
    total = sum(visit.load for visit in visits)
    types = []
    for crew in crews:
        team, most = crew[0], crew[0].most
        types.append(
            pyvrp.VehicleType(
                num_available=len(crew),
                capacity=[total if most is None else min(most, total)],
                start_depot=team.inspector,
                end_depot=team.inspector,
                tw_early=team.opens,
                tw_late=team.closes,
                shift_duration=team.longest,
                unit_distance_cost=1,
                unit_duration_cost=metres_per_second,
                profile=profiles.index(allowed[team.inspector, team.day]),
            )
        )
    return pyvrp.ProblemData(
        locations=[pyvrp.Location(place.lon, place.lat) for place in places],
        clients=clients,
        depots=[pyvrp.Depot(location=i) for i in range(size)],
        vehicle_types=types,
        distance_matrices=[metres] * len(profiles),
        duration_matrices=durations,
        groups=[pyvrp.ClientGroup(own, required=not may_leave_out) for own in several.values()],
    )


def _alone(visits: Sequence[Visit], ways: Ways, size: int, call: Call, metres_per_second: int) -> int:
    """The most that it costs to make a visit with nothing else to do, for those who could."""
    service, place = _seconds(visits[call.visit].service), size + call.visit
    there, back = ways.metres[list(call.inspectors), place], ways.metres[place, list(call.inspectors)]
    seconds = ways.seconds[list(call.inspectors), place] + ways.seconds[place, list(call.inspectors)] + service
    return int((there + back + metres_per_second * seconds).max())


def _routes(
    data: pyvrp.ProblemData,
    best: pyvrp.Solution,
    inspectors: Sequence[Inspector],
    visits: Sequence[Visit],
    ways: Ways,
    crews: list[list[Team]],
    calls: list[Call],
) -> list[Route]:
    """PyVRP's routes with our own time table. What would break a window or a shift is left out, least important first."""
    free = [list(crew) for crew in crews]
    found, made = [], set()
    for planned in best.routes():
        own = []
        for activity in planned:
            if activity.is_client() and calls[activity.idx].visit not in made:
                made.add(calls[activity.idx].visit)
                own.append(activity.idx)
        kind = planned.vehicle_type()
        route = planned
        while (own and not route.is_feasible()) or len(own) != route.num_clients():
            if not pyvrp.Route(data, own, kind).is_feasible():
                least = min(own, key=lambda client: visits[calls[client].visit].priority)
                own.remove(least)
                made.discard(calls[least].visit)
            route = pyvrp.Route(data, own, kind)
        if own:
            team = free[kind].pop(0)
            found.append(_timed(team, [calls[client] for client in own], route.start_time(), inspectors, visits, ways))
    return sorted(found, key=lambda route: (route.day, route.inspector))


def _timed(
    team: Team, calls: list[Call], start: int, inspectors: Sequence[Inspector], visits: Sequence[Visit], ways: Ways
) -> Route:
    """The time table of one route."""
    here, now, total, stops = team.inspector, start, 0, []
    for call in calls:
        place = len(inspectors) + call.visit
        metres = int(ways.metres[here, place])
        arrival = now + int(ways.seconds[here, place])
        begin = max(arrival, call.opens)
        now = begin + _seconds(visits[call.visit].service)
        total, here = total + metres, place
        came, began, left = (moment / 60 for moment in (arrival, begin, now))
        stops.append(Stop(call.visit, came, began, left, metres))
    end = now + int(ways.seconds[here, team.inspector])
    total += int(ways.metres[here, team.inspector])
    return Route(team.inspector, team.day, start / 60, end / 60, tuple(stops), total)


def _seconds(minutes: float) -> int:
    return int(np.ceil(minutes * 60 - 1e-9))
