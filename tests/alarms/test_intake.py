"""Frames become signals, alarms and answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError

from tirek.alarms.models import Alarm, AlarmNote, Kind, Panel, Problem, Signal, UnknownAccount
from tirek.audit.models import Entry
from tirek.live.models import Event
from tirek_protocols.dc09 import encode, parse_answer

from .conftest import KEY, NOON

pytestmark = pytest.mark.django_db


def test_a_panic_is_stored_and_opens_an_alarm(make_panel: Any, side: Any) -> None:
    panel = make_panel()
    assert side.send(side.sia("1234", "PA", 12)) == ["ACK"]
    signal = Signal.objects.get()
    assert (signal.panel, signal.code, signal.zone, signal.kind, signal.answer) == (panel, "PA", "12", "panic", "ACK")
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.state, alarm.urgency, alarm.signal_count) == (Kind.PANIC, "new", 0, 1)
    assert signal.alarm == alarm
    assert alarm.opened_at == NOON
    note = AlarmNote.objects.get()
    assert (note.kind, note.data["code"], note.data["zone"], note.data["signal"]) == ("signal", "PA", "12", signal.pk)
    entry = Entry.objects.get()
    assert (entry.verb, entry.actor, entry.object_id) == ("alarms.open_alarm", "system:receiver", str(alarm.pk))
    event = Event.objects.get(kind="alarm.changed")
    assert event.data == {"id": alarm.pk, "new": True}
    assert event.area_path == panel.facility.area.path


@pytest.mark.parametrize(
    ("code", "kind"),
    [("120", Kind.PANIC), ("110", Kind.FIRE), ("130", Kind.BURGLARY), ("301", Kind.TROUBLE), ("9EF", Kind.OTHER)],
)
def test_contact_id_codes(make_panel: Any, side: Any, code: str, kind: str) -> None:
    make_panel()
    assert side.send(side.cid("1234", code)) == ["ACK"]
    assert Alarm.objects.get().kind == kind


@pytest.mark.parametrize("frame", ["RP", "RX", "CL", "OP"])
def test_what_needs_nobody_opens_nothing(make_panel: Any, side: Any, frame: str) -> None:
    make_panel()
    assert side.send(side.sia("1234", frame), side.cid("1234", "602")) == ["ACK", "ACK"]
    assert not Alarm.objects.exists()


def test_an_unknown_code_calls_somebody(make_panel: Any, side: Any) -> None:
    make_panel()
    side.send(side.sia("1234", "QZ"))
    assert Alarm.objects.get().kind == Kind.OTHER


def test_signals_of_one_kind_join_one_alarm(make_panel: Any, side: Any, clock: Any) -> None:
    make_panel()
    side.send(side.sia("1234", "PA", 1), side.sia("1234", "PA", 2))
    clock.tick(30)
    side.send(side.sia("1234", "PA", 3), side.sia("1234", "FA", 4))
    panic = Alarm.objects.get(kind=Kind.PANIC)
    assert panic.signal_count == 3
    assert panic.last_signal_at == NOON + timedelta(seconds=30)
    assert Alarm.objects.filter(kind=Kind.FIRE).count() == 1
    assert Entry.objects.filter(verb="alarms.open_alarm").count() == 2
    assert Event.objects.filter(kind="alarm.changed", data__new=False).count() == 1


def test_a_closed_alarm_is_not_joined(make_panel: Any, side: Any) -> None:
    make_panel()
    side.send(side.sia("1234", "PA"))
    Alarm.objects.update(state=Alarm.State.CLOSED)
    side.send(side.sia("1234", "PA"))
    assert Alarm.objects.count() == 2


def test_a_restore_is_noted_and_closes_nothing(make_panel: Any, side: Any) -> None:
    make_panel()
    side.send(side.sia("1234", "PR"))
    assert not Alarm.objects.exists()
    side.send(side.sia("1234", "PA"), side.sia("1234", "PR"))
    alarm = Alarm.objects.get()
    assert alarm.state == Alarm.State.NEW
    assert sorted(alarm.notes.values_list("kind", flat=True)) == ["restore", "signal"]
    assert alarm.signal_count == 1


def test_several_events_in_one_frame(make_panel: Any, side: Any) -> None:
    make_panel()
    frame = encode("SIA-DCS", "1234", "#1234|NPA1/FA2", sequence=7, timestamp=NOON)
    assert side.send(frame) == ["ACK"]
    assert set(Alarm.objects.values_list("kind", flat=True)) == {Kind.PANIC, Kind.FIRE}
    assert side.send(frame) == ["ACK"]
    assert Signal.objects.count() == 2
    assert sorted(Signal.objects.values_list("copies", flat=True)) == [0, 1]


def test_under_test_nobody_is_called(make_panel: Any, side: Any) -> None:
    make_panel(test_until=NOON + timedelta(minutes=5))
    side.send(side.sia("1234", "PA"))
    alarm = Alarm.objects.get()
    assert alarm.is_test
    assert alarm.urgency >= 90


def test_a_plain_and_an_encrypted_answer_can_be_read(make_panel: Any, side: Any) -> None:
    make_panel("1234")
    make_panel("5678", facility=1, key=KEY)
    frames = [side.sia("1234", "PA"), side.sia("5678", "PA", key=KEY)]
    outcomes = side.intake.store([side.received(frame) for frame in frames])
    plain, secret = (parse_answer(o.data, key) for o, key in zip(outcomes, (None, KEY), strict=True))
    assert (plain.token, plain.encrypted, plain.account) == ("ACK", False, "1234")
    assert (secret.token, secret.encrypted, secret.timestamp) == ("ACK", True, NOON)


def test_encrypted_without_a_key_is_kept_and_shown(make_panel: Any, side: Any) -> None:
    make_panel()
    frame = side.sia("1234", "PA", key=KEY)
    assert side.send(frame, frame) == ["", ""]
    signal = Signal.objects.get()
    assert (signal.problem, signal.copies, signal.answer) == (Problem.NO_KEY, 1, "")
    assert Alarm.objects.get().kind == Kind.TROUBLE
    assert Panel.objects.get().last_seen is None


def test_a_frame_that_waits_for_its_key_is_taken_once_the_key_is_there(make_panel: Any, side: Any) -> None:
    panel = make_panel(key=bytes(16))
    frame = side.sia("1234", "PA", key=KEY)
    assert side.send(frame) == [""]
    assert Signal.objects.get().problem == Problem.WRONG_KEY
    from tirek.alarms.receiver.keys import seal

    Panel.objects.filter(pk=panel.pk).update(key=seal(KEY))
    side.intake.book.load()
    assert side.send(frame) == ["ACK"]
    assert Alarm.objects.filter(kind=Kind.PANIC).exists()


def test_a_plain_frame_for_a_panel_with_a_key_counts_but_is_marked(make_panel: Any, side: Any) -> None:
    make_panel(key=KEY)
    assert side.send(side.sia("1234", "PA"), side.null("1234")) == ["ACK", "ACK"]
    assert set(Signal.objects.values_list("problem", flat=True)) == {Problem.PLAIN}
    assert Alarm.objects.get().kind == Kind.PANIC
    assert Panel.objects.get().last_seen is None, "a stranger must not keep a stolen panel alive"


def test_a_wrong_check_sum_gets_silence(make_panel: Any, side: Any) -> None:
    make_panel()
    frame = bytearray(side.sia("1234", "PA"))
    frame[-3] ^= 1
    assert side.send(bytes(frame)) == [""]
    assert Signal.objects.get().problem == Problem.CRC
    assert not Alarm.objects.exists()


def test_time_outside_the_window_gets_our_time(make_panel: Any, side: Any, clock: Any) -> None:
    make_panel(check_time=True)
    late = side.sia("1234", "PA", timestamp=NOON - timedelta(minutes=5))
    (outcome,) = side.intake.store([side.received(late)])
    assert parse_answer(outcome.data).token == "NAK"
    assert parse_answer(outcome.data).timestamp == NOON
    assert Signal.objects.get().problem == Problem.TIME
    assert Alarm.objects.get().kind == Kind.TROUBLE
    assert side.send(side.sia("1234", "PA")) == ["ACK"]
    assert Alarm.objects.filter(kind=Kind.PANIC).exists()


def test_unreadable_content_calls_somebody(make_panel: Any, side: Any) -> None:
    make_panel()
    assert side.send(encode("SIA-DCS", "1234", "#1234|???")) == ["DUH"]
    assert side.send(encode("NEW-TOKEN", "1234", "#1234|NPA1")) == ["DUH"]
    assert list(Alarm.objects.values_list("kind", "signal_count")) == [(Kind.OTHER, 2)]


def test_control_characters_do_not_reach_the_database(make_panel: Any, side: Any) -> None:
    make_panel()
    side.send(side.sia("1234", "PA", text="две\x00ри\x1b"))
    assert Signal.objects.get().text == "две ри"


def test_heartbeats_cost_one_write_in_ten_seconds(
    make_panel: Any, side: Any, clock: Any, django_assert_num_queries: Any
) -> None:
    make_panel(heartbeat_s=60)
    side.send(side.null("1234"))
    first = Panel.objects.get().last_seen
    clock.tick(5)
    with django_assert_num_queries(0):
        assert side.send(*[side.null("1234")] * 50) == ["ACK"] * 50
    assert Panel.objects.get().last_seen == first
    clock.tick(6)
    side.send(side.null("1234"))
    assert Panel.objects.get().last_seen == clock()
    assert not Signal.objects.exists()


def test_counts_and_address_of_a_panel(make_panel: Any, side: Any) -> None:
    make_panel()
    frame = side.sia("1234", "CL")
    side.send(frame, side.sia("1234", "OP"), frame)
    panel = Panel.objects.get()
    assert (panel.signals_total, panel.duplicates_total, panel.last_address) == (2, 1, "10.0.0.5")
    assert panel.profile == "standard"


def test_answers_that_left_are_noted(make_panel: Any, side: Any, clock: Any) -> None:
    make_panel()
    (outcome,) = side.intake.store([side.received(side.sia("1234", "PA"))])
    assert len(outcome.signals) == 1
    clock.tick(0.02)
    side.intake.answered(outcome.signals, clock())
    side.intake.flush()
    assert Signal.objects.get().answered_at == clock()
    assert AlarmNote.objects.get(kind="answered").data == {"panel": "1234", "answer": "ACK"}


class TestUnknownAccounts:
    def test_is_kept_and_shown(self, side: Any) -> None:
        assert side.send(side.sia("9999", "PA", 3)) == ["ACK"]
        row = UnknownAccount.objects.get()
        assert (row.account, row.address, row.count, row.last_text) == ("9999", "10.0.0.5", 1, "SIA PA 3")
        assert Signal.objects.get().panel is None
        assert Event.objects.filter(kind="panel.changed").count() == 1

    @pytest.mark.parametrize("answer", ["DUH", ""])
    def test_the_answer_is_a_setting(self, side: Any, settings: Any, answer: str) -> None:
        settings.UNKNOWN_ACCOUNT_ANSWER = answer
        assert side.send(side.sia("9999", "PA")) == [answer]

    def test_what_was_not_acknowledged_calls_once_the_panel_is_known(
        self, side: Any, settings: Any, make_panel: Any
    ) -> None:
        settings.UNKNOWN_ACCOUNT_ANSWER = ""
        frame = side.sia("9999", "PA")
        side.send(frame)
        make_panel("9999")
        side.intake.book.load()
        assert side.send(frame) == ["ACK"]
        assert Alarm.objects.get().kind == Kind.PANIC

    def test_nobody_fills_the_disk(self, side: Any) -> None:
        frames = [side.sia(f"{n:04X}", "PA") for n in range(0x9000, 0x9000 + 300)]
        answers = side.send(*frames)
        assert answers.count("ACK") == Signal.objects.count() < 150
        assert answers[-1] == "", "what was not stored is not acknowledged"


class TestFailure:
    def test_nothing_is_kept_when_the_database_refuses(self, make_panel: Any, side: Any, monkeypatch: Any) -> None:
        make_panel()

        def refuse(*_args: Any, **_options: Any) -> None:
            raise OperationalError("database is locked")

        monkeypatch.setattr("tirek.alarms.receiver.intake.emit", refuse)
        frame = side.sia("1234", "PA")
        with pytest.raises(OperationalError):
            side.send(frame)
        assert not Signal.objects.exists()
        assert not Alarm.objects.exists()
        monkeypatch.undo()
        assert side.send(frame) == ["ACK"]
        assert Alarm.objects.count() == Signal.objects.count() == 1


def test_a_new_panel_works_at_once(side: Any, make_panel: Any) -> None:
    side.send(side.null("4F39"))
    make_panel("4F39")
    side.intake.book._missed.clear()
    assert side.send(side.sia("4F39", "PA")) == ["ACK"]
    assert Alarm.objects.exists()


def test_the_line_prefix_tells_panels_with_one_account_apart(make_panel: Any, side: Any) -> None:
    make_panel("1234", facility=0, prefix="1")
    make_panel("1234", facility=1, prefix="2")
    side.send(side.sia("1234", "PA", prefix="2"))
    assert Alarm.objects.get().facility.name_en == "School"
