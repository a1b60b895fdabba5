"""Whatever one frame carries: it is stored or left out, and no other frame suffers for it. Runs on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import BinaryField, Model
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tirek.alarms.models import Alarm, AlarmNote, Panel, Signal, UnknownAccount
from tirek.alarms.receiver.intake import Intake
from tirek_protocols.dc09.cipher import encrypt
from tirek_protocols.dc09.frames import MAX_BODY, build_frame

from .conftest import KEY, Clock, PanelSide

pytestmark = pytest.mark.django_db

PLAIN, KEYED, STRANGER = b"1234", b"5678", b"FFFFFFFFFFFFFFFF"

#: What a content is made of: what DC-09 has, and what it does not have.
PIECES = st.one_of(
    st.sampled_from(
        [
            b"|", b"]", b"[", b"_", b"#1234|", b"NPA1", b"Nri1/PA1/FA2", b"NZZ", b"OBA1", b"AText", b"^", b"1120 01 007",
            b"[I", b"[V", b"^\xd0\x9f\xd1\x80\xd0\xb8^", b"\0", b"\xed\xa0\x80", b"\xff\xfe", b"\xf4\x90\x80\x80",
            b"_12:00:00,11-23-2026", b"_00:00:00,01-01-0001", b"_23:59:59,12-31-9999", b"_23:59:60,12-31-2026",
            b"\x1b", b"\xe2\x80\xae", b"NPA" + b"9" * 40, b"^" + b"x" * 400 + b"^", b"PA" * 300,
        ]
    ),
    st.binary(max_size=12),
)  # fmt: skip
CONTENTS = st.lists(PIECES, max_size=8).map(b"".join)
ENDED = st.tuples(CONTENTS, CONTENTS).map(lambda pair: b"#1234|NPA1" + pair[0] + b"]" + pair[1])
TOKENS = st.sampled_from([b"SIA-DCS", b"ADM-CID", b"NULL", b"XNM", b"ACK", b"SIA-PUL", b"----------"])
HEADS = st.sampled_from([b"", b"R", b"L", b"L0", b"RFFFFFFLFFFFFF"])


def framed(token: bytes, head: bytes, account: bytes, content: bytes) -> bytes:
    if account == KEYED:
        body = b'"*%b"0001%b#%b[%b' % (token, head, account, encrypt(KEY, b"|" + content))
    else:
        body = b'"%b"0001%b#%b[%b' % (token, head, account, content)
    return build_frame(body.replace(b"\r", b"").replace(b"\n", b"")[:MAX_BODY])


FRAMES = st.builds(framed, TOKENS, HEADS, st.sampled_from([PLAIN, KEYED, STRANGER]), CONTENTS | ENDED)


def fits(row: Model) -> bool:
    """What PostgreSQL asks of text and SQLite does not: no NUL, and no more than the column is wide."""
    for field in row._meta.fields:
        value = getattr(row, field.attname)
        if isinstance(value, str) and not isinstance(field, BinaryField):
            assert "\0" not in value, field
            assert field.max_length is None or len(value) <= field.max_length, field
            value.encode()
    return True


@pytest.fixture
def panels(make_panel: Any) -> None:
    make_panel(PLAIN.decode(), facility=0)
    make_panel(KEYED.decode(), facility=1, key=KEY)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hostile=st.lists(FRAMES, min_size=1, max_size=12))
@example(hostile=[framed(b"SIA-DCS", b"L0", STRANGER, b"#FFFF|NRP01|NZZ01]_\0")])
@example(hostile=[framed(b"SIA-DCS", b"L0", KEYED, b"#FFFF|NRP01|NZZ01]_\0")])
def test_no_frame_keeps_another_from_being_stored(panels: None, db: None, hostile: list[bytes]) -> None:
    try:
        clock = Clock()
        side = PanelSide(Intake(clock), clock)
        assert side.send(*hostile, side.sia("1234", "FA", 77))[-1] == "ACK"
        assert Signal.objects.filter(zone="77", problem="").exists()
        for model in (Signal, UnknownAccount, Alarm, AlarmNote, Panel):
            assert all(fits(row) for row in model.objects.all())
        side.intake.answered([row.pk for row in Signal.objects.all()], clock())
        side.intake.flush()
        side.send(*hostile)
    finally:
        Signal.objects.all().delete()
        Alarm.objects.all().delete()
        UnknownAccount.objects.all().delete()


def test_what_stands_for_a_time_stamp_does_not_hide_what_differs(panels: None, side: Any) -> None:
    """A long one once pushed the digest of the content out of the key: two presses looked alike."""
    tail = b"x" * 200
    for zone in (b"1", b"2"):
        side.send(framed(b"SIA-DCS", b"L0", PLAIN, b"#1234|NPA" + zone + b"]_" + tail))
    assert Signal.objects.count() == 2
