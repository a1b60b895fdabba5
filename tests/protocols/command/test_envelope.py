"""Bytes: what goes in comes out, in one spelling only, and nothing else is believed."""

import contextlib
import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tirek_protocols.command import (
    MAX_BYTES,
    Addressees,
    BadSignature,
    Beat,
    CommandError,
    Malformed,
    Report,
    SigningKey,
    TooLong,
    UnknownKey,
    decode_beat,
    decode_command,
    decode_report,
    encode,
    peek,
)

from .conftest import NOW
from .strategies import beats, commands, reports

KEY = SigningKey.from_bytes(bytes(range(32)))
KEYS = {KEY.public.key_id: KEY.public}
BEAT = Beat("siren-1", 1, NOW, "0.1.0")


def signed(body, kind="command", key=KEY):
    """An envelope around any bytes, made without the package's own writer."""
    public = key.public.bytes
    return b"TRK1" + hashlib.sha256(public).digest()[:8] + key.sign(b"tirek/1/" + kind.encode() + b"\0" + body) + body


def body_of(data):
    return json.loads(data[76:])


@given(commands())
def test_commands_come_back(command):
    data = encode(command, KEY)
    assert decode_command(data, KEYS) == command
    assert encode(decode_command(data, KEYS), KEY) == data
    assert peek(data) == ("command", None)


@given(reports())
def test_reports_come_back(report):
    data = encode(report, KEY)
    assert decode_report(data, KEY.public) == report
    assert peek(data) == ("report", report.endpoint)


@given(beats)
def test_beats_come_back(beat):
    data = encode(beat, KEY)
    assert decode_beat(data, KEY.public) == beat
    assert peek(data) == ("beat", beat.endpoint)


def test_the_layout_is_that_of_the_contract(command):
    data = encode(command, KEY)
    body = data[76:]
    assert data == signed(body)
    assert body_of(data) == {
        "kind": "command",
        "id": command.id,
        "alert": command.alert,
        "action": "play",
        "mode": "exercise",
        "to": {"ids": ["siren-1"], "cells": list(command.to.cells)},
        "audio": [
            {"type": "tone", "name": "attention", "seconds": 60},
            {"type": "speech", "language": "kk", "text": "Барлығының назарына!"},
        ],
        "issued": NOW,
        "not_before": NOW,
        "not_after": NOW + 600_000,
        "max_run": 360,
        "replaces": [],
    }
    assert b" " not in body.replace("Барлығының назарына".encode(), b"")
    assert list(body_of(data)) == sorted(body_of(data))


def test_a_genuine_signature_does_not_excuse_another_spelling(command):
    body = encode(command, KEY)[76:]
    fields = json.loads(body)
    spellings = [
        json.dumps(fields, sort_keys=True, ensure_ascii=False),
        json.dumps(fields, sort_keys=True, separators=(",", ":")),
        json.dumps(dict(reversed(fields.items())), separators=(",", ":"), ensure_ascii=False),
        body.decode().replace('"max_run":360', '"max_run":3600,"max_run":360'),
        body.decode().replace('"seconds":60', '"seconds":60.0'),
        body.decode().replace('"seconds":60', '"seconds":6e1'),
        body.decode() + " ",
        "\ufeff" + body.decode(),
    ]
    assert decode_command(signed(body), KEYS) == command
    for spelling in spellings:
        assert spelling.encode() != body
        with pytest.raises(Malformed):
            decode_command(signed(spelling.encode()), KEYS)


def canonical(fields):
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "change",
    [
        {"extra": 1},
        {"action": "explode"},
        {"action": ["play"]},
        {"kind": "report"},
        {"kind": None},
        {"to": {}},
        {"to": {"ids": [], "cells": []}},
        {"to": {"ids": ["b", "a"], "cells": []}},
        {"to": {"ids": ["a"], "cells": [], "all": True}},
        {"to": None},
        {"to": ["a"]},
        {"audio": "x"},
        {"audio": {}},
        {"audio": [None]},
        {"audio": [{"type": "run", "name": "x", "seconds": 1}]},
        {"audio": [{"type": "tone", "name": "x", "seconds": 1, "loop": True}]},
        {"audio": [{"type": [], "name": "x", "seconds": 1}]},
        {"audio": [{"name": "x", "seconds": 1}]},
        {"max_run": 3601},
        {"max_run": True},
        {"issued": None},
        {"issued": 1e20},
        {"not_after": NOW + 24 * 3600 * 1000 + 1},
        {"replaces": {"x": 1}},
    ],
    ids=str,
)
def test_signed_by_the_centre_but_against_the_rules(command, change):
    fields = body_of(encode(command, KEY)) | change
    with pytest.raises((Malformed, TooLong)):
        decode_command(signed(canonical(fields)), KEYS)


