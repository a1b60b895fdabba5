"""A loudspeaker that is simulated, with the faults of one that is not."""

from __future__ import annotations

import time
from collections.abc import Callable

from tirek_agent.audio.pcm import FULL_SCALE, RATE, Pcm
from tirek_agent.audio.sinks import PacedSink
from tirek_agent.audio.tone import tone
from tirek_agent.faults import Faults


class Loudspeaker(PacedSink):
    """A paced sink behind a faulty amplifier, with a button of its own that sounds without any command."""

    def __init__(self, faults: Faults, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(0.0 if faults.muted else 10 ** (faults.gain_db / 20), clock)
        self._faults = faults
        self._installed = clock()

    def recent(self, samples: int) -> Pcm:
        out = super().recent(samples)
        pressed = self._faults.button_at_s
        if pressed is None or not 0 <= self._clock() - self._installed - pressed < self._faults.button_for_s:
            return out
        button = tone("attention", "live", samples / RATE)[:samples] * self.gain
        mixed: Pcm = (out + button).clip(-FULL_SCALE, FULL_SCALE - 1).astype(out.dtype)
        return mixed
