"""Series: what counts, where and when; and exactly what was known on any day."""

from datetime import date, timedelta

import numpy as np
import pytest
from django.utils import timezone

from tests.incidents.makers import make_incident, moment
from tirek.incidents import actions, series
from tirek.incidents.models import Incident, Revision, Silence
from tirek.incidents.months import counted_in, first_day, last_day, month_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
MARCH = month_of(date(2026, 3, 1))


@pytest.fixture
def areas(small_province):
    return [small_province.region, *small_province.districts, *small_province.settlements]


@pytest.fixture
def at(monkeypatch):
    """Let an act happen at a moment."""

    def go(text):
        monkeypatch.setattr(timezone, "now", lambda: moment(text))

    return go


def total(areas, **more):
    return series.monthly(areas[:1], MARCH - 3, MARCH + 3, **more)[:, 0].tolist()


def test_months_are_integers():
    assert MARCH == 2026 * 12 + 2
    assert (first_day(MARCH), last_day(MARCH)) == (date(2026, 3, 1), date(2026, 3, 31))
    assert counted_in(date(2026, 1, 30), date(2026, 2, 5)) == month_of(date(2026, 2, 1))  # the middle day
    assert counted_in(date(2026, 3, 1), date(2026, 3, 31)) == MARCH
    assert counted_in(date(2026, 3, 1), date(2026, 4, 1)) is None


def test_each_area_counts_what_lies_in_it(areas, small_province):
    for settlement, day in ((0, 5), (0, 6), (1, 7), (2, 8)):
        make_incident(small_province.settlements[settlement], day=date(2026, 3, day))
    make_incident(small_province.districts[1], day=date(2026, 4, 1), where_precision="district", lat=None, lon=None)
    counts = series.monthly(areas, MARCH, MARCH + 1)
    assert counts.dtype == np.int64
    assert counts.tolist() == [[4, 3, 1, 2, 1, 1, 0], [1, 0, 1, 0, 0, 0, 0]]


def test_found_ones_are_counted_apart(areas, small_province):
    make_incident(small_province.settlements[0])
    for _ in range(3):
        make_incident(small_province.settlements[0], discovery_mode="found")
    assert total(areas)[3] == 1
    assert total(areas, modes=("reported", "found"))[3] == 4
    assert {mode: int(n.sum()) for mode, n in series.by_mode(areas[:1], MARCH, MARCH).items()} == {
        "reported": 1,
        "found": 3,
        "third": 0,
    }


def test_kinds_and_severity_narrow(areas, small_province):
    make_incident(small_province.settlements[0], kind="threat", severity=1)
    make_incident(small_province.settlements[0], severity=4)
    assert total(areas, groups=("threat",))[3] == 1
    assert total(areas, least_severity=4)[3] == 1


def test_what_may_have_happened_in_any_of_several_months_counts_in_none(areas, small_province):
    make_incident(
        small_province.settlements[0], day=date(2026, 1, 1), last_day=date(2026, 12, 31), when_precision="year"
    )
    assert sum(total(areas)) == 0


