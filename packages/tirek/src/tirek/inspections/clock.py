"""The clock of a phone, and moments put right by it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

AHEAD = timedelta(minutes=2)  # a moment this little after now is the network's doing
TOLD_S = 120  # an error that people are told of
LONGEST_S = 2_000_000_000
FIRST_MS, LAST_MS = 0, 7_000_000_000_000  # 1970 to 2191: what a clock may say, however wrong


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment by our clock. `doubtful`: the device's cannot be right, and the moment of receipt stands for it."""

    at: datetime
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """How wrong the clock of a device is, at one request. `offset` None: it did not say anything that a clock can say."""

    now: datetime
    offset: timedelta | None

    @classmethod
    def of(cls, sent_at: Any, now: datetime) -> Clock:
        sent = read(sent_at)
        return cls(now, None if sent is None else sent - now)

    @property
    def offset_s(self) -> int | None:
        """Device minus server, in seconds, within what the database keeps."""
        if self.offset is None:
            return None
        return max(-LONGEST_S, min(LONGEST_S, round(self.offset.total_seconds())))

    @property
    def is_wrong(self) -> bool:
        return self.offset is None or abs(self.offset.total_seconds()) > TOLD_S

    def right(self, at: Any, earliest: datetime) -> Moment:
        """A moment of the device, by our clock."""
        said = read(at)
        if said is None or self.offset is None:
            return Moment(self.now, True)
        moment = said - self.offset
        if moment > self.now + AHEAD or moment < earliest:
            return Moment(self.now, True)
        return Moment(min(moment, self.now))


def read(ms: Any) -> datetime | None:
    """Milliseconds since 1970 as a moment; None for what no clock says."""
    if isinstance(ms, bool) or not isinstance(ms, int | float) or not FIRST_MS <= ms <= LAST_MS:
        return None
    return datetime.fromtimestamp(int(ms) / 1000, UTC)


def ms(moment: datetime | None) -> int | None:
    return None if moment is None else round(moment.timestamp() * 1000)
