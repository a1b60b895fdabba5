"""Another people's client dials in: siadc09 writes the frames, and its own decoder must accept our answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from siadc09 import message

from tests.protocols.dc09.foreign import ForeignPanel
from tirek.alarms.models import Alarm, Signal
from tirek_protocols.dc09 import parse_answer

from .test_server import Running

pytestmark = pytest.mark.django_db(transaction=True)

KEYS = [None, bytes(range(16)), bytes(range(24)), bytes(range(32))]


@pytest.fixture
def running() -> Iterator[Running]:
    with Running() as receiver:
        yield receiver


def exchange(running: Running, frame: bytes) -> bytes:
    with running.dial() as line:
        line.sendall(frame)
        answer = b""
        while not answer.endswith(b"\r"):
            answer += line.recv(4096)
        return answer


@pytest.mark.parametrize("key", KEYS, ids=["plain", "aes-128", "aes-192", "aes-256"])
def test_sia_contact_id_and_link_test(running: Running, make_panel: Any, key: bytes | None) -> None:
    make_panel("123", key=key, check_time=True)
    panel, now = ForeignPanel(0x123, key=key), datetime.now(UTC)
    frames = [panel.sia("Nri1/PA7", 1, now), panel.contact_id("1", "110", 1, 4, 2, now), panel.null(3, now)]
    for sequence, frame in enumerate(frames, 1):
        answer = panel.read(exchange(running, frame))
        assert isinstance(answer, message.AckMessage)
        assert (answer.seq, answer.account.get_id()) == (sequence, panel.context.get_id())
    assert sorted(Alarm.objects.values_list("kind", flat=True)) == ["fire", "panic"]
    assert Signal.objects.filter(encrypted=key is not None).count() == 2


def test_a_stale_frame_is_refused_with_our_time(running: Running, make_panel: Any) -> None:
    """Read with our own decoder: siadc09 wants an account in a NAK, where the standard has none."""
    make_panel("123", check_time=True)
    answer = exchange(running, ForeignPanel(0x123).sia("Nri1/PA7", 1, datetime(2020, 1, 1, tzinfo=UTC)))
    assert parse_answer(answer).token == "NAK"
    assert not Alarm.objects.filter(kind="panic").exists()