def test_known_on_a_day_is_what_the_register_held_then(areas, small_province, person, at):
    """Written late, moved, refuted and merged: each day sees what was known at its end."""
    analyst = person("analyst")
    north, south = small_province.districts
    late = make_incident(small_province.settlements[0], known_at=moment("2026-04-20 09:00"), day=date(2026, 3, 10))
    other = make_incident(small_province.settlements[0], known_at=moment("2026-03-12 09:00"), day=date(2026, 3, 11))
    third = make_incident(small_province.settlements[0], known_at=moment("2026-03-15 23:30"), day=date(2026, 3, 15))
    at("2026-05-02 12:00")
    actions.correct_incident(
        analyst,
        other.pk,
        {
            "first_day": date(2026, 2, 11), "last_day": date(2026, 2, 11),
            "area": small_province.settlements[2], "lat": 49.5, "lon": 56.8,
        },
        "report",
    )  # fmt: skip
    at("2026-05-10 12:00")
    actions.refute_incident(analyst, third.pk, "nothing happened there")
    at("2026-05-20 12:00")
    actions.merge_incident(analyst, late.pk, other.pk, "told twice")

    def held(day):
        counts = series.monthly([north, south], MARCH - 1, MARCH, known_on=date.fromisoformat(day))
        return counts.tolist()

    assert held("2026-03-11") == [[0, 0], [0, 0]]
    assert held("2026-03-12") == [[0, 0], [1, 0]]
    assert held("2026-03-15") == [[0, 0], [2, 0]]  # known at half past eleven that evening
    assert held("2026-04-19") == [[0, 0], [2, 0]]
    assert held("2026-04-20") == [[0, 0], [3, 0]]
    assert held("2026-05-02") == [[0, 1], [2, 0]]  # another month and another district from then on
    assert held("2026-05-10") == [[0, 1], [1, 0]]
    assert held("2026-05-20") == [[0, 1], [0, 0]]
    assert series.monthly([north, south], MARCH - 1, MARCH).tolist() == held("2026-05-20")
    at("2026-06-01 12:00")
    actions.part_incident(analyst, late.pk, "two after all")
    actions.reopen_incident(analyst, third.pk, "a witness")
    assert held("2026-05-20") == [[0, 1], [0, 0]]  # what was known then does not change
    assert held("2026-06-01") == [[0, 1], [2, 0]]


def test_vintages_are_what_was_known_at_the_end_of_each_month(
    areas, small_province, person, at, django_assert_max_num_queries
):
    """Late entries, corrections, refutations, a merger and a silence: as `monthly` and `reporting` answer for each last day."""
    rng, analyst = np.random.default_rng(0), person("analyst")
    first, last = MARCH - 40, MARCH
    places = [*small_province.settlements, small_province.districts[1]]
    at("2026-03-31 23:50")
    made = []
    for n in range(160):
        day = first_day(int(rng.integers(first, last + 1))) + timedelta(days=int(rng.integers(0, 28)))
        mode = ("reported", "reported", "found")[n % 3]
        known = moment(f"{day} 12:00") + timedelta(days=int(rng.choice([0, 3, 40, 200])))
        place = places[0] if day < date(2025, 3, 1) else places[int(rng.integers(len(places)))]
        made.append(make_incident(place, day=day, known_at=known, discovery_mode=mode))
    known = [one for one in made if one.known_at < moment(f"{last_day(last - 9)} 12:00")]
    for k, month in enumerate(range(last - 9, last)):
        at(f"{last_day(month)} 22:00")
        moved = {"first_day": first_day(month), "last_day": first_day(month)}
        actions.refute_incident(analyst, known[k].pk, "nothing there")
        actions.correct_incident(analyst, known[20 + k].pk, moved, "the journal")
        actions.merge_incident(analyst, known[40 + 2 * k].pk, known[41 + 2 * k].pk, "told twice")
    south = small_province.districts[1]
    given = {"first_month": last - 6, "last_month": last - 4, "why": "no journal"}
    Silence.objects.create(
        area=south, **given, declared_at=moment("2025-12-05 10:00"), withdrawn_at=moment("2026-02-10 10:00")
    )
    Silence.objects.create(area=places[0], first_month=last - 3, why="x", declared_at=moment("2026-01-15 10:00"))
    with django_assert_max_num_queries(3):
        held = series.vintages(areas, first, last)
    for k, month in enumerate(range(first, last + 1)):
        then = {"known_on": last_day(month)}
        counts = series.monthly(areas, first, month, **then)
        assert np.array_equal(held.counts[k, : k + 1], counts), month
        assert not held.counts[k, k + 1 :].any()
        assert np.array_equal(held.silent[k, : k + 1], series.reporting(areas, first, month, **then)), month
        everything = sum(series.by_mode(areas, first, month, **then).values())
        assert held.begun[k] == everything.any()
    assert held.silent.any()
    assert held.counts[:-1][:, :-1].sum() < held.counts[-1].sum() * len(held.counts)
    assert set(held.by_months()) <= set(range(1, last - first + 1))


