"""Panels that never give up: each sends a panic, repeats the very same frame until it is acknowledged, then sends the next."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random

from tirek_protocols import dc09

ANSWER_S = 3.0


@dataclass(slots=True)
class ChaosPanel:
    """`acknowledged` holds (sequence, time stamp) of every frame that was answered with ACK."""

    account: str
    prefix: str
    key: bytes | None
    zone: str
    chance: Random
    acknowledged: list[tuple[str, datetime]] = field(default_factory=list)
    tries: int = 0

    async def run(self, host: str, port: int, stop: asyncio.Event) -> None:
        sequence = 0
        while not stop.is_set():
            sequence = sequence % 9999 + 1
            stamp = datetime.now(UTC).replace(microsecond=0)
            frame = dc09.encode_sia(
                self.account, "PA", self.zone, sequence, prefix=self.prefix or "0", timestamp=stamp, key=self.key
            )
            while not await self._send(host, port, frame, f"{sequence:04d}"):
                if stop.is_set():
                    return
                await asyncio.sleep(self.chance.uniform(0.05, 0.5))
            self.acknowledged.append((f"{sequence:04d}", stamp))
            await asyncio.sleep(self.chance.uniform(0.2, 1.5))

    async def _send(self, host: str, port: int, frame: bytes, sequence: str) -> bool:
        """One try. True only for an ACK of this very sequence number."""
        self.tries += 1
        try:
            async with asyncio.timeout(ANSWER_S):
                reader, writer = await asyncio.open_connection(host, port)
                try:
                    writer.write(frame)
                    await writer.drain()
                    decoder = dc09.AnswerDecoder(self.key)
                    while data := await reader.read(4096):
                        for answer in decoder.feed(data):
                            if isinstance(answer, dc09.Answer) and answer.token == "ACK":
                                return answer.sequence == sequence
                finally:
                    writer.close()
        except (OSError, TimeoutError, dc09.Dc09Error):
            return False
        return False
