"""Was that the sound we meant? A comparison of what was played with what was picked up.

Both are turned into spectrograms of a few dozen bands. A microphone hears late, coloured and echoing, so
samples cannot be compared; which bands carry the energy, and when, survives a loudspeaker and a yard.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tirek_agent.audio.pcm import RATE, Pcm, level_db

FRAME = 1024
HOP = 512
BANDS = 48
LOWEST_HZ = 150.0
HIGHEST_HZ = 7000.0
# Right sounds in an echo and in noise 6 dB below them match by more than 0.7, wrong ones by less than 0.4:
# tests/agent/audio/test_listen.py.
MATCH = 0.5

Grid = NDArray[np.float32]
"""Shape (frames, bands): square root of the power, less the frame's mean, so that noise matches nothing."""


@dataclass(frozen=True)
class Hearing:
    """What was picked up: its level in dB below full scale, and how like the meant sound it is, -1 to 1."""

    level_db: float
    match: float


@lru_cache(1)
def _band_edges() -> NDArray[np.intp]:
    hz = np.geomspace(LOWEST_HZ, HIGHEST_HZ, BANDS + 1)
    edges = np.round(hz * FRAME / RATE).astype(np.intp)
    # The lowest bands are narrower than a bin: each gets at least one.
    return np.maximum.accumulate(np.maximum(edges, edges[0] + np.arange(BANDS + 1)))


@lru_cache(1)
def _window() -> Grid:
    return np.hanning(FRAME).astype(np.float32)


def spectrogram(pcm: Pcm) -> Grid:
    """The grid of `pcm`; no frames when it is shorter than one."""
    if len(pcm) < FRAME:
        return np.zeros((0, BANDS), np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(pcm, FRAME)[::HOP].astype(np.float32) * _window()
    power = np.square(np.abs(np.fft.rfft(frames, axis=1))).astype(np.float32)
    edges = _band_edges()
    grid: Grid = np.sqrt(np.add.reduceat(power, edges, axis=1)[:, :BANDS])
    grid -= grid.mean(axis=1, keepdims=True)
    return grid


def _alike(meant: Grid, heard: Grid) -> float:
    scale = float(np.linalg.norm(meant) * np.linalg.norm(heard))
    return float(np.vdot(meant, heard)) / scale if scale else 0.0


def compare(meant: Pcm, heard: Pcm, *, late_s: float) -> Hearing:
    """How `heard` compares with `meant`, where `heard` may lag behind by up to `late_s` seconds.

    Both are what was played and what was picked up until the same moment.
    """
    wanted, got = spectrogram(meant), spectrogram(heard)
    frames = min(len(wanted), len(got))
    # Aligned at their ends; a late sound is found by leaving out the end of what was meant.
    wanted, got = wanted[len(wanted) - frames :], got[len(got) - frames :]
    most = min(round(late_s * RATE / HOP), frames // 2)
    scores = [_alike(wanted[: frames - late], got[late:]) for late in range(most + 1)]
    return Hearing(level_db(heard), max(scores, default=0.0))
