"""Which of two statements counts: what a person saw, or what live data says. Pure.

The newer one by its evidence date counts where they disagree, and both are kept and shown. "Newer" is when it was so: an
inspector who saw a dark camera today is not overruled by a device that has reported "works" since spring.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

UNKNOWN = "unknown"
LIVE, DECLARED = "live", "declared"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement on one requirement at one facility."""

    state: str
    since: datetime
    source: str
    source_id: int | None = None
    note: str = ""

    @property
    def is_known(self) -> bool:
        return self.state != UNKNOWN


def replaces(new: Statement, old: Statement | None) -> bool:
    """Whether what a person says now takes the place of what a person said before.

    A facility's own declaration never takes the place of what an inspector saw, but gives way to it. An older visit that is handed
    in late does not take the place of a newer one.
    """
    if old is None or not old.is_known:
        return True
    if new.source == DECLARED and old.source != DECLARED:
        return False
    if new.source != DECLARED and old.source == DECLARED:
        return True
    return new.since >= old.since


def counting(said: Statement | None, live: Statement | None) -> Statement | None:
    """The statement that counts, or None where nothing is known. What both agree on counts by the newer one."""
    known = [one for one in (said, live) if one is not None and one.is_known]
    if not known:
        return None
    # Of two of the same moment the person's: it stands first.
    return max(known, key=lambda one: one.since)
