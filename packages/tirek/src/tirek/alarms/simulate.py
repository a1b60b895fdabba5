"""Simulated alarm panels: real DC-09 clients over TCP and UDP, for the sample province.

They send heartbeats, now and then a calm event, and fail in the ways panels fail: one stays silent, one has a broken clock, one
repeats itself, some write frames in their maker's own way.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from asgiref.sync import sync_to_async
from django.conf import settings

from tirek.alarms.models import Panel
from tirek.alarms.receiver.keys import unseal
from tirek.alarms.receiver.server import split_address
from tirek_protocols.dc09 import Answer, AnswerDecoder, encode_cid, encode_null, encode_sia

log = logging.getLogger(__name__)

#: Mean time between events of the whole fleet that call somebody, in seconds: the desk stays quiet.
CALM_S = 1200.0
#: A panel waits this long for an answer, then sends again; so many times, before it gives up.
PATIENCE_S = 8.0
TRIES = 4
#: Quirks that are tried out, by place in the fleet; see `tirek_protocols.dc09.profiles`.
PROFILES = {3: "eldes", 5: "g90b", 9: "trikdis"}

#: SIA code, Contact ID code of what happens by itself: an alarm and its end.
HAPPENINGS = (("BA", "130"), ("AT", "301"), ("TA", "137"), ("YT", "302"))


@dataclass(slots=True)
class Simulated:
    """One simulated panel."""

    account: str
    prefix: str
    key: bytes | None
    heartbeat_s: float
    zone: str
    profile: str = "standard"
    transport: str = "tcp"
    contact_id: bool = False
    #: "", "silent", "clock" (sends yesterday's time) or "stutter" (sends every frame twice).
    fault: str = ""
    sequence: int = 0

    def next_sequence(self) -> int:
        self.sequence = self.sequence % 9999 + 1
        return self.sequence

    def stamp(self) -> datetime:
        return datetime.now(UTC) - (timedelta(days=1) if self.fault == "clock" else timedelta())


def fleet(count: int, failures: bool) -> list[Simulated]:
    """The first `count` sample panels as clients."""
    rows = Panel.objects.filter(is_sample=True).prefetch_related("zones").order_by("pk")[:count]
    panels = []
    for number, panel in enumerate(rows):
        zones = list(panel.zones.all())
        panels.append(
            Simulated(
                account=panel.account,
                prefix=panel.prefix or "0",
                key=unseal(bytes(panel.key)) if panel.key else None,
                heartbeat_s=float(panel.heartbeat_s or 60),
                zone=zones[-1].number if zones else "1",
                profile=PROFILES.get(number, "standard") if failures else "standard",
                transport="udp" if number % 7 == 6 else "tcp",
                contact_id=number % 3 == 1,
                fault=_fault(number, len(rows), panel) if failures else "",
            )
        )
    return panels


def _fault(number: int, count: int, panel: Panel) -> str:
    """The last one never speaks. A broken clock is harmless only where nobody checks it."""
    if number == count - 1:
        return "silent"
    if number == 4 and not panel.check_time:
        return "clock"
    return "stutter" if number == 8 else ""


async def run_panels(stop: asyncio.Event, count: int, failures: bool = True, calm: bool = False) -> None:
    """Run `count` sample panels against the receiver at settings.DC09_ADDRESS until `stop` is set; `calm`: heartbeats only."""
    panels = await sync_to_async(fleet)(count, failures)
    if not panels:
        log.warning("no sample panels: load the sample province first (tirek sample load)")
        return
    log.info("%d panels report to %s", len(panels), settings.DC09_ADDRESS)
    async with asyncio.TaskGroup() as group:
        for panel in panels:
            if panel.fault != "silent":
                group.create_task(_live(panel, stop))
        if not calm:
            group.create_task(_happen([p for p in panels if p.fault != "silent"], stop))


async def _live(panel: Simulated, stop: asyncio.Event) -> None:
    """Send heartbeats. The first comes at a random moment of the first interval, so that they do not come as one."""
    pause = random.uniform(0, panel.heartbeat_s)
    while not await _ended(stop, pause):
        await _deliver(panel, _heartbeat(panel), stop)
        pause = panel.heartbeat_s * random.uniform(0.9, 1.05)


async def _happen(panels: list[Simulated], stop: asyncio.Event) -> None:
    """Now and then something happens somewhere, and ends again."""
    while panels and not await _ended(stop, random.expovariate(1 / CALM_S)):
        panel, (sia, cid) = random.choice(panels), random.choice(HAPPENINGS)
        await _deliver(panel, _event(panel, sia, cid), stop)
        if await _ended(stop, random.uniform(60, 240)):
            return
        # The second letter R or, for mains power, AR: the end of the condition.
        await _deliver(panel, _event(panel, "AR" if sia == "AT" else f"{sia[0]}R", cid, "restore"), stop)


async def _ended(stop: asyncio.Event, seconds: float) -> bool:
    """Wait; True when the simulation is to end."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
    return stop.is_set()


