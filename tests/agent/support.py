"""A centre that signs commands, and an agent whose disk and sound are in memory."""

from __future__ import annotations

import asyncio
import secrets
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiomqtt

from tirek_protocols.command import (
    Addressees,
    Command,
    Report,
    SigningKey,
    Tone,
    decode_command,
    decode_report,
    encode,
    topics,
)

NO_DELAY = [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]
CELL = "8a2b5a400007fff"
EVERYWHERE_HERE = Addressees(cells=("812b7ffffffffff",))


def now_ms() -> int:
    return time.time_ns() // 1_000_000


@dataclass
class Centre:
    """Signs commands as the centre does."""

    key: SigningKey = field(default_factory=SigningKey.generate)

    def command(self, **changes: Any) -> Command:
        now = changes.pop("now", None) or now_ms()
        values: dict[str, Any] = {
            "id": secrets.token_hex(16),
            "alert": "alert-1",
            "action": "play",
            "mode": "live",
            "to": Addressees(ids=("e1",)),
            "issued": now,
            "not_before": now,
            "not_after": now + 60_000,
            "max_run": 60,
            "audio": (Tone("attention", 1.0),),
        }
        if changes.get("action", "play") in ("silence", "silence_all"):
            values["audio"] = ()
        return Command(**(values | changes))

    def sign(self, command: Command) -> bytes:
        return encode(command, self.key)

    def decode(self, envelope: bytes) -> Command:
        return decode_command(envelope, {self.key.public.key_id: self.key.public})


async def until(true: Callable[[], Any], within_s: float = 10.0) -> None:
    """Wait until `true()` is."""
    async with asyncio.timeout(within_s):
        while not true():
            await asyncio.sleep(0.01)


@dataclass
class Listener:
    """The centre's side of the broker: publishes commands, collects reports."""

    client: aiomqtt.Client
    centre: Centre
    keys: dict[str, SigningKey]
    reports: list[Report] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    beats: list[bytes] = field(default_factory=list)

    async def publish(self, command: Command, *, retain: bool = True) -> None:
        await self.client.publish(topics.command(command.id), self.centre.sign(command), qos=1, retain=retain)

    async def collect(self) -> None:
        async for message in self.client.messages:
            endpoint = topics.endpoint_of(str(message.topic))
            if str(message.topic).endswith("/beat"):
                self.beats.append(message.payload)
            elif endpoint is not None:
                self.reports.append(decode_report(message.payload, self.keys[endpoint].public))
                self.at.append(time.monotonic())

    def states(self, command: Command, endpoint: str = "e1") -> list[str]:
        return [r.state for r in self.reports if r.command == command.id and r.endpoint == endpoint]


@asynccontextmanager
async def listening(port: int, centre: Centre, keys: dict[str, SigningKey]) -> AsyncIterator[Listener]:
    async with aiomqtt.Client(
        "127.0.0.1", port, identifier=f"centre-{secrets.token_hex(4)}", socket_options=NO_DELAY
    ) as client:
        listener = Listener(client, centre, keys)
        await client.subscribe([(topics.ALL_REPORTS, 1), (topics.ALL_BEATS, 1)])
        task = asyncio.create_task(listener.collect())
        try:
            yield listener
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
