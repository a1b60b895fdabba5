"""Which encrypted frames show that their panel lives, and which may be recordings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tirek.alarms.receiver.book import Card
from tirek.alarms.receiver.reading import Reading

#: A time stamp that lies so near to our own clock is of now, whatever the panel's clock has said before.
NEAR = timedelta(minutes=1)


@dataclass(slots=True)
class _Heard:
    """The time stamps of one panel under one key, since its clock was last started anew."""

    key: bytes
    anew: datetime | None
    newest: datetime
    #: Those near to our clock; older ones are dropped.
    lately: set[datetime] = field(default_factory=set)


class Stamps:
    """Tells a frame that was sent now from one that was recorded. Used by the writer thread only.

    DC-09 encrypts with a fixed initial vector and knows no session: a frame that was once good is good for ever. So a frame of a
    panel with a key is a sign of life only if

    1. its time stamp is newer than every stamp of this panel before it, wherever the panel's clock stands; or
    2. its stamp lies within `NEAR` of our own clock and was not seen before: for a panel whose clock was ahead, or was set back,
       and is right now. A recording has its minute, and in that minute its stamp has been seen.

    The stamp is compared and not the frame, since the number before the cipher can be written by anybody. The newest stamp stands
    in the panel's row and outlives a restart; a new key begins anew, for no recording opens with it. A panel whose clock is set
    back to a wrong time is mute until it takes the time of our answers or comes past its newest stamp: it cannot be told from a
    recording. A person who knows better starts its clock anew, and its stamps from before are forgotten.

    Not seen through: frames that were recorded while the clock ran ahead and are sent when that time has come; frames that never
    reached us and are held back; frames without a stamp, which all count; and for the minute until its book is read again, what
    another receiver has heard.
    """

    def __init__(self) -> None:
        self._heard: dict[int, _Heard] = {}

    def shows_life(self, reading: Reading) -> bool:
        """Whether a frame without a problem is a sign of life of its panel."""
        card, stamp = reading.card, _stamp(reading)
        if card is None or stamp is None:
            return True
        newest = self.newest(card)
        if newest is None or stamp > newest:
            return True
        heard = self._of(card)
        seen = stamp == newest or (heard is not None and stamp in heard.lately)
        return not seen and abs(reading.item.at - stamp) <= NEAR

    def is_old(self, reading: Reading) -> bool:
        """Whether a frame that is no sign of life has an old stamp. A copy of what was heard just now has none."""
        card, stamp = reading.card, _stamp(reading)
        newest = self.newest(card) if card else None
        return bool(stamp and newest and stamp < newest and abs(reading.item.at - stamp) > NEAR)

    def newest(self, card: Card, *more: datetime) -> datetime | None:
        """The newest stamp of a panel: in memory, in its row as it was read last, or among `more`."""
        heard = self._of(card)
        known = (heard.newest if heard else None, card.newest_stamp, *more)
        return max((stamp for stamp in known if stamp), default=None)

    def remember(self, readings: Iterable[Reading]) -> None:
        """These were stored, or needed no storing. Not before: what was not committed is sent again, and must count then."""
        for reading in readings:
            card, stamp, at = reading.card, _stamp(reading), reading.item.at
            if card is None or card.key is None or stamp is None or reading.problem:
                continue
            heard = self._of(card)
            if heard is None:
                heard = self._heard[card.pk] = _Heard(card.key, card.clock_anew_at, stamp)
            heard.newest = max(heard.newest, stamp)
            heard.lately = {one for one in (*heard.lately, stamp) if abs(at - one) <= NEAR}

    def _of(self, card: Card) -> _Heard | None:
        heard = self._heard.get(card.pk)
        return heard if heard and (heard.key, heard.anew) == (card.key, card.clock_anew_at) else None


def _stamp(reading: Reading) -> datetime | None:
    """The time stamp that stood inside the cipher, if the panel has a key."""
    keyed = reading.card is not None and reading.card.key is not None
    return reading.message.timestamp if keyed and reading.message else None
