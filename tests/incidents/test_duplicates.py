"""Pairs that may be one: how alike two are, and that nothing is compared in vain."""

from datetime import date, timedelta

import pytest

from tests.incidents.makers import make_incident, moment
from tirek.incidents import actions, duplicates
from tirek.incidents.models import Incident, Pair

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
EVENING = moment("2026-03-10 21:40")


def alike(first, second):
    duplicates.compare([first.pk])
    pair = Pair.objects.filter(first=min(first.pk, second.pk), second=max(first.pk, second.pk)).first()
    return pair.likeness if pair else 0.0


@pytest.fixture
def town(small_province):
    return small_province.settlements[0]


def test_the_same_is_wholly_alike(town):
    assert alike(make_incident(town, at=EVENING), make_incident(town, at=EVENING)) == 1.0


@pytest.mark.parametrize(
    ("more", "likeness"),
    [
        ({"at": EVENING + timedelta(hours=6)}, 0.3679),  # exp(-1)
        ({"at": EVENING, "lat": 50.5 + 400 / 111_320}, 0.3679),
        ({"at": EVENING, "kind": "attack"}, 0.6),
        ({"at": EVENING, "kind": "threat"}, 0.3),
        ({"at": EVENING, "where_precision": "settlement"}, 0.6),
        ({"day": date(2026, 3, 11)}, 0.5134),  # exp(-1 / 1.5): the hour of one is not known
        ({"day": date(2026, 3, 8), "last_day": date(2026, 3, 11), "when_precision": "week"}, 0.25),  # one of four days
        ({"at": EVENING + timedelta(days=5)}, 0),
        ({"at": EVENING, "lat": 50.7}, 0),
        ({"day": date(2026, 3, 1), "last_day": date(2026, 3, 31), "when_precision": "month"}, 0),
    ],
)
def test_each_part_counts(town, more, likeness):
    one = make_incident(town, at=EVENING)
    assert alike(one, make_incident(town, **more)) == pytest.approx(likeness, abs=0.004)


def test_the_uncertainty_of_the_places_is_no_distance(town):
    one = make_incident(town, at=EVENING, uncertainty_m=300)
    assert alike(one, make_incident(town, at=EVENING, lat=50.5 + 400 / 111_320, uncertainty_m=100)) > 0.98


def test_a_district_holds_its_settlements(small_province, town):
    one = make_incident(town, at=EVENING)
    in_north = {"where_precision": "district", "lat": None, "lon": None, "at": EVENING}
    assert alike(one, make_incident(small_province.districts[0], **in_north)) == 0.35
    assert alike(one, make_incident(small_province.districts[1], **in_north)) == 0


def test_the_same_number_at_the_source_says_it(town, small_province):
    one = make_incident(town, at=EVENING, source_ref="КУИ-1")
    far = make_incident(small_province.settlements[1], day=date(2026, 3, 20), kind="threat", source_ref="КУИ-1")
    assert alike(one, far) == 0.95
    assert Pair.objects.get().parts["same_number"]
    later = make_incident(town, day=date(2026, 5, 20), source_ref="КУИ-1")
    assert alike(one, later) == 0


def test_what_is_refuted_or_merged_is_not_offered(town, analyst):
    one, two, three = (make_incident(town, at=EVENING) for _ in range(3))
    actions.refute_incident(analyst, two.pk, "x")
    actions.merge_incident(analyst, three.pk, one.pk, "x")
    Pair.objects.all().delete()
    duplicates.compare([one.pk, two.pk, three.pk])
    assert not Pair.objects.exists()


def test_a_correction_is_compared_anew(town, analyst):
    one = make_incident(town, at=EVENING)
    two = make_incident(town, at=EVENING, lat=50.7)
    duplicates.compare([one.pk, two.pk])
    assert not Pair.objects.exists()
    actions.correct_incident(analyst, two.pk, {"lat": 50.5, "area": town}, "moved")
    assert Pair.objects.count() == 1
    actions.correct_incident(analyst, two.pk, {"lat": 50.54}, "moved again")
    assert not Pair.objects.exists()  # what was proposed and does not hold any more goes
    assert not Incident.objects.filter(is_compared=False).exists()


def test_all_that_waits_is_compared_in_parts(town, monkeypatch):
    monkeypatch.setattr(duplicates, "CHUNK", 2)
    for number in range(5):
        make_incident(town, at=EVENING + timedelta(minutes=number), is_compared=False)
    done = []
    assert duplicates.compare_waiting(lambda at, total: done.append((at, total))) >= 10
    assert Pair.objects.count() == 10
    assert done == [(2, 5), (4, 5), (5, 5)]
    assert duplicates.compare_waiting() == 0
