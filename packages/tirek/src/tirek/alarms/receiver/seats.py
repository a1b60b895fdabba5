"""Who may hold a connection: how many at once, and who must go when there are no more places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar

#: A panel that stays connected sends heartbeats more often than this, in seconds. One that is silent for longer has often lost
#: its link without our being told (GSM), and calls from a new connection.
LOST_S = 300.0


class Holder(Protocol):
    """What the places need to know of a connection."""

    address: str
    #: When it last brought a good frame, or was made; by the clock of the loop.
    heard: float

    def evict(self) -> None: ...


Held = TypeVar("Held", bound=Holder)


class Seats(Generic[Held]):
    """The connections that are held, the longest silent first. Used by the thread of the loop only.

    Whoever is refused may be a panel with an alarm, so nobody is refused for the sake of one that has brought nothing: when all
    places are taken, the longest silent connection goes that has not brought a frame of a known panel; then the longest
    silent panel, if it is probably lost. One address must not take the places of all others.
    """

    def __init__(self, most: int, most_from_one: int) -> None:
        self._most, self._most_from_one = most, most_from_one
        # Dictionaries keep their order: whoever is heard goes to the end.
        self._strangers: dict[Held, None] = {}
        self._panels: dict[Held, None] = {}
        self._from: dict[str, int] = {}
        self.evicted = 0

    def __len__(self) -> int:
        return len(self._strangers) + len(self._panels)

    def __iter__(self) -> Iterator[Held]:
        return iter([*self._strangers, *self._panels])

    def take(self, newcomer: Held) -> bool:
        """Give a new connection a place, at the cost of another one if it must be. False: there is none."""
        crowded = self._from.get(newcomer.address, 0) >= self._most_from_one
        if crowded or len(self) >= self._most:
            goes = self._who_goes(newcomer.heard, newcomer.address if crowded else None)
            if goes is None:
                return False
            self.leave(goes)
            goes.evict()
            self.evicted += 1
        self._strangers[newcomer] = None
        self._from[newcomer.address] = self._from.get(newcomer.address, 0) + 1
        return True

    def leave(self, holder: Held) -> None:
        """Its place is free. Says nothing of one that has none."""
        for held in (self._strangers, self._panels):
            if holder in held:
                del held[holder]
                left = self._from[holder.address] - 1
                if left:
                    self._from[holder.address] = left
                else:
                    del self._from[holder.address]

    def heard(self, holder: Held) -> None:
        """It brought a good frame just now."""
        for held in (self._strangers, self._panels):
            if holder in held:
                del held[holder]
                held[holder] = None

    def known(self, holder: Held) -> None:
        """It brought a frame of a panel that stands in the register."""
        if holder in self._strangers:
            del self._strangers[holder]
            self._panels[holder] = None

    def _who_goes(self, now: float, address: str | None) -> Held | None:
        stranger = _first(self._strangers, address)
        if stranger is not None:
            return stranger
        panel = _first(self._panels, address)
        return panel if panel is not None and now - panel.heard > LOST_S else None


def _first(held: dict[Held, None], address: str | None) -> Held | None:
    return next((one for one in held if address is None or one.address == address), None)
