"""Proof that it sounded: what a microphone, a current meter or the simulator picked up."""

from __future__ import annotations

import asyncio
import contextlib
import math
import threading
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import miniaudio
import numpy as np

from tirek_agent.audio.listen import MATCH, compare
from tirek_agent.audio.pcm import RATE, SILENCE_DB, Pcm, level_db
from tirek_agent.audio.sinks import REAL_BACKENDS, PacedSink, find_device

LEAST_DB = -45.0
READINGS = 5
READING_EVERY_S = 0.04
COMMAND_WITHIN_S = 2.0
# How much a microphone's probe remembers: more than it is ever asked for.
HEARD_S = 4.0
DEAF_S = 1.0


Meant = Callable[[], Pcm]


class ProbeError(Exception):
    """The probe gives no reading; the message says why."""


@dataclass(frozen=True)
class Finding:
    """One look of a probe. `level_db` is None where it measures none."""

    heard: bool
    level_db: float | None
    detail: str


class Probe(Protocol):
    """Listens beside the loudspeaker."""

    name: str
    late_s: float
    """How long after a sound was put out it may take to show in this probe."""

    async def open(self) -> None:
        """Get ready, or ready again. Raises `ProbeError`."""
        ...

    async def listen(self, meant: Meant) -> Finding:
        """Judge the moments just gone. Raises `ProbeError`.

        `meant()` is what was put out until the moment it is called: when the probe takes its own sample.
        """
        ...

    async def idle(self) -> Finding:
        """Whether anything sounds now, commanded or not. Raises `ProbeError`."""
        ...

    async def close(self) -> None: ...


def _judge(meant: Pcm, heard: Pcm, least_db: float, late_s: float) -> Finding:
    hearing = compare(meant, heard, late_s=late_s)
    level = round(hearing.level_db, 1)
    detail = f"match {hearing.match:.2f}"
    if hearing.level_db < least_db:
        return Finding(False, level, f"too quiet, {detail}")
    if hearing.match < MATCH:
        return Finding(False, level, f"another sound, {detail}")
    return Finding(True, level, detail)


class NoProbe:
    """Nothing listens, so nothing is ever claimed to be heard."""

    name = "none"
    late_s = 0.0

    async def open(self) -> None:
        return

    async def listen(self, meant: Meant) -> Finding:
        return Finding(False, None, "no probe")

    async def idle(self) -> Finding:
        return Finding(False, None, "no probe")

    async def close(self) -> None:
        return


class LoopbackProbe:
    """The simulator's probe: measures what really came out of a paced sink."""

    name = "loopback"
    late_s = 0.04

    def __init__(self, sink: PacedSink, least_db: float = LEAST_DB) -> None:
        self._sink = sink
        self._least_db = least_db

    async def open(self) -> None:
        return

    async def listen(self, meant: Meant) -> Finding:
        wanted = meant()
        return _judge(wanted, self._sink.recent(len(wanted)), self._least_db, self.late_s)

    async def idle(self) -> Finding:
        level = level_db(self._sink.recent(RATE // 2))
        return Finding(level >= self._least_db, round(level, 1), "")

    async def close(self) -> None:
        return


class MicrophoneProbe:
    """A microphone in front of the loudspeaker, always listening, keeping only the last seconds."""

    name = "microphone"
    # The sound card's buffer, the air, and the capture buffer.
    late_s = 0.5

    def __init__(
        self,
        device: str = "",
        least_db: float = LEAST_DB,
        backends: tuple[miniaudio.Backend, ...] = REAL_BACKENDS,
    ) -> None:
        self._name = device
        self._least_db = least_db
        self._backends = list(backends)
        self._device: miniaudio.CaptureDevice | None = None
        self._ring: Pcm = np.zeros(round(HEARD_S * RATE), np.int16)
        self._lock = threading.Lock()
        self._last_data = -math.inf

    async def open(self) -> None:
        await self.close()
        try:
            self._device = await asyncio.to_thread(self._start)
        except miniaudio.MiniaudioError as error:
            raise ProbeError(f"the microphone does not open: {error}") from error

    def _start(self) -> miniaudio.CaptureDevice:
        device = miniaudio.CaptureDevice(
            input_format=miniaudio.SampleFormat.SIGNED16,
            nchannels=1,
            sample_rate=RATE,
            buffersize_msec=100,
            device_id=find_device(self._name, self._backends, playback=False),
            backends=self._backends,
            app_name="Tirek",
        )
        take = self._take()
        next(take)
        device.start(take)
        return device

    def _take(self) -> Generator[None, bytes, None]:
        """Runs in the sound card's thread."""
        while True:
            data = np.frombuffer(bytes((yield)), np.int16)[-len(self._ring) :]
            with self._lock:
                self._last_data = time.monotonic()
                self._ring = np.concatenate((self._ring[len(data) :], data))

    def _recent(self, samples: int) -> Pcm:
        with self._lock:
            age = time.monotonic() - self._last_data
            heard = self._ring[-samples:]
        if age > DEAF_S:
            raise ProbeError("the microphone gives no sound")
        return heard

    async def listen(self, meant: Meant) -> Finding:
        wanted = meant()
        return _judge(wanted, self._recent(len(wanted)), self._least_db, self.late_s)

    async def idle(self) -> Finding:
        level = level_db(self._recent(RATE // 2))
        return Finding(level >= self._least_db, round(max(level, SILENCE_DB), 1), "")

    async def close(self) -> None:
        device, self._device = self._device, None
        if device is not None:
            await asyncio.to_thread(device.close)


class CurrentProbe:
    """The current that the amplifier draws, as a number in a file or printed by a command.

    It cannot tell one sound from another, only that the amplifier works. `source` is a path, or with a leading
    `!` a command line; `least` is the smallest reading that means sound, in the unit of the reading.
    """

    name = "current"
    late_s = 0.1

    def __init__(self, source: str, least: float) -> None:
        self._source = source
        self._least = least

    async def open(self) -> None:
        await self._reading()

    async def _reading(self) -> float:
        if self._source.startswith("!"):
            text = await self._run(self._source[1:].split())
        else:
            try:
                text = await asyncio.to_thread(Path(self._source).read_text)
            except (OSError, UnicodeDecodeError) as error:
                raise ProbeError(f"the current cannot be read: {error}") from error
        try:
            return float(text.split()[0])
        except (ValueError, IndexError) as error:
            raise ProbeError(f"the current is not a number: {text[:40]!r}") from error

    async def _run(self, words: list[str]) -> str:
        try:
            child = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE)
        except (OSError, ValueError, TypeError) as error:
            raise ProbeError(f"the current cannot be read: {error}") from error
        try:
            output, _ = await asyncio.wait_for(child.communicate(), COMMAND_WITHIN_S)
        except TimeoutError as error:
            raise ProbeError("the command that reads the current hangs") from error
        finally:
            if child.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    child.kill()
        return output.decode(errors="replace")

    async def listen(self, meant: Meant) -> Finding:
        # A signal with rests draws nothing in them: the highest of several readings counts.
        highest = await self._reading()
        for _ in range(READINGS - 1):
            await asyncio.sleep(READING_EVERY_S)
            highest = max(highest, await self._reading())
        return self._finding(highest)

    async def idle(self) -> Finding:
        return self._finding(await self._reading())

    def _finding(self, reading: float) -> Finding:
        return Finding(reading >= self._least, None, f"current {reading:g}, sound from {self._least:g}")

    async def close(self) -> None:
        return
