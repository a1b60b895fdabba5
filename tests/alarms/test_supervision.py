"""Silent panels, and tests that are over, with a clock that tests move."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tirek.alarms.models import Alarm, Kind, Panel
from tirek.alarms.receiver.intake import Intake
from tirek.alarms.receiver.supervision import Supervision
from tirek.audit.models import Entry
from tirek.live.models import Event

from .conftest import NOON, PanelSide

pytestmark = pytest.mark.django_db


@pytest.fixture
def supervision(intake: Intake, clock: Any) -> Supervision:
    return Supervision(intake, clock)


def test_a_panel_that_misses_its_heartbeats_is_silent(make_panel: Any, side: Any, clock: Any, supervision: Any) -> None:
    make_panel(heartbeat_s=60)
    side.send(side.null("1234"))
    clock.tick(149)
    supervision.look(clock())
    assert not Alarm.objects.exists()
    clock.tick(2)
    supervision.look(clock())
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.state) == (Kind.SILENT, "new")
    assert Panel.objects.get().silent_since == clock()
    assert Event.objects.filter(kind="panel.changed").exists()
    assert list(alarm.notes.values_list("kind", flat=True)) == ["silent"]
    clock.tick(600)
    supervision.look(clock())
    assert Alarm.objects.count() == 1


def test_the_alarm_ends_by_itself_when_the_panel_speaks(
    make_panel: Any, side: Any, clock: Any, supervision: Any
) -> None:
    make_panel(heartbeat_s=60)
    side.send(side.null("1234"))
    clock.tick(300)
    supervision.look(clock())
    side.send(side.null("1234"))
    alarm = Alarm.objects.get()
    assert (alarm.state, alarm.outcome, alarm.closed_by) == ("closed", "itself", None)
    assert Panel.objects.get().silent_since is None
    assert list(Entry.objects.order_by("id").values_list("verb", flat=True)) == [
        "alarms.open_alarm",
        "alarms.close_alarm",
    ]
    clock.tick(300)
    supervision.look(clock())
    assert Alarm.objects.count() == 2


def test_it_stays_open_while_another_panel_of_the_facility_is_silent(
    make_panel: Any, side: Any, clock: Any, supervision: Any
) -> None:
    make_panel("1234", heartbeat_s=60)
    make_panel("5678", heartbeat_s=60)
    side.send(side.null("1234"), side.null("5678"))
    clock.tick(300)
    supervision.look(clock())
    assert Alarm.objects.count() == 1
    side.send(side.null("1234"))
    assert Alarm.objects.get().state == "new"
    side.send(side.null("5678"))
    assert Alarm.objects.get().state == "closed"


def test_after_a_restart_each_panel_has_the_time_of_one_heartbeat(make_panel: Any, clock: Any) -> None:
    make_panel(heartbeat_s=60, last_seen=NOON - timedelta(hours=3))
    supervision = Supervision(Intake(clock), clock)
    supervision.look(clock())
    clock.tick(59)
    supervision.look(clock())
    assert not Alarm.objects.exists()
    clock.tick(2)
    supervision.look(clock())
    assert Alarm.objects.exists()


def test_a_restart_remembers_who_was_silent(make_panel: Any, clock: Any) -> None:
    make_panel(heartbeat_s=60, last_seen=NOON - timedelta(hours=3))
    first = Supervision(Intake(clock), clock)
    clock.tick(100)
    first.look(clock())
    intake = Intake(clock)
    Supervision(intake, clock).look(clock())
    side = PanelSide(intake, clock)
    side.send(side.null("1234"))
    assert Alarm.objects.get().state == "closed"


@pytest.mark.parametrize("fields", [{"heartbeat_s": 0, "last_seen": NOON}, {"heartbeat_s": 60, "last_seen": None}])
def test_who_is_not_supervised(make_panel: Any, clock: Any, supervision: Any, fields: dict[str, Any]) -> None:
    make_panel(**fields)
    clock.tick(100_000)
    supervision.look(clock())
    assert not Alarm.objects.exists()


def test_alarms_of_a_test_are_closed_when_it_is_over(make_panel: Any, side: Any, clock: Any, supervision: Any) -> None:
    make_panel(test_until=NOON + timedelta(minutes=5), heartbeat_s=0)
    side.send(side.sia("1234", "PA"))
    supervision.look(clock())
    assert Alarm.objects.get().state == "new"
    clock.tick(301)
    supervision.look(clock())
    alarm = Alarm.objects.get()
    assert (alarm.state, alarm.outcome) == ("closed", "test")


def test_time_without_a_database_is_not_held_against_the_panels(
    make_panel: Any, side: Any, clock: Any, supervision: Any
) -> None:
    make_panel(heartbeat_s=60)
    side.send(side.null("1234"))
    clock.tick(1000)
    supervision.start_again()
    supervision.look(clock())
    assert not Alarm.objects.exists()
