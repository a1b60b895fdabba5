"""One TCP connection of a panel, and the UDP port. Bytes in, frames to the writer; answers back when they are stored."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Protocol, cast

from django.utils import timezone

from tirek.alarms.receiver.reading import Received
from tirek_protocols.dc09 import RawFrame, Rubbish, StreamDecoder, decode_datagram

log = logging.getLogger(__name__)

#: The largest frame that is taken, by TCP or UDP. DC-09's length field allows 65 kB; panels send below 1 kB.
MAX_BUFFER = 16_384
#: A connection on which no good frame comes is closed, in seconds. Panels that stay connected send heartbeats.
IDLE_S = 900.0
#: The first good frame must have come by then: single bytes now and then must not hold a place.
IDLE_STRANGER_S = 30.0
#: Rubbish in a row, in bytes, after which a connection is closed.
MAX_RUBBISH = 4096
#: Bytes that may wait to be read by a panel that does not take its answers.
MAX_UNSENT = 65_536


class Desk(Protocol):
    """What a connection needs from the server."""

    def admit(self, connection: PanelConnection) -> bool: ...
    def leave(self, connection: PanelConnection) -> None: ...
    def heard(self, connection: PanelConnection) -> None: ...
    def take(self, frames: list[Received]) -> None: ...
    def rubbish(self, found: Rubbish, address: str) -> None: ...


class PanelConnection(asyncio.Protocol):
    """A TCP connection. The server pauses reading on all of them while the writer's queue is full."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._decoder = StreamDecoder(MAX_BUFFER)
        self._rubbish = 0
        self._frames = 0
        self._good = self._paused = False
        self._idle: asyncio.TimerHandle | None = None
        self._transport: asyncio.Transport | None = None
        self.address = ""
        #: When the last frame with a right check sum came, or the connection was made.
        self.heard = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport = self._transport = cast(asyncio.Transport, transport)
        self.address = str((transport.get_extra_info("peername") or ("?",))[0])
        self.heard = asyncio.get_running_loop().time()
        if not self._desk.admit(self):
            transport.abort()
            return
        transport.set_write_buffer_limits(high=MAX_UNSENT)
        self._watch_idle(IDLE_STRANGER_S)

    def data_received(self, data: bytes) -> None:
        frames = []
        for item in self._decoder.feed(data):
            if isinstance(item, RawFrame):
                frames.append(Received(item, self.address, "tcp", timezone.now(), self.answer, self))
                self._rubbish = 0
            else:
                self._desk.rubbish(item, self.address)
                self._rubbish += item.size
        if frames:
            self._frames += len(frames)
            if any(frame.raw.crc_ok for frame in frames):
                self._good, self.heard = True, asyncio.get_running_loop().time()
                self._desk.heard(self)
            self._desk.take(frames)
        # A scanner shows itself with its first words: HTTP, TLS and SIP have no business here.
        if self._rubbish > MAX_RUBBISH or (self._rubbish and not self._frames):
            self.close()

    def answer(self, data: bytes) -> bool:
        """Send an answer. False when the panel has gone meanwhile: it will send again."""
        if self._transport is None or self._transport.is_closing():
            return False
        if self._transport.get_write_buffer_size() > MAX_UNSENT:
            self._transport.abort()
            return False
        self._transport.write(data)
        return True

    def connection_lost(self, error: Exception | None) -> None:
        for item in self._decoder.close():
            if isinstance(item, Rubbish):
                self._desk.rubbish(item, self.address)
        if self._idle:
            self._idle.cancel()
        self._transport = None
        self._desk.leave(self)

    def pause(self) -> None:
        self._paused = True
        if self._transport and not self._transport.is_closing():
            self._transport.pause_reading()

    def resume(self) -> None:
        self._paused = False
        if self._transport and not self._transport.is_closing():
            self._transport.resume_reading()

    def close(self) -> None:
        if self._transport:
            self._transport.close()

    def evict(self) -> None:
        """Make room for another one, at once."""
        if self._transport:
            self._transport.abort()

    def _watch_idle(self, seconds: float) -> None:
        self._idle = asyncio.get_running_loop().call_later(seconds, self._check_idle)

    def _check_idle(self) -> None:
        limit = IDLE_S if self._good else IDLE_STRANGER_S
        if self._paused:
            self._watch_idle(limit)  # we do not read: its silence is ours
            return
        left = self.heard + limit - asyncio.get_running_loop().time()
        if left <= 0:
            self.close()
        else:
            self._watch_idle(left)


class PanelDatagrams(asyncio.DatagramProtocol):
    """The UDP port: each datagram holds one frame or more."""

    def __init__(self, desk: Desk, has_room: Callable[[], bool]) -> None:
        self._desk = desk
        self._has_room = has_room
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        if not self._has_room():
            return  # not answered, so the panel sends again: this is how UDP waits
        frames = []
        for item in decode_datagram(data, MAX_BUFFER):
            if isinstance(item, RawFrame):
                frames.append(Received(item, address[0], "udp", timezone.now(), self._answer_to(address)))
            else:
                self._desk.rubbish(item, address[0])
        if frames:
            self._desk.take(frames)

    def _answer_to(self, address: tuple[str, int]) -> Callable[[bytes], bool]:
        def answer(data: bytes) -> bool:
            if self._transport is None or self._transport.is_closing():
                return False
            self._transport.sendto(data, address)
            return True

        return answer

    def error_received(self, error: Exception) -> None:
        log.debug("udp: %s", error)
