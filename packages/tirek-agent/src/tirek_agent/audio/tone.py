"""The built-in sounds.

A person must be able to tell them apart at once, and live from exercise above all. So a live attention signal
wails without a pause, and an exercise never wails: every tone of an exercise is cut into short high beeps with
long rests, whatever its name.

Each sound repeats every four seconds without a seam, so however long it lasts only those are computed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tirek_agent.audio.pcm import RATE, AudioMissing, Pcm, from_floats

Signal = NDArray[np.float64]

PERIOD_S = 4.0
PEAK = 0.7
# Loudspeaker horns carry little below 400 Hz, and old ears little above 3 kHz.
WAIL_LOW_HZ = 500.0
WAIL_HIGH_HZ = 1000.0
STEADY_HZ = 420.0
EXERCISE_HZ = {"attention": 1600.0, "all_clear": 1200.0, "test": 2000.0}
RAMP_S = 0.01
# A minute is 1.9 MB.
CACHED_TONES = 16

_T: Signal = np.arange(round(PERIOD_S * RATE)) / RATE


def _voice(phase: Signal) -> Signal:
    """A reedy timbre: three partials cut through wind and traffic better than a pure sine."""
    voice: Signal = np.sin(phase) + 0.4 * np.sin(2 * phase) + 0.2 * np.sin(3 * phase)
    return voice


def _wail() -> Signal:
    """Two voices a major third apart that rise and fall together over an octave."""
    swing = 0.5 - 0.5 * np.cos(2 * np.pi * _T / PERIOD_S)
    turns = np.cumsum(WAIL_LOW_HZ * (WAIL_HIGH_HZ / WAIL_LOW_HZ) ** swing) / RATE
    # A whole number of turns in both voices makes the seam inaudible.
    turns *= 4 * round(turns[-1] / 4) / turns[-1]
    return _voice(2 * np.pi * turns) + 0.7 * _voice(2 * np.pi * turns * 5 / 4)


def _steady() -> Signal:
    return _voice(2 * np.pi * STEADY_HZ * _T)


def _chirp() -> Signal:
    """A glide of one second from low to high, then a second of silence."""
    t = _T % 2.0
    fade = np.clip(np.minimum(t, 1.0 - t) / RAMP_S, 0.0, 1.0)
    return _voice(2 * np.pi * (400.0 * t + 500.0 * t**2)) * fade


def _beeps(hz: float) -> Signal:
    """Three beeps of a fifth of a second, then a rest, every two seconds."""
    within = _T % 2.0
    sounding = (within < 1.2) & (within % 0.4 < 0.2)
    beeps: Signal = np.where(sounding, np.sin(2 * np.pi * hz * _T), 0.0)
    return beeps


_LIVE: dict[str, Callable[[], Signal]] = {"attention": _wail, "all_clear": _steady, "test": _chirp}
TONES = tuple(_LIVE)


@lru_cache
def _period(name: str, mode: str) -> Signal:
    signal = _LIVE[name]() if mode == "live" else _beeps(EXERCISE_HZ[name])
    period: Signal = signal * (PEAK / float(np.max(np.abs(signal))))
    return period


@lru_cache(CACHED_TONES)
def tone(name: str, mode: str, seconds: float) -> Pcm:
    """The built-in sound `name` (one of `TONES`) for `seconds`, as it sounds in `mode` (live or exercise).

    Raises `AudioMissing` for a name that is not known: another sound in its place could say the opposite.
    """
    if name not in _LIVE:
        raise AudioMissing(f"no tone is called {name!r}")
    period = from_floats(_period(name, mode).astype(np.float32))
    pcm: Pcm = np.resize(period, round(seconds * RATE))
    ramp = min(round(RAMP_S * RATE), len(pcm) // 2)
    if ramp:
        edge = np.linspace(0.0, 1.0, ramp)
        pcm[:ramp] = (pcm[:ramp] * edge).astype(np.int16)
        pcm[-ramp:] = (pcm[-ramp:] * edge[::-1]).astype(np.int16)
    pcm.setflags(write=False)
    return pcm