def _heartbeat(panel: Simulated) -> bytes:
    return encode_null(
        panel.account,
        panel.next_sequence(),
        prefix=panel.prefix,
        timestamp=panel.stamp(),
        key=panel.key,
        profile=panel.profile,
    )


def _event(panel: Simulated, sia: str, cid: str, qualifier: str = "new") -> bytes:
    sequence, stamp = panel.next_sequence(), panel.stamp()
    if panel.contact_id:
        return encode_cid(
            panel.account, cid, panel.zone, sequence, qualifier=qualifier, prefix=panel.prefix, timestamp=stamp,
            key=panel.key, profile=panel.profile,
        )  # fmt: skip
    return encode_sia(
        panel.account, sia, panel.zone, sequence, prefix=panel.prefix, timestamp=stamp, key=panel.key,
        profile=panel.profile,
    )  # fmt: skip


async def _deliver(panel: Simulated, frame: bytes, stop: asyncio.Event) -> Answer | None:
    """Send until it is answered, as a panel does. None when nobody answers, or the simulation ends."""
    for attempt in range(TRIES):
        with contextlib.suppress(OSError, TimeoutError):
            answer = await asyncio.wait_for(_ask(panel, frame), PATIENCE_S)
            if answer and panel.fault == "stutter":
                await asyncio.wait_for(_ask(panel, frame), PATIENCE_S)
            if answer:
                return answer
        if await _ended(stop, 2.0**attempt):
            return None
    return None


async def _ask(panel: Simulated, frame: bytes) -> Answer | None:
    # Read anew each time: the supervisor may have had to take another port.
    host, port = split_address(settings.DC09_ADDRESS)
    if panel.transport == "udp":
        return await _ask_udp(panel, frame, host, port)
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(frame)
        await writer.drain()
        decoder = AnswerDecoder(panel.key)
        while data := await reader.read(4096):
            for item in decoder.feed(data):
                if isinstance(item, Answer):
                    return item
        return None
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


class _Datagram(asyncio.DatagramProtocol):
    def __init__(self, answer: asyncio.Future[bytes]) -> None:
        self._answer = answer

    def datagram_received(self, data: bytes, _address: tuple[str, int]) -> None:
        if not self._answer.done():
            self._answer.set_result(data)

    def error_received(self, error: Exception) -> None:
        if not self._answer.done():
            self._answer.set_exception(error)


async def _ask_udp(panel: Simulated, frame: bytes, host: str, port: int) -> Answer | None:
    loop = asyncio.get_running_loop()
    future: asyncio.Future[bytes] = loop.create_future()
    transport, _protocol = await loop.create_datagram_endpoint(lambda: _Datagram(future), remote_addr=(host, port))
    try:
        transport.sendto(frame)
        found = AnswerDecoder(panel.key).feed(await future)
        return next((item for item in found if isinstance(item, Answer)), None)
    finally:
        transport.close()
