"""What the fault test calls a defect: an alert that an endpoint sounds more often than it was commanded to."""

from __future__ import annotations

import pytest

from tests.chaos.verdict import Round, Verdict, judge_soundings
from tirek_agent.fleet import Sounding

# One alert with a repeat, whose first sounding took two commands for its many addressees; and another alert.
ROUNDS = {"a1": Round("A", 1), "a1b": Round("A", 1), "a2": Round("A", 2), "b1": Round("B", 1)}


def defects(*commands: str) -> list[str]:
    soundings = [Sounding(nonce, ROUNDS[nonce].alert if nonce in ROUNDS else "?", 0, 1) for nonce in commands]
    verdict = Verdict()
    judge_soundings({"e1": soundings, "e2": [Sounding("a1", "A", 0, 1)]}, ROUNDS, verdict)
    assert verdict.counts["soundings"] == len(commands) + 1
    return verdict.defects


@pytest.mark.parametrize("commands", [(), ("a1",), ("a1b", "b1"), ("a1", "a2", "b1")])
def test_what_was_commanded_is_no_defect(commands: tuple[str, ...]) -> None:
    assert defects(*commands) == []


def test_one_command_twice_is_a_defect() -> None:
    assert "endpoint e1 sounded command b1 2 times" in defects("b1", "b1")


def test_one_alert_twice_by_two_commands_is_a_defect() -> None:
    assert defects("a1", "a1b") == ["endpoint e1 sounded alert A, round 1 by 2 commands"]
    assert "endpoint e1 sounded alert A 3 times, commanded were 2" in defects("a1", "a1b", "a2")


def test_a_command_that_nobody_gave_is_a_defect() -> None:
    assert "endpoint e1 sounded xx, which nobody commanded" in defects("xx")
