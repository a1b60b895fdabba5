"""Sample panels, plans and past alarms: loaded once, cleared without a rest, usable by simulated panels."""

from __future__ import annotations

from typing import Any

import pytest

from tirek.accounts import sample as people
from tirek.alarms import sample
from tirek.alarms.models import Alarm, Panel, ResponsePlan, Signal
from tirek.alarms.queries.desk import alarm_detail, board
from tirek.alarms.receiver.book import Book
from tirek.alarms.simulate import fleet
from tirek.facilities import sample as facilities
from tirek.places import sample as places

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(db: None) -> list[str]:
    said: list[str] = []
    for part in (places, people, facilities, sample):
        part.load(said.append)
    return said


def test_sample(loaded: list[str], person: Any, intake: Any, side: Any) -> None:
    assert loaded[-1] == "40 alarm panels, 12 response plans, 64 past alarms"
    sample.load(loaded.append)
    assert Panel.objects.count() == 40, "a second load adds nothing"
    officer = person("duty_officer")
    desk = board(officer)
    assert [row.loud for row in desk.open] == [False, False], "the desk is quiet"
    assert desk.day.median_s is None or desk.day.median_s < 120
    for alarm in Alarm.objects.all():
        assert alarm_detail(officer, alarm.pk).lines

    hospital = Panel.objects.get(facility__code=sample.HOSPITAL)
    assert hospital.account == sample.HOSPITAL_ACCOUNT
    panels = fleet(40, failures=True)
    assert sum(panel.fault == "silent" for panel in panels) == 1
    assert {panel.profile for panel in panels} >= {"eldes", "trikdis", "g90b"}
    book = Book()
    book.load()
    assert book.unopened == 0
    assert side.send(side.sia(panels[0].account, "PA", 12, key=panels[0].key)) == ["ACK"]
    assert Alarm.objects.get(facility=hospital.facility, state="new").kind == "panic"

    for plan in ResponsePlan.objects.prefetch_related("steps"):
        for language in ("kk", "ru", "en"):
            assert plan.name_in(language)
            assert all(getattr(step, f"text_{language}") for step in plan.steps.all())

    assert sample.clear() > 100
    assert not Panel.objects.exists()
    assert not Alarm.objects.exists()
    assert not Signal.objects.exists()
    assert not ResponsePlan.objects.exists()
    assert sample.clear() == 0