def test_a_register_that_was_brought_in_later_has_no_vintages_before(areas, small_province):
    """All of the past became known on one day: of the months before that nobody knew anything, and nothing is made up."""
    for ago in range(1, 30):
        day = first_day(MARCH - ago)
        make_incident(small_province.settlements[0], day=day, known_at=moment("2026-01-20 10:00"))
    held = series.vintages(areas, MARCH - 30, MARCH)
    assert sorted(held.by_months()) == [29, 30]  # at the end of January and of February
    assert held.by_months()[29][0][:, 0].sum() == 28


def test_no_vintages_of_an_empty_register(areas):
    held = series.vintages(areas, MARCH - 3, MARCH)
    assert not held.counts.any()
    assert held.by_months() == {}
    with pytest.raises(ValueError, match="before"):
        series.vintages(areas, MARCH, MARCH - 1)


def test_the_newest_revision_says_what_the_register_holds(areas, small_province, person):
    analyst = person("analyst")
    made = make_incident(small_province.settlements[0])
    actions.verify_incident(analyst, made.pk, "seen")
    actions.correct_incident(analyst, made.pk, {"severity": 5}, "two dead")
    newest = Revision.objects.get(incident=made, known_until=None)
    now = Incident.objects.get(pk=made.pk)
    assert (newest.number, newest.severity, newest.verification) == (3, 5, "verified")
    assert (now.severity, now.verification) == (5, "verified")
    chain = list(made.revisions.order_by("number"))
    assert [row.known_until for row in chain] == [chain[1].known_at, chain[2].known_at, None]


def test_points_in_cells_never_finer_than_six(small_province):
    for lat in (50.5, 50.5001, 50.3):
        make_incident(small_province.settlements[0], lat=lat, lon=56.8)
    make_incident(small_province.districts[0], where_precision="district", lat=None, lon=None)
    cells, counts = series.points(small_province.region, MARCH, MARCH)
    assert sorted(counts.sum(axis=0).tolist()) == [1, 2]
    assert len(cells) == 2
    with pytest.raises(ValueError, match="finer"):
        series.points(small_province.region, MARCH, MARCH, resolution=7)


def test_months_that_a_person_declared_silent(small_province):
    north, south = small_province.districts
    Silence.objects.create(area=north, first_month=MARCH, last_month=MARCH + 1, why="no journal")
    silent = series.reporting([north, south, small_province.settlements[0]], MARCH - 1, MARCH + 2)
    assert silent.tolist() == [[False] * 3, [True, False, True], [True, False, True], [False] * 3]


def test_a_declaration_is_not_known_before_it_was_made(small_province):
    north = small_province.districts[0]
    Silence.objects.create(area=north, first_month=MARCH, why="no journal", declared_at=moment("2026-08-01 10:00"))
    assert not series.reporting([north], MARCH, MARCH, known_on=date(2026, 7, 31)).any()
    assert series.reporting([north], MARCH, MARCH, known_on=date(2026, 8, 1)).all()


def test_an_area_that_fell_silent_is_found_and_a_quiet_one_is_not(small_province):
    """One district reported two a month and stopped a year ago; the other never reported more than once a year."""
    north, south = small_province.districts
    now = series.month_before()
    for ago in range(13, 40):
        for _ in range(2):
            day = first_day(now - ago)
            make_incident(small_province.settlements[0], day=day, known_at=timezone.now() - timedelta(days=30 * ago))
    make_incident(small_province.settlements[2], day=first_day(now - 30))
    silent = series.reporting([north, south], now - 23, now)
    assert silent[:, 0].tolist() == [False] * 11 + [True] * 13
    assert not silent[:, 1].any()


def test_no_incidents_at_all(areas):
    assert series.monthly(areas, MARCH, MARCH).sum() == 0
    assert not series.reporting(areas, MARCH, MARCH).any()
    cells, counts = series.points(areas[0], MARCH, MARCH + 2)
    assert cells == []
    assert counts.shape == (3, 0)


def test_months_the_wrong_way_round_are_an_error(areas):
    with pytest.raises(ValueError, match="before the first"):
        series.monthly(areas, MARCH, MARCH - 1)
