"""Routes: windows, shifts, skills and limits are kept, each visit is made at most once, and each left out has its reason."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.routes import BEST, read
from tests.reference import reference_path
from tirek_engines.geo import distances
from tirek_engines.routes import Inspector, Reason, Visit, Ways, plan_routes

OFFICE = (50.28, 57.17)


@st.composite
def windows(draw):
    """Opening hours of up to three days."""
    hours = st.sampled_from([(), ((0, 1440),), ((540, 780), (840, 1080)), ((600, 660),), ((1300, 1440),)])
    return tuple(draw(st.lists(hours, min_size=1, max_size=3)))


skills = st.frozensets(st.sampled_from(["power", "school"]), max_size=2)
near = st.tuples(st.floats(49.9, 50.6), st.floats(56.6, 57.8))


@st.composite
def tasks(draw):
    visits = [
        Visit(*draw(near), draw(st.integers(0, 120)), draw(windows()), draw(st.integers(1, 3)), draw(skills))
        for _ in range(draw(st.integers(0, 9)))
    ]
    shift = st.sampled_from([None, (540, 1080), (480, 720), (600, 600)])
    inspectors = [
        Inspector(
            *draw(near),
            tuple(draw(st.lists(shift, min_size=1, max_size=3))),
            draw(st.sampled_from([1440, 300])),
            draw(st.sampled_from([None, 0, 2])),
            draw(skills),
        )
        for _ in range(draw(st.integers(0, 3)))
    ]
    return inspectors, visits


def check(inspectors, visits, ways, plan):
    """All that every plan must keep."""
    size, slack = len(inspectors), 1e-6
    made = [stop.visit for route in plan.routes for stop in route.stops]
    assert len(made) == len(set(made))
    assert sorted([*made, *(visit for visit, _ in plan.unassigned)]) == list(range(len(visits)))
    assert len({(route.inspector, route.day) for route in plan.routes}) == len(plan.routes)
    assert plan.metres == sum(route.metres for route in plan.routes)
    for route in plan.routes:
        inspector, here, now, metres = inspectors[route.inspector], route.inspector, route.start, 0
        begins, ends = inspector.shifts[route.day]
        assert begins - slack <= route.start <= route.end <= ends + slack
        assert route.end - route.start <= inspector.longest + slack
        assert inspector.most is None or sum(visits[stop.visit].load for stop in route.stops) <= inspector.most
        assert route.stops
        for stop in route.stops:
            visit, place = visits[stop.visit], size + stop.visit
            assert visit.skills <= inspector.skills
            assert stop.arrival == pytest.approx(now + ways.seconds[here, place] / 60)
            assert stop.begin >= stop.arrival - slack
            assert stop.departure == pytest.approx(stop.begin + visit.service)
            assert any(
                opens - slack <= stop.begin and stop.departure <= closes + slack
                for opens, closes in visit.on(route.day)
            )
            assert stop.metres == ways.metres[here, place]
            here, now, metres = place, stop.departure, metres + stop.metres
        assert route.end == pytest.approx(now + ways.seconds[here, route.inspector] / 60)
        assert route.metres == metres + ways.metres[here, route.inspector]


@settings(max_examples=150, deadline=None)
@given(tasks(), st.integers(0, 3), st.booleans())
def test_every_plan_keeps_all_rules(task, seed, may_leave_out):
    inspectors, visits = task
    ways = Ways.estimated(inspectors, visits)
    plan = plan_routes(inspectors, visits, ways, seed=seed, may_leave_out=may_leave_out, iterations=30, time_limit=None)
    check(inspectors, visits, ways, plan)
    for visit, reason in plan.unassigned:
        if reason is Reason.NO_SKILL:
            assert not any(
                visits[visit].skills <= inspector.skills and any(inspector.shifts) for inspector in inspectors
            )
        elif reason is not Reason.NO_ROOM:
            # Alone it cannot be made either.
            alone = plan_routes(inspectors, [visits[visit]], iterations=10, time_limit=None)
            assert alone.unassigned == ((0, reason),)


@settings(max_examples=40, deadline=None)
@given(tasks())
def test_a_search_that_hardly_began_keeps_all_rules(task):
    inspectors, visits = task
    ways = Ways.estimated(inspectors, visits)
    check(inspectors, visits, ways, plan_routes(inspectors, visits, ways, iterations=0, may_leave_out=False))


def day(count=12, seed=1):
    rng = np.random.default_rng(seed)
    return [Visit(*place, 30, (((540, 1080),),)) for place in rng.uniform([50.1, 56.9], [50.5, 57.5], (count, 2))]


def test_the_same_seed_gives_the_same_routes():
    inspectors = [Inspector(*OFFICE)] * 2
    first, second = (plan_routes(inspectors, day(), seed=5, iterations=200, time_limit=None) for _ in range(2))
    assert first.routes == second.routes
    assert first.iterations == second.iterations == 200


def test_a_small_round_is_the_shortest_of_all_orders():
    visits = day(5)
    ways = Ways.estimated([Inspector(*OFFICE)], visits)
    plan = plan_routes([Inspector(*OFFICE)], visits, ways, metres_per_second=0, iterations=300, time_limit=None)

    shortest = min(
        sum(int(ways.metres[a, b]) for a, b in zip((0, *order), (*order, 0), strict=True))
        for order in permutations(range(1, 6))
    )
    assert plan.metres == shortest
    assert not plan.unassigned


def test_the_important_are_made_and_the_others_wait():
    visits = [Visit(*OFFICE, 60, priority=1 + i % 3) for i in range(9)]
    plan = plan_routes([Inspector(*OFFICE, ((540, 720),))], visits, iterations=200, time_limit=None)
    assert sorted(visits[stop.visit].priority for route in plan.routes for stop in route.stops) == [3, 3, 3]
    assert {reason for _, reason in plan.unassigned} == {Reason.NO_ROOM}


def test_each_reason():
    office = Inspector(*OFFICE, ((540, 1080), None), skills=frozenset({"school"}))
    visits = [
        Visit(*OFFICE, 30, skills=frozenset({"power"})),
        Visit(*OFFICE, 30, ((), ((0, 1440),))),  # open on the day off only
        Visit(*OFFICE, 30, (((1070, 1200),),)),  # ten minutes are too short
        Visit(45.0, 57.17, 30),
        Visit(*OFFICE, 30, load=1),
    ]
    plan = plan_routes([office], visits, iterations=20, time_limit=None)
    assert plan.unassigned == (
        (0, Reason.NO_SKILL), (1, Reason.CLOSED), (2, Reason.CLOSED), (3, Reason.TOO_FAR),
    )  # fmt: skip
    assert [stop.visit for route in plan.routes for stop in route.stops] == [4]
    idle = Inspector(*OFFICE, most=1)
    assert plan_routes([idle], [Visit(*OFFICE, 30, load=2)]).unassigned == ((0, Reason.TOO_MUCH),)
    assert plan_routes([], visits).unassigned[4] == (4, Reason.NO_SKILL)
    assert plan_routes([office], []).routes == ()


def test_a_visit_with_two_windows_is_made_once():
    both = Visit(*OFFICE, 60, (((540, 700), (800, 1000)),))
    plan = plan_routes([Inspector(*OFFICE), Inspector(*OFFICE)], [both, both], iterations=100, time_limit=None)
    assert sorted(stop.visit for route in plan.routes for stop in route.stops) == [0, 1]


def test_inspectors_of_one_place_with_other_ways_are_told_apart():
    metres = [[0, 0, 5_000, 90_000], [0, 0, 90_000, 5_000], [5_000, 90_000, 0, 90_000], [90_000, 5_000, 90_000, 0]]
    ways = Ways.given(metres, np.array(metres) / 10)
    plan = plan_routes([Inspector(*OFFICE)] * 2, [Visit(*OFFICE, 30)] * 2, ways, iterations=50, time_limit=None)
    assert plan.metres == 20_000
    assert [(route.inspector, route.stops[0].visit) for route in plan.routes] == [(0, 0), (1, 1)]


def test_days_follow_each_other():
    visits = [Visit(*OFFICE, 400, ((), ((540, 1080),), ((540, 1080),))) for _ in range(2)]
    plan = plan_routes([Inspector(*OFFICE, ((540, 1080),) * 3)], visits, iterations=100, time_limit=None)
    assert [route.day for route in plan.routes] == [1, 2]
    assert all(route.start >= 540 for route in plan.routes)


def test_somebody_stops_it():
    heard = []

    def watcher(progress):
        heard.append(progress)
        return len(heard) >= 2

    plan = plan_routes([Inspector(*OFFICE)], day(), time_limit=None, watcher=watcher)
    assert len(heard) == 2
    assert plan.seconds < 5
    assert plan.routes


def test_estimated_ways():
    ways = Ways.estimated([Inspector(*OFFICE)], [Visit(50.0, 57.0, 0)], detour=1.4, kmh=72)
    assert ways.metres[0, 1] == pytest.approx(1.4 * distances(*OFFICE, 50.0, 57.0), abs=1)
    assert ways.seconds[1, 0] == pytest.approx(ways.metres[0, 1] / 20, abs=1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Visit(50, 57, -1), "0 to 1440"),
        (lambda: Visit(50, 57, 1, priority=0), "1 or more"),
        (lambda: Visit(50, 57, 1, (((600, 500),),)), "window"),
        (lambda: Inspector(50, 57, ((0, 1441),)), "shift"),
        (lambda: Inspector(50, 57, most=-1), "0 or more"),
        (lambda: Ways.given([[0, 1]], [[0, 1]]), "square"),
        (lambda: Ways.given([[0, -1], [1, 0]], [[0, 1], [1, 0]]), r"10\^9"),
        (lambda: Ways.given([[0, float("inf")], [1, 0]], [[0, 1], [1, 0]]), "a number"),
        (lambda: Ways.estimated([], [], detour=0.5), "detour"),
        (lambda: plan_routes([], [], time_limit=None), "without an end"),
        (lambda: plan_routes([], [Visit(50, 57, 1)], Ways.given([[0, 1], [1, 0]], [[0, 1], [1, 0]])), "between 1"),
    ],
)  # fmt: skip
def test_what_has_no_sense_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.reference
def test_the_published_problem_of_22_places():
    capacity, points, demands = read(reference_path("facilities", "vrp", "E-n22-k4.txt"))
    best, vehicles = BEST["E-n22-k4.txt"]
    apart = np.rint(np.hypot(*(points[:, None] - points[None, :]).transpose(2, 0, 1))).astype(int)
    order = [0] * vehicles + list(range(1, len(points)))
    metres = apart[np.ix_(order, order)]
    plan = plan_routes(
        [Inspector(0, 0, ((0, 1440),), most=capacity)] * vehicles,
        [Visit(0, 0, 0, load=demand) for demand in demands[1:]],
        Ways.given(metres, np.zeros_like(metres)),
        metres_per_second=0,
        may_leave_out=False,
        iterations=3_000,
        time_limit=60,
    )
    assert not plan.unassigned
    assert best <= plan.metres <= best * 1.01
