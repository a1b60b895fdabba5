"""A recorded frame of a panel with a key must not keep alive a panel that was cut; and no panel may be mute for ever."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError

from tirek.alarms import actions
from tirek.alarms.models import Alarm, Kind, Panel
from tirek.alarms.receiver.intake import Intake
from tirek.alarms.receiver.supervision import Supervision
from tirek_protocols.dc09.cipher import encrypt
from tirek_protocols.dc09.frames import build_frame

from .conftest import KEY, NOON, PanelSide

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def supervision(intake: Intake, clock: Any) -> Supervision:
    return Supervision(intake, clock)


@pytest.fixture
def panel(make_panel: Any) -> Panel:
    made: Panel = make_panel(key=KEY, heartbeat_s=60)
    return made


def beat(side: Any, stamp: datetime | None = None, sequence: int = 0) -> bytes:
    """An encrypted NULL, stamped now unless told otherwise."""
    frame: bytes = side.null("1234", key=KEY, timestamp=stamp or side.clock(), sequence=sequence)
    return frame


def last_seen() -> datetime | None:
    return Panel.objects.get().last_seen


def silent() -> bool:
    return Alarm.objects.filter(kind=Kind.SILENT).exclude(state=Alarm.State.CLOSED).exists()


@pytest.mark.parametrize("every", [30, 120])
def test_one_recorded_heartbeat_does_not_keep_a_cut_panel_alive(
    panel: Panel, side: Any, clock: Any, supervision: Supervision, every: int
) -> None:
    recorded = beat(side)
    assert side.send(recorded) == ["ACK"]
    for _turn in range(5):
        clock.tick(every)
        assert side.send(recorded) == ["ACK"]
    clock.tick(150)
    supervision.look(clock())
    assert silent()
    assert last_seen() == NOON
    side.send(recorded)
    assert silent(), "nor does it end the alarm"
    side.send(beat(side))
    assert not silent()


def test_nor_do_many_that_were_recorded_over_an_hour(panel: Panel, side: Any, clock: Any) -> None:
    recorded = []
    for number in range(60):
        recorded.append(beat(side, sequence=number))
        side.send(recorded[-1])
        clock.tick(60)
    heard = last_seen()
    for frame in recorded:
        side.send(frame)
        clock.tick(60)
    assert last_seen() == heard


def test_the_number_outside_of_the_cipher_makes_no_new_frame(panel: Panel, side: Any, clock: Any) -> None:
    """Anybody can write another sequence number before the cipher: what counts is the stamp inside it."""
    side.send(beat(side))
    clock.tick(30)
    side.send(beat(side, NOON, sequence=77))
    assert last_seen() == NOON


def test_a_recorded_alarm_is_no_sign_of_life_either(panel: Panel, side: Any, clock: Any) -> None:
    frame = side.sia("1234", "CL", key=KEY)
    side.send(frame)
    clock.tick(timedelta(days=2).total_seconds())
    side.send(frame)
    assert last_seen() == NOON


def test_it_holds_over_a_restart(panel: Panel, side: Any, clock: Any) -> None:
    recorded = beat(side)
    side.send(recorded)
    assert Panel.objects.get().newest_stamp == NOON
    for wait in (30, 3600):
        clock.tick(wait)
        PanelSide(Intake(clock), clock).send(recorded)
        assert last_seen() == NOON


def test_the_same_whether_the_time_stamp_is_checked(make_panel: Any, side: Any, clock: Any) -> None:
    make_panel(key=KEY, check_time=True)
    recorded = beat(side)
    side.send(recorded)
    clock.tick(20)
    assert side.send(recorded) == ["ACK"]
    assert last_seen() == NOON


def test_frames_out_of_order_and_two_in_one_second_do_no_harm(panel: Panel, side: Any, clock: Any) -> None:
    early = beat(side)
    clock.tick(20)
    side.send(beat(side), beat(side, sequence=2))
    clock.tick(1)
    side.send(early)
    assert Panel.objects.get().newest_stamp == NOON + timedelta(seconds=20)
    clock.tick(60)
    side.send(beat(side))
    assert last_seen() == clock()


class TestClocks:
    def test_one_that_is_always_wrong_is_heard(self, make_panel: Any, side: Any, clock: Any) -> None:
        for hours, account in ((-5, "1111"), (5, "2222")):
            make_panel(account, key=KEY)
            for _beat in range(3):
                clock.tick(60)
                side.send(side.null(account, key=KEY, timestamp=clock() + timedelta(hours=hours)))
                assert Panel.objects.get(account=account).last_seen == clock()

    def test_one_that_was_ahead_and_took_our_time_is_heard_at_once(self, panel: Panel, side: Any, clock: Any) -> None:
        side.send(beat(side, NOON + timedelta(days=4000)))
        for _beat in range(3):
            clock.tick(60)
            side.send(beat(side, clock() - timedelta(seconds=5)))
            assert last_seen() == clock()
        assert Panel.objects.get().newest_stamp == NOON + timedelta(days=4000), "what was recorded then stays old"

    def test_one_that_was_set_back_by_an_hour_is_not_mute_for_ever(
        self, panel: Panel, side: Any, clock: Any, supervision: Supervision
    ) -> None:
        side.send(beat(side))
        for _beat in range(59):
            clock.tick(60)
            side.send(beat(side, clock() - timedelta(hours=1)))
            supervision.look(clock())
        assert silent(), "it cannot be told from a recording"
        clock.tick(120)
        side.send(beat(side, clock() - timedelta(hours=1)))
        assert not silent()
        assert last_seen() == clock()

    def test_a_little_back_is_within_bounds(self, panel: Panel, side: Any, clock: Any) -> None:
        side.send(beat(side))
        clock.tick(20)
        side.send(beat(side, clock() - timedelta(seconds=40)))
        assert last_seen() == clock()

    def test_one_that_lost_its_time_begins_anew_with_a_new_key(
        self, panel: Panel, side: Any, clock: Any, person: Any
    ) -> None:
        side.send(beat(side))
        fields = {"account": "1234", "heartbeat_s": 60}
        key = bytes(range(1, 17))
        actions.change_panel(person("administrator"), panel.pk, panel.facility, fields, key.hex())
        side.intake.book.load()
        clock.tick(60)
        side.send(side.null("1234", key=key, timestamp=datetime(2000, 1, 1, tzinfo=NOON.tzinfo)))
        assert last_seen() == clock()
        assert Panel.objects.get().newest_stamp.year == 2000


def test_without_a_time_stamp_each_frame_counts(panel: Panel, side: Any, clock: Any) -> None:
    frame = build_frame(b'"*NULL"0000L0#1234[' + encrypt(KEY, b"|#1234|]"))
    for _beat in range(2):
        clock.tick(60)
        assert side.send(frame) == ["ACK"]
        assert last_seen() == clock()


def test_a_panel_in_clear_is_heard_as_before(make_panel: Any, side: Any, clock: Any) -> None:
    make_panel()
    frame = side.null("1234", timestamp=NOON)
    side.send(frame)
    clock.tick(60)
    side.send(frame)
    assert last_seen() == clock()
    assert Panel.objects.get().newest_stamp is None


def test_what_was_not_committed_was_not_heard(panel: Panel, side: Any, clock: Any, monkeypatch: Any) -> None:
    def refuse(*_args: Any, **_options: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("tirek.alarms.receiver.intake.emit", refuse)
    frame = beat(side)
    with pytest.raises(OperationalError):
        side.send(frame)
    monkeypatch.undo()
    side.send(frame)
    assert last_seen() == NOON


def test_heartbeats_of_many_panels_are_written_together(make_panel: Any, side: Any, clock: Any) -> None:
    from .test_storm import statements

    accounts = [f"{number:04X}" for number in range(0x4000, 0x4000 + 44)]
    for account in accounts:
        make_panel(account, key=KEY)

    def send(chosen: list[str]) -> None:
        side.send(*(side.null(a, key=KEY, timestamp=clock()) for a in chosen))

    few = statements(lambda: send(accounts[:4]))
    many = statements(lambda: send(accounts[4:]))
    assert many <= few + 1
    assert Panel.objects.filter(newest_stamp=NOON, key__isnull=False).count() == len(accounts)
    clock.tick(5)
    assert statements(lambda: send(accounts)) <= 1, "and seldom: at most the question whether a panel was changed"
