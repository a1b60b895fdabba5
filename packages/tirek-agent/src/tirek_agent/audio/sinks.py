"""Where sound goes: a sound card, a file, or nowhere at the pace of one."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Protocol

import miniaudio
import numpy as np

from tirek_agent.audio.pcm import FULL_SCALE, RATE, Pcm, write_wav

log = logging.getLogger(__name__)

# Short enough to be silent within a tenth of a second of a stop.
BUFFER_MS = 50
OPENS_WITHIN_S = 10.0
# Without this list miniaudio falls back to a device that swallows sound without a word.
REAL_BACKENDS = (miniaudio.Backend.PULSEAUDIO, miniaudio.Backend.ALSA)


class SinkError(Exception):
    """Sound cannot be put out; the message says why."""


class Sink(Protocol):
    """Puts out one piece of sound at a time. It can never sound longer than the piece it was given."""

    async def start(self, pcm: Pcm) -> None:
        """Begin to put out `pcm` and return. Raises `SinkError`."""
        ...

    def stop(self) -> None:
        """Be silent, at once. Also after a piece has ended, and when nothing sounds."""
        ...

    def position(self) -> int:
        """How many samples of the last piece have been put out."""
        ...

    tail_s: float
    """How long the sink still sounds after its position has reached the end."""

    async def check(self) -> None:
        """Raises `SinkError` if sound could not be put out now. Makes none."""
        ...


class PacedSink:
    """A loudspeaker of the mind: takes as long as a real one, and `recent` gives what came out of it.

    `gain` is the amplifier behind it: 0 is one that is switched off.
    """

    tail_s = 0.0

    def __init__(self, gain: float = 1.0, clock: Callable[[], float] = time.monotonic) -> None:
        self.gain = gain
        self._clock = clock
        self._pcm: Pcm = np.zeros(0, np.int16)
        self._began = 0.0
        self._stopped_at: int | None = 0

    async def start(self, pcm: Pcm) -> None:
        self._pcm, self._began, self._stopped_at = pcm, self._clock(), None

    def stop(self) -> None:
        if self._stopped_at is None:
            self._stopped_at = self.position()

    def position(self) -> int:
        if self._stopped_at is not None:
            return self._stopped_at
        return min(len(self._pcm), round((self._clock() - self._began) * RATE))

    async def check(self) -> None:
        return

    def recent(self, samples: int) -> Pcm:
        """The last `samples` samples that came out of the amplifier for this piece; silence once it was stopped."""
        out = np.zeros(samples, np.int16)
        if self._stopped_at is None:
            at = self.position()
            piece = self._pcm[max(0, at - samples) : at]
            louder = np.clip(piece * self.gain, -FULL_SCALE, FULL_SCALE - 1)
            out[samples - len(piece) :] = louder.astype(np.int16)
        return out


class FileSink(PacedSink):
    """Writes each piece as far as it sounded into a numbered WAV file in `folder`."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._open = False

    async def start(self, pcm: Pcm) -> None:
        await self.check()
        await super().start(pcm)
        self._open = True

    def stop(self) -> None:
        super().stop()
        if self._open:
            self._open = False
            path = self._folder / f"{time.time_ns()}.wav"
            try:
                write_wav(path, self._pcm[: self.position()])
            except OSError as error:
                log.error("Sound cannot be written: %s", error)

    async def check(self) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SinkError(f"sound cannot be written: {error}") from error


class DeviceSink:
    """A sound card through ALSA or PulseAudio. `device` is part of its name; empty is the default one."""

    tail_s = 4 * BUFFER_MS / 1000

    def __init__(self, device: str = "", backends: tuple[miniaudio.Backend, ...] = REAL_BACKENDS) -> None:
        self._name = device
        self._backends = list(backends)
        self._playing: miniaudio.PlaybackDevice | None = None
        self._silent = True
        self._position = 0

    async def start(self, pcm: Pcm) -> None:
        self._silent, self._position = False, 0
        try:
            device = await asyncio.wait_for(asyncio.to_thread(self._open, pcm), OPENS_WITHIN_S)
        except miniaudio.MiniaudioError as error:
            raise SinkError(f"the sound card does not play: {error}") from error
        except TimeoutError as error:
            self._silent = True
            raise SinkError("the sound card does not answer") from error
        if self._silent:
            self._close(device)
        else:
            self._playing = device

    def _open(self, pcm: Pcm) -> miniaudio.PlaybackDevice:
        device = miniaudio.PlaybackDevice(
            output_format=miniaudio.SampleFormat.SIGNED16,
            nchannels=1,
            sample_rate=RATE,
            buffersize_msec=BUFFER_MS,
            device_id=find_device(self._name, self._backends, playback=True),
            backends=self._backends,
            app_name="Tirek",
        )
        feed = self._feed(pcm)
        next(feed)
        device.start(feed)
        return device

    def _feed(self, pcm: Pcm) -> Generator[bytes, int, None]:
        """Runs in the sound card's thread. It ends by itself: the card then gets silence."""
        wanted = yield b""
        while self._position < len(pcm) and not self._silent:
            piece = pcm[self._position : self._position + wanted]
            self._position += len(piece)
            wanted = yield piece.tobytes()

    def stop(self) -> None:
        self._silent = True
        device, self._playing = self._playing, None
        if device is not None:
            self._close(device)

    def _close(self, device: miniaudio.PlaybackDevice) -> None:
        # Closing waits for the card, which may hang; the feed is silent already.
        asyncio.get_running_loop().run_in_executor(None, device.close)

    def position(self) -> int:
        return self._position

    async def check(self) -> None:
        try:
            await asyncio.to_thread(find_device, self._name, self._backends, playback=True)
        except miniaudio.MiniaudioError as error:
            raise SinkError(f"there is no sound card: {error}") from error


def find_device(name: str, backends: list[miniaudio.Backend], *, playback: bool) -> object | None:
    """The id of the first device with `name` in its name; None, for the default one, when `name` is empty.

    Raises `MiniaudioError` when there is no such device, or no sound system at all.
    """
    devices = miniaudio.Devices(backends)
    found = devices.get_playbacks() if playback else devices.get_captures()
    if not found:
        raise miniaudio.MiniaudioError("no device was found")
    if not name:
        return None
    for device in found:
        if name.casefold() in device["name"].casefold():
            found_id: object = device["id"]
            return found_id
    names = ", ".join(repr(device["name"]) for device in found)
    raise miniaudio.MiniaudioError(f"no device is called {name!r}; there are {names}")
