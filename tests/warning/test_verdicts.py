"""What a report changes in what is known of a delivery: pure, so every order can be tried."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from tirek.warning.dispatcher.verdicts import Known, judge
from tirek.warning.models import Delivery
from tirek_protocols.command import Proof, Report

State = Delivery.State
AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
END = AT + timedelta(hours=1)
QUIET = Proof("microphone", heard=False, level_db=-70.0, detail="too quiet")
LOUD = Proof("microphone", heard=True, level_db=-12.0)


def report(seq: int, state: str, proof: Proof | None = None, reason: str = "") -> Report:
    return Report("e-1", "ab" * 16, "KZ-1", seq, state, int(AT.timestamp() * 1000), reason=reason, proof=proof)


def after(*reports: Report) -> Known:
    known = Known(State.UNKNOWN)
    for number, one in enumerate(reports):
        known = judge(known, one, AT + timedelta(seconds=number), END)
    return known


def test_the_usual_way_ends_heard():
    known = after(report(1, "accepted"), report(2, "sounding", LOUD), report(3, "finished", LOUD))
    assert known.state == State.HEARD
    assert (known.accepted_at, known.heard_at, known.finished_at) == (
        AT,
        AT + timedelta(seconds=1),
        AT + timedelta(seconds=2),
    )


def test_who_was_silent_stays_failed_when_it_is_stopped():
    known = after(report(1, "accepted"), report(2, "sounding", QUIET), report(3, "stopped", QUIET, "silenced"))
    assert known.state == State.FAILED
    assert known.reason == "too quiet"


def test_who_was_heard_stays_heard_when_it_is_stopped():
    assert after(report(1, "accepted"), report(2, "sounding", LOUD), report(3, "stopped")).state == State.HEARD


@pytest.mark.parametrize("order", list(permutations([1, 2, 3])))
def test_reports_that_come_late_change_nothing_back(order):
    states = {1: report(1, "accepted"), 2: report(2, "sounding", LOUD), 3: report(3, "finished", LOUD)}
    known = after(*(states[n] for n in order))
    assert known.last_seq == 3
    if order.index(3) == 0:
        assert known.state == State.HEARD
    assert judge(known, states[order[0]], AT, END) == known


def test_who_calls_a_command_too_old_in_its_time_has_a_wrong_clock():
    late = report(1, "refused", reason="expired")
    assert judge(Known(State.UNKNOWN), late, END, END).state == State.EXPIRED
    wrong = judge(Known(State.UNKNOWN), late, AT, END)
    assert wrong.state == State.FAILED
    assert "clock" in wrong.reason
