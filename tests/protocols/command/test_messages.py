"""What may not be said cannot be made."""

import dataclasses

import pytest

from tirek_protocols.command import (
    Addressees,
    Beat,
    Clip,
    Malformed,
    Proof,
    Report,
    Speech,
    Tone,
    TooLong,
)

from .conftest import CELL, NOW

DAY = 24 * 3600 * 1000
NONCE = "0123456789abcdef0123456789abcdef"


def test_nobody_addressed_is_an_error():
    with pytest.raises(Malformed):
        Addressees()
    with pytest.raises(Malformed):
        Addressees(ids=[], cells=[])


@pytest.mark.parametrize(
    "addressees",
    [
        {"ids": ["*"]},
        {"ids": ["#"]},
        {"ids": ["all sirens"]},
        {"ids": [None]},
        {"ids": "siren-1"},
        {"ids": None},
        {"cells": ["everywhere"]},
        {"cells": [""]},
        {"cells": [int(CELL, 16)]},
        {"cells": [[CELL]]},
    ],
)
def test_addressees_must_be_real(addressees):
    with pytest.raises(Malformed):
        Addressees(**addressees)


def test_addressees_have_one_order():
    assert Addressees(ids=["b", "a", "b"]) == Addressees(ids=("a", "b"))
    with pytest.raises(TooLong):
        Addressees(ids=[f"e{number}" for number in range(10_001)])


@pytest.mark.parametrize(
    "fields",
    [
        {"id": "short"},
        {"id": NONCE.upper()},
        {"id": None},
        {"alert": ""},
        {"alert": "a b"},
        {"alert": "a,b"},
        {"alert": "a<b"},
        {"action": "explode"},
        {"action": None},
        {"mode": "test"},
        {"to": None},
        {"to": ("siren-1",)},
        {"issued": -1},
        {"issued": float(NOW)},
        {"not_before": True},
        {"not_after": NOW},
        {"not_before": NOW + 600_000},
        {"not_before": NOW - 10, "not_after": NOW - 5},
        {"max_run": 0},
        {"max_run": 1.5},
        {"audio": ()},
        {"audio": ("tone",)},
        {"audio": None},
        {"action": "silence"},
        {"action": "silence_all"},
        {"replaces": ("x", "x")},
        {"replaces": ("",)},
        {"replaces": "alert"},
    ],
    ids=str,
)
def test_a_command_that_breaks_a_rule_cannot_be_made(changed, fields):
    with pytest.raises(Malformed):
        changed(**fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"not_after": NOW + DAY + 1},
        {"max_run": 3601},
        {"alert": "x" * 201},
        {"audio": [Tone("attention", 1)] * 33},
        {"replaces": [f"a{number}" for number in range(65)]},
        {"not_after": 2**53},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_a_command_that_goes_on_too_long_cannot_be_made(changed, fields):
    with pytest.raises(TooLong):
        changed(**fields)


def test_the_limits_themselves_are_allowed(changed):
    changed(not_after=NOW + DAY, max_run=3600)
    changed(action="silence_all", alert="", audio=())
    changed(action="test", alert="", audio=())


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), "60", None, True])
def test_seconds_must_be_a_time(seconds):
    with pytest.raises(Malformed):
        Tone("attention", seconds)
    with pytest.raises(Malformed):
        Clip("0" * 64, "kk", seconds)


@pytest.mark.parametrize("seconds", [3601, float("inf"), 10**400])
def test_a_sound_has_an_end(seconds):
    with pytest.raises(TooLong):
        Tone("attention", seconds)


def test_numbers_have_one_spelling():
    assert type(Tone("attention", 60.0).seconds) is int
    assert Clip("0" * 64, "kk", 12.34567).seconds == 12.346


@pytest.mark.parametrize("name", ["", "../etc/passwd", "a b", "A", "x" * 41, None])
def test_a_tone_has_a_plain_name(name):
    with pytest.raises(Malformed):
        Tone(name, 1)


def test_speech_and_clips_are_checked():
    for language in ("", "k", "kk_KZ", "kk;rm", None):
        with pytest.raises(Malformed):
            Speech(language, "text")
        with pytest.raises(Malformed):
            Clip("0" * 64, language, 1)
    for text in ("", "\0", "\x1b[0m", "\ud800", None):
        with pytest.raises(Malformed):
            Speech("kk", text)
    with pytest.raises(TooLong):
        Speech("kk", "x" * 4001)
    for sha256 in ("", "0" * 63, "G" * 64, "0" * 64 + "\n", None):
        with pytest.raises(Malformed):
            Clip(sha256, "kk", 1)


def report(**fields):
    values = {"endpoint": "s", "command": NONCE, "alert": "a", "seq": 1, "state": "accepted", "at": NOW}
    return Report(**(values | fields))


@pytest.mark.parametrize(
    "fields",
    [
        {"endpoint": "a/b"},
        {"command": "x"},
        {"seq": -1},
        {"state": "pending"},
        {"at": "now"},
        {"state": "failed"},
        {"state": "refused"},
        {"state": "sounding"},
        {"state": "finished"},
        {"proof": Proof("microphone", True)},
        {"state": "finished", "proof": True},
        {"reason": None},
    ],
    ids=str,
)
def test_a_report_that_breaks_a_rule_cannot_be_made(fields):
    with pytest.raises(Malformed):
        report(**fields)


def test_what_an_endpoint_did_by_itself_can_be_reported():
    report(command="", alert="", state="sounding", proof=Proof("microphone", True, -12.5))
    report(state="failed", reason="no current", proof=Proof("current", False))
    report(state="stopped")


@pytest.mark.parametrize(
    "fields",
    [
        {"probe": ""},
        {"heard": 1},
        {"heard": None},
        {"level_db": "loud"},
        {"level_db": -301},
        {"detail": None},
    ],
    ids=str,
)
def test_a_proof_is_checked(fields):
    with pytest.raises(Malformed):
        Proof(**({"probe": "microphone", "heard": True} | fields))


@pytest.mark.parametrize(
    "fields",
    [{"endpoint": ""}, {"version": ""}, {"playing": "x"}, {"waiting": -1}, {"faults": "x"}, {"faults": [""]}],
    ids=str,
)
def test_a_beat_is_checked(fields):
    with pytest.raises(Malformed):
        Beat(**({"endpoint": "s", "seq": 1, "at": NOW, "version": "1"} | fields))


def test_messages_do_not_change(command):
    with pytest.raises(dataclasses.FrozenInstanceError):
        command.max_run = 10
