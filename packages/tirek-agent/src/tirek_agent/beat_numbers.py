"""The numbers of heartbeats. The centre drops a beat whose number is not above the last, so they must grow whatever the clock does.

A number for each beat would wear out a memory card. So the journal holds one that is well above all that were given out, and
a start goes on from there.
"""

from __future__ import annotations

from tirek_agent.records import BeatsUpTo

AHEAD = 10_000
"""Some three days of beats. Of milliseconds it is ten seconds, so even one that starts all the time outruns no clock by much."""


class BeatNumbers:
    """`known` is what the journal holds, 0 for nothing; numbers then begin after `begin`.

    When the journal was `lost`, or does not hold what is given out, they are kept above the clock as well: only that is
    above what was told before, if it is right or will be set right.
    """

    def __init__(self, known: int, begin: int, *, lost: bool) -> None:
        self._last = known or begin
        self._held = known
        self._lost = lost

    def next(self, now: int) -> int:
        self._last += 1
        if self._lost or self._last > self._held:
            self._last = max(self._last, now)
        return self._last

    @property
    def run_short(self) -> bool:
        """It is time to write `ahead()` into the journal."""
        return self._last > self._held - AHEAD // 2

    def ahead(self) -> BeatsUpTo:
        return BeatsUpTo(self._last + AHEAD)

    def held(self, record: BeatsUpTo) -> None:
        """`record` is in the journal."""
        self._held = max(self._held, record.seq)