@pytest.mark.parametrize("name", sorted(body_of(encode(BEAT, KEY))))
def test_no_field_may_be_missing(name):
    fields = body_of(encode(BEAT, KEY))
    del fields[name]
    with pytest.raises(Malformed):
        decode_beat(signed(canonical(fields), "beat"), KEY.public)


@pytest.mark.parametrize(
    "body",
    [
        b"null",
        b"[]",
        b'"x"',
        b"{}",
        b"{",
        b"\xff",
        b"NaN",
        b'{"kind":NaN}',
        b"[" * 7000,
        b"9" * 5000,
        b'{"kind":"command","id":"\\ud800"}',
    ],
    ids=lambda body: body[:12],
)
def test_a_signed_body_that_is_no_message(body):
    for kind, decode in (("report", decode_report), ("beat", decode_beat)):
        with pytest.raises(Malformed):
            decode(signed(body, kind), KEY.public)
    with pytest.raises(Malformed):
        decode_command(signed(body), KEYS)
    if body != b'{"kind":"command","id":"\\ud800"}':
        with pytest.raises(Malformed):
            peek(signed(body))


def test_a_message_of_one_kind_is_not_another(command):
    report = Report("siren-1", command.id, command.alert, 1, "accepted", NOW)
    with pytest.raises(BadSignature):
        decode_command(encode(report, KEY), KEYS)
    with pytest.raises(BadSignature):
        decode_report(encode(command, KEY), KEY.public)
    with pytest.raises(BadSignature):
        decode_beat(encode(report, KEY), KEY.public)


def test_only_given_keys_count(command):
    stranger = SigningKey.generate()
    with pytest.raises(UnknownKey):
        decode_command(encode(command, stranger), KEYS)
    posing = bytearray(encode(command, stranger))
    posing[4:12] = KEY.public.key_id
    with pytest.raises(BadSignature):
        decode_command(bytes(posing), KEYS)
    with pytest.raises(UnknownKey):
        decode_beat(encode(BEAT, stranger), KEY.public)


def test_sizes_are_bounded(changed):
    most = [f"endpoint-{number:031}" for number in range(10_000)]
    data = encode(changed(to=Addressees(ids=most)), KEY)
    assert len(data) < MAX_BYTES["command"]
    with pytest.raises(TooLong):
        decode_command(data + b" " * MAX_BYTES["command"], KEYS)
    with pytest.raises(TooLong):
        peek(data + b" " * MAX_BYTES["command"])
    with pytest.raises(TooLong):
        decode_beat(encode(BEAT, KEY) + b" " * MAX_BYTES["beat"], KEY.public)
    with pytest.raises(TooLong):
        peek(encode(BEAT, KEY) + b" " * MAX_BYTES["beat"])


def test_a_writer_refuses_what_no_reader_would_take():
    faults = ["\N{FIRE}" * 200] * 16
    with pytest.raises(TooLong):
        encode(Beat("siren-1", 1, NOW, "0.1.0", faults=faults), KEY)


@given(st.binary(max_size=300) | st.binary(max_size=100).map(b"TRK1".__add__))
def test_any_bytes_raise_nothing_but_our_error(data):
    for read in (peek, lambda data: decode_command(data, KEYS), lambda data: decode_report(data, KEY.public)):
        with pytest.raises(CommandError):
            read(data)


@settings(max_examples=200)
@given(commands(), st.data())
def test_any_change_to_the_bytes_is_refused(command, data):
    raw = bytearray(encode(command, KEY))
    where = data.draw(st.integers(0, len(raw) - 1))
    raw[where] ^= data.draw(st.integers(1, 255))
    with pytest.raises(CommandError):
        decode_command(bytes(raw), KEYS)
    with contextlib.suppress(CommandError):
        peek(bytes(raw))
