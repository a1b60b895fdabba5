"""Many panels at the same moment: as many statements for a large group as for a small one, and each leaves all its traces."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tirek.alarms.models import Alarm, AlarmNote, Panel, Signal
from tirek.alarms.receiver.supervision import Supervision
from tirek.audit import chain
from tirek.audit.models import Entry
from tirek.facilities.models import Facility
from tirek.live.models import Event

pytestmark = pytest.mark.django_db

FEW, MANY = 4, 40


@pytest.fixture
def panels(small_province: Any) -> list[Panel]:
    """A panel each at many facilities."""
    first = small_province.facilities[0]
    rows = [
        Facility(
            code=f"S-{n}", type=first.type, area=first.area, name_en=f"Facility {n}", lat=first.lat, lon=first.lon,
            cell=first.cell,
        )
        for n in range(MANY)
    ]  # fmt: skip
    Facility.objects.bulk_create(rows)
    return Panel.objects.bulk_create(Panel(account=f"B{n:03}", facility=row) for n, row in enumerate(rows))


def statements(act: Any) -> int:
    with CaptureQueriesContext(connection) as found:
        act()
    return len(found)


def frames(side: Any, panels: list[Panel], code: str = "PA") -> list[bytes]:
    return [side.sia(panel.account, code) for panel in panels]


def test_a_group_of_new_alarms_takes_a_fixed_number_of_statements(panels: Any, side: Any) -> None:
    few = statements(lambda: side.send(*frames(side, panels[:FEW])))
    many = statements(lambda: side.send(*frames(side, panels[FEW:])))
    # SQLite takes 999 values in a statement, so large groups are cut there: one more statement for some twenty rows.
    assert many <= few + 4
    assert Alarm.objects.count() == Signal.objects.count() == Entry.objects.count() == MANY
    assert Event.objects.filter(kind="alarm.changed", data__new=True).count() == MANY
    opened = Entry.objects.filter(verb="alarms.open_alarm").values_list("object_id", flat=True)
    assert sorted(map(int, opened)) == sorted(Alarm.objects.values_list("pk", flat=True))
    assert list(chain.verify()) == []


def test_joining_repeating_and_noting_answers_take_a_fixed_number_of_statements(
    panels: Any, side: Any, clock: Any
) -> None:
    first = frames(side, panels)
    side.send(*first)
    clock.tick(5)
    again = frames(side, panels)

    def send(count: int) -> None:
        side.send(*again[:count], *first[:count])
        side.intake.answered(list(Signal.objects.values_list("pk", flat=True)[:count]), clock())
        side.intake.flush()

    few = statements(lambda: send(FEW))
    again = frames(side, panels)
    many = statements(lambda: send(MANY))
    assert many <= few + 6
    assert sorted(Alarm.objects.values_list("signal_count", flat=True)) == [2] * (MANY - FEW) + [3] * FEW
    assert Alarm.objects.filter(last_signal_at=clock()).count() == MANY
    assert (
        sorted(Signal.objects.filter(copies__gt=0).values_list("copies", flat=True)) == [1] * (MANY - FEW) + [2] * FEW
    )
    assert AlarmNote.objects.filter(kind="answered").count() == FEW + MANY


def test_many_panels_fall_silent_and_speak_again_in_a_fixed_number_of_statements(
    panels: Any, side: Any, clock: Any
) -> None:
    side.send(*(side.null(panel.account) for panel in panels))
    supervision = Supervision(side.intake, clock)
    clock.tick(600)
    side.send(*(side.null(panel.account) for panel in panels[FEW:]))  # the first ones fall silent alone
    few = statements(lambda: supervision.look(clock()))
    clock.tick(600)
    many = statements(lambda: supervision.look(clock()))
    assert many <= few + 4
    assert Alarm.objects.filter(kind="silent", state="new").count() == MANY
    assert Entry.objects.filter(verb="alarms.open_alarm").count() == MANY
    few = statements(lambda: side.send(*(side.null(panel.account) for panel in panels[:FEW])))
    many = statements(lambda: side.send(*(side.null(panel.account) for panel in panels[FEW:])))
    assert many <= few + 6
    assert Alarm.objects.filter(kind="silent", state="closed", outcome="itself").count() == MANY
    assert Entry.objects.filter(verb="alarms.close_alarm").count() == MANY
    assert not Panel.objects.filter(silent_since__isnull=False).exists()
    assert list(chain.verify()) == []


def test_in_a_rush_answers_come_first_and_their_times_are_noted_afterwards(
    panels: Any, side: Any, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tirek.alarms.receiver.intake.RUSH", MANY)
    side.send(*frames(side, panels[:FEW]))
    side.intake.answered(list(Signal.objects.values_list("pk", flat=True)), clock())
    side.send(*frames(side, panels))
    assert not Signal.objects.filter(answered_at__isnull=False).exists()
    side.intake.flush()
    assert Signal.objects.filter(answered_at=clock()).count() == FEW
    assert AlarmNote.objects.filter(kind="answered").count() == FEW


def test_many_accepted_alarms_ring_again_in_a_fixed_number_of_statements(panels: Any, side: Any, clock: Any) -> None:
    side.send(*frames(side, panels))
    Alarm.objects.update(state=Alarm.State.ACKNOWLEDGED)
    clock.tick(600)
    few = statements(lambda: side.send(*frames(side, panels[:FEW])))
    many = statements(lambda: side.send(*frames(side, panels[FEW:])))
    assert many <= few + 6
    assert Alarm.objects.filter(state=Alarm.State.NEW, again_at=clock()).count() == MANY
    assert Entry.objects.filter(verb="alarms.reopen_alarm").count() == AlarmNote.objects.filter(kind="again").count()
    assert Event.objects.filter(kind="alarm.changed", data__new=True).count() == 2 * MANY
    assert list(chain.verify()) == []


def test_a_chattering_zone_of_an_accepted_alarm_costs_one_question_more(panels: Any, side: Any, clock: Any) -> None:
    side.send(*frames(side, panels))
    clock.tick(5)
    waiting = statements(lambda: side.send(*frames(side, panels)))
    Alarm.objects.update(state=Alarm.State.ACKNOWLEDGED)
    clock.tick(5)
    accepted = statements(lambda: side.send(*frames(side, panels)))
    assert accepted <= waiting + 1
    assert not Alarm.objects.filter(state=Alarm.State.NEW).exists()
