"""Repeated frames: acknowledged again, counted, never a second alarm; and never a lost one."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tirek.alarms.models import Alarm, Panel, Signal
from tirek.alarms.receiver.intake import Intake
from tirek_protocols.dc09 import encode, encode_sia

from .conftest import KEY, NOON, Clock, PanelSide

pytestmark = pytest.mark.django_db


def test_a_repetition_is_acknowledged_and_counted(make_panel: Any, side: Any) -> None:
    make_panel()
    frame = side.sia("1234", "PA")
    assert side.send(frame, frame) == ["ACK", "ACK"]
    assert side.send(frame) == ["ACK"]
    assert Signal.objects.get().copies == 2
    assert Panel.objects.get().duplicates_total == 2
    assert Alarm.objects.get().signal_count == 1


def test_it_holds_over_a_restart(make_panel: Any, side: Any, clock: Any) -> None:
    make_panel()
    frame = side.sia("1234", "PA")
    side.send(frame)
    Alarm.objects.update(state=Alarm.State.CLOSED)
    clock.tick(3600)
    again = PanelSide(Intake(clock), clock)
    assert again.send(frame) == ["ACK"]
    assert Signal.objects.count() == Alarm.objects.count() == 1


def test_with_a_time_stamp_it_holds_for_a_day(make_panel: Any, side: Any, clock: Any) -> None:
    make_panel()
    frame = side.sia("1234", "CL")
    side.send(frame)
    clock.tick(timedelta(hours=23).total_seconds())
    side.send(frame)
    assert Signal.objects.count() == 1
    clock.tick(timedelta(hours=2).total_seconds())
    side.send(frame)
    assert Signal.objects.count() == 2


class TestWithoutTimeStamp:
    """Panels exist that number every message 0001 and send no time: their second call must not be swallowed."""

    def call(self, side: Any) -> list[str]:
        return side.send(encode_sia("1234", "PA", 1, sequence=1))

    def test_within_minutes_it_is_a_repetition(self, make_panel: Any, side: Any, clock: Any) -> None:
        make_panel()
        self.call(side)
        clock.tick(30)
        self.call(side)
        assert Signal.objects.get().copies == 1

    def test_later_it_is_a_new_call(self, make_panel: Any, side: Any, clock: Any) -> None:
        make_panel()
        self.call(side)
        clock.tick(700)
        self.call(side)
        assert Alarm.objects.get().signal_count == 2

    def test_after_the_alarm_was_closed_it_is_a_new_call(self, make_panel: Any, side: Any, clock: Any) -> None:
        make_panel()
        self.call(side)
        Alarm.objects.update(state=Alarm.State.CLOSED)
        clock.tick(20)
        self.call(side)
        assert Alarm.objects.filter(state=Alarm.State.NEW).count() == 1

    @pytest.mark.parametrize("together", [False, True])
    def test_a_press_after_a_test_is_no_copy_of_the_press_under_test(
        self, make_panel: Any, side: Any, clock: Any, together: bool
    ) -> None:
        """Another panel of the facility is still under test, so that the alarm of the test is still open."""
        panel = make_panel("1234", test_until=NOON + timedelta(minutes=2))
        make_panel("5678", test_until=NOON + timedelta(hours=1))
        first = side.received(encode_sia("1234", "PA", 1, sequence=1))
        clock.tick(180)
        later = side.received(encode_sia("1234", "PA", 1, sequence=1))
        for frames in ([first, later],) if together else ([first], [later]):
            side.intake.store(frames)
        assert sorted(Alarm.objects.values_list("is_test", "signal_count")) == [(False, 1), (True, 1)]
        assert Panel.objects.get(pk=panel.pk).duplicates_total == 0

    def test_within_the_test_it_is_a_copy_as_always(self, make_panel: Any, side: Any, clock: Any) -> None:
        make_panel(test_until=NOON + timedelta(minutes=10))
        self.call(side)
        clock.tick(180)
        self.call(side)
        assert Signal.objects.get().copies == 1


@pytest.mark.parametrize("data", ["#1234|NCL1/PA2", "#1234|NFA1/PA2", "#1234|NPA2/FA1"])
def test_of_several_events_each_may_have_been_closed(make_panel: Any, side: Any, clock: Any, data: str) -> None:
    """What stands before a press in its frame, and is not closed or was no alarm, must not swallow the next press."""
    make_panel()
    frame = encode("SIA-DCS", "1234", data, sequence=1)
    assert side.send(frame, frame) == ["ACK", "ACK"]
    assert Signal.objects.count() == 2
    Alarm.objects.filter(kind="panic").update(state=Alarm.State.CLOSED)
    clock.tick(20)
    assert side.send(frame) == ["ACK"]
    assert Alarm.objects.filter(kind="panic", state=Alarm.State.NEW).count() == 1
    clock.tick(20)
    side.send(frame)
    assert Signal.objects.count() == 4
    assert sum(Signal.objects.values_list("copies", flat=True)) == 2


class TestReceiptedWithAProblem(TestWithoutTimeStamp):
    """The same when a panel that has a key sends in clear: its calls are taken, and acknowledged."""

    @pytest.fixture
    def make_panel(self, make_panel: Any) -> Any:
        return lambda *args, **fields: make_panel(*args, key=KEY, **fields)


UNREAD = {"unreadable": ("SIA-DCS", "#1234|???"), "token": ("SIA-PUL", "#1234|14")}


@pytest.mark.parametrize(("token", "data"), UNREAD.values(), ids=UNREAD)
def test_what_cannot_be_read_calls_again_once_its_alarm_is_closed(
    make_panel: Any, side: Any, clock: Any, token: str, data: str
) -> None:
    """It may be a button: nobody here can tell."""
    make_panel()
    frame = encode(token, "1234", data, sequence=1)
    assert side.send(frame, frame) == ["DUH", "DUH"]
    assert Signal.objects.get().copies == 1
    Alarm.objects.update(state=Alarm.State.CLOSED)
    clock.tick(3600)
    assert side.send(frame) == ["DUH"]
    assert Alarm.objects.filter(state=Alarm.State.NEW).count() == 1


def test_what_gets_no_receipt_is_repeated_by_the_panel_itself(make_panel: Any, side: Any, clock: Any) -> None:
    """Whoever closes the alarm of a missing key is not called anew by every try of the panel."""
    make_panel()
    frame = encode_sia("1234", "PA", 1, sequence=1, key=KEY)
    side.send(frame)
    Alarm.objects.update(state=Alarm.State.CLOSED)
    clock.tick(3600)
    assert side.send(frame) == [""]
    assert not Alarm.objects.exclude(state=Alarm.State.CLOSED).exists()


CODES = ("PA", "FA", "BA", "PR", "CL", "RP")
Sent = tuple[str, int]


@pytest.fixture
def panels(make_panel: Any) -> None:
    make_panel("1234", facility=0)
    make_panel("5678", facility=1)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sent=st.lists(st.tuples(st.sampled_from(("1234", "5678")), st.sampled_from(CODES)), min_size=1, max_size=8),
    seed=st.integers(0, 2**16),
    batch=st.integers(1, 5),
)
def test_order_and_repetition_do_not_change_the_alarms(
    panels: None, db: None, sent: list[Sent], seed: int, batch: int
) -> None:
    """However frames are shuffled, doubled and grouped: the same alarms, and each signal once."""
    frames = [encode_sia(a, code, 1, n, timestamp=NOON + timedelta(seconds=n)) for n, (a, code) in enumerate(sent, 1)]
    expected = {(a, {"PA": "panic", "FA": "fire", "BA": "burglary"}[c]) for a, c in sent if c in ("PA", "FA", "BA")}
    chance = random.Random(seed)
    shuffled = frames + chance.choices(frames, k=len(frames))
    chance.shuffle(shuffled)
    try:
        clock = Clock()
        side = PanelSide(Intake(clock), clock)
        for start in range(0, len(shuffled), batch):
            part = shuffled[start : start + batch]
            assert side.send(*part) == ["ACK"] * len(part)
        found = {(alarm.facility.panels.get().account, alarm.kind) for alarm in Alarm.objects.all()}
        assert found == expected
        assert Alarm.objects.count() == len(expected)
        assert Signal.objects.count() == sum(code != "RP" for _account, code in sent)
        counted = sum(Alarm.objects.values_list("signal_count", flat=True))
        assert counted == sum(code in ("PA", "FA", "BA") for _account, code in sent)
    finally:
        Signal.objects.all().delete()
        Alarm.objects.all().delete()
