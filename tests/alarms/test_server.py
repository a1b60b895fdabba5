"""The receiver over real sockets: half frames, many at once, scanners, a database that refuses, foreign clients."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import OperationalError, connections

from tirek.alarms.models import Alarm, AlarmNote, Signal
from tirek.alarms.press import press
from tirek.alarms.receiver import connection, status
from tirek.alarms.receiver.server import Receiver
from tirek.audit.act import Refused
from tirek_protocols.dc09 import AnswerDecoder, encode_null, encode_sia

from .conftest import KEY

pytestmark = pytest.mark.django_db(transaction=True)


class Running:
    """A receiver in a thread of its own."""

    def __init__(self, **options: Any) -> None:
        self.port = 0
        self._options = options
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)

    async def _run(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._end = asyncio.Event()
        self.receiver = Receiver(**self._options)
        self.port = await self.receiver.start("127.0.0.1", 0)
        self._ready.set()
        await self._end.wait()
        await self.receiver.stop()

    def __enter__(self) -> Running:
        self._thread.start()
        assert self._ready.wait(5)
        return self

    def __exit__(self, *_error: object) -> None:
        self.loop.call_soon_threadsafe(self._end.set)
        self._thread.join(10)
        connections.close_all()

    def dial(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), 5)


@pytest.fixture
def running() -> Iterator[Running]:
    with Running() as receiver:
        yield receiver


def stamped(account: str, sequence: int, code: str = "PA", **options: Any) -> bytes:
    return encode_sia(account, code, 3, sequence, timestamp=datetime.now(UTC), **options)


def answers(connection: socket.socket, count: int, key: bytes | None = None) -> list[str]:
    decoder, found = AnswerDecoder(key), []
    connection.settimeout(5)
    while len(found) < count and (data := connection.recv(4096)):
        found += [item.token for item in decoder.feed(data)]
    return found


def eventually(condition: Callable[[], bool], seconds: float = 5.0) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def test_acknowledged_means_stored(running: Running, make_panel: Any) -> None:
    make_panel()
    with running.dial() as line:
        line.sendall(stamped("1234", 1))
        assert answers(line, 1) == ["ACK"]
    assert Signal.objects.get().code == "PA"
    assert Alarm.objects.get().kind == "panic"
    assert eventually(lambda: AlarmNote.objects.filter(kind="answered").exists())


def test_half_frames_and_two_frames_in_one_piece(running: Running, make_panel: Any) -> None:
    make_panel()
    first, second, third = (stamped("1234", n) for n in (1, 2, 3))
    with running.dial() as line:
        line.sendall(first[:9])
        time.sleep(0.05)
        line.sendall(first[9:] + second + third[:20])
        assert answers(line, 2) == ["ACK", "ACK"]
        line.sendall(third[20:])
        assert answers(line, 1) == ["ACK"]
    assert Signal.objects.count() == 3


def test_encrypted_over_udp(running: Running, make_panel: Any) -> None:
    make_panel(key=KEY)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.settimeout(5)
        line.sendto(stamped("1234", 1, key=KEY), ("127.0.0.1", running.port))
        (answer,) = AnswerDecoder(KEY).feed(line.recv(4096))
        assert (answer.token, answer.encrypted) == ("ACK", True)
    assert Signal.objects.get().transport == "udp"


@pytest.mark.parametrize(
    "words",
    [
        b"GET / HTTP/1.1\r\nHost: example\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
        b"OPTIONS sip:nm SIP/2.0\r\nVia: SIP/2.0/TCP nm\r\n\r\n",
        bytes(range(256)) * 80,
    ],
    ids=["http", "tls", "sip", "noise"],
)
def test_scanners_are_counted_and_dropped(running: Running, words: bytes, make_panel: Any) -> None:
    make_panel()
    with running.dial() as line:
        line.sendall(words)
        line.settimeout(5)
        with contextlib.suppress(ConnectionResetError):
            assert line.recv(100) == b""
    assert sum(running.receiver.status.rubbish.values()) >= 1
    with running.dial() as line:
        line.sendall(stamped("1234", 1))
        assert answers(line, 1) == ["ACK"]
    assert not Signal.objects.exclude(account="1234").exists()


def test_too_many_connections_are_refused(make_panel: Any) -> None:
    make_panel()
    with Running(max_connections=2) as running, running.dial() as first, running.dial() as second:
        first.sendall(stamped("1234", 1))
        assert answers(first, 1) == ["ACK"]
        second.sendall(stamped("1234", 2))
        assert answers(second, 1) == ["ACK"]
        with running.dial() as third:
            third.settimeout(5)
            with contextlib.suppress(ConnectionResetError):
                assert third.recv(10) == b""
        assert running.receiver.status.refused_connections == 1


def gone(line: socket.socket) -> bool:
    line.settimeout(5)
    with contextlib.suppress(ConnectionResetError):
        return line.recv(10) == b""
    return True


@pytest.mark.parametrize("drop", [b"\n", encode_null("1234")[:-8]], ids=["filling", "a frame that does not end"])
def test_single_bytes_hold_no_place(monkeypatch: Any, drop: bytes) -> None:
    monkeypatch.setattr(connection, "IDLE_STRANGER_S", 0.5)
    with Running() as running, running.dial() as line:
        end = time.monotonic() + 20
        with contextlib.suppress(OSError):
            while time.monotonic() < end:
                line.sendall(drop[:1])
                drop = drop[1:] or drop
                time.sleep(0.1)
        assert time.monotonic() < end
        assert eventually(lambda: len(running.receiver._seats) == 0)


def test_a_broken_frame_does_not_prolong_it(monkeypatch: Any) -> None:
    monkeypatch.setattr(connection, "IDLE_STRANGER_S", 0.5)
    broken = bytearray(encode_null("1234"))
    broken[-3] ^= 1
    with Running() as running, running.dial() as line:
        line.sendall(broken)
        assert gone(line)


def test_a_good_frame_does(running: Running, make_panel: Any, monkeypatch: Any) -> None:
    make_panel()
    monkeypatch.setattr(connection, "IDLE_STRANGER_S", 0.5)
    with running.dial() as line:
        line.sendall(encode_null("1234"))
        assert answers(line, 1) == ["ACK"]
        time.sleep(1)
        line.sendall(encode_null("1234"))
        assert answers(line, 1) == ["ACK"]


def test_strangers_make_room_for_a_panel(make_panel: Any) -> None:
    make_panel()
    with Running(max_connections=2) as running, running.dial() as first, running.dial() as second:
        assert eventually(lambda: len(running.receiver._seats) == 2)
        second.sendall(stamped("FFFF", 1))
        assert answers(second, 1) == ["ACK"]
        with running.dial() as panel:
            panel.sendall(stamped("1234", 1))
            assert answers(panel, 1) == ["ACK"]
            assert gone(first)
            with running.dial():
                assert gone(second), "it brought a frame, but of no known panel"
            panel.sendall(stamped("1234", 2))
            assert answers(panel, 1) == ["ACK"]
        assert running.receiver.status.evicted_connections == 2
        assert running.receiver.status.refused_connections == 0


def test_no_answer_while_the_database_refuses(running: Running, make_panel: Any, monkeypatch: Any) -> None:
    make_panel()
    real = running.receiver.intake.store
    broken = threading.Event()
    broken.set()

    def store(items: Any) -> Any:
        if broken.is_set():
            raise OperationalError("database is locked")
        return real(items)

    monkeypatch.setattr(running.receiver._writer, "_store", store)
    frame = stamped("1234", 1)
    with running.dial() as line:
        line.sendall(frame)
        line.settimeout(0.4)
        with pytest.raises(TimeoutError):
            line.recv(100)
        assert running.receiver.status.problem == "database"
        assert not Signal.objects.exists()
        broken.clear()
        line.sendall(frame)
        assert answers(line, 1) == ["ACK"]
    assert Signal.objects.count() == 1
    assert running.receiver.status.problem == ""


def test_one_frame_that_fails_does_not_hold_up_the_others(running: Running, make_panel: Any, monkeypatch: Any) -> None:
    make_panel()
    real = running.receiver.intake.store

    def store(items: Any) -> Any:
        if any(item.raw.sequence == "0002" for item in items):
            raise ValueError("a mistake of ours")
        return real(items)

    monkeypatch.setattr(running.receiver._writer, "_store", store)
    with running.dial() as line:
        line.sendall(stamped("1234", 1) + stamped("1234", 2) + stamped("1234", 3))
        assert answers(line, 2) == ["ACK", "ACK"]
    assert sorted(Signal.objects.values_list("sequence", flat=True)) == ["0001", "0003"]


def test_reading_stops_while_the_queue_is_full(running: Running, make_panel: Any, monkeypatch: Any) -> None:
    make_panel()
    writer = running.receiver._writer
    real, gate = writer._store, threading.Event()

    def slow(items: Any) -> Any:
        gate.wait(5)
        return real(items)

    monkeypatch.setattr(writer, "_store", slow)
    monkeypatch.setattr(writer, "capacity", 20)
    with running.dial() as line:
        for _n in range(10):
            line.sendall(encode_null("1234") * 30)
            time.sleep(0.01)
        assert eventually(lambda: running.receiver._paused)
        gate.set()
        assert answers(line, 300) == ["ACK"] * 300
    assert not running.receiver._paused


def test_status_can_be_read_without_the_database(running: Running, make_panel: Any) -> None:
    with running.dial() as line:
        line.sendall(encode_null("1234") + b"GET / HTTP/1.1\r\n\r\n")
        assert answers(line, 1) == ["ACK"]
    assert eventually(lambda: status.read().get("frames") == 1)
    said = status.read()
    assert said["answers"] == {"ACK": 1}
    assert list(said["rubbish"]) == ["http"]
    assert said["alive"]
    assert said["listening"].endswith(str(running.port))


@pytest.mark.parametrize("key", [None, KEY], ids=["plain", "encrypted"])
def test_press(running: Running, make_panel: Any, settings: Any, key: bytes | None) -> None:
    panel = make_panel(key=key, is_sample=True)
    settings.DC09_ADDRESS = f"127.0.0.1:{running.port}"
    answer = press(panel.facility.code, zone="7")
    assert (answer.token, answer.account, answer.encrypted) == ("ACK", "1234", key is not None)
    assert Signal.objects.get().zone == "7"


def test_press_needs_a_sample_panel(make_panel: Any) -> None:
    panel = make_panel()
    with pytest.raises(Refused):
        press(panel.facility.code)
