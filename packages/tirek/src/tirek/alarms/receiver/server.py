"""The receiver process: TCP and UDP on one address, one writer thread, supervision."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import signal
from collections.abc import Sequence

from django.utils import timezone

from tirek.alarms.receiver import status as status_file
from tirek.alarms.receiver.connection import PanelConnection, PanelDatagrams
from tirek.alarms.receiver.descriptors import room_for
from tirek.alarms.receiver.intake import Intake, Outcome
from tirek.alarms.receiver.reading import Received
from tirek.alarms.receiver.seats import Seats
from tirek.alarms.receiver.status import Status
from tirek.alarms.receiver.supervision import Supervision
from tirek.alarms.receiver.writer import Writer, is_away
from tirek_protocols.dc09 import Rubbish

log = logging.getLogger(__name__)

MAX_CONNECTIONS = 2000
#: One address may hold this many of them. Panels behind one mobile operator share an address, so this is generous.
MAX_FROM_ONE = 1000
STATUS_S = 2.0
#: Time for the last answers to leave when the process is told to stop, in seconds.
GOODBYE_S = 5.0


class Receiver:
    """Listens, queues, answers. Make one, `await start(host, port)`, later `await stop()`."""

    def __init__(self, max_connections: int = MAX_CONNECTIONS) -> None:
        self.status = Status()
        self.intake = Intake()
        self._supervision = Supervision(self.intake, timezone.now)
        self._seats: Seats[PanelConnection] = Seats(max_connections, MAX_FROM_ONE)
        self._paused = False
        self._server: asyncio.Server | None = None
        self._datagrams: asyncio.DatagramTransport | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._reporting: asyncio.Task[None] | None = None
        self._writer: Writer[Received, Outcome] = Writer(self.intake.store, self._stored, self._not_stored, self._idle)

    async def start(self, host: str, port: int) -> int:
        """Begin to listen. Port 0 takes a free one, the same for TCP and UDP. Returns the port; raises OSError."""
        loop = self._loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: PanelConnection(self), host, port, backlog=512)
        taken = int(self._server.sockets[0].getsockname()[1])
        self._datagrams, _protocol = await loop.create_datagram_endpoint(
            lambda: PanelDatagrams(self, lambda: self._writer.has_room), local_addr=(host, taken)
        )
        self._writer.start()
        self.status.listening = f"{host}:{taken}"
        self._reporting = asyncio.create_task(self._report())
        log.info("listening for alarm panels on %s:%d, TCP and UDP", host, taken)
        return taken

    async def stop(self) -> None:
        """Stop listening, store and answer what was taken, then close."""
        if self._server:
            self._server.close()
        if self._reporting:
            self._reporting.cancel()
        for connection in self._seats:
            connection.pause()
        self._writer.stop()
        await asyncio.to_thread(self._writer.join, GOODBYE_S)
        await asyncio.sleep(0)  # the answers that the writer handed over are sent by this loop
        for connection in self._seats:
            connection.close()
        if self._datagrams:
            self._datagrams.close()
        log.info("stopped")

    # --- what connections ask ---

    def admit(self, connection: PanelConnection) -> bool:
        taken = self._seats.take(connection)
        self.status.evicted_connections = self._seats.evicted
        if not taken:
            self.status.refused_connections += 1
            return False
        if self._paused:
            connection.pause()
        return True

    def leave(self, connection: PanelConnection) -> None:
        self._seats.leave(connection)

    def heard(self, connection: PanelConnection) -> None:
        self._seats.heard(connection)

    def take(self, frames: list[Received]) -> None:
        self.status.frames += len(frames)
        if not self._writer.put(frames) and not self._paused:
            self._paused = True
            log.warning("%d frames wait to be stored: reading stops until there is room", self._writer.waiting)
            for connection in self._seats:
                connection.pause()

    def rubbish(self, found: Rubbish, address: str) -> None:
        self.status.rubbish[found.kind] += 1
        log.debug("%d bytes of %s from %s dropped", found.size, found.kind, address)

    # --- what the writer thread says ---

    def _stored(self, items: Sequence[Received], outcomes: Sequence[Outcome]) -> None:
        """Committed: let the answers go, on the loop's thread."""
        self.status.commits += 1
        self.status.trouble("keys" if self.intake.book.unopened else "")
        if self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._answer, items, outcomes)

    def _answer(self, items: Sequence[Received], outcomes: Sequence[Outcome]) -> None:
        now = timezone.now()
        sent: list[int] = []
        for item, outcome in zip(items, outcomes, strict=True):
            self.status.answers[outcome.answer or "none"] += 1
            if outcome.known and item.line is not None:
                self._seats.known(item.line)
            if outcome.data and item.reply(outcome.data):
                sent.extend(outcome.signals)
        if sent:
            self.intake.answered(sent, now)
        if self._paused and self._writer.waiting < self._writer.capacity // 2:
            self._paused = False
            for connection in self._seats:
                connection.resume()

    def _not_stored(self, error: BaseException) -> None:
        self.status.trouble("database")
        # One frame that cannot be stored says nothing of the panels, or strangers could put off their silence for ever.
        if is_away(error):
            self._supervision.start_again()
        if self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._answer, [], [])

    def _idle(self) -> None:
        self.intake.flush()
        self._supervision.tick()

    async def _report(self) -> None:
        while True:
            self.status.connections = len(self._seats)
            self.status.waiting = self._writer.waiting
            with contextlib.suppress(OSError):
                await asyncio.to_thread(status_file.write, self.status)
            await asyncio.sleep(STATUS_S)


def split_address(address: str) -> tuple[str, int]:
    """ "host:port" -> (host, port); an IPv6 host stands in brackets. Raises ValueError."""
    host, _colon, port = address.rpartition(":")
    return host.strip("[]") or "127.0.0.1", int(port)


async def serve(address: str) -> None:
    """Run a receiver on `address` until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    receiver = Receiver(room_for(MAX_CONNECTIONS))
    # What is loaded by now stays: the collector need not walk through it again and again while a storm is being stored.
    gc.collect()
    gc.freeze()
    await receiver.start(*split_address(address))
    await stop.wait()
    await receiver.stop()
