"""The one form of sound inside the agent: 16-bit mono samples at 16 kHz."""

from __future__ import annotations

import math
import wave
from collections import OrderedDict
from pathlib import Path

import miniaudio
import numpy as np
from numpy.typing import NDArray

RATE = 16_000
FULL_SCALE = 32_768
SILENCE_DB = -120.0

Pcm = NDArray[np.int16]
"""Shape (samples,), mono, `RATE` a second. Shared between threads, so never written to once made."""


class AudioMissing(Exception):
    """A piece of audio cannot be had; the message says which and why."""


class PcmCache:
    """The sounds used last, by name, up to `most_bytes` of them."""

    def __init__(self, most_bytes: int = 64 * 2**20) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[str, Pcm] = OrderedDict()
        self._bytes = 0

    def get(self, name: str) -> Pcm | None:
        if name in self._kept:
            self._kept.move_to_end(name)
        return self._kept.get(name)

    def put(self, name: str, pcm: Pcm) -> None:
        self._kept[name] = pcm
        self._bytes += pcm.nbytes
        while self._bytes > self._most_bytes and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= oldest.nbytes


def seconds_of(pcm: Pcm) -> float:
    return len(pcm) / RATE


def from_floats(signal: NDArray[np.float32]) -> Pcm:
    """Samples from -1..1 as read-only PCM; what is louder is clipped."""
    pcm: Pcm = np.round(np.clip(signal, -1.0, 1.0) * (FULL_SCALE - 1)).astype(np.int16)
    pcm.setflags(write=False)
    return pcm


def level_db(pcm: Pcm) -> float:
    """Root mean square in dB below full scale (0 is a full-scale square wave); silence is `SILENCE_DB`."""
    if not len(pcm):
        return SILENCE_DB
    mean_square = float(np.mean(np.square(pcm, dtype=np.float64))) / FULL_SCALE**2
    return 10 * math.log10(mean_square) if mean_square > 1e-12 else SILENCE_DB


def levelled(pcm: Pcm, target_db: float) -> Pcm:
    """Speech at an even `target_db` (RMS), its peaks bent rather than cut."""
    loud = 10 ** ((target_db - level_db(pcm)) / 20)
    return from_floats(np.tanh(pcm.astype(np.float32) / FULL_SCALE * loud))


def resampled(raw: bytes, rate: int) -> Pcm:
    """16-bit mono little-endian samples at `rate`, brought to `RATE`."""
    s16 = miniaudio.SampleFormat.SIGNED16
    pcm: Pcm = np.frombuffer(bytes(miniaudio.convert_frames(s16, 1, rate, raw, s16, 1, RATE)), np.int16)
    return pcm


def decoded(data: bytes) -> Pcm:
    """A WAV, FLAC or MP3 file as PCM. Raises `AudioMissing` when it is none of them."""
    try:
        sound = miniaudio.decode(data, nchannels=1, sample_rate=RATE)
    except miniaudio.DecodeError as error:
        raise AudioMissing("the recording is not WAV, FLAC or MP3") from error
    pcm: Pcm = np.frombuffer(sound.samples.tobytes(), np.int16)
    return pcm


def write_wav(path: Path, pcm: Pcm) -> None:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(pcm.astype("<i2").tobytes())
